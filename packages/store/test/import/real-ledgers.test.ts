import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ageingOf, asActor, SYSTEM } from '../../src/index.ts'
import { createGround, sharedFile, type Ground } from './support.ts'

const openItems = sharedFile('highradius-open-invoices/highradius_open_items.csv')
const reference = sharedFile('highradius-open-invoices/reference_ageing_2020-05-22.json')

describe.skipIf(!openItems || !reference)('9,700 open items in two currencies', () => {
  let ground: Ground
  beforeAll(async () => {
    ground = await createGround()
  })
  afterAll(() => ground.close())

  test('are understood without being told anything', async () => {
    const staged = await ground.stage(openItems!, { fileName: 'highradius_open_items.csv' })
    expect(staged).toMatchObject({
      status: 'ready',
      kind: 'invoices',
      mapping: {
        number: 'invoice_id',
        customerNumber: 'cust_number',
        customerName: 'name_customer',
        issuedOn: 'posting_date',
        dueOn: 'due_in_date',
        currency: 'invoice_currency',
        amount: 'total_open_amount',
        terms: 'cust_payment_terms',
        isOpen: 'isOpen',
      },
      counts: {
        rows: 9700,
        new: 9700,
        changed: 0,
        same: 0,
        wrong: 0,
        newCustomers: 664,
        mergedNames: 399,
        totals: [
          { currency: 'CAD', amount: '44471009.08' },
          { currency: 'USD', amount: '275113716.83' },
        ],
      },
    })
    expect(await ground.apply(staged)).toMatchObject({ status: 'applied', counts: { new: 9700, wrong: 0 } })
  })

  test('age as the reference does, to the cent and per currency', async () => {
    const expected = JSON.parse(reference!.toString()) as { buckets: Record<string, { n: number; amount: number }> }
    const lines = await asActor(ground.sql, SYSTEM, tx => ageingOf(tx, { asOf: '2020-05-22' }))
    const names = { 'not-due': 'not due', '1-30': '1-30', '31-60': '31-60', '61-90': '61-90', 'over-90': '90+' } as const
    const got = Object.fromEntries(
      lines.flatMap(({ currency, buckets }) =>
        Object.entries(names).map(([bucket, name]) => [
          `${currency}|${name}`,
          { n: buckets[bucket as keyof typeof names].count, amount: Number(buckets[bucket as keyof typeof names].amount) },
        ]),
      ),
    )
    expect(got).toEqual(expected.buckets)
  })

  test('keep leading zeros of customers and lose the .0 of documents', async () => {
    const [row] = await asActor(
      ground.sql,
      SYSTEM,
      tx => tx`
      select d.number, c.number as customer, d.amount::text, d.due_on from documents d join customers c on c.id = d.customer_id where d.number = '1930571429'`,
    )
    expect(row).toEqual({ number: '1930571429', customer: '0200706844', amount: '8734.7100', due_on: '2020-03-13' })
  })

  test('change nothing when they come again', async () => {
    const before = await fingerprint(ground)
    const again = await ground.load(openItems!, { fileName: 'again.csv' })
    expect(again.counts).toMatchObject({ rows: 9700, new: 0, changed: 0, same: 9700, wrong: 0, newCustomers: 0, mergedNames: 0 })
    expect(await fingerprint(ground)).toEqual(before)
  })
})

const settled = sharedFile('ibm-accounts-receivable/ibm_ar_dev_391_406.csv')

describe.skipIf(!settled)('1,177 invoices with their settlement beside them', () => {
  let ground: Ground
  beforeAll(async () => {
    ground = await createGround()
  })
  afterAll(() => ground.close())

  test('ask for the customers, of whom the file tells numbers only', async () => {
    const staged = await ground.stage(settled!)
    expect(staged).toMatchObject({
      status: 'ready',
      kind: 'invoices',
      format: { dateFormat: 'M/D/YYYY' },
      counts: { rows: 1177, wrong: 1177 },
    })
    expect((await ground.errors(staged))[0]).toMatchObject({ row: 2, column: 'customerID', code: 'UNKNOWN_CUSTOMER', value: '0379-NEVHP' })
  })

  test('are imported when the number may stand for the name', async () => {
    const applied = await ground.load(settled!, { mapping: { customerName: 'customerID' } })
    expect(applied).toMatchObject({
      kind: 'invoices',
      mapping: { number: 'invoiceNumber', settledOn: 'SettledDate', isDisputed: 'Disputed', amount: 'InvoiceAmount' },
      counts: { rows: 1177, new: 1177, wrong: 0, newCustomers: 48 },
    })
    const [sums] = await asActor(
      ground.sql,
      SYSTEM,
      tx => tx`
      select (select count(*) from payments)::int as payments, (select count(*) from payment_applications)::int as applications, (select count(*) from disputes)::int as disputes,
        (select sum(open_amount) from documents)::text as open, (select count(*) from documents where number = '0000611365')::int as zeros`,
    )
    expect(sums).toEqual({ payments: 1177, applications: 1177, disputes: 273, open: '0.0000', zeros: 1 })
  })

  test('hide settlements that lie after the day of a view', async () => {
    const lines = settled!
      .toString()
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map(line => line.split(','))
    const day = (text: string): string =>
      text
        .split('/')
        .map(part => part.padStart(2, '0'))
        .join('-')
        .replace(/^(..)-(..)-(....)$/, '$3-$1-$2')
    for (const asOf of ['2012-06-30', '2013-02-14', '2013-12-31', '2014-06-30']) {
      const open = lines
        .filter(cells => day(cells[4]!) <= asOf && day(cells[8]!) > asOf)
        .reduce((sum, cells) => sum + Math.round(Number(cells[6]) * 100), 0)
      const [ageing] = await asActor(ground.sql, SYSTEM, tx => ageingOf(tx, { asOf }))
      expect([asOf, ageing?.total ?? '0.00']).toEqual([asOf, (open / 100).toFixed(2)])
    }
  })

  test('change nothing when they come again', async () => {
    const before = await fingerprint(ground)
    const again = await ground.load(settled!)
    expect(again.counts).toMatchObject({ rows: 1177, new: 0, changed: 0, same: 1177, wrong: 0 })
    expect(await fingerprint(ground)).toEqual(before)
  })
})

/** Everything in the book, down to the versions of rows. */
async function fingerprint(ground: Ground): Promise<unknown> {
  return asActor(ground.sql, SYSTEM, async tx => {
    const [row] = await tx`
      select
        (select array_agg(md5(d::text || d.xmin::text) order by id) from documents d) as documents,
        (select array_agg(md5(d::text || d.xmin::text) order by id) from customers d) as customers,
        (select array_agg(md5(d::text || d.xmin::text) order by customer_id, name) from customer_names d) as names,
        (select array_agg(md5(d::text || d.xmin::text) order by id) from credit_accounts d) as accounts,
        (select array_agg(md5(d::text || d.xmin::text) order by id) from payments d) as payments,
        (select array_agg(md5(d::text || d.xmin::text) order by id) from payment_applications d) as applications,
        (select array_agg(md5(d::text || d.xmin::text) order by id) from disputes d) as disputes`
    return row
  })
}
