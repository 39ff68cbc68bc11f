import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { addDays, ageing, collectBooks, computeFacts, generateLedger, openItems, readCases, type CustomerBook } from '@surety/credit'
import type { Policy } from '@surety/engine'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  ageingOf,
  ageingOfCustomers,
  exposuresOf,
  listApplications,
  listChanges,
  listCustomers,
  listDemoUsers,
  loadBooks,
  portfolioOf,
  seedDemo,
  verifyAudit,
  sealAudit,
} from '../src/index.ts'
import { useWorld } from './support.ts'

const world = useWorld()
const RULES = join(import.meta.dirname, '../../../rules')
const policies = readdirSync(RULES, { recursive: true, encoding: 'utf8' })
  .filter(path => basename(path) === 'policy.json')
  .map(path => JSON.parse(readFileSync(join(RULES, path), 'utf8')) as Policy)
const cases = new Map(
  policies.map(policy => [policy.id, readCases(policy, readFileSync(join(RULES, policy.id, 'cases.csv'), 'utf8')).cases]),
)
const TODAY = '2026-03-05'
const records = [...generateLedger({ customers: 60, months: 18, seed: 7, endDate: TODAY })]
const generated = new Map([...collectBooks(records, 'CNY')].map(book => [book.customer.id, book]))
const idOf = new Map<string, string>()

beforeAll(async () => {
  const seeded = await seedDemo(world.sql, records, { policies, cases })
  expect(seeded).toMatchObject({ kind: 'seeded', customers: 60, graded: 60 })
  const rows = await world.asSystem(tx => tx<{ id: string; number: string }[]>`select id, number from customers`)
  for (const { id, number } of rows) idOf.set(number, id)
})

/** The generated book without what a store does not keep yet. */
function kept(book: CustomerBook): CustomerBook {
  return { ...book, limits: book.limits.filter(({ isGroup, temporaryUntil }) => !isGroup && temporaryUntil === undefined) }
}

describe('the demo company', () => {
  it('is seeded once', async () => {
    expect(await seedDemo(world.sql, records, { policies })).toEqual({ kind: 'present' })
    expect(await world.asSystem(listDemoUsers)).toHaveLength(9)
  })

  it('has a change of a policy that waits, with its effect', async () => {
    const { edges } = await world.asSystem(tx => listChanges(tx, 'open', {}, {}))
    expect(edges).toMatchObject([
      {
        node: {
          status: 'in_review',
          impactId: expect.any(String),
          caseResults: expect.arrayContaining([expect.objectContaining({ isMet: true })]),
        },
      },
    ])
  })

  it('has applications in every state, and a trace that holds', async () => {
    const page = await world.asSystem(tx => listApplications(tx, {}, { field: 'submittedAt' }, {}))
    expect(new Set(page.edges.map(({ node }) => node.status))).toEqual(
      new Set(['in_approval', 'returned', 'approved', 'rejected', 'withdrawn']),
    )
    await sealAudit(world.sql)
    expect(await verifyAudit(world.sql)).toMatchObject({ kind: 'intact' })
  })

  it('gives every account a grade by the policy, with the decision behind it', async () => {
    const [row] = await world.asSystem(
      tx =>
        tx`select count(*) filter (where g.decision_id is null) as without from credit_accounts a, lateral (select * from credit_grades g where g.account_id = a.id order by g.id desc limit 1) g`,
    )
    expect(row).toEqual({ without: '0' })
  })
})

describe('the book of a customer', () => {
  it('has the same facts, read from the store, as the ledger that was loaded, on any day', async () => {
    for (const asOf of ['2025-06-30', '2025-12-31', addDays(TODAY, -30)]) {
      const books = await world.asSystem(tx => loadBooks(tx, [...idOf.values()], { asOf }))
      for (const [number, book] of generated) {
        const stored = books.get(idOf.get(number)!)!
        const original = kept(book)
        expect([number, asOf, computeFacts({ ...stored, currency: 'CNY' }, asOf)]).toEqual([number, asOf, computeFacts(original, asOf)])
      }
    }
  })

  it('leaves out what is dated later, read as of a day', async () => {
    const asOf = '2025-09-30'
    const books = await world.asSystem(tx => loadBooks(tx, [...idOf.values()], { asOf }))
    for (const book of books.values()) {
      const dated = [
        ...book.documents,
        ...book.payments,
        ...book.applications,
        ...book.orders,
        ...book.deliveries,
        ...book.statements,
        ...book.limits,
        ...book.grades,
        ...book.rates,
      ]
      expect(dated.filter(({ date }) => date > asOf)).toEqual([])
    }
  })
})

