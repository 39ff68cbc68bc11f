import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ageingOf, asActor, configureImport, listAudit, stageImport, SYSTEM } from '../../src/index.ts'
import { createGround, type Ground } from './support.ts'

let ground: Ground
beforeAll(async () => {
  ground = await createGround()
})
afterAll(() => ground.close())

async function documentsOf(prefix: string): Promise<readonly unknown[]> {
  return asActor(
    ground.sql,
    SYSTEM,
    tx => tx`
    select number, trim_scale(amount)::text as amount, trim_scale(open_amount)::text as open, due_on, cancelled_on from documents where number like ${`${prefix}%`} order by number`,
  )
}
async function paymentsOf(prefix: string): Promise<readonly unknown[]> {
  return asActor(
    ground.sql,
    SYSTEM,
    tx => tx`
    select number, trim_scale(amount)::text as amount, trim_scale(unapplied_amount)::text as unapplied, cancelled_on from payments where number like ${`${prefix}%`} order by number`,
  )
}

describe('invoices', () => {
  const header = 'Invoice No,Customer No,Customer,Invoice Date,Due Date,Amount,Paid On,Paid Amount,Disputed\n'

  test('change with an audit entry for what was otherwise, and the preview shows it first', async () => {
    await ground.load(`${header}A1,C1,Acme,2024-01-10,2024-02-09,100,,,\nA2,C1,Acme,2024-01-10,2024-02-09,200,,,\n`)
    const staged = await ground.stage(
      `${header}A1,C1,Acme,2024-01-10,2024-02-09,100,,,\nA2,C1,Acme,2024-01-10,2024-03-01,250,,,\nA3,C1,Acme,2024-01-10,2024-02-09,5,,,\n`,
    )
    expect(staged.counts).toMatchObject({ new: 1, changed: 1, same: 1 })
    expect(staged.changes).toMatchObject([
      {
        kind: 'changed',
        row: 3,
        key: 'A2',
        before: { dueOn: '2024-02-09', amount: '200', openAmount: '200' },
        after: { dueOn: '2024-03-01', amount: '250', openAmount: '250' },
      },
      { kind: 'new', row: 4, key: 'A3', before: null, after: { amount: '5' } },
    ])
    await ground.apply(staged)
    expect(await documentsOf('A')).toMatchObject([{ amount: '100' }, { amount: '250', open: '250', due_on: '2024-03-01' }, { amount: '5' }])
    const entries = await asActor(ground.sql, SYSTEM, tx => listAudit(tx, { entity: 'Document' }, { first: 10 }))
    expect(entries.edges.map(({ node }) => node)).toMatchObject([
      { action: 'document.import', before: { number: 'A2', amount: '200' }, after: { number: 'A2', amount: '250' } },
    ])
  })

  test('that come settled bring the payment, and a corrected settlement replaces it as if the first had never been', async () => {
    await ground.load(`${header}B1,C1,Acme,2024-01-10,2024-02-09,100,2024-02-20,,\nB2,C1,Acme,2024-01-10,2024-02-09,100,2024-02-20,40,\n`)
    expect(await documentsOf('B')).toMatchObject([{ open: '0' }, { open: '60' }])
    await ground.load(`${header}B1,C1,Acme,2024-01-10,2024-02-09,100,2024-03-05,,\nB2,C1,Acme,2024-01-10,2024-02-09,100,,,\n`)
    expect(await documentsOf('B')).toMatchObject([{ open: '0' }, { open: '100' }])
    expect(await paymentsOf('B')).toEqual([
      { number: 'B1/2024-02-20/100', amount: '100', unapplied: '0', cancelled_on: '2024-02-20' },
      { number: 'B1/2024-03-05/100', amount: '100', unapplied: '0', cancelled_on: null },
      { number: 'B2/2024-02-20/40', amount: '40', unapplied: '0', cancelled_on: '2024-02-20' },
    ])
    await ground.load(`${header}B1,C1,Acme,2024-01-10,2024-02-09,100,2024-02-20,,\n`)
    expect(await documentsOf('B1')).toMatchObject([{ open: '0' }])
    expect(await paymentsOf('B1')).toMatchObject([{ cancelled_on: null }, { cancelled_on: '2024-03-05' }])
  })

  test('keep their settlement when a file says nothing of settlements', async () => {
    await ground.load(`${header}C1,C1,Acme,2024-01-10,2024-02-09,100,2024-02-20,,\n`)
    await ground.load('Invoice No,Customer No,Invoice Date,Due Date,Amount\nC1,C1,2024-01-10,2024-02-15,100\n')
    expect(await documentsOf('C1')).toMatchObject([{ open: '0', due_on: '2024-02-15' }])
  })

  test('that are said to be closed without a date are questions, not guesses', async () => {
    const staged = await ground.stage(
      'Invoice No,Customer No,Customer,Invoice Date,Due Date,Amount,Open Amount\nD1,C1,Acme,2024-01-10,2024-02-09,100,40\nD2,C1,Acme,2024-01-10,2024-02-09,100,100\n',
    )
    expect(staged.counts).toMatchObject({ new: 1, wrong: 1 })
    expect(await ground.errors(staged)).toMatchObject([{ row: 2, code: 'NO_SETTLEMENT_DATE' }])
  })

  test('are disputed from their date until they are settled or the file says otherwise', async () => {
    await ground.load(`${header}E1,C1,Acme,2024-01-10,2024-02-09,100,,,Yes\nE2,C1,Acme,2024-01-10,2024-02-09,100,2024-02-20,,Yes\n`)
    await ground.load(`${header}E1,C1,Acme,2024-01-10,2024-02-09,100,,,No\n`)
    const rows = await asActor(
      ground.sql,
      SYSTEM,
      tx =>
        tx`select d.number, x.opened_on, x.closed_on from disputes x join documents d on d.id = x.document_id where d.number like 'E%' order by 1`,
    )
    expect(rows).toEqual([
      { number: 'E1', opened_on: '2024-01-10', closed_on: '2024-06-30' },
      { number: 'E2', opened_on: '2024-01-10', closed_on: '2024-02-20' },
    ])
  })

  test('of one customer do not become another’s', async () => {
    await ground.load(`${header}F1,C1,Acme,2024-01-10,2024-02-09,100,,,\n`)
    const staged = await ground.stage(`${header}F1,C2,Bolt,2024-01-10,2024-02-09,100,,,\n`)
    expect(await ground.errors(staged)).toMatchObject([{ code: 'OTHER_CUSTOMER', message: { en: expect.stringContaining('customer C1') } }])
  })

  test('take their due date from terms in days', async () => {
    await ground.load(
      'Invoice No,Customer No,Customer,Invoice Date,Payment terms,Amount\nG1,C1,Acme,2024-01-10,Net 30,1\nG2,C1,Acme,2024-01-10,月结60天,1\n',
    )
    expect(await documentsOf('G')).toMatchObject([{ due_on: '2024-02-09' }, { due_on: '2024-03-10' }])
  })
})

