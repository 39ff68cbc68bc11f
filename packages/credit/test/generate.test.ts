import { describe, expect, test } from 'vitest'
import {
  collectBooks,
  csvLine,
  CSV_TABLES,
  Decimal,
  generateLedger,
  GenerateOptionOutOfRange,
  isSocialCreditCode,
  PAYER_TYPES,
  toCsv,
  type GenerateOptions,
} from '../src/index.ts'

const OPTIONS: GenerateOptions = { customers: 240, months: 24, seed: 7, endDate: '2026-03-05' }

describe('the demo company', { timeout: 60_000 }, () => {
  const records = [...generateLedger(OPTIONS)]
  const books = [...collectBooks(records, 'CNY')]

  test('is the same for the same seed, and another one for another', () => {
    expect(JSON.stringify([...generateLedger(OPTIONS)])).toBe(JSON.stringify(records))
    expect([...generateLedger({ ...OPTIONS, customers: 1, seed: 8 })][60]).not.toEqual(records[60])
  })

  test('more customers leave the first ones as they were', () => {
    const few = [...generateLedger({ ...OPTIONS, customers: 5 })]
    expect(JSON.stringify(records.slice(0, few.length))).toBe(JSON.stringify(few))
  })

  test('names every customer once and gives Chinese ones a valid registration number', () => {
    const customers = records.filter(record => record.kind === 'customer')
    expect(new Set(customers.map(({ customer }) => customer.name)).size).toBe(240)
    expect(
      customers
        .filter(({ customer }) => customer.country === 'CN')
        .every(({ registrationNumber }) => isSocialCreditCode(registrationNumber)),
    ).toBe(true)
    expect(new Set(customers.map(({ payerType }) => payerType))).toEqual(new Set(PAYER_TYPES))
    expect(new Set(customers.map(({ currency }) => currency)).size).toBeGreaterThan(1)
  })

  test('tells each customer’s story in order and nothing of the day after', () => {
    for (const book of books) {
      for (const list of [book.orders, book.documents, book.payments, book.applications, book.bills, book.grades]) {
        const dates = list.map(({ date }) => date)
        expect(dates).toEqual(dates.toSorted())
        expect(dates.every(date => date <= OPTIONS.endDate)).toBe(true)
      }
      expect(book.promises.every(({ keptOn = '', brokenOn = '' }) => keptOn <= OPTIONS.endDate && brokenOn <= OPTIONS.endDate)).toBe(true)
    }
  })

  // Violations are collected rather than expected one by one: there are a hundred thousand lines.
  test('has books that close: no invoice is settled beyond its amount, no payment or credit note applied beyond its own', () => {
    const violations: string[] = []
    for (const { documents, payments, applications } of books) {
      const left = new Map<string, Decimal>()
      for (const { id, amount } of [...documents, ...payments]) left.set(id, new Decimal(amount))
      for (const { id: applicationId, sourceId, documentId, amount } of applications) {
        for (const id of [sourceId, documentId]) {
          const rest = left.get(id)!.minus(amount)
          if (rest.lessThan(0)) violations.push(`${applicationId} takes ${rest.abs().toFixed()} too much of ${id}`)
          left.set(id, rest)
        }
      }
      for (const { id, type } of documents) if (type === 'credit-note' && !left.get(id)!.isZero()) violations.push(`${id} is not used up`)
    }
    expect(violations).toEqual([])
  })

  test('delivers what was ordered and invoices what was delivered', () => {
    const violations: string[] = []
    for (const { orders, deliveries, documents } of books) {
      const ordered = new Map(orders.map(order => [order.id, order]))
      const delivered = new Map(deliveries.map(delivery => [delivery.id, delivery]))
      for (const { id, orderId, date } of deliveries) if (ordered.get(orderId)!.date > date) violations.push(id)
      for (const { id, type, deliveryId, amount, date } of documents) {
        if (type !== 'invoice') continue
        const delivery = delivered.get(deliveryId!)
        if (delivery?.amount !== amount || delivery.date > date) violations.push(id)
      }
    }
    expect(violations).toEqual([])
  })

  test('has balance sheets that balance', () => {
    const statements = books.flatMap(book => book.statements)
    expect(statements.length).toBeGreaterThan(100)
    for (const { totalAssets, totalLiabilities, equity, currentAssets, cash, receivables, inventory } of statements) {
      expect(new Decimal(totalLiabilities!).plus(equity!).equals(totalAssets!)).toBe(true)
      expect(new Decimal(cash!).plus(receivables!).plus(inventory!).equals(currentAssets!)).toBe(true)
    }
  })

  test('knows late payers, disputes, broken promises, dishonoured bills and insolvencies', () => {
    const all = <T>(pick: (book: (typeof books)[number]) => readonly T[]): T[] => books.flatMap(pick)
    expect(all(({ disputes }) => disputes).length).toBeGreaterThan(10)
    expect(all(({ promises }) => promises).some(({ brokenOn }) => brokenOn)).toBe(true)
    expect(all(({ promises }) => promises).some(({ keptOn }) => keptOn)).toBe(true)
    expect(all(({ bills }) => bills).some(({ dishonouredOn }) => dishonouredOn)).toBe(true)
    expect(all(({ incidents }) => incidents).some(({ kind }) => kind === 'insolvency')).toBe(true)
    expect(all(({ limits }) => limits).some(({ isGroup }) => isGroup)).toBe(true)
  })

  test('writes rows with as many cells as their table has columns', () => {
    const rows = records.map(toCsv).filter(row => row !== undefined)
    expect(new Set(rows.map(({ table }) => table))).toEqual(new Set(Object.keys(CSV_TABLES)))
    expect(rows.filter(({ table, cells }) => cells.length !== CSV_TABLES[table].length)).toEqual([])
    expect(csvLine(['a', 'b,c', 'd"e'])).toBe('a,"b,c","d""e"')
  })

  test.each([{ customers: 0 }, { customers: 1.5 }, { months: 0 }, { months: 500 }, { endDate: '2026-02-30' }])('refuses %j', change => {
    expect(() => [...generateLedger({ ...OPTIONS, ...change })]).toThrow(GenerateOptionOutOfRange)
  })
})
