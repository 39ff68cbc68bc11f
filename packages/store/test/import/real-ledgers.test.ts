import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ageingOf, asActor, collectionFiguresOf, SYSTEM } from '../../src/index.ts'
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
    for (const asOf of ['2012-06-30', '2013-02-14', '2013-12-31', '2014-06-30']) {
      const open = lines
        .filter(cells => dayOf(cells[4]!) <= asOf && dayOf(cells[8]!) > asOf)
        .reduce((sum, cells) => sum + Math.round(Number(cells[6]) * 100), 0)
      const [ageing] = await asActor(ground.sql, SYSTEM, tx => ageingOf(tx, { asOf }))
      expect([asOf, ageing?.total ?? '0.00']).toEqual([asOf, (open / 100).toFixed(2)])
    }
  })

  // Conventions: due on the day is not due; paid on the day is paid; the period is (asOf − days, asOf], its beginning the end of the day before.
  test('have the ageing, DSO and CEI that the file itself gives, and a payment of tomorrow changes no figure of the past', async () => {
    const lines = settled!
      .toString()
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map(line => line.split(','))
      .map(cells => ({
        issued: dayOf(cells[4]!),
        due: dayOf(cells[5]!),
        settled: dayOf(cells[8]!),
        cents: Math.round(Number(cells[6]) * 100),
      }))
    const sum = (wanted: (line: (typeof lines)[number]) => boolean): number =>
      lines.filter(wanted).reduce((total, { cents }) => total + cents, 0)
    const openOn = (day: string) => (line: (typeof lines)[number]) => line.issued <= day && line.settled > day
    const byHand = (asOf: string, days: number) => {
      const before = new Date(Date.parse(asOf) - days * 86_400_000).toISOString().slice(0, 10)
      const [begin, end] = [sum(openOn(before)), sum(openOn(asOf))]
      const current = sum(line => openOn(asOf)(line) && line.due >= asOf)
      const sales = sum(({ issued }) => issued > before && issued <= asOf)
      const months = Math.max(1, Math.ceil((days * 12) / 366))
      const two = (figure: number): number => Math.round(figure * 100) / 100
      const late = (from: number, to: number): number =>
        sum(line => {
          const daysPastDue = Math.round((Date.parse(asOf) - Date.parse(line.due)) / 86_400_000)
          return openOn(asOf)(line) && daysPastDue >= from && daysPastDue <= to
        })
      return {
        buckets: [current, late(1, 30), late(31, 60), late(61, 90), late(91, 100_000)].map(cents => (cents / 100).toFixed(2)),
        dso: two((end / sales) * days),
        bestPossibleDso: two((current / sales) * days),
        ceiTotalSales: two(((begin + sales - end) / (begin + sales - current)) * 100),
        ceiAverageSales: two(((begin + sales / months - end) / (begin + sales / months - current)) * 100),
      }
    }
    const fromBook = (asOf: string, days: number) =>
      asActor(ground.sql, SYSTEM, async tx => {
        const [figures] = await collectionFiguresOf(tx, { asOf, days })
        const [ageing] = await ageingOf(tx, { asOf })
        const { dso, bestPossibleDso, ceiTotalSales, ceiAverageSales } = figures!
        return { buckets: Object.values(ageing!.buckets).map(({ amount }) => amount), dso, bestPossibleDso, ceiTotalSales, ceiAverageSales }
      })
    const questions = [
      ['2012-06-30', 90],
      ['2012-12-31', 365],
      ['2013-03-31', 90],
      ['2013-06-30', 30],
      ['2013-12-31', 365],
    ] as const
    for (const [asOf, days] of questions) expect([asOf, await fromBook(asOf, days)]).toEqual([asOf, byHand(asOf, days)])
    const before = await Promise.all(questions.map(([asOf, days]) => fromBook(asOf, days)))
    await asActor(
      ground.sql,
      SYSTEM,
      tx => tx`
      insert into payments (segment_id, customer_id, source, number, received_on, amount, unapplied_amount, currency, content_hash, created_at)
      select segment_id, customer_id, 'planted', 'P-FUTURE', '2030-01-01', 1000000, 1000000, currency, content_hash, now() from payments limit 1`,
    )
    expect(await Promise.all(questions.map(([asOf, days]) => fromBook(asOf, days)))).toEqual(before)
    await asActor(ground.sql, SYSTEM, tx => tx`update payments set cancelled_on = '2030-01-02' where number = 'P-FUTURE'`)
    expect(await Promise.all(questions.map(([asOf, days]) => fromBook(asOf, days)))).toEqual(before)
  })

  test('change nothing when they come again', async () => {
    const before = await fingerprint(ground)
    const again = await ground.load(settled!)
    expect(again.counts).toMatchObject({ rows: 1177, new: 0, changed: 0, same: 1177, wrong: 0 })
    expect(await fingerprint(ground)).toEqual(before)
  })
})

/** `1/31/2013` as `2013-01-31`. */
function dayOf(text: string): string {
  const [month, day, year] = text.split('/') as [string, string, string]
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

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
