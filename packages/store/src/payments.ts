import type { Page, PageRequest } from './page.ts'
import type { Tx } from './sql.ts'
export interface Payment {
  readonly id: string
  readonly segmentId: number
  readonly customerId: string
  readonly number: string
  readonly source: string
  readonly receivedOn: string
  readonly currency: string
  readonly amount: string
  readonly unappliedAmount: string
  readonly cancelledOn: string | null
}
export interface NewPayment {
  readonly segmentId: number
  readonly customerId: string
  readonly number: string
  readonly source: string
  readonly receivedOn: string
  readonly currency: string
  readonly amount: string
}
export interface NewApplicationOfPayment {
  /** What pays. */
  readonly source: { readonly kind: 'payment' | 'creditNote'; readonly id: string }
  readonly documentId: string
  /** Negative: undoes. */
  readonly amount: string
  readonly on: string
}
/** Newest first. */
export declare function listPayments(tx: Tx, customerId: string, page: PageRequest): Promise<Page<Payment>>
export declare function addPayments(tx: Tx, payments: readonly NewPayment[]): Promise<{ added: number; same: number; conflicts: readonly NewPayment[] }>
/** Sets payments and credit notes against invoices and keeps the open amounts; throws `OVERAPPLIED` when more is applied than is open or left. */
export declare function applyPayments(tx: Tx, applications: readonly NewApplicationOfPayment[]): Promise<void>
export declare function cancelPayment(tx: Tx, id: string, on: string, reason: string): Promise<void>
