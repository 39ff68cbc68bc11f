import { canonicalJson } from '../policy/canonical.ts'

export type Plain = Readonly<Record<string, unknown>>
export interface Identified {
  readonly id: string
}

export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  return a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b)
}

export function isPlain(value: unknown): value is Plain {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** A list whose items are told apart by their ids, wherever they stand. */
export function isKeyed(value: unknown): value is readonly (Plain & Identified)[] {
  if (!Array.isArray(value)) return false
  const ids = new Set<unknown>()
  for (const item of value) {
    if (!isPlain(item) || typeof item['id'] !== 'string' || ids.has(item['id'])) return false
    ids.add(item['id'])
  }
  return true
}

/** Places in a list that is kept as it is while the others move: a longest ascending run. */
export function unmoved(order: readonly number[]): ReadonlySet<number> {
  const tails: number[] = []
  const previous: number[] = []
  for (const [at, value] of order.entries()) {
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (order[tails[middle]!]! < value) low = middle + 1
      else high = middle
    }
    previous.push(low > 0 ? tails[low - 1]! : -1)
    tails[low] = at
  }
  const kept = new Set<number>()
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at]!) kept.add(at)
  return kept
}
