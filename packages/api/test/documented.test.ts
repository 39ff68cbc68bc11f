import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asActor, publishPolicy, SYSTEM } from '@surety/store'
import type { Policy } from '@surety/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { machine, type Machine } from './machines.ts'
import { startTestApi, type TestApi, type TestClient } from './support.ts'

const ROOT = join(import.meta.dirname, '../../..')

interface Operation {
  readonly requestBody?: { readonly content: Record<string, { readonly schema: { $ref?: string }; readonly example?: unknown }> }
  readonly responses: Record<string, { content?: Record<string, { schema?: unknown }> }>
}

describe('what is documented', () => {
  let api: TestApi
  let erp: Machine
  let people: TestClient
  let paths: Record<string, { post?: Operation; get?: Operation }>
  beforeAll(async () => {
    api = await startTestApi()
    erp = await machine(api)
    await api.addUser('officer', [
      { role: 'risk_officer', segmentId: null, authorityLevel: null },
      { role: 'admin', segmentId: null, authorityLevel: null },
    ])
    people = await api.signIn('officer')
    const policy = JSON.parse(readFileSync(join(ROOT, 'rules/order-check/standard/policy.json'), 'utf8')) as Policy
    await asActor(api.sql, SYSTEM, tx => publishPolicy(tx, policy))
    const document = (await (await fetch(`${api.url}/v1/openapi.json`)).json()) as { paths: typeof paths }
    paths = document.paths
  })
  afterAll(() => api?.close())

  it('has an example of every request, and every one of them is taken', async () => {
    const lacking: string[] = []
    const sent: string[] = []
    for (const [path, { post }] of Object.entries(paths)) {
      for (const [type, { example }] of Object.entries(post?.requestBody?.content ?? {})) {
        // Files have no words to show.
        if (path === '/v1/imports') continue
        if (example === undefined) {
          lacking.push(`${path} ${type}`)
          continue
        }
        const { status, body } = await erp.post(path.slice(3).replace('{number}', 'SO-1001'), example, { type })
        expect({ path, type, status, errors: body.errors ?? [] }).toEqual({ path, type, status: 200, errors: [] })
        sent.push(`${path} ${type}`)
      }
    }
    expect(lacking).toEqual([])
    expect(sent.length).toBeGreaterThan(28)
  })

  it('says how each example ended: open again, the order was checked', async () => {
    const { body } = await erp.post('/orders/SO-1001/reopen', {})
    expect(body).toMatchObject({ status: 'applied', counts: { same: 1 }, checks: [] })
    // The order is delivered by now; one of which something is left is held against the limit again.
    await erp.post('/orders', [{ number: 'SO-2', customerNumber: '0042', issuedOn: '2026-03-02', amount: '99', currency: 'EUR' }])
    await erp.post('/orders/SO-2/close', { on: '2026-03-02' })
    const reopened = await erp.post('/orders/SO-2/reopen', '')
    expect(reopened.body.checks).toMatchObject([{ orderNumber: 'SO-2', action: expect.stringMatching(/hold|release|warn/) }])
    expect((await erp.post('/orders/SO-0/close', {})).status).toBe(404)
    expect((await erp.post('/orders/SO-2/close', { on: 'tomorrow' })).status).toBe(400)
  })

  for (const language of ['en', 'zh']) {
    it(`has GraphQL in docs/api/${language}.md that runs`, async () => {
      const text = readFileSync(join(ROOT, `docs/api/${language}.md`), 'utf8')
      const examples = [...text.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, example]) => example!)
      expect(examples.length).toBeGreaterThanOrEqual(6)
      for (const example of examples) {
        const { data, errors } = await people.ask(example)
        expect({ example, errors }).toEqual({ example, errors: [] })
        expect(JSON.stringify(data)).not.toContain('Error"')
      }
    })
  }

  it('says the same in both languages', () => {
    const code = (language: string): string[] =>
      [...readFileSync(join(ROOT, `docs/api/${language}.md`), 'utf8').matchAll(/```\w+\n([\s\S]*?)```/g)].map(([, block]) =>
        block!.replaceAll(/\{ (en|zh) \}/g, '{ … }'),
      )
    expect(code('zh')).toEqual(code('en'))
  })

  const own = { number: 'X', customerNumber: '0042', currency: 'EUR' }
  const invoice = { ...own, issuedOn: '2026-03-01', dueOn: '2026-04-01', amount: '10' }
  const payment = { ...own, receivedOn: '2026-03-01', amount: '10' }
  const bill = { ...payment, kind: 'bank', maturesOn: '2026-06-01' }
  const instrument = { ...own, type: 'deposit', effect: 'raises-limit', value: '10', percentage: 100, effectiveFrom: '2026-01-01' }
  it.each([
    ['invoices', 'a word', 'NOT_AN_OBJECT', null],
    ['invoices', [invoice], 'NOT_AN_OBJECT', null],
    ['invoices', null, 'NOT_AN_OBJECT', null],
    ['invoices', { ...invoice, colour: 'red' }, 'UNKNOWN_FIELD', 'colour'],
    ['invoices', { ...invoice, number: undefined }, 'EMPTY', 'number'],
    ['invoices', { ...invoice, number: ' ' }, 'EMPTY', 'number'],
    ['invoices', { ...invoice, number: 'x'.repeat(201) }, 'TOO_LONG', 'number'],
    ['invoices', { ...invoice, number: 'a\u0000b' }, 'CONTROL_CHARACTER', 'number'],
    ['invoices', { ...invoice, number: { a: 1 } }, 'NOT_TEXT', 'number'],
    ['invoices', { ...invoice, customerNumber: 'nobody' }, 'UNKNOWN_CUSTOMER_YET', 'customerNumber'],
    ['invoices', { ...invoice, issuedOn: '01.03.2026' }, 'NOT_A_DATE', 'issuedOn'],
    ['invoices', { ...invoice, issuedOn: '2026-02-29' }, 'NO_SUCH_DAY', 'issuedOn'],
    ['invoices', { ...invoice, issuedOn: 20_260_301 }, 'NOT_A_DATE', 'issuedOn'],
    ['invoices', { ...invoice, dueOn: undefined }, 'NO_DUE_DATE', 'dueOn'],
    ['invoices', { ...invoice, amount: '1.250,00' }, 'NOT_AN_AMOUNT', 'amount'],
    ['invoices', { ...invoice, amount: '1e3' }, 'NOT_AN_AMOUNT', 'amount'],
    ['invoices', { ...invoice, amount: true }, 'NOT_AN_AMOUNT', 'amount'],
    ['invoices', { ...invoice, amount: '-1' }, 'NEGATIVE_AMOUNT', 'amount'],
    ['invoices', { ...invoice, amount: '1.234' }, 'TOO_MANY_DECIMALS', 'amount'],
    ['invoices', { ...invoice, amount: '1'.repeat(16) }, 'AMOUNT_TOO_LARGE', 'amount'],
    ['invoices', { ...invoice, currency: 'eur' }, 'UNKNOWN_CURRENCY', 'currency'],
    ['invoices', { ...invoice, sequence: -1 }, 'NOT_AN_INTEGER', 'sequence'],
    ['invoices', { ...invoice, sequence: 1.5 }, 'NOT_AN_INTEGER', 'sequence'],
    ['invoices', { ...invoice, orderNumber: 'SO-1001', currency: 'USD' }, 'ORDER_IN_OTHER_CURRENCY', 'orderNumber'],
    [
      'invoices',
      { ...invoice, customerNumber: '77', customerName: 'Other', deliveryNumber: 'DN-2001' },
      'DELIVERY_OF_OTHER_CUSTOMER',
      'deliveryNumber',
    ],
    ['invoices', { ...invoice, number: 'INV-3001', customerNumber: '77' }, 'OTHER_CUSTOMER', 'number'],
    ['orders', { ...invoice, dueOn: undefined, openAmount: '11' }, 'SETTLED_TOO_MUCH', 'openAmount'],
    ['orders', { ...invoice, dueOn: undefined, isPrepaid: 'yes' }, 'NOT_A_FLAG', 'isPrepaid'],
    ['payments', { ...payment, amount: '0' }, 'ZERO_AMOUNT', 'amount'],
    ['payments', { ...payment, method: 'gold' }, 'NOT_A_CHOICE', 'method'],
    ['payments', { ...payment, applications: 'INV-1' }, 'NOT_APPLICATIONS', 'applications'],
    ['payments', { ...payment, applications: [{ invoice: 'INV-1' }] }, 'NOT_APPLICATIONS', 'applications'],
    ['payments', { ...payment, applications: [{ invoiceNumber: 'A' }, { invoiceNumber: 'B' }] }, 'NO_APPLIED_AMOUNT', 'applications'],
    [
      'payments',
      {
        ...payment,
        applications: [
          { invoiceNumber: 'A', amount: '1' },
          { invoiceNumber: 'A', amount: '1' },
        ],
      },
      'INVOICE_TWICE',
      'applications',
    ],
    ['payments', { ...payment, applications: [{ invoiceNumber: 'A', amount: '11' }] }, 'CLAIMED_TOO_MUCH', 'applications'],
    ['payments', { ...payment, invoiceNumber: 'A', applications: [] }, 'TWO_WAYS_OF_APPLYING', 'applications'],
    ['payments', { ...payment, appliedAmount: '1' }, 'EMPTY', 'invoiceNumber'],
    ['bills', { ...bill, maturesOn: '2026-02-01' }, 'DATES_CROSSED', 'maturesOn'],
    ['bills', { ...bill, kind: 'paper' }, 'NOT_A_CHOICE', 'kind'],
    ['bills', { ...bill, honouredOn: '2026-06-01', dishonouredOn: '2026-06-02' }, 'HONOURED_AND_DISHONOURED', 'dishonouredOn'],
    ['disputes', { invoiceNumber: 'NONE', openedOn: '2026-03-01', reason: 'x' }, 'UNKNOWN_INVOICE_YET', 'invoiceNumber'],
    ['instruments', { ...instrument, percentage: 101 }, 'TOO_LARGE', 'percentage'],
    ['instruments', { ...instrument, effect: 'both' }, 'NOT_A_CHOICE', 'effect'],
    ['instruments', { ...instrument, expiresOn: '2025-01-01' }, 'DATES_CROSSED', 'expiresOn'],
    ['ratings', { customerNumber: '0042', agency: 'A', value: 'B', score: 'high', ratedOn: '2026-01-01' }, 'NOT_A_NUMBER', 'score'],
    ['incidents', { customerNumber: '0042', kind: 'fire', happenedOn: '2026-01-01' }, 'NOT_A_CHOICE', 'kind'],
    ['customers', { customerNumber: '0042' }, 'EMPTY', 'customerName'],
    ['customers', { customerNumber: '0042', customerName: 'A', country: 'Germany' }, 'NOT_A_COUNTRY', 'country'],
    ['customers', { customerNumber: '0042', customerName: 'A', otherNames: 'B' }, 'NOT_NAMES', 'otherNames'],
    ['statements', { customerNumber: '0042', periodEnd: '2025-12-31', periodMonths: 36 }, 'TOO_LARGE', 'periodMonths'],
  ] as const)('a wrong line of %s is told with its place: %j', async (kind, line, code, column) => {
    const { body } = await erp.post(`/${kind}`, [line])
    expect(body.counts).toMatchObject({ rows: 1, wrong: 1, new: 0, changed: 0 })
    expect(body.errors).toEqual([
      expect.objectContaining({
        row: 1,
        column,
        code,
        message: { en: expect.stringMatching(/\.$/), zh: expect.stringMatching(/\p{Script=Han}/u) },
      }),
    ])
  })
})
