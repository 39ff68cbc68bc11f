import type { BookStatement } from './book.ts'
import { figures } from './ratios.ts'

/** Which of Altman's functions: listed manufacturers, private ones, non-manufacturers. */
export const ALTMAN_MODELS = ['z', 'z-prime', 'z-double-prime'] as const
export type AltmanModel = (typeof ALTMAN_MODELS)[number]

/** Both boundaries belong to the grey zone. */
export const ALTMAN_ZONES = ['distress', 'grey', 'safe'] as const
export type AltmanZone = (typeof ALTMAN_ZONES)[number]

export interface AltmanRatios {
  /** Working capital ÷ total assets. */
  readonly x1: number
  /** Retained earnings ÷ total assets. */
  readonly x2: number
  /** EBIT ÷ total assets. */
  readonly x3: number
  /** Equity ÷ liabilities: at market for Z, at book for the others. */
  readonly x4: number
  /** Sales ÷ total assets; not used by Z″. */
  readonly x5: number
}

export type AltmanResult =
  | {
      readonly kind: 'score'
      readonly model: AltmanModel
      readonly score: number
      readonly zone: AltmanZone
      readonly ratios: AltmanRatios
    }
  | { readonly kind: 'refused'; readonly reason: AltmanRefusal }

export const ALTMAN_REFUSALS = ['FINANCIAL_FIRM', 'NOT_REPORTED', 'ASSETS_NOT_POSITIVE', 'NO_LIABILITIES', 'NOT_A_YEAR', 'STALE'] as const
export type AltmanRefusal = (typeof ALTMAN_REFUSALS)[number]

interface AltmanFunction {
  readonly weights: readonly [x1: number, x2: number, x3: number, x4: number, x5: number]
  readonly distressBelow: number
  readonly safeAbove: number
}

export const ALTMAN_FUNCTIONS: Readonly<Record<AltmanModel, AltmanFunction>> = {
  z: { weights: [1.2, 1.4, 3.3, 0.6, 1], distressBelow: 1.81, safeAbove: 2.99 },
  'z-prime': { weights: [0.717, 0.847, 3.107, 0.42, 0.998], distressBelow: 1.23, safeAbove: 2.9 },
  'z-double-prime': { weights: [6.56, 3.26, 6.72, 1.05, 0], distressBelow: 1.1, safeAbove: 2.6 },
}

/** What the EM score adds to Z″. */
const EMERGING_MARKET_CONSTANT = 3.25

export function altmanScore(model: AltmanModel, { x1, x2, x3, x4, x5 }: AltmanRatios): number {
  const [w1, w2, w3, w4, w5] = ALTMAN_FUNCTIONS[model].weights
  // Summed to 12 digits, so that a score which is a boundary on paper is one here too.
  return Number((w1 * x1 + w2 * x2 + w3 * x3 + w4 * x4 + w5 * x5).toFixed(12))
}

export function altmanZone(model: AltmanModel, score: number): AltmanZone {
  const { distressBelow, safeAbove } = ALTMAN_FUNCTIONS[model]
  return score < distressBelow ? 'distress' : score > safeAbove ? 'safe' : 'grey'
}

/** The EM score that goes with a Z″. */
export function emergingMarketScore(zDoublePrime: number): number {
  return EMERGING_MARKET_CONSTANT + zDoublePrime
}

export interface AltmanCircumstances {
  readonly isFinancialFirm: boolean
  /** Age of the statement on the day, and the most that is accepted; older is stale. */
  readonly ageDays?: number
  readonly maximumAgeDays?: number
}

export function altman(
  model: AltmanModel,
  statement: BookStatement,
  { isFinancialFirm, ageDays, maximumAgeDays }: AltmanCircumstances,
): AltmanResult {
  const refuse = (reason: AltmanRefusal): AltmanResult => ({ kind: 'refused', reason })
  if (isFinancialFirm) return refuse('FINANCIAL_FIRM')
  if (ageDays !== undefined && maximumAgeDays !== undefined && ageDays > maximumAgeDays) return refuse('STALE')
  // EBIT and sales of a part of a year against the assets of all of it would look like distress.
  if (statement.periodMonths !== 12) return refuse('NOT_A_YEAR')
  const {
    currentAssets,
    currentLiabilities,
    totalAssets,
    totalLiabilities,
    retainedEarnings,
    ebit,
    equity,
    marketCapitalisation,
    revenue,
  } = figures(statement)
  const worth = model === 'z' ? marketCapitalisation : equity
  const sales = model === 'z-double-prime' ? 0 : revenue
  if (
    currentAssets === undefined ||
    currentLiabilities === undefined ||
    totalAssets === undefined ||
    totalLiabilities === undefined ||
    retainedEarnings === undefined ||
    ebit === undefined ||
    worth === undefined ||
    sales === undefined
  )
    return refuse('NOT_REPORTED')
  if (totalAssets <= 0) return refuse('ASSETS_NOT_POSITIVE')
  if (totalLiabilities <= 0) return refuse('NO_LIABILITIES')
  const ratios: AltmanRatios = {
    x1: (currentAssets - currentLiabilities) / totalAssets,
    x2: retainedEarnings / totalAssets,
    x3: ebit / totalAssets,
    x4: worth / totalLiabilities,
    x5: sales / totalAssets,
  }
  const score = altmanScore(model, ratios)
  return { kind: 'score', model, score, zone: altmanZone(model, score), ratios }
}
