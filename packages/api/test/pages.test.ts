import { addDocuments, asActor, createCustomer, SYSTEM } from '@surety/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi, type TestClient } from './support.ts'

const CUSTOMERS = 23
const INVOICES = 17

describe('pages', () => {
  let api: TestApi
  let officer: TestClient
  let customerId: string
  beforeAll(async () => {
    api = await startTestApi()
    await api.addUser('officer', [{ role: 'risk_officer', segmentId: null, authorityLevel: null }])
    officer = await api.signIn('officer')
    customerId = await asActor(api.sql, SYSTEM, async tx => {
      let last = ''
      for (let index = 0; index < CUSTOMERS; index += 1) {
        // Names repeat, so that only the id tells some rows apart.
        const made = await createCustomer(
          tx,
          { number: `C-${index}`, name: `Name ${index % 5}` },
          { segmentId: api.north.id, currency: 'CNY' },
        )
        last = made.customer.id
        const count = index === CUSTOMERS - 1 ? INVOICES : index % 4
        await addDocuments(
          tx,
          Array.from({ length: count }, (_, number) => ({
            segmentId: api.north.id,
            customerId: made.customer.id,
            type: 'invoice' as const,
            number: `${index}/${number}`,
            source: 'file',
            issuedOn: `2026-01-${String((number % 3) + 1).padStart(2, '0')}`,
            dueOn: '2026-02-01',
            currency: 'CNY',
            amount: String(100 + (number % 2)),
          })),
        )
      }
      return last
    })
  })
  afterAll(() => api.close())

  interface Found {
    readonly edges: readonly { readonly cursor: string; readonly node: unknown }[]
    readonly pageInfo: {
      readonly hasNextPage: boolean
      readonly hasPreviousPage: boolean
      readonly startCursor: string | null
      readonly endCursor: string | null
    }
    readonly totalCount: number
  }
  const PARTS = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount'

  const customers = async (sort: string, page: object): Promise<Found> =>
    (
      await officer.ask(
        `query ($first: Int, $after: String, $last: Int, $before: String) { customers(sort: { ${sort} }, first: $first, after: $after, last: $last, before: $before) { edges { cursor node { account { id } } } ${PARTS} } }`,
        { ...page },
      )
    ).data.customers
  const documents = async (sort: string, page: object): Promise<Found> =>
    (
      await officer.ask(
        `query ($id: ID!, $sort: String, $first: Int, $after: String, $last: Int, $before: String) { customer(id: $id) { documents(sort: $sort, first: $first, after: $after, last: $last, before: $before) { edges { cursor node { number } } ${PARTS} } } }`,
        { id: customerId, sort, ...page },
      )
    ).data.customer.documents
  const audit = async (_sort: string, page: object): Promise<Found> =>
    (
      await officer.ask(
        `query ($first: Int, $after: String, $last: Int, $before: String) { auditEntries(first: $first, after: $after, last: $last, before: $before) { edges { cursor node { id } } ${PARTS} } }`,
        { ...page },
      )
    ).data.auditEntries

  const lists: readonly (readonly [what: string, ask: typeof customers, sort: string])[] = [
    ...['NAME', 'NUMBER', 'GRADE', 'LIMIT', 'EXPOSURE', 'UTILISATION', 'OVERDUE', 'OLDEST_OVERDUE', 'CUSTOMER_SINCE'].flatMap(field =>
      [false, true].map(
        descending =>
          [`customers by ${field}${descending ? ' descending' : ''}`, customers, `field: ${field}, descending: ${descending}`] as const,
      ),
    ),
    ...['issuedOn', '-issuedOn', 'dueOn', '-amount', 'openAmount', 'number'].map(
      sort => [`documents by ${sort}`, documents, sort] as const,
    ),
    ['audit entries', audit, ''],
  ]

  it.each(lists)(
    'of %s, whatever their size, are together the list: forwards, backwards, and counted exactly',
    async (_what, ask, sort) => {
      const whole = await ask(sort, { first: 200 })
      expect(whole.totalCount).toBe(whole.edges.length)
      expect(whole.pageInfo).toMatchObject({
        hasNextPage: false,
        hasPreviousPage: false,
        startCursor: whole.edges[0]!.cursor,
        endCursor: whole.edges.at(-1)!.cursor,
      })
      const nodes = whole.edges.map(({ node }) => JSON.stringify(node))
      expect(new Set(nodes).size).toBe(nodes.length)
      for (const size of [1, 4, 7, whole.totalCount, whole.totalCount + 1]) {
        if (size === 1 && whole.totalCount > 25) continue
        const forwards: string[] = []
        for (let after: string | null = null; ;) {
          const page: Found = await ask(sort, { first: size, after })
          expect(page.totalCount).toBe(whole.totalCount)
          forwards.push(...page.edges.map(({ node }) => JSON.stringify(node)))
          expect(page.pageInfo.hasPreviousPage).toBe(after !== null)
          if (!page.pageInfo.hasNextPage) break
          after = page.pageInfo.endCursor
        }
        expect(forwards).toEqual(nodes)
        const backwards: string[] = []
        for (let before: string | null = null; ;) {
          const page: Found = await ask(sort, { last: size, before })
          backwards.unshift(...page.edges.map(({ node }) => JSON.stringify(node)))
          if (!page.pageInfo.hasPreviousPage) break
          before = page.pageInfo.startCursor
        }
        expect(backwards).toEqual(nodes)
      }
    },
  )

  it('tell of a cursor that is none of ours', async () => {
    const { errors } = await officer.ask('{ customers(after: "nonsense") { totalCount } }')
    expect(errors[0]?.extensions?.['code']).toBe('BAD_CURSOR')
  })

  it('of documents tell by what they can be sorted', async () => {
    const { errors } = await officer.ask(`{ customer(id: "${customerId}") { documents(sort: "colour") { totalCount } } }`)
    expect(errors[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' }, message: expect.stringContaining('issuedOn') })
  })
})
