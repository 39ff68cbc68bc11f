import { beforeAll, describe, expect, it } from 'vitest'
import {
  accountsOf,
  addDocuments,
  contactsOf,
  createCustomer,
  CUSTOMER_SORT_FIELDS,
  findCustomerByNumber,
  foldName,
  listCustomers,
  listIndustryCodes,
  namesOf,
  search,
  setAccountStatus,
  setCustomerStatus,
  setGrade,
  setLimit,
  type CustomerFilter,
  type CustomerRow,
  type NewCustomer,
  type Page,
  type PageRequest,
  type Sort,
  type CustomerSortField,
} from '../src/index.ts'
import { useWorld } from './support.ts'

const world = useWorld()
const ids = new Map<string, { customerId: string; accountId: string }>()

interface Sketch extends NewCustomer {
  readonly grade?: string
  /** An amount, or `unlimited`. */
  readonly limit?: string
  readonly owes?: string
  readonly dueOn?: string
}

const SKETCHES: readonly Sketch[] = [
  {
    number: '0001',
    name: '苏州岱屿化工有限公司',
    otherNames: ['Suzhou Daiyu Chemicals Co., Ltd.'],
    industry: { scheme: 'GB/T 4754', code: 'C26' },
    customerSince: '2020-01-01',
    grade: 'B',
    limit: '1000',
    owes: '900',
    dueOn: '2026-02-01',
  },
  {
    number: '0002',
    name: 'Beta Trading Co., Ltd.',
    industry: { scheme: 'NACE', code: 'G46' },
    customerSince: '2019-01-01',
    grade: 'A',
    limit: 'unlimited',
    owes: '5000',
    dueOn: '2026-04-01',
  },
  {
    number: '0003',
    name: '宁波泓川纺织股份有限公司',
    industry: { scheme: 'GB/T 4754', code: 'C17' },
    grade: 'C',
    limit: '100',
    owes: '150',
    dueOn: '2026-01-01',
  },
  { number: '1001', name: 'Gamma & Söhne GmbH', country: 'DE', owes: '10', dueOn: '2026-06-01' },
  { number: '1002', name: 'Δelta 100% Natural_Foods', grade: 'B', limit: '500' },
]

beforeAll(async () => {
  for (const { grade, limit, owes, dueOn, ...customer } of SKETCHES) {
    await world.asSystem(async tx => {
      const made = await createCustomer(tx, customer, { segmentId: world.industrial.id, currency: 'CNY' })
      ids.set(customer.number, { customerId: made.customer.id, accountId: made.accountId })
      if (grade) await setGrade(tx, made.accountId, { grade, score: 70 })
      if (limit === 'unlimited') await setLimit(tx, { accountId: made.accountId, kind: 'unlimited', reason: 'x' })
      else if (limit) await setLimit(tx, { accountId: made.accountId, kind: 'amount', amount: limit, reason: 'x' })
      if (owes)
        await addDocuments(tx, [
          {
            segmentId: world.industrial.id,
            customerId: made.customer.id,
            type: 'invoice',
            number: `I-${customer.number}`,
            source: 't',
            issuedOn: '2025-12-01',
            dueOn: dueOn!,
            currency: 'CNY',
            amount: owes,
          },
        ])
    })
  }
})

const list = (
  filter: CustomerFilter = {},
  sort: Sort<CustomerSortField> = { field: 'number' },
  page: PageRequest = {},
): Promise<Page<CustomerRow>> => world.asSystem(tx => listCustomers(tx, filter, sort, page))
const numbers = async (filter: CustomerFilter, sort?: Sort<CustomerSortField>): Promise<string[]> =>
  (await list(filter, sort)).edges.map(({ node }) => node.customer.number)

describe('the list of customers', () => {
  it('shows each account with its exposure', async () => {
    const { edges, totalCount } = await list()
    expect(totalCount).toBe(5)
    expect(edges[0]!.node).toMatchObject({
      customer: { number: '0001', industry: { code: 'C26' } },
      account: {
        grade: 'B',
        limitKind: 'amount',
        limitAmount: '1000.00',
        exposure: { receivables: '900.00', overdue: '900.00', oldestOverdueDays: 32, utilisation: 90, available: '100.00' },
      },
    })
  })

  it.each([
    ['name', false, ['0002', '1001', '1002', '0003', '0001']],
    ['grade', false, ['0002', '0001', '1002', '0003', '1001']],
    ['grade', true, ['0003', '1002', '0001', '0002', '1001']],
    ['limit', true, ['0002', '0001', '1002', '0003', '1001']],
    ['exposure', true, ['0002', '0001', '0003', '1001', '1002']],
    ['utilisation', true, ['0003', '0001', '1002', '1001', '0002']],
    ['overdue', true, ['0001', '0003', '1002', '1001', '0002']],
    ['oldestOverdue', true, ['0003', '0001']],
    ['customerSince', false, ['0002', '0001']],
  ] as const)('sorts by %s (descending: %s), those without a value last', async (field, descending, expected) => {
    expect((await numbers({}, { field, descending })).slice(0, expected.length)).toEqual(expected)
  })

  it('pages through every sorting in both directions without losing or repeating a row', async () => {
    for (const field of CUSTOMER_SORT_FIELDS) {
      for (const descending of [false, true]) {
        const all = await numbers({}, { field, descending })
        const forward: string[] = []
        for (let after: string | undefined; ;) {
          const page = await list({}, { field, descending }, { first: 2, after: after ?? null })
          forward.push(...page.edges.map(({ node }) => node.customer.number))
          if (!page.hasNextPage) break
          after = page.edges.at(-1)!.cursor
        }
        const backward: string[] = []
        for (let before: string | undefined; ;) {
          const page = await list({}, { field, descending }, { last: 2, before: before ?? null })
          backward.unshift(...page.edges.map(({ node }) => node.customer.number))
          if (!page.hasPreviousPage) break
          before = page.edges[0]!.cursor
        }
        expect([field, descending, forward, backward]).toEqual([field, descending, all, all])
      }
    }
  })

  it.each([
    [{ query: '岱屿' }, ['0001']],
    [{ query: 'daiyu chem' }, ['0001']],
    [{ query: 'ＢＥＴＡ  trading, co ltd' }, ['0002']],
    [{ query: 'gamma and sohne' }, ['1001']],
    [{ query: '100' }, ['1001', '1002']],
    [{ query: '0%' }, ['1002']],
    [{ query: '%' }, ['1002']],
    [{ query: '_' }, ['1002']],
    [{ query: 'nobody' }, []],
    [{ grades: ['A', 'C'] }, ['0002', '0003']],
    [{ industries: ['C'] }, ['0001', '0003']],
    [{ industries: ['C17', 'G46'] }, ['0002', '0003']],
    [{ overdue: true }, ['0001', '0003']],
    [{ overdue: false, grades: ['B'] }, ['1002']],
    [{ overLimit: true }, ['0003', '1001']],
    [{ overLimit: false }, ['0001', '0002', '1002']],
    [{ statuses: ['bankrupt'] }, []],
  ] satisfies [CustomerFilter, string[]][])('filters by %o', async (filter, expected) => {
    expect(await numbers(filter)).toEqual(expected)
  })

  it('filters by segment', async () => {
    expect(await numbers({ segmentIds: [world.consumer.id] })).toEqual([])
    expect(await numbers({ segmentIds: [world.industrial.id] })).toHaveLength(5)
  })
})

