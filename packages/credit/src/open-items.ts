import { cutBook, type BookDocument, type CustomerBook } from './book.ts'
import { daysBetween } from './day.ts'
import { Decimal } from './money.ts'

/** An invoice that is not fully settled on a day. */
export interface OpenItem {
  readonly document: BookDocument
  /** In the currency of the invoice. */
  readonly openAmount: string
  readonly disputedAmount: string
  readonly daysPastDue: number
}

/** Open invoices as of a day, oldest due first: amount less what was applied to each until then. */
export function openItems(book: CustomerBook, asOf: string): OpenItem[] {
  const known = cutBook(book, asOf)
  const applied = appliedAmounts(known)
  const disputed = disputedAmounts(known)
  return known.documents
    .filter(({ type }) => type === 'invoice')
    .flatMap((document) => {
      const open = new Decimal(document.amount).minus(applied.get(document.id) ?? 0)
      if (open.lessThanOrEqualTo(0)) return []
      return [{
        document,
        openAmount: open.toFixed(),
        disputedAmount: Decimal.min(open, disputed.get(document.id) ?? 0).toFixed(),
        daysPastDue: daysBetween(document.dueDate, asOf),
      }]
    })
    .toSorted((left, right) => right.daysPastDue - left.daysPastDue)
}

/** What was applied to each invoice; applications of a cancelled payment or credit note don't count. */
export function appliedAmounts(known: CustomerBook): Map<string, Decimal> {
  const sources = new Set([...known.payments.map(({ id }) => `payment ${id}`), ...known.documents.map(({ id }) => `credit-note ${id}`)])
  const applied = new Map<string, Decimal>()
  for (const { source, sourceId, documentId, amount } of known.applications) {
    if (sources.has(`${source} ${sourceId}`)) applied.set(documentId, (applied.get(documentId) ?? new Decimal(0)).plus(amount))
  }
  return applied
}

function disputedAmounts(known: CustomerBook): Map<string, Decimal> {
  const disputed = new Map<string, Decimal>()
  for (const { documentId, amount, resolvedOn } of known.disputes) {
    if (resolvedOn === undefined) disputed.set(documentId, (disputed.get(documentId) ?? new Decimal(0)).plus(amount))
  }
  return disputed
}
