import type { AgeingLine } from '@surety/credit'
import type { Tx } from './sql.ts'
export interface LedgerAgeing extends AgeingLine {
  readonly asOf: string
  /** Payments and credit notes not yet applied on that day. */
  readonly unapplied: string
}
/** Ageing on a day as it was known at its end, one line a currency; of one customer or all, of one segment or all that the actor sees. */
export declare function ageingOf(tx: Tx, options: { readonly asOf?: string; readonly customerId?: string; readonly segmentId?: number }): Promise<LedgerAgeing[]>
/** The same for many customers at once. */
export declare function ageingOfCustomers(tx: Tx, customerIds: readonly string[], asOf?: string): Promise<Map<string, LedgerAgeing[]>>
