import type {
  BookApplication,
  BookBill,
  BookCustomer,
  BookDelivery,
  BookDispute,
  BookDocument,
  BookGrade,
  BookIncident,
  BookInstrument,
  BookLimit,
  BookOrder,
  BookPayment,
  BookPromise,
  BookRate,
  BookRating,
  BookReminder,
  BookStatement,
  BookStatus,
} from '../book.ts'

/**
 * One line of a generated ledger. Rates come first; then customer by customer: the customer, its contacts and
 * its history in order of date.
 */
export type LedgerRecord = { readonly kind: 'rate'; readonly entry: BookRate } | CustomerRecord | ContactRecord | LedgerEntry

/** Something that happened with a customer. */
export type LedgerEntry =
  | Entry<'order', BookOrder>
  | Entry<'delivery', BookDelivery>
  | Entry<'document', BookDocument>
  | Entry<'payment', BookPayment>
  | Entry<'application', BookApplication>
  | Entry<'bill', BookBill>
  | Entry<'dispute', BookDispute>
  | Entry<'promise', BookPromise>
  | Entry<'reminder', BookReminder>
  | Entry<'statement', BookStatement>
  | Entry<'instrument', BookInstrument>
  | Entry<'incident', BookIncident>
  | Entry<'rating', BookRating>
  | Entry<'limit', BookLimit>
  | Entry<'grade', BookGrade>
  | Entry<'status', BookStatus>

interface Entry<Kind extends string, T> {
  readonly kind: Kind
  readonly customerId: string
  readonly entry: T
}

/** How a customer pays; the generator's secret, given so that a simulation can be checked against the truth. */
export const PAYER_TYPES = ['prompt', 'late', 'deteriorating', 'recovering', 'erratic', 'failing'] as const
export type PayerType = (typeof PAYER_TYPES)[number]

export interface CustomerRecord {
  readonly kind: 'customer'
  readonly customerId: string
  readonly customer: BookCustomer & { readonly since: string; readonly segment: string }
  readonly nameEn: string
  readonly registrationNumber: string
  readonly currency: string
  readonly city: string
  readonly groupName?: string
  readonly payerType: PayerType
}

export interface ContactRecord {
  readonly kind: 'contact'
  readonly customerId: string
  readonly id: string
  readonly name: string
  readonly role: string
  readonly email: string
  readonly phone: string
}
