import { cutBook, type BookDocument, type CustomerBook } from '../book.ts'
import { addMonths, toDay } from '../day.ts'
import { ageingBucket, AGEING_BUCKETS } from '../ageing.ts'
import { Decimal } from '../money.ts'
import { openItems, validApplications } from '../open-items.ts'

/** The book on a day, with what several families of facts need from it; amounts in the book's currency. */
export interface BookView {
  readonly book: CustomerBook
  readonly asOf: string
  readonly today: number
  /** The day number 12 months before; a year of history is what comes after it. */
  readonly yearAgo: number
  readonly currency: string
  readonly convert: (amount: string, currency: string) => Decimal
  readonly open: readonly OpenInvoice[]
  /** In the order of `AGEING_BUCKETS`. */
  readonly buckets: readonly [Decimal, Decimal, Decimal, Decimal, Decimal]
  readonly openTotal: Decimal
  readonly overdueTotal: Decimal
  readonly undisputedOverdueTotal: Decimal
  readonly disputedTotal: Decimal
  readonly oldestOverdueDays: number
  readonly settlements: readonly Settlement[]
  readonly hasInvoices: boolean
  readonly firstTrade?: string
  readonly newestDocument?: string
  readonly newestPayment?: string
  readonly newestOrder?: string
  /** Whether trade began at least so many months ago. */
  readonly spansMonths: (months: number) => boolean
  /** Orders or invoices after one day up to another. */
  readonly demand: (kind: 'orders' | 'invoices', after: number, until: number) => readonly { readonly amount: Decimal }[]
  /** Receivables at the end of several days, earliest first. */
  readonly balancesAt: (dates: readonly string[]) => Decimal[]
}

export interface OpenInvoice {
  readonly document: BookDocument
  readonly amount: Decimal
  readonly disputed: Decimal
  readonly daysPastDue: number
}

/** What a payment settled of an invoice. */
export interface Settlement {
  readonly day: number
  readonly daysLate: number
  /** For weighing only. */
  readonly amount: number
}

export function createView(wholeBook: CustomerBook, asOf: string): BookView {
  const book = cutBook(wholeBook, asOf)
  const today = toDay(asOf)
  const convert = converter(book)
  const open = openItems(book, asOf).map(({ document, openAmount, disputedAmount, daysPastDue }): OpenInvoice => ({
    document,
    amount: convert(openAmount, document.currency),
    disputed: convert(disputedAmount, document.currency),
    daysPastDue,
  }))
  const overdue = open.filter(({ daysPastDue }) => daysPastDue > 0)
  const disputedOverdue = total(overdue.map(({ disputed }) => disputed))
  const buckets = AGEING_BUCKETS.map(bucket =>
    total(open.filter(({ daysPastDue }) => ageingBucket(daysPastDue) === bucket).map(({ amount }) => amount)),
  )
  const overdueTotal = total(overdue.map(({ amount }) => amount))
  const invoices = book.documents.filter(({ type }) => type === 'invoice')
  const firstTrade = earliest([...book.documents, ...book.orders])
  const demandOf = {
    orders: dated(book.orders, convert),
    invoices: dated(invoices, convert),
  }
  return {
    book,
    asOf,
    today,
    yearAgo: toDay(addMonths(asOf, -12)),
    currency: book.currency,
    convert,
    open,
    buckets: buckets as unknown as BookView['buckets'],
    openTotal: total(open.map(({ amount }) => amount)),
    overdueTotal,
    undisputedOverdueTotal: overdueTotal.minus(disputedOverdue),
    disputedTotal: total(open.map(({ disputed }) => disputed)),
    oldestOverdueDays: overdue.find(({ amount, disputed }) => !disputed.greaterThanOrEqualTo(amount))?.daysPastDue ?? 0,
    settlements: settlementsOf(book, convert),
    hasInvoices: invoices.length > 0,
    ...optional({
      firstTrade,
      newestDocument: latest(book.documents),
      newestPayment: latest(book.payments),
      newestOrder: latest(book.orders),
    }),
    spansMonths: months => firstTrade !== undefined && firstTrade <= addMonths(asOf, -months),
    demand: (kind, after, until) => demandOf[kind].filter(({ day }) => day > after && day <= until),
    balancesAt: dates => balances(book, convert, dates),
  }
}