describe('payments', () => {
  const invoices = 'Invoice No,Customer No,Customer,Invoice Date,Due Date,Amount\n'
  const payments = 'Payment No,Customer No,Payment Date,Amount,Invoice No,Applied Amount,Cancelled On\n'

  test('settle the invoice that they name, keep the rest unapplied, and do so once', async () => {
    await ground.load(
      `${invoices}P1,C1,Acme,2024-01-10,2024-02-09,100\nP2,C1,Acme,2024-01-10,2024-02-09,100\nP3,C1,Acme,2024-01-10,2024-02-09,100\n`,
    )
    const file = `${payments}R1,C1,2024-02-01,120,P1,,\nR2,C1,2024-02-02,150,P2,100,\nR2,C1,2024-02-02,150,P3,30,\nR3,C1,2024-02-03,7,,,\n`
    const staged = await ground.stage(file)
    expect(staged).toMatchObject({
      kind: 'payments',
      counts: { rows: 4, new: 4, wrong: 0, totals: [{ amount: '277.00', currency: 'CNY' }] },
    })
    expect(staged.changes.filter(({ kind }) => kind === 'settlement')).toMatchObject([
      { key: 'P1', before: { openAmount: '100' }, after: { openAmount: '0', settledBy: 'R1' } },
      { key: 'P2' },
      { key: 'P3', after: { openAmount: '70' } },
    ])
    await ground.apply(staged)
    expect(await documentsOf('P')).toMatchObject([{ open: '0' }, { open: '0' }, { open: '70' }])
    expect(await paymentsOf('R')).toMatchObject([{ unapplied: '20' }, { unapplied: '20' }, { unapplied: '7' }])
    expect((await ground.load(file)).counts).toMatchObject({ new: 0, changed: 0, same: 4, wrong: 0 })
    expect(await documentsOf('P')).toMatchObject([{ open: '0' }, { open: '0' }, { open: '70' }])
  })

  test('that are taken back open the invoice again', async () => {
    await ground.load(`${payments}R1,C1,2024-02-01,120,P1,,2024-02-10\n`)
    expect(await documentsOf('P1')).toMatchObject([{ open: '100' }])
    expect(await paymentsOf('R1')).toMatchObject([{ cancelled_on: '2024-02-10' }])
    await ground.load(`${payments}R1,C1,2024-02-01,120,P1,,\n`)
    expect(await documentsOf('P1')).toMatchObject([{ open: '0' }])
  })

  test.each([
    ['an invoice that is not there', 'S1,C1,2024-02-01,10,NOPE,,', 'UNKNOWN_INVOICE'],
    ['an invoice of somebody else', 'S1,C1,2024-02-01,10,PX,,', 'INVOICE_OF_OTHER_CUSTOMER'],
    ['more than is open', 'S1,C1,2024-02-01,500,P3,400,', 'OVER_APPLIED', '400 would be applied to invoice "P3", of which 70 is open.'],
    ['more than was paid', 'S1,C1,2024-02-01,10,P3,20,', 'APPLIED_MORE_THAN_PAID'],
    ['several invoices without saying how much', 'S1,C1,2024-02-01,10,P3,,\nS1,C1,2024-02-01,10,P1,,', 'NO_APPLIED_AMOUNT'],
    ['nothing', 'S1,C1,2024-02-01,0,,,', 'ZERO_AMOUNT'],
    ['less than nothing', 'S1,C1,2024-02-01,-4,,,', 'NEGATIVE_PAYMENT'],
    ['another amount than before', 'R2,C1,2024-02-02,151,,,', 'ALREADY_APPLIED'],
  ])('for %s are errors', async (_, row, code, message?: string) => {
    await ground.load(`${invoices}PX,C7,Other,2024-01-10,2024-02-09,100\n`)
    const staged = await ground.stage(`${payments}${row}\n`)
    expect(staged.counts).toMatchObject({ new: 0, changed: 0 })
    expect((await ground.errors(staged))[0]).toMatchObject({ code, ...(message && { message: { en: message } }) })
  })

  test('in line for one invoice get what is left of it', async () => {
    await ground.load(`${invoices}T1,C1,Acme,2024-01-10,2024-02-09,100\n`)
    await ground.load(`${payments}U1,C1,2024-02-01,60,T1,,\nU2,C1,2024-02-02,60,T1,,\nU3,C1,2024-02-03,60,T1,,\n`)
    expect(await documentsOf('T')).toMatchObject([{ open: '0' }])
    expect(await paymentsOf('U')).toMatchObject([{ unapplied: '0' }, { unapplied: '20' }, { unapplied: '60' }])
  })
})

