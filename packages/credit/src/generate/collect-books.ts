import { emptyBook, type BookRate, type CustomerBook } from '../book.ts'
import type { LedgerRecord } from './record.ts'

/** The generated ledger as one book a customer, in the order in which they come. */
export function* collectBooks(records: Iterable<LedgerRecord>, currency: string): Generator<CustomerBook> {
  const rates: BookRate[] = []
  let book: Growing<CustomerBook> | undefined
  for (const record of records) {
    if (record.kind === 'rate') rates.push(record.entry)
    else if (record.kind === 'customer') {
      if (book) yield book
      book = { ...(emptyBook(record.customer, currency) as Growing<CustomerBook>), rates }
    } else if (book && record.kind !== 'contact') add(book, record)
  }
  if (book) yield book
}

type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] }

function add(book: Growing<CustomerBook>, record: Exclude<LedgerRecord, { kind: 'rate' | 'customer' | 'contact' }>): void {
  switch (record.kind) {
    case 'order':
      book.orders.push(record.entry)
      break
    case 'delivery':
      book.deliveries.push(record.entry)
      break
    case 'document':
      book.documents.push(record.entry)
      break
    case 'payment':
      book.payments.push(record.entry)
      break
    case 'application':
      book.applications.push(record.entry)
      break
    case 'bill':
      book.bills.push(record.entry)
      break
    case 'dispute':
      book.disputes.push(record.entry)
      break
    case 'promise':
      book.promises.push(record.entry)
      break
    case 'reminder':
      book.reminders.push(record.entry)
      break
    case 'statement':
      book.statements.push(record.entry)
      break
    case 'instrument':
      book.instruments.push(record.entry)
      break
    case 'incident':
      book.incidents.push(record.entry)
      break
    case 'rating':
      book.ratings.push(record.entry)
      break
    case 'limit':
      book.limits.push(record.entry)
      break
    case 'grade':
      book.grades.push(record.entry)
      break
    case 'status':
      book.statuses.push(record.entry)
      break
  }
}