/** Invoices less credit notes after one day up to another. */
export function turnoverBetween({ book, convert }: BookView, after: number, until: number): Decimal {
  return book.documents.reduce((sum, { type, date, amount, currency }) => {
    const day = toDay(date)
    if (day <= after || day > until) return sum
    return type === 'invoice' ? sum.plus(convert(amount, currency)) : sum.minus(convert(amount, currency))
  }, new Decimal(0))
}

export function percentOf(part: Decimal, whole: Decimal): number {
  return part.div(whole).times(100).toNumber()
}

export function total(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce((sum, amount) => sum.plus(amount), new Decimal(0))
}

// An amount without a rate becomes NaN, and so does every sum with it: better no figure than a part of one.
function converter({ currency: target, rates }: CustomerBook): (amount: string, currency: string) => Decimal {
  const newest = new Map<string, { readonly date: string; readonly rate: Decimal }>()
  const offer = (currency: string, date: string, rate: Decimal): void => {
    const best = newest.get(currency)
    if (best === undefined || date >= best.date) newest.set(currency, { date, rate })
  }
  for (const { date, from, to, rate } of rates) {
    if (to === target) offer(from, date, new Decimal(rate))
    else if (from === target) offer(to, date, new Decimal(1).div(rate))
  }
  return (amount, currency) =>
    currency === target ? new Decimal(amount) : new Decimal(amount).times(newest.get(currency)?.rate ?? Number.NaN)
}

function settlementsOf(book: CustomerBook, convert: BookView['convert']): Settlement[] {
  const invoices = new Map(book.documents.map(document => [document.id, document]))
  const payments = new Map(book.payments.map(payment => [payment.id, payment]))
  const settled = new Map<string, { documentId: string; date: string; amount: Decimal }>()
  for (const { source, sourceId, documentId, amount } of book.applications) {
    const payment = source === 'payment' ? payments.get(sourceId) : undefined
    if (!payment) continue
    const key = `${sourceId} ${documentId}`
    const before = settled.get(key)
    // What counts is the day on which the money came, not the day on which somebody matched it; undoing an application takes its amount back.
    settled.set(key, { documentId, date: payment.date, amount: (before?.amount ?? new Decimal(0)).plus(amount) })
  }
  return [...settled.values()].flatMap(({ documentId, date, amount }) => {
    const invoice = invoices.get(documentId)
    if (!invoice || amount.lessThanOrEqualTo(0)) return []
    const day = toDay(date)
    return [{ day, daysLate: day - toDay(invoice.dueDate), amount: convert(amount.toFixed(), invoice.currency).toNumber() }]
  })
}

function balances(book: CustomerBook, convert: BookView['convert'], dates: readonly string[]): Decimal[] {
  const invoices = new Map(book.documents.filter(({ type }) => type === 'invoice').map(document => [document.id, document]))
  const last = dates.at(-1) ?? ''
  const moves = [
    ...[...invoices.values()]
      .filter(({ date }) => date <= last)
      .map(({ date, amount, currency }) => ({ date, amount: convert(amount, currency) })),
    ...validApplications(book).flatMap(({ date, documentId, amount }) => {
      const invoice = invoices.get(documentId)
      return invoice && date <= last ? [{ date, amount: convert(amount, invoice.currency).negated() }] : []
    }),
  ].sort((left, right) => (left.date < right.date ? -1 : left.date > right.date ? 1 : 0))
  let balance = new Decimal(0)
  let at = 0
  return dates.map(date => {
    for (; at < moves.length && moves[at]!.date <= date; at += 1) balance = balance.plus(moves[at]!.amount)
    return balance
  })
}

function dated(
  items: readonly { readonly date: string; readonly amount: string; readonly currency: string }[],
  convert: BookView['convert'],
): { day: number; amount: Decimal }[] {
  return items.map(({ date, amount, currency }) => ({ day: toDay(date), amount: convert(amount, currency) }))
}

function latest(items: readonly { readonly date: string }[]): string | undefined {
  return items.reduce<string | undefined>((newest, { date }) => (newest === undefined || date > newest ? date : newest), undefined)
}

function earliest(items: readonly { readonly date: string }[]): string | undefined {
  return items.reduce<string | undefined>((oldest, { date }) => (oldest === undefined || date < oldest ? date : oldest), undefined)
}

function optional<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
