import fc from 'fast-check'
import postgres from 'postgres'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  addDocuments,
  addPayments,
  applyPayments,
  asActor,
  cancelDocument,
  cancelPayment,
  connect,
  exposureBalancesOf,
  exposuresOf,
  listExposureEntries,
  reconcileExposure,
  setExchangeRates,
  SYSTEM,
  type NewDocument,
  type Tx,
} from '../../src/index.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { makeCustomer, useWorld, type World } from '../support.ts'

const world = useWorld()
const CURRENCIES = ['CNY', 'EUR', 'JPY'] as const
const RUNS = 100

beforeAll(() => world.asSystem(tx => setRates(tx)))

describe('the exposure ledger', () => {
  it(`conserves exposure: entries = balance = recomputed from documents, after every step of any sequence in several currencies (${RUNS} sequences)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async steps => {
        await replay(world, steps)
      }),
      { numRuns: RUNS },
    )
  }, 120_000)

  it('is caught when a reverse move is missing', async () => {
    const database = await createTestDatabase()
    const owner = postgres(database.ownerUrl, { max: 1 })
    // The mutant: changes of documents post nothing, so that whatever was posted is never moved back.
    await owner`alter table documents disable trigger documents_exposure_update`
    await owner.end()
    const sql = connect(database.appUrl, { max: 4, clock: () => world.now })
    try {
      const mutant = await asActor(sql, SYSTEM, async tx => {
        const [segment] = await tx<
          { id: number }[]
        >`insert into segments (code, name_en, name_zh, currency) values ('m', 'M', 'M', 'CNY') returning id`
        await setRates(tx)
        return {
          industrial: { ...world.industrial, id: segment!.id },
          asSystem: <T>(fn: (own: Tx) => Promise<T>) => asActor(sql, SYSTEM, fn),
        } as World
      })
      const found = await fc.check(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), steps => replay(mutant, steps)),
        { numRuns: RUNS, endOnFailure: true },
      )
      expect(found.failed).toBe(true)
    } finally {
      await sql.end({ timeout: 1 })
      await database.drop()
    }
  }, 120_000)

  it('moves an order to delivery, invoice and payment, and each move names its document', async () => {
    const { customerId, accountId } = await makeCustomer(world)
    const of = (fields: Partial<NewDocument>): NewDocument => ({
      segmentId: world.industrial.id,
      customerId,
      type: 'invoice',
      number: 'X',
      source: 'erp',
      issuedOn: '2026-03-01',
      dueOn: '2026-03-20',
      currency: 'CNY',
      amount: '300',
      ...fields,
    })
    const add = async (fields: Partial<NewDocument>) => (await world.asSystem(tx => addDocuments(tx, [of(fields)]))).ids[0]!
    const orderId = await add({ type: 'order', number: 'O-1', amount: '500' })
    const deliveryId = await add({ type: 'delivery', number: 'D-1', orderId })
    const invoiceId = await add({ number: 'I-1', orderId, deliveryId })
    await world.asSystem(tx =>
      addPayments(tx, [
        {
          segmentId: world.industrial.id,
          customerId,
          number: 'P-1',
          source: 'bank',
          receivedOn: '2026-03-04',
          currency: 'CNY',
          amount: '300',
        },
      ]).then(({ ids }) =>
        applyPayments(tx, [{ source: { kind: 'payment', id: ids[0]! }, documentId: invoiceId, amount: '300', on: '2026-03-04' }]),
      ),
    )
    const { edges } = await world.asSystem(tx => listExposureEntries(tx, accountId, { first: 50 }))
    expect(edges.map(({ node }) => `${node.source.number} ${node.category} ${node.amount}`).toSorted()).toEqual(
      [
        'O-1 open_orders 500.00',
        'D-1 deliveries 300.00',
        'O-1 open_orders -300.00',
        'I-1 receivables 300.00',
        'D-1 deliveries -300.00',
        'P-1 unapplied_cash -300.00',
        'P-1 unapplied_cash 300.00',
        'I-1 receivables -300.00',
      ].toSorted(),
    )
    expect(edges[0]!.node.at).toEqual(world.now)
    expect(await world.asSystem(tx => exposureBalancesOf(tx, [accountId]))).toEqual([
      { accountId, category: 'open_orders', currency: 'CNY', amount: '200.00' },
    ])
  })

  it('posts a bill when it comes, releases it when it is honoured and gives it back when it is not', async () => {
    const { customerId, accountId } = await makeCustomer(world)
    const balances = async () =>
      (await world.asSystem(tx => exposureBalancesOf(tx, [accountId]))).map(({ category, amount }) => `${category} ${amount}`)
    const bill = (number: string) =>
      world.asSystem(
        tx => tx`
      insert into bills (segment_id, customer_id, number, source, kind, received_on, matures_on, currency, amount) values (${world.industrial.id}, ${customerId}, ${number}, 'erp', 'bank', '2026-03-01', '2026-06-01', 'CNY', 70)`,
      )
    await bill('B-1')
    await bill('B-2')
    expect(await balances()).toEqual(['bills 140.00'])
    await world.asSystem(tx => tx`update bills set honoured_on = '2026-03-02' where number = 'B-1'`)
    expect(await balances()).toEqual(['bills 70.00'])
    await world.asSystem(tx => tx`update bills set dishonoured_on = '2026-03-02' where number = 'B-2'`)
    expect(await balances()).toEqual([])
  })

  it('posts an order that is closed and opened again as a new claim', async () => {
    const { customerId, accountId } = await makeCustomer(world)
    const { ids } = await world.asSystem(tx =>
      addDocuments(tx, [
        {
          segmentId: world.industrial.id,
          customerId,
          type: 'order',
          number: `R${accountId}`,
          source: 'erp',
          issuedOn: '2026-03-01',
          currency: 'CNY',
          amount: '80',
        },
      ]),
    )
    await world.asSystem(tx => tx`update documents set closed_on = '2026-03-02' where id = ${ids[0]!}`)
    expect(await world.asSystem(tx => exposureBalancesOf(tx, [accountId]))).toEqual([])
    await world.asSystem(tx => tx`update documents set closed_on = null where id = ${ids[0]!}`)
    const { edges } = await world.asSystem(tx => listExposureEntries(tx, accountId, {}))
    expect(edges.map(({ node }) => node.amount)).toEqual(['80.00', '-80.00', '80.00'])
  })

  it('can’t be written, changed or emptied by the application', async () => {
    for (const statement of [
      'insert into exposure_entries (at) values (now())',
      'update exposure_entries set amount = 1',
      'delete from exposure_entries',
      'update exposure_balances set amount = 1',
      'truncate exposure_entries',
    ]) {
      await expect(
        world.asSystem(tx => tx.unsafe(statement)),
        statement,
      ).rejects.toThrow(/permission denied|append-only/)
    }
  })

  it('finds an entry and a balance that were changed behind its back, and names the document', async () => {
    const { customerId, accountId } = await makeCustomer(world)
    await world.asSystem(tx =>
      addDocuments(tx, [
        {
          segmentId: world.industrial.id,
          customerId,
          type: 'invoice',
          number: `T${accountId}`,
          source: 'erp',
          issuedOn: '2026-03-01',
          dueOn: '2026-04-01',
          currency: 'CNY',
          amount: '100',
        },
      ]),
    )
    expect(await world.asSystem(tx => reconcileExposure(tx, { accountIds: [accountId] }))).toEqual([])
    const owner = postgres(world.ownerUrl, { max: 1 })
    await owner`alter table exposure_entries disable trigger exposure_entries_append_only`
    await owner`update exposure_entries set amount = 90 where account_id = ${accountId}`
    await owner`alter table exposure_entries enable trigger exposure_entries_append_only`
    await owner.end()
    expect(await world.asSystem(tx => reconcileExposure(tx))).toMatchObject([
      {
        kind: 'source',
        accountId,
        category: 'receivables',
        source: { kind: 'invoice', number: `T${accountId}` },
        entries: '90.00',
        documents: '100.00',
      },
      { kind: 'balance', accountId, category: 'receivables', entries: '90.00', balance: '100.00' },
    ])
  })
})

const step = fc.record({
  kind: fc.constantFrom(
    'order',
    'delivery',
    'invoice',
    'credit_note',
    'payment',
    'apply',
    'applyCredit',
    'cancelDocument',
    'cancelPayment',
    'again',
    'reopen',
  ),
  currency: fc.constantFrom(...CURRENCIES),
  amount: fc.integer({ min: 1, max: 5000 }),
  pick: fc.nat(1000),
  other: fc.nat(1000),
  isPrepaid: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Plays steps on a fresh account and compares the three after each. */
async function replay(place: World, steps: readonly Step[]): Promise<void> {
  const { customerId, accountId } = await makeCustomer(place)
  const segmentId = place.industrial.id
  const base = { segmentId, customerId, source: 'erp', issuedOn: '2026-03-01' }
  const added: NewDocument[] = []
  const documents: { id: string; type: string; currency: string; orderId?: string }[] = []
  const payments: { id: string; currency: string }[] = []
  const choose = <T>(list: readonly T[], at: number): T | undefined => (list.length === 0 ? undefined : list[at % list.length])
  const add = async (fields: Pick<NewDocument, 'type' | 'currency' | 'amount'> & Partial<NewDocument>): Promise<void> => {
    const document: NewDocument = { ...base, number: `${accountId}-${added.length}`, dueOn: '2026-03-20', ...fields }
    added.push(document)
    const { ids } = await place.asSystem(tx => addDocuments(tx, [document]))
    documents.push({
      id: ids[0]!,
      type: document.type,
      currency: document.currency,
      ...(document.orderId && { orderId: document.orderId }),
    })
  }
  for (const [index, { kind, currency, amount, pick, other, isPrepaid }] of steps.entries()) {
    const of = (type: string) => documents.filter(document => document.type === type && document.currency === currency)
    switch (kind) {
      case 'order':
        await add({ type: 'order', currency, amount: String(amount), isPrepaid })
        break
      case 'delivery':
        await add({ type: 'delivery', currency, amount: String(amount), ...opt('orderId', choose(of('order'), pick)?.id) })
        break
      case 'invoice': {
        const delivery = choose(of('delivery'), pick)
        await add({
          type: 'invoice',
          currency,
          amount: String(amount),
          ...opt('deliveryId', delivery?.id),
          ...opt('orderId', delivery ? delivery.orderId : choose(of('order'), other)?.id),
        })
        break
      }
      case 'credit_note':
        await add({ type: 'credit_note', currency, amount: String(amount) })
        break
      case 'payment': {
        const { ids } = await place.asSystem(tx =>
          addPayments(tx, [{ ...base, receivedOn: '2026-03-02', number: `${accountId}-p${index}`, currency, amount: String(amount) }]),
        )
        payments.push({ id: ids[0]!, currency })
        break
      }
      case 'apply':
      case 'applyCredit': {
        const payer =
          kind === 'apply'
            ? choose(
                payments.filter(payment => payment.currency === currency),
                pick,
              )
            : choose(of('credit_note'), pick)
        const document = choose(of('invoice'), other)
        // More than there is, or twice on a day, is refused and must leave nothing behind.
        if (payer && document)
          await refusable(
            place.asSystem(tx =>
              applyPayments(tx, [
                {
                  source: { kind: kind === 'apply' ? 'payment' : 'creditNote', id: payer.id },
                  documentId: document.id,
                  amount: String(amount),
                  on: '2026-03-03',
                },
              ]),
            ),
          )
        break
      }
      case 'cancelDocument': {
        const document = choose(documents, pick)
        if (document) await refusable(place.asSystem(tx => cancelDocument(tx, document.id, '2026-03-04', 'wrong')))
        break
      }
      case 'cancelPayment': {
        const payment = choose(payments, pick)
        if (payment) await refusable(place.asSystem(tx => cancelPayment(tx, payment.id, '2026-03-04', 'bounced')))
        break
      }
      case 'reopen': {
        const order = choose(of('order'), pick)
        if (order)
          await place.asSystem(
            tx => tx`update documents set closed_on = case when closed_on is null then '2026-03-04'::date end where id = ${order.id}`,
          )
        break
      }
      default: {
        const again = choose(added, pick)
        if (again) await place.asSystem(tx => addDocuments(tx, [again, again]))
      }
    }
    await compare(place, accountId, kind)
  }
  await compareWithExposure(place, accountId)
}

async function compare(place: World, accountId: string, after: string): Promise<void> {
  const [entries, balances, recomputed] = await place.asSystem(async tx => [
    await tx`select category, currency, sum(amount)::text as amount from exposure_entries where account_id = ${accountId} group by 1, 2 having sum(amount) <> 0 order by 1, 2`,
    await tx`select category, currency, amount::text from exposure_balances where account_id = ${accountId} and amount <> 0 order by 1, 2`,
    // Written apart from what the ledger is posted by.
    await tx`
      select category, currency, sum(amount)::text as amount from (
        select case type when 'order' then 'open_orders' when 'delivery' then 'deliveries' when 'invoice' then 'receivables' else 'unapplied_cash' end as category, d.currency,
          case when type = 'credit_note' then -open_amount else open_amount end as amount
        from documents d join credit_accounts a on a.customer_id = d.customer_id and a.segment_id = d.segment_id
        where a.id = ${accountId} and cancelled_on is null and closed_on is null and not (is_prepaid and type in ('order', 'delivery'))
        union all
        select 'unapplied_cash', p.currency, -unapplied_amount from payments p join credit_accounts a on a.customer_id = p.customer_id and a.segment_id = p.segment_id
        where a.id = ${accountId} and cancelled_on is null
      ) x group by 1, 2 having sum(amount) <> 0 order by 1, 2`,
  ])
  expect([after, entries]).toEqual([after, recomputed])
  expect([after, balances]).toEqual([after, recomputed])
}

/** The balances, converted, are the exposure that the account's page shows. */
async function compareWithExposure(place: World, accountId: string): Promise<void> {
  const [exposure, balances] = await place.asSystem(async tx => [
    (await exposuresOf(tx, [accountId])).get(accountId)!,
    await exposureBalancesOf(tx, [accountId]),
  ])
  const total = balances.reduce((sum, { amount, currency }) => sum + Number(amount) * RATES[currency as keyof typeof RATES], 0)
  expect(Number(exposure.total)).toBeCloseTo(total, 2)
}

const RATES = { CNY: 1, EUR: 7.5, JPY: 0.05 }

const setRates = (tx: Tx) =>
  setExchangeRates(
    tx,
    (['EUR', 'JPY'] as const).map(from => ({ from, to: 'CNY', on: '2026-01-01', rate: String(RATES[from]), source: 'test' })),
  )

async function refusable(act: Promise<unknown>): Promise<void> {
  await act.catch((error: { code?: string }) => {
    if (!['OVERAPPLIED', 'NOT_APPLICABLE', '23505', '23514'].includes(String(error.code))) throw error
  })
}

const opt = <K extends string, V>(key: K, value: V | undefined): { [k in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [k in K]?: V })
