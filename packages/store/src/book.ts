import type { CustomerBook } from '@surety/credit'
import type { Tx } from './sql.ts'
/** Books of customers for credit's facts, everything known up to and including a day; of one segment, or of all that the actor sees. */
export declare function loadBooks(tx: Tx, customerIds: readonly string[], options?: { readonly asOf?: string; readonly segmentId?: number }): Promise<Map<string, CustomerBook>>
export declare function loadBook(tx: Tx, customerId: string, options?: { readonly asOf?: string; readonly segmentId?: number }): Promise<CustomerBook | undefined>
