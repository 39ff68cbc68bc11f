import { cutBook, type BookApplication, type BookDocument, type CustomerBook } from './book.ts'
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
    .flatMap(document => {
      const settled = applied.get(document.id)
      const open = settled === undefined ? new Decimal(document.amount) : new Decimal(document.amount).minus(settled)
      if (open.lessThanOrEqualTo(0)) return []
      return [
        {
          document,
          openAmount: open.toFixed(),
          disputedAmount: Decimal.min(open, disputed.get(document.id) ?? 0).toFixed(),
          daysPastDue: daysBetween(document.dueDate, asOf),
        },
      ]
    })
    .toSorted((left, right) => right.daysPastDue - left.daysPastDue)
}

/** Applications whose payment or credit note still stands. */
export function validApplications(known: CustomerBook): BookApplication[] {
  const payments = new Set(known.payments.map(({ id }) => id))
  const documents = new Set(known.documents.map(({ id }) => id))
  return known.applications.filter(({ source, sourceId }) => (source === 'payment' ? payments : documents).has(sourceId))
}

function appliedAmounts(known: CustomerBook): Map<string, Decimal> {
  const applied = new Map<string, Decimal>()
  for (const { documentId, amount } of validApplications(known)) {
    const before = applied.get(documentId)
    applied.set(documentId, before === undefined ? new Decimal(amount) : before.plus(amount))
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
