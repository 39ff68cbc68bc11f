/**
 * The book of one customer: everything that facts are computed from, as plain data.
 *
 * Whoever loads it may hand in the whole history: every event carries the date on which it became
 * known, and `cutBook` hides what is dated later than the day of interest. Dates are `YYYY-MM-DD` (UTC),
 * amounts are positive decimal strings unless said otherwise.
 */
export interface CustomerBook {
  /** The currency that money facts are stated in; other currencies convert at `rates`. */
  readonly currency: string
  readonly customer: BookCustomer
  readonly documents: readonly BookDocument[]
  readonly payments: readonly BookPayment[]
  readonly applications: readonly BookApplication[]
  readonly orders: readonly BookOrder[]
  readonly deliveries: readonly BookDelivery[]
  readonly bills: readonly BookBill[]
  readonly disputes: readonly BookDispute[]
  readonly promises: readonly BookPromise[]
  readonly reminders: readonly BookReminder[]
  readonly statements: readonly BookStatement[]
  readonly instruments: readonly BookInstrument[]
  readonly incidents: readonly BookIncident[]
  readonly ratings: readonly BookRating[]
  /** What was decided about the account, newest last or in any order. */
  readonly limits: readonly BookLimit[]
  readonly grades: readonly BookGrade[]
  readonly statuses: readonly BookStatus[]
  /** Price of one unit of `from` in `to`; the newest one on or before the day counts. */
  readonly rates: readonly BookRate[]
  /** Checks that don't count for a while. */
  readonly exclusions?: readonly BookExclusion[]
  /** What the other members of its credit group owe, where the group has a limit. */
  readonly groupExposure?: readonly { readonly amount: string; readonly currency: string }[]
}

export const COMPANY_SIZES = ['micro', 'small', 'medium', 'large'] as const
export type CompanySize = (typeof COMPANY_SIZES)[number]

export const ACCOUNT_STATUSES = ['active', 'watch', 'held', 'closed'] as const
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number]

export interface BookCustomer {
  readonly id: string
  readonly name: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly industry?: { readonly scheme: IndustryScheme; readonly code: string }
  readonly segment?: string
  readonly groupId?: string
  readonly size?: CompanySize
  readonly isListed?: boolean
  /** The first day of doing business together. */
  readonly since?: string
}

export const INDUSTRY_SCHEMES = ['GB/T 4754', 'NACE'] as const
export type IndustryScheme = (typeof INDUSTRY_SCHEMES)[number]

export const DOCUMENT_TYPES = ['invoice', 'credit-note'] as const

export interface BookDocument {
  readonly id: string
  readonly type: (typeof DOCUMENT_TYPES)[number]
  readonly date: string
  readonly dueDate: string
  readonly amount: string
  readonly currency: string
  readonly orderId?: string
  readonly deliveryId?: string
  /** Taken back: from this day on it was never there. */
  readonly cancelledOn?: string
}

export const PAYMENT_METHODS = ['transfer', 'bill', 'cheque', 'cash', 'card'] as const

export interface BookPayment {
  readonly id: string
  readonly date: string
  readonly amount: string
  readonly currency: string
  readonly method?: (typeof PAYMENT_METHODS)[number]
  /** The bill that it was paid with. */
  readonly billId?: string
  readonly cancelledOn?: string
}

/** An amount of a payment or of a credit note set against an invoice; negative when that is undone. */
export interface BookApplication {
  readonly id: string
  readonly date: string
  readonly source: 'payment' | 'credit-note'
  readonly sourceId: string
  readonly documentId: string
  /** In the currency of the invoice. */
  readonly amount: string
}

export interface BookOrder {
  readonly id: string
  readonly date: string
  /** When delivery is due. */
  readonly dueDate: string
  readonly amount: string
  readonly currency: string
  readonly isPrepaid?: boolean
  /** Fully delivered or called off. */
  readonly closedOn?: string
}

export interface BookDelivery {
  readonly id: string
  readonly orderId: string
  readonly date: string
  readonly amount: string
  readonly currency: string
}

/** A bill receivable (应收票据). Receiving it is a payment with method `bill`; dishonour undoes that payment's applications. */
export interface BookBill {
  readonly id: string
  readonly date: string
  readonly maturity: string
  readonly amount: string
  readonly currency: string
  readonly kind: 'bank' | 'commercial'
  readonly honouredOn?: string
  readonly dishonouredOn?: string
}

export interface BookDispute {
  readonly id: string
  readonly documentId: string
  readonly date: string
  readonly amount: string
  readonly reason: string
  readonly resolvedOn?: string
}

export interface BookPromise {
  readonly id: string
  readonly date: string
  readonly dueDate: string
  readonly amount: string
  readonly currency: string
  readonly documentIds?: readonly string[]
  readonly keptOn?: string
  readonly brokenOn?: string
}

/** A step of the dunning ladder that was sent. */
export interface BookReminder {
  readonly date: string
  readonly level: number
  readonly documentId?: string
}

/** A yearly or interim financial statement. Amounts may be negative; what is absent was not reported. */
export interface BookStatement {
  readonly id: string
  readonly periodEnd: string
  readonly periodMonths: number
  /** When it became known. */
  readonly date: string
  readonly currency: string
  readonly isAudited?: boolean
  readonly cash?: string
  readonly receivables?: string
  readonly inventory?: string
  readonly currentAssets?: string
  readonly totalAssets?: string
  readonly payables?: string
  readonly currentLiabilities?: string
  readonly totalLiabilities?: string
  readonly retainedEarnings?: string
  readonly equity?: string
  readonly marketCapitalisation?: string
  readonly revenue?: string
  readonly costOfSales?: string
  readonly ebit?: string
  readonly interestExpense?: string
  readonly netIncome?: string
  readonly operatingCashFlow?: string
}

