import type { Money } from '@surety/credit'
import type { Tx } from './sql.ts'
export interface Exposure {
  readonly currency: string
  readonly openOrders: string
  readonly deliveries: string
  readonly receivables: string
  /** Payments and credit notes not yet applied. */
  readonly unappliedCash: string
  readonly total: string
  /** Null where the limit is none or unlimited. */
  readonly available: string | null
  /** Percent of the limit; null without an amount. */
  readonly utilisation: number | null
  readonly overdue: string
  readonly oldestOverdueDays: number | null
  /** Amounts in currencies without a stored rate; they are in none of the figures above. */
  readonly unconverted: readonly Money[]
}
/** Exposure of accounts on a day (today unless said otherwise), in each account's currency. */
export declare function exposuresOf(tx: Tx, accountIds: readonly string[]): Promise<Map<string, Exposure>>