describe('the other kinds', () => {
  test('credit notes lower what is open, whichever sign they are written with', async () => {
    await ground.load('Invoice No,Customer No,Customer,Invoice Date,Due Date,Amount\nV1,C1,Acme,2024-01-10,2024-02-09,100\n')
    const applied = await ground.load(
      'Credit Note No,Customer No,Date,Amount,Applied to invoice\nW1,C1,2024-02-01,-30,V1\nW2,C1,2024-02-02,15,\n',
    )
    expect(applied).toMatchObject({ kind: 'credit_notes', counts: { new: 2 } })
    expect(await documentsOf('V')).toMatchObject([{ open: '70' }])
    expect(await documentsOf('W')).toMatchObject([
      { amount: '30', open: '0' },
      { amount: '15', open: '15' },
    ])
  })

  test('customers are created, renamed and corrected, with every spelling kept', async () => {
    const first = await ground.load(
      '客户编号,客户名称,统一社会信用代码,国家,账期（天）,联系人,联系邮箱\n00071,青岛泓砺科技有限公司,91370200MA3C00000X,CN,60,李楠,li@example.com\n',
    )
    expect(first).toMatchObject({ kind: 'customers', counts: { new: 1, newCustomers: 1 } })
    const second = await ground.stage('客户编号,客户名称,国家\n00071,青岛泓砺科技股份有限公司,CN\n')
    expect(second).toMatchObject({
      counts: { changed: 1 },
      changes: [{ kind: 'changed', before: { customerName: '青岛泓砺科技有限公司' }, after: { customerName: '青岛泓砺科技股份有限公司' } }],
    })
    await ground.apply(second)
    const [row] = await asActor(
      ground.sql,
      SYSTEM,
      tx => tx`
      select c.number, c.name, c.registration_number, a.payment_terms_days, (select array_agg(name order by name) from customer_names n where n.customer_id = c.id) as names,
        (select name from customer_contacts k where k.customer_id = c.id) as contact
      from customers c join credit_accounts a on a.customer_id = c.id where c.number = '00071'`,
    )
    expect(row).toEqual({
      number: '00071',
      name: '青岛泓砺科技股份有限公司',
      registration_number: '91370200MA3C00000X',
      payment_terms_days: 60,
      names: ['青岛泓砺科技有限公司', '青岛泓砺科技股份有限公司'].toSorted(),
      contact: '李楠',
    })
    expect((await ground.load('客户编号,客户名称,国家\n00071,青岛泓砺科技股份有限公司,CN\n')).counts).toMatchObject({
      same: 1,
      changed: 0,
      new: 0,
    })
  })

  test('orders carry what is not yet delivered', async () => {
    const applied = await ground.load(
      'Order No,Customer No,Customer,Order Date,Delivery date,Amount,Not yet delivered,Prepaid\nX1,C1,Acme,2024-05-01,2024-07-01,900,300,no\nX2,C1,Acme,2024-05-01,2024-07-01,50,,yes\n',
    )
    expect(applied).toMatchObject({ kind: 'orders', counts: { new: 2 } })
    expect(await documentsOf('X')).toMatchObject([{ amount: '900', open: '300' }, { open: '50' }])
  })

  test('statements are known from the day on which they came', async () => {
    const file =
      'customer number,period end,currency,audited,total assets,total liabilities,revenue,net income\nC1,2023-12-31,CNY,yes,"1,000,000.00","400,000.00","2,500,000.00",-12000\n'
    const applied = await ground.load(file)
    expect(applied).toMatchObject({ kind: 'statements', counts: { new: 1 } })
    const [row] = await asActor(ground.sql, SYSTEM, tx => tx`select period_end, received_on, audited, items from financial_statements`)
    expect(row).toEqual({
      period_end: '2023-12-31',
      received_on: '2024-06-30',
      audited: true,
      items: { totalAssets: '1000000', totalLiabilities: '400000', revenue: '2500000', netIncome: '-12000' },
    })
    expect((await ground.load(file)).counts).toMatchObject({ same: 1 })
  })
})