describe('ageing', () => {
  const pure = (books: Iterable<CustomerBook>, asOf: string) =>
    ageing(
      [...books].flatMap(book =>
        openItems(book, asOf).map(({ document, openAmount }) => ({ dueDate: document.dueDate, openAmount, currency: document.currency })),
      ),
      asOf,
    )

  it('in SQL equals the pure one, on any day, paid later or not', async () => {
    for (const asOf of ['2024-12-31', '2025-03-31', '2025-08-15', '2025-12-31', '2026-02-28', TODAY, '2026-04-01']) {
      const lines = await world.asSystem(tx => ageingOf(tx, { asOf }))
      const withOpen = lines.filter(({ count }) => count > 0).map(({ asOf: _, unapplied: __, ...line }) => line)
      expect([asOf, withOpen]).toEqual([asOf, pure(generated.values(), asOf)])
    }
  })

  it('of each customer is that of its own book', async () => {
    const lines = await world.asSystem(tx => ageingOfCustomers(tx, [...idOf.values()], '2025-12-31'))
    for (const [number, book] of generated) {
      const own = lines
        .get(idOf.get(number)!)!
        .filter(({ count }) => count > 0)
        .map(({ asOf: _, unapplied: __, ...line }) => line)
      expect([number, own]).toEqual([number, pure([book], '2025-12-31')])
    }
  })
})

describe('exposure', () => {
  it('in SQL equals the facts of the book today', async () => {
    const accounts = await world.asSystem(
      tx =>
        tx<
          { id: string; number: string; currency: string }[]
        >`select a.id, c.number, a.currency from credit_accounts a join customers c on c.id = a.customer_id`,
    )
    const exposures = await world.asSystem(tx =>
      exposuresOf(
        tx,
        accounts.map(({ id }) => id),
      ),
    )
    const books = await world.asSystem(tx => loadBooks(tx, [...idOf.values()]))
    for (const { id, number, currency } of accounts) {
      const facts = computeFacts({ ...books.get(idOf.get(number)!)!, currency }, TODAY)
      const of = (key: keyof typeof facts) => (facts[key].kind === 'known' ? facts[key].value : null)
      const exposure = exposures.get(id)!
      expect({ number, ...exposure, oldestOverdueDays: 0 }).toMatchObject({
        number,
        openOrders: of('exposureOrders'),
        deliveries: of('exposureDeliveries'),
        receivables: of('exposureReceivables'),
        bills: of('exposureBills'),
        unappliedCash: of('unappliedCash'),
        total: of('exposure'),
        available: of('limitKind') === 'amount' ? of('availableCredit') : null,
        utilisation: of('limitKind') === 'amount' ? of('utilisation') : null,
      })
    }
  })
})

describe('the portfolio', () => {
  it('is the sum of its accounts', async () => {
    const [portfolio] = await world.asSystem(tx => portfolioOf(tx))
    const page = await world.asSystem(tx => listCustomers(tx, {}, { field: 'exposure' }, { first: 100 }))
    const own = page.edges.map(({ node }) => node.account).filter(({ currency }) => currency === 'CNY')
    const sum = own.reduce((total, { exposure }) => total + Math.round(Number(exposure.total) * 100), 0)
    expect(Math.round(Number(portfolio!.exposure) * 100)).toBe(sum)
    expect(portfolio!.customerCount).toBe(own.length)
    expect(portfolio!.grades.reduce((count, share) => count + share.count, 0)).toBe(own.length)
  })

  it('has the DSO that the books give, today and a year of months back', async () => {
    const [portfolio] = await world.asSystem(tx => portfolioOf(tx))
    const days = [...Array(12).keys()].map(index => new Date(Date.UTC(2026, 2 - 11 + index, 5)).toISOString().slice(0, 10))
    const expected = days.map(day => {
      let receivables = 0
      let sales = 0
      for (const book of generated.values()) {
        for (const { document, openAmount } of openItems(book, day)) if (document.currency === 'CNY') receivables += Number(openAmount)
        for (const { type, date, amount, currency } of book.documents)
          if (currency === 'CNY' && date <= day && date > addDays(day, -90)) sales += type === 'invoice' ? Number(amount) : -Number(amount)
      }
      return Math.round((receivables / sales) * 90 * 10) / 10
    })
    expect(portfolio!.dsoTrend).toEqual(expected)
    expect(portfolio!.dso).toBe(expected.at(-1))
  })
})