describe('a customer', () => {
  it('keeps its number as text, its names and its contacts', async () => {
    await world.asSystem(tx =>
      createCustomer(
        tx,
        { number: '0001', name: '苏州岱屿化工', contacts: [{ name: '李静', email: 'li@example.com' }] },
        { segmentId: world.industrial.id, currency: 'CNY' },
      ),
    )
    const customer = (await world.asSystem(tx => findCustomerByNumber(tx, '0001')))!
    expect(customer.name).toBe('苏州岱屿化工有限公司')
    expect((await world.asSystem(tx => namesOf(tx, [customer.id]))).get(customer.id)).toEqual([
      'Suzhou Daiyu Chemicals Co., Ltd.',
      '苏州岱屿化工',
      '苏州岱屿化工有限公司',
    ])
    expect((await world.asSystem(tx => contactsOf(tx, [customer.id]))).get(customer.id)).toEqual([
      { name: '李静', title: null, email: 'li@example.com', phone: null },
    ])
    expect((await world.asSystem(tx => accountsOf(tx, [customer.id]))).get(customer.id)).toHaveLength(1)
  })

  it('is one, however many make it at once', async () => {
    const made = await Promise.all(
      Array.from({ length: 8 }, () =>
        world.asSystem(tx => createCustomer(tx, { number: 'RACE', name: 'Race' }, { segmentId: world.consumer.id, currency: 'CNY' })),
      ),
    )
    expect(new Set(made.map(({ customer }) => customer.id)).size).toBe(1)
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1)
  })

  it('changes status once, with a reason', async () => {
    const { customerId, accountId } = ids.get('1002')!
    await world.asSystem(tx => setCustomerStatus(tx, customerId, 'bankrupt', { since: '2026-03-01', reason: 'court notice' }))
    expect(
      await world.asSystem(tx => setCustomerStatus(tx, customerId, 'bankrupt', { since: '2026-03-02', reason: 'again' })),
    ).toMatchObject({ status: 'bankrupt', statusSince: '2026-03-01', version: 2 })
    await world.asSystem(tx => setAccountStatus(tx, accountId, 'held', 'bankrupt'))
    expect((await list({ statuses: ['bankrupt'] })).edges[0]!.node.account.status).toBe('held')
  })

  it('shows its industries for filters', async () => {
    expect(await world.asSystem(listIndustryCodes)).toEqual([
      { scheme: 'GB/T 4754', code: 'C17' },
      { scheme: 'GB/T 4754', code: 'C26' },
      { scheme: 'NACE', code: 'G46' },
    ])
  })
})

describe('search', () => {
  it('finds customers by name and number, documents by number, and nothing for nothing', async () => {
    expect(await world.asSystem(tx => search(tx, 'beta'))).toMatchObject([
      { kind: 'customer', title: 'Beta Trading Co., Ltd.', subtitle: '0002', grade: 'A' },
    ])
    expect(await world.asSystem(tx => search(tx, 'I-0003'))).toMatchObject([
      { kind: 'document', title: 'I-0003', subtitle: '宁波泓川纺织股份有限公司' },
    ])
    expect(await world.asSystem(tx => search(tx, '  '))).toEqual([])
    expect(await world.asSystem(tx => search(tx, '00', 2))).toHaveLength(2)
  })
})

describe('a folded name', () => {
  it.each([
    ['Beta Trading Co., Ltd.', 'beta trading'],
    ['ＢＥＴＡ trading', 'beta trading'],
    ['Müller & Söhne GmbH & Co. KG', 'muller and sohne'],
    ['S.A. Dupont', 'sa dupont'],
    ['广州倍特贸易（集团）有限公司', '广州倍特贸易'],
    ['青岛岱屿橡塑科技股份有限公司', '青岛岱屿橡塑科技'],
    ['Co', 'co'],
    ['有限公司', '有限公司'],
    ['', ''],
  ])('of %j is %j', (name, folded) => {
    expect(foldName(name)).toBe(folded)
  })
})