describe('a mapping', () => {
  test('that is missing is asked for, chosen, and remembered for the same header', async () => {
    const file = (number: string): string => `Nr;Kunde Nr;Kunde;vom;bis;Betrag\n${number};C1;Acme;2024-01-10;2024-02-09;"1.250,50"\n`
    const staged = await ground.stage(file('Z1'))
    expect(staged).toMatchObject({
      status: 'uploaded',
      format: { delimiter: ';' },
      columns: ['Nr', 'Kunde Nr', 'Kunde', 'vom', 'bis', 'Betrag'],
      error: { code: expect.stringMatching(/UNKNOWN_KIND|MISSING_COLUMNS/) },
    })
    const mapping = { number: 'Nr', customerNumber: 'Kunde Nr', customerName: 'Kunde', issuedOn: 'vom', dueOn: 'bis', amount: 'Betrag' }
    const choose = (choice: object) =>
      asActor(ground.sql, SYSTEM, tx =>
        configureImport(tx, { id: staged.id, version: staged.version, kind: 'invoices', segmentId: ground.segmentId, mapping, ...choice }),
      )
    expect(await choose({ mapping: { ...mapping, colour: 'Nr', amount: 'Preis' }, format: { encoding: 'morse' } })).toMatchObject({
      kind: 'invalid',
      issues: [
        { path: ['format', 'encoding'] },
        { path: ['mapping', 'amount'], code: 'UNKNOWN_COLUMN' },
        { path: ['mapping', 'colour'], code: 'UNKNOWN_FIELD' },
      ],
    })
    expect(await choose({})).toMatchObject({ kind: 'ok', value: { status: 'uploaded', version: staged.version + 1 } })
    expect(await choose({})).toMatchObject({ kind: 'conflict' })
    expect(await stageImport(ground.sql, SYSTEM, staged.id)).toMatchObject({
      status: 'ready',
      format: { decimalSeparator: ',' },
      counts: { new: 1, totals: [{ amount: '1250.50', currency: 'CNY' }] },
    })
    expect(await ground.stage(file('Z2'))).toMatchObject({ status: 'ready', kind: 'invoices', mapping })
  })

  test('of a column that a program chose can be corrected by name', async () => {
    const staged = await ground.stage(
      'invoice_id,cust_number,name_customer,date,Valuta,amount,Total\nZ5,C1,Acme,2024-01-01,2024-02-01,1,2\n',
      { mapping: { amount: 'Total', dueOn: 'Valuta' } },
    )
    expect(staged).toMatchObject({
      status: 'ready',
      mapping: { amount: 'Total', dueOn: 'Valuta', number: 'invoice_id' },
      counts: { totals: [{ amount: '2.00', currency: 'CNY' }] },
    })
  })
})

test('what was imported is what the ageing counts', async () => {
  const [line] = await asActor(ground.sql, SYSTEM, tx => ageingOf(tx, { asOf: '2024-06-30' }))
  const [open] = await asActor(
    ground.sql,
    SYSTEM,
    tx => tx`select sum(open_amount)::numeric(20, 2)::text as open from documents where type = 'invoice' and cancelled_on is null`,
  )
  expect(line!.total).toBe(open!['open'])
})
