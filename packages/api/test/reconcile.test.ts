import { asActor, createCustomer, exposuresOf, reconcileLedgersDaily, SYSTEM } from '@surety/store'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { machine, type Machine } from './machines.ts'
import { startTestApi, type TestApi, type TestClient } from './support.ts'

const INVOICE = { customerNumber: '0042', customerName: 'Acme Ltd', issuedOn: '2026-01-05', dueOn: '2026-02-04', currency: 'EUR' }

describe('reconciliation', () => {
  let api: TestApi
  let erp: Machine
  let officer: TestClient
  beforeAll(async () => {
    api = await startTestApi()
    erp = await machine(api)
    await api.addUser('officer', [{ role: 'risk_officer', segmentId: null, authorityLevel: null }])
    officer = await api.signIn('officer')
    const sent = await erp.post(
      '/invoices?source=erp',
      ['100.00', '200.00', '300.00'].map((amount, index) => ({ ...INVOICE, number: `R-${index + 1}`, amount })),
    )
    expect(sent.body.counts).toMatchObject({ new: 3, wrong: 0 })
    await erp.post('/payments?source=erp', [
      { number: 'RP-1', customerNumber: '0042', receivedOn: '2026-02-01', amount: '250', currency: 'EUR', invoiceNumber: 'R-2' },
    ])
  })
  afterAll(() => api?.close())

  it('says what is missing here, missing there and open with another amount, and keeps the report', async () => {
    const { status, body } = await erp.post('/reconciliations?source=erp', {
      asOf: '2026-03-01',
      items: [
        { type: 'invoice', number: 'R-1', customerNumber: '0042', currency: 'EUR', openAmount: '100' },
        { type: 'invoice', number: 'R-3', customerNumber: '0042', currency: 'EUR', openAmount: '290.50' },
        { type: 'invoice', number: 'R-9', customerNumber: '0042', currency: 'EUR', openAmount: '7' },
      ],
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      kind: 'extract',
      source: 'erp',
      asOf: '2026-03-01',
      findingCount: 3,
      counts: { ours: 3, theirs: 3, agreeing: 1, missingHere: 1, missingThere: 1, amountDiffers: 1 },
      totals: [
        { type: 'invoice', currency: 'EUR', ours: '400.00', theirs: '397.50', difference: '2.50' },
        { type: 'payment', currency: 'EUR', ours: '50.00', theirs: '0.00', difference: '50.00' },
      ],
    })
    const { data, errors } = await officer.ask(REPORT, { id: body.id })
    expect(errors).toEqual([])
    expect(data.reconciliation).toMatchObject({
      kind: 'EXTRACT',
      findings: {
        edges: [
          { node: { kind: 'MISSING_THERE', documentType: 'payment', documentNumber: 'RP-1', ours: '50.00', theirs: null } },
          { node: { kind: 'AMOUNT_DIFFERS', documentNumber: 'R-3', ours: '300.00', theirs: '290.50' } },
          { node: { kind: 'MISSING_HERE', documentNumber: 'R-9', ours: null, theirs: '7.00', customerName: 'Acme Ltd' } },
        ],
      },
      byCustomer: [{ customerNumber: '0042', findings: 3, difference: '52.50' }],
    })
  })

  it('finds an entry that was changed behind the ledger’s back and names the document, every night', async () => {
    expect(await reconcileLedgersDaily(api.sql)).toEqual([])
    const owner = postgres(api.ownerUrl, { max: 1 })
    await owner.begin(async sql => {
      await sql`set local surety.segments = '*'`
      await sql`alter table exposure_entries disable trigger exposure_entries_append_only`
      await sql`update exposure_entries set amount = amount + 1000 where source_number = 'R-3'`
      await sql`alter table exposure_entries enable trigger exposure_entries_append_only`
    })
    await owner.end()
    // It was looked at today.
    expect(await reconcileLedgersDaily(api.sql)).toEqual([])
    api.clock.now = new Date(api.clock.now.getTime() + 86_400_000)
    officer = await api.signIn('officer')
    const [report, ...others] = await reconcileLedgersDaily(api.sql)
    expect(others).toEqual([])
    expect(report).toMatchObject({
      kind: 'ledger',
      segmentId: api.south.id,
      findingCount: 2,
      counts: { entriesDiffer: 1, balancesDiffer: 1 },
    })
    const { data } = await officer.ask(REPORT, { id: report!.id })
    expect(data.reconciliation.findings.edges).toMatchObject([
      {
        node: {
          kind: 'ENTRIES_DIFFER',
          documentType: 'invoice',
          documentNumber: 'R-3',
          customerNumber: '0042',
          ours: '300.00',
          theirs: '1300.00',
        },
      },
      { node: { kind: 'BALANCE_DIFFERS', documentNumber: null, category: 'receivables' } },
    ])
    const again = await officer.ask(
      `mutation { reconcileLedger(segment: "${api.south.id}") { ... on MutationReconcileLedgerSuccess { data { findingCount } } } }`,
    )
    expect(again.data.reconcileLedger.data.findingCount).toBe(2)
  })

  it.each([
    ['no list', {}, 'items'],
    [
      'a type that is none',
      { items: [{ type: 'cheese', number: '1', customerNumber: '1', currency: 'EUR', openAmount: '1' }] },
      'items.0.type',
    ],
    [
      'an amount that is none',
      { items: [{ type: 'invoice', number: '1', customerNumber: '1', currency: 'EUR', openAmount: '1,5' }] },
      'items.0.openAmount',
    ],
    [
      'a currency that is none',
      { items: [{ type: 'invoice', number: '1', customerNumber: '1', currency: 'XXL', openAmount: '1' }] },
      'items.0.currency',
    ],
  ])('refuses %s', async (_what, extract, path) => {
    const { status, body } = await erp.post('/reconciliations', extract)
    expect(status).toBe(400)
    expect(body.issues.map((issue: { path: string[] }) => issue.path.join('.'))).toContain(path)
  })

  describe('exchange rates', () => {
    it('come as the central bank writes them, and convert through the euro with one division', async () => {
      const csv = 'Date,USD,CNY,JPY,DEM\n2026-03-02,1.0825,7.8421,N/A,1.95583\n2026-03-03,1.0871,7.8514,163.05,\n'
      expect((await erp.post('/exchange-rates', csv, { type: 'text/csv' })).body).toEqual({ rates: 5, changed: 5 })
      expect((await erp.post('/exchange-rates', csv, { type: 'text/csv' })).body).toEqual({ rates: 5, changed: 0 })
      const ask = async (from: string, to: string, on: string) =>
        (await officer.ask(`{ exchangeRate(from: "${from}", to: "${to}", on: "${on}") { rate on source } }`)).data.exchangeRate
      expect(await ask('EUR', 'USD', '2026-03-02')).toEqual({ rate: '1.0825', on: '2026-03-02', source: 'ECB' })
      const cross = await ask('USD', 'CNY', '2026-03-03')
      expect(cross).toMatchObject({ on: '2026-03-03', source: 'ECB via EUR' })
      expect(Number(cross.rate)).toBeCloseTo(7.8514 / 1.0871, 12)
      expect(await ask('USD', 'CNY', '2026-03-01')).toBeNull()
      expect((await ask('JPY', 'CNY', '2026-03-02')) ?? null).toBeNull()
    })

    it('value a balance anew when a newer one comes', async () => {
      const { accountId } = await asActor(api.sql, SYSTEM, tx =>
        createCustomer(tx, { number: 'FX', name: 'FX' }, { segmentId: api.south.id, currency: 'EUR' }),
      )
      await erp.post('/invoices', [{ ...INVOICE, customerNumber: 'FX', number: 'FX-1', currency: 'USD', amount: '1087.10' }])
      const total = async (): Promise<string> =>
        asActor(api.sql, SYSTEM, async tx => (await exposuresOf(tx, [accountId])).get(accountId)!.total)
      expect(await total()).toBe('1000.00')
      await erp.post('/exchange-rates', [{ from: 'EUR', to: 'USD', on: '2026-03-03', rate: '1', source: 'treasury' }])
      expect(await total()).toBe('1087.10')
      // 785.14 yuan are 100 euro; the rate of the yuan is known against the euro alone, and so is the dollar's.
      await erp.post('/invoices', [{ ...INVOICE, customerNumber: 'FX', number: 'FX-2', currency: 'CNY', amount: '785.14' }])
      expect(await total()).toBe('1187.10')
      const { accountId: yuan } = await asActor(api.sql, SYSTEM, tx =>
        createCustomer(tx, { number: 'FX2', name: 'FX2' }, { segmentId: api.south.id, currency: 'CNY' }),
      )
      await erp.post('/invoices', [{ ...INVOICE, customerNumber: 'FX2', number: 'FX-3', currency: 'JPY', amount: '16305' }])
      const exposure = await asActor(api.sql, SYSTEM, async tx => (await exposuresOf(tx, [yuan])).get(yuan)!)
      expect(exposure).toMatchObject({ total: '785.14', unconverted: [] })
    })

    it.each([
      ['a line without a day', 'Date,USD\nyesterday,1.1\n', 'text/csv', ['2', 'Date'], 'NOT_A_DATE'],
      ['a cell that is no rate', 'Date,USD\n2026-03-02,one\n', 'text/csv', ['2', 'USD'], 'NOT_A_RATE'],
      ['a header without a day', 'USD\n1\n', 'text/csv', ['1'], 'NOT_A_DATE'],
      ['no rate at all', 'Date,USD\n2026-03-02,N/A\n', 'text/csv', ['1'], 'NO_RATES'],
      ['a currency that is none', [{ from: 'EUR', to: 'XXL', on: '2026-03-02', rate: '1' }], 'application/json', ['0', 'to'], 'CUSTOM'],
      ['a rate of zero', [{ from: 'EUR', to: 'USD', on: '2026-03-02', rate: '0' }], 'application/json', ['0', 'rate'], 'CUSTOM'],
    ])('refuse %s, and take nothing', async (_what, sent, type, path, code) => {
      const { status, body } = await erp.post('/exchange-rates', sent, { type })
      expect({ status, issues: body.issues }).toMatchObject({
        status: 400,
        issues: [{ path, code, message: { en: expect.any(String), zh: expect.any(String) } }],
      })
    })
  })
})

const REPORT = `query ($id: ID!) { reconciliation(id: $id) { kind findingCount
  findings(first: 10) { edges { node { kind customerNumber customerName documentType documentNumber category ours theirs } } }
  byCustomer { customerNumber findings difference } } }`