export const INSTRUMENT_TYPES = ['guarantee', 'collateral', 'insurance', 'letter-of-credit', 'deposit'] as const
export type InstrumentType = (typeof INSTRUMENT_TYPES)[number]
export const INSTRUMENT_EFFECTS = ['raises-limit', 'reduces-exposure'] as const
export type InstrumentEffect = (typeof INSTRUMENT_EFFECTS)[number]

export interface BookInstrument {
  readonly id: string
  /** When it was recorded. */
  readonly date: string
  readonly type: InstrumentType
  readonly effect: InstrumentEffect
  readonly value: string
  readonly currency: string
  /** Points: 90 is 90 %. */
  readonly percentage: number
  readonly cap?: string
  readonly effectiveFrom: string
  /** The last day on which it counts. */
  readonly expiresOn?: string
  readonly withdrawnOn?: string
}

export const INCIDENT_KINDS = ['insolvency', 'insolvency-ended', 'lawsuit', 'cover-withdrawn', 'cover-restored'] as const

export interface BookIncident {
  readonly date: string
  readonly kind: (typeof INCIDENT_KINDS)[number]
}

/** An agency's opinion, already mapped to 0–100 (higher is better). */
export interface BookRating {
  readonly date: string
  readonly agency: string
  readonly value: string
  readonly score: number
  readonly expiresOn?: string
}

/** A limit and its terms as decided. A temporary one carries `temporaryUntil`; after it the newest other one counts again. */
export interface BookLimit {
  readonly date: string
  readonly kind: 'none' | 'amount' | 'unlimited'
  /** Only with `amount`. */
  readonly amount?: string
  readonly currency: string
  readonly termsDays?: number
  readonly temporaryUntil?: string
  readonly expiresOn?: string
  readonly nextReviewOn?: string
  /** The limit of the credit group that the customer belongs to. */
  readonly isGroup?: boolean
}

export interface BookGrade {
  readonly date: string
  readonly grade: string
  readonly score?: number
  readonly expiresOn?: string
}

export interface BookStatus {
  readonly date: string
  readonly status: AccountStatus
}

/** Kinds of check that an exclusion may be for; it excuses the same kind and no other. */
export const EXCLUSION_KINDS = [
  'utilisation',
  'order-amount',
  'overdue-days',
  'overdue-amount',
  'dunning-level',
  'limit-expired',
  'account-status',
  'terms',
  'discount',
  'cover-withdrawn',
  'broken-promise',
] as const
export type ExclusionKind = (typeof EXCLUSION_KINDS)[number]

/** More specific ones win. */
export const EXCLUSION_SCOPES = ['all', 'group', 'customer'] as const
export type ExclusionScope = (typeof EXCLUSION_SCOPES)[number]

export interface BookExclusion {
  /** The first day. */
  readonly date: string
  readonly scope: ExclusionScope
  readonly kind: ExclusionKind
  /** In the unit of the kind: excused while the measured value is at most this. Absent: whatever the value. */
  readonly upTo?: string
  /** The last day. */
  readonly expiresOn: string
}

export interface BookRate {
  readonly date: string
  readonly from: string
  readonly to: string
  readonly rate: string
}

/** A book with nothing in it but the customer. */
export function emptyBook(customer: BookCustomer, currency: string): CustomerBook {
  return {
    currency,
    customer,
    documents: [],
    payments: [],
    applications: [],
    orders: [],
    deliveries: [],
    bills: [],
    disputes: [],
    promises: [],
    reminders: [],
    statements: [],
    instruments: [],
    incidents: [],
    ratings: [],
    limits: [],
    grades: [],
    statuses: [],
    rates: [],
  }
}

/** The book as it was known at the end of a day: later events gone, later marks on earlier events too. */
export function cutBook(book: CustomerBook, asOf: string): CustomerBook {
  const known = <T extends { readonly date: string }>(list: readonly T[]): T[] => list.filter(({ date }) => date <= asOf)
  const unmark = <T extends { readonly date: string }>(list: readonly T[], ...marks: readonly (keyof T)[]): T[] =>
    known(list).map(item => {
      const later = marks.filter(mark => typeof item[mark] === 'string' && (item[mark] as string) > asOf)
      if (later.length === 0) return item
      const copy = { ...item }
      for (const mark of later) delete copy[mark]
      return copy
    })
  return {
    currency: book.currency,
    customer: book.customer,
    documents: unmark(book.documents, 'cancelledOn').filter(({ cancelledOn }) => cancelledOn === undefined),
    payments: unmark(book.payments, 'cancelledOn').filter(({ cancelledOn }) => cancelledOn === undefined),
    applications: known(book.applications),
    orders: unmark(book.orders, 'closedOn'),
    deliveries: known(book.deliveries),
    bills: unmark(book.bills, 'honouredOn', 'dishonouredOn'),
    disputes: unmark(book.disputes, 'resolvedOn'),
    promises: unmark(book.promises, 'keptOn', 'brokenOn'),
    reminders: known(book.reminders),
    statements: known(book.statements),
    instruments: unmark(book.instruments, 'withdrawnOn'),
    incidents: known(book.incidents),
    ratings: known(book.ratings),
    limits: known(book.limits),
    grades: known(book.grades),
    statuses: known(book.statuses),
    rates: known(book.rates),
    ...(book.exclusions && { exclusions: known(book.exclusions) }),
    ...(book.groupExposure && { groupExposure: book.groupExposure }),
  }
}
