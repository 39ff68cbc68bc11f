import type { Grade } from '../grades.ts'
import type { PayerType } from './record.ts'
import type { Random } from './random.ts'

export const PAYER_SHARES: readonly (readonly [PayerType, number])[] = [
  ['prompt', 52],
  ['late', 20],
  ['deteriorating', 9],
  ['recovering', 9],
  ['erratic', 7],
  ['failing', 3],
]

/** How many days late an invoice is paid that falls due when so much of the history (0–1) has passed. */
export function daysLate(payer: PayerType, progress: number, random: Random): number {
  switch (payer) {
    case 'prompt':
      return Math.max(-12, Math.min(10, random.normal(-2, 4)))
    case 'late':
      return Math.max(-3, random.normal(10, 7))
    case 'deteriorating':
      return Math.max(-8, random.normal(58 * progress ** 1.6 - 2, 4 + 14 * progress))
    case 'recovering':
      return Math.max(-8, random.normal(44 * (1 - progress) ** 1.3, 4 + 10 * (1 - progress)))
    case 'erratic':
      return random.weighted([
        [random.normal(1, 5), 6],
        [random.normal(24, 10), 3],
        [random.normal(62, 22), 1],
      ])
    case 'failing':
      return Math.max(-5, random.normal(75 * progress, 10))
  }
}

/** Soundness (0 hopeless – 1 excellent) that grades and statements follow. */
export function health(payer: PayerType, progress: number): number {
  switch (payer) {
    case 'prompt':
      return 0.8
    case 'late':
      return 0.58
    case 'deteriorating':
      return 0.78 - 0.5 * progress
    case 'recovering':
      return 0.32 + 0.42 * progress
    case 'erratic':
      return 0.45
    case 'failing':
      return 0.5 - 0.5 * progress
  }
}

export function gradeOf(soundness: number): Grade {
  if (soundness >= 0.82) return 'A'
  if (soundness >= 0.62) return 'B'
  if (soundness >= 0.42) return 'C'
  return soundness >= 0.18 ? 'D' : 'E'
}
