import type { LedgerAgeing } from './ageing.ts'
import type { Tx } from './sql.ts'
export interface Portfolio {
  readonly currency: string
  readonly asOf: string
  readonly exposure: string
  readonly openOrders: string
  readonly deliveries: string
  readonly receivables: string
  readonly unappliedCash: string
  readonly limits: string
  readonly ageing: LedgerAgeing
  readonly dso: number | null
  readonly bestPossibleDso: number | null
  readonly averageDaysDelinquent: number | null
  /** Twelve month ends, the oldest first; the last one is `asOf`. */
  readonly dsoTrend: readonly (number | null)[]
  readonly grades: readonly { readonly grade: string | null; readonly count: number; readonly exposure: string }[]
  readonly customerCount: number
}
/** One a currency, largest first. */
export declare function portfolioOf(tx: Tx, options: { readonly segmentId?: number; readonly asOf?: string }): Promise<Portfolio[]>
