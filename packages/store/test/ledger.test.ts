import { ageing, openItems } from '@surety/credit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDocuments,
  addPayments,
  ageingOf,
  applyPayments,
  cancelDocument,
  cancelPayment,
  closeDispute,
  exposuresOf,
  limitHistoryOf,
  listAudit,
  listDocuments,
  listPayments,
  loadBook,
  openDispute,
  portfolioOf,
  setExchangeRates,
  setLimit,
  type NewDocument,
  type NewPayment,
} from '../src/index.ts'
import { accountNow, makeCustomer, useWorld } from './support.ts'

const world = useWorld()
let serial = 0

function invoice(customerId: string, fields: Partial<NewDocument> = {}): NewDocument {
  return {
    segmentId: world.industrial.id,
    customerId,
    type: 'invoice',
    number: `D${(serial += 1)}`,
    source: 'test',
    issuedOn: '2026-01-01',
    dueOn: '2026-02-01',
    currency: 'CNY',
    amount: '100',
    ...fields,
  }
}

function payment(customerId: string, fields: Partial<NewPayment> = {}): NewPayment {
  return {
    segmentId: world.industrial.id,
    customerId,
    number: `P${(serial += 1)}`,
    source: 'test',
    receivedOn: '2026-02-10',
    currency: 'CNY',
    amount: '100',
    ...fields,
  }
}

async function add(document: NewDocument): Promise<string> {
  const { ids } = await world.asSystem(tx => addDocuments(tx, [document]))
  return ids[0]!
}

async function pay(fields: NewPayment): Promise<string> {
  const { ids } = await world.asSystem(tx => addPayments(tx, [fields]))
  return ids[0]!
}

const exposureNow = async (accountId: string) => (await world.asSystem(tx => exposuresOf(tx, [accountId]))).get(accountId)!

describe('documents', () => {
  it('are added once; the same number with other content is a conflict', async () => {
    const { customerId } = await makeCustomer(world)
    const first = invoice(customerId, { number: '000123' })
    expect(await world.asSystem(tx => addDocuments(tx, [first]))).toMatchObject({ added: 1, same: 0, conflicts: [] })
    const again = await world.asSystem(tx =>
      addDocuments(tx, [
        { ...first, amount: '100.00' },
        { ...first, amount: '101' },
      ]),
    )
    expect(again).toMatchObject({ added: 0, same: 1, conflicts: [{ amount: '101' }] })
    expect(again.ids[1]).toBeNull()
  })

  it('belong to an account; without one they are refused', async () => {
    const { customerId } = await makeCustomer(world, world.consumer)
    await expect(add(invoice(customerId))).rejects.toThrow(/foreign key/)
  })

  it('page in both directions by any column, open, overdue or closed', async () => {
    const { customerId } = await makeCustomer(world)
    await world.asSystem(tx =>
      addDocuments(
        tx,
        [10, 20, 30, 40, 50].map((amount, index) =>
          invoice(customerId, { amount: `${amount}`, dueOn: index < 2 ? '2026-04-01' : index === 4 ? null : '2026-02-01' }),
        ),
      ),
    )
    const list = (page: object, state?: 'open' | 'overdue' | 'closed') =>
      world.asSystem(tx => listDocuments(tx, { customerId, ...(state && { state }) }, { field: 'amount', descending: true }, page))
    const amounts = async (page: Promise<Awaited<ReturnType<typeof list>>>) => (await page).edges.map(({ node }) => node.amount)
    const first = await list({ first: 2 })
    expect(first).toMatchObject({
      totalCount: 5,
      hasNextPage: true,
      hasPreviousPage: false,
      edges: [{ node: { amount: '50.00' } }, { node: { amount: '40.00' } }],
    })
    const second = await list({ first: 2, after: first.edges[1]!.cursor })
    expect(second).toMatchObject({
      hasNextPage: true,
      hasPreviousPage: true,
      edges: [{ node: { amount: '30.00' } }, { node: { amount: '20.00' } }],
    })
    expect(await amounts(list({ first: 2, after: second.edges[1]!.cursor }))).toEqual(['10.00'])
    expect(await amounts(list({ last: 2, before: second.edges[0]!.cursor }))).toEqual(['50.00', '40.00'])
    expect(await amounts(list({ last: 2 }))).toEqual(['20.00', '10.00'])
    expect(await amounts(list({}, 'overdue'))).toEqual(['40.00', '30.00'])
    await expect(list({ after: 'nonsense' })).rejects.toMatchObject({ code: 'BAD_CURSOR' })
    const byDue = await world.asSystem(tx => listDocuments(tx, { customerId }, { field: 'dueOn', descending: true }, {}))
    expect(byDue.edges.map(({ node }) => node.dueOn)).toEqual(['2026-04-01', '2026-04-01', '2026-02-01', '2026-02-01', null])
    expect(byDue.edges[2]!.node.daysPastDue).toBe(32)
  })
})

describe('exposure', () => {
  it('moves from order to delivery to invoice and is released by payment', async () => {
    const { customerId, accountId } = await makeCustomer(world)
    await world.asSystem(tx => setLimit(tx, { accountId, kind: 'amount', amount: '1000', reason: 'start' }))
    const orderId = await add(invoice(customerId, { type: 'order', amount: '500', dueOn: '2026-03-20' }))
    expect(await exposureNow(accountId)).toMatchObject({ openOrders: '500.00', total: '500.00', available: '500.00', utilisation: 50 })
    const deliveryId = await add(invoice(customerId, { type: 'delivery', amount: '300', dueOn: null, orderId }))
    expect(await exposureNow(accountId)).toMatchObject({ openOrders: '200.00', deliveries: '300.00', total: '500.00' })
    const invoiceId = await add(invoice(customerId, { amount: '300', orderId, deliveryId }))
    expect(await exposureNow(accountId)).toMatchObject({
      openOrders: '200.00',
      deliveries: '0.00',
      receivables: '300.00',
      overdue: '300.00',
      oldestOverdueDays: 32,
      total: '500.00',
    })
    const paymentId = await pay(payment(customerId, { amount: '350' }))
    expect(await exposureNow(accountId)).toMatchObject({ receivables: '300.00', unappliedCash: '350.00', total: '150.00' })
    await world.asSystem(tx =>
      applyPayments(tx, [{ source: { kind: 'payment', id: paymentId }, documentId: invoiceId, amount: '300', on: '2026-02-11' }]),
    )
    expect(await exposureNow(accountId)).toMatchObject({
      receivables: '0.00',
      overdue: '0.00',
      oldestOverdueDays: null,
      unappliedCash: '50.00',
      total: '150.00',
      available: '850.00',
    })
    await world.asSystem(tx => cancelPayment(tx, paymentId, '2026-03-01', 'bounced'))
    expect(await exposureNow(accountId)).toMatchObject({ receivables: '300.00', unappliedCash: '0.00', total: '500.00' })
    await world.asSystem(tx => cancelDocument(tx, invoiceId, '2026-03-02', 'wrong price'))
    expect(await exposureNow(accountId)).toMatchObject({ receivables: '0.00', deliveries: '300.00', total: '500.00' })
  })

  it('counts no order that is prepaid or due beyond the horizon', async () => {
    const { customerId, accountId } = await makeCustomer(world)
    const prepaid = await add(invoice(customerId, { type: 'order', amount: '500', isPrepaid: true }))
    await add(invoice(customerId, { type: 'delivery', amount: '500', orderId: prepaid }))
    await add(invoice(customerId, { type: 'order', amount: '70', dueOn: '2026-04-05' }))
    expect(await exposureNow(accountId)).toMatchObject({
      openOrders: '0.00',
      deliveries: '0.00',
      total: '0.00',
      available: null,
      utilisation: null,
    })
  })

  it('converts other currencies at the newest stored rate, and says what it could not', async () => {
    const { customerId, accountId } = await makeCustomer(world)
    await world.asSystem(tx =>
      setExchangeRates(tx, [
        { from: 'USD', to: 'CNY', on: '2026-01-01', rate: '7', source: 'test' },
        { from: 'USD', to: 'CNY', on: '2026-03-01', rate: '7.1234', source: 'test' },
        { from: 'USD', to: 'CNY', on: '2026-04-01', rate: '9', source: 'test' },
      ]),
    )
    await add(invoice(customerId, { currency: 'USD', amount: '10.01' }))
    await add(invoice(customerId, { currency: 'KWD', amount: '5.125' }))
    expect(await exposureNow(accountId)).toMatchObject({ receivables: '71.31', unconverted: [{ amount: '5.125', currency: 'KWD' }] })
  })

  it('refuses to apply more than is open or left, and then applies nothing', async () => {
    const { customerId } = await makeCustomer(world)
    const invoiceId = await add(invoice(customerId))
    const paymentId = await pay(payment(customerId, { amount: '500' }))
    const apply = (amount: string, on = '2026-02-11') =>
      world.asSystem(tx => applyPayments(tx, [{ source: { kind: 'payment', id: paymentId }, documentId: invoiceId, amount, on }]))
    await expect(apply('100.01')).rejects.toMatchObject({ code: 'OVERAPPLIED' })
    await Promise.allSettled(Array.from({ length: 10 }, (_, day) => apply('30', `2026-02-${String(11 + day)}`)))
    const [row] = await world.asSystem(
      tx =>
        tx`select open_amount, (select sum(amount) from payment_applications where document_id = d.id) as applied from documents d where id = ${invoiceId}`,
    )
    expect(row).toEqual({ open_amount: '10.0000', applied: '90.0000' })
  })

  it('lists payments newest first', async () => {
    const { customerId } = await makeCustomer(world)
    await pay(payment(customerId, { receivedOn: '2026-01-05' }))
    await pay(payment(customerId, { receivedOn: '2026-02-05', amount: '7.5' }))
    expect(await world.asSystem(tx => listPayments(tx, customerId, { first: 1 }))).toMatchObject({
      totalCount: 2,
      hasNextPage: true,
      edges: [{ node: { receivedOn: '2026-02-05', amount: '7.50' } }],
    })
  })
})

describe('limits', () => {
  it('leave history, account, audit and a version behind', async () => {
    const { accountId } = await makeCustomer(world)
    await world.asSystem(tx => setLimit(tx, { accountId, kind: 'amount', amount: '1000', paymentTermsDays: 30, reason: 'start' }))
    await world.asSystem(tx => setLimit(tx, { accountId, kind: 'unlimited', reason: 'state owned' }))
    expect(await accountNow(world, accountId)).toMatchObject({
      limitKind: 'unlimited',
      limitAmount: null,
      paymentTermsDays: 30,
      version: 3,
    })
    expect((await world.asSystem(tx => limitHistoryOf(tx, [accountId]))).get(accountId)).toMatchObject([
      { kind: 'unlimited', amount: null },
      { kind: 'amount', amount: '1000.00', validFrom: '2026-03-05' },
    ])
    const { edges } = await world.asSystem(tx => listAudit(tx, { entity: 'CreditAccount', entityId: accountId }, {}))
    expect(edges[0]!.node).toMatchObject({
      action: 'limit.set',
      reason: 'state owned',
      before: { kind: 'amount', amount: '1000.00' },
      after: { kind: 'unlimited' },
    })
  })

  it('of kind amount need one, and never zero for unlimited', async () => {
    const { accountId } = await makeCustomer(world)
    await expect(world.asSystem(tx => setLimit(tx, { accountId, kind: 'amount', reason: 'x' }))).rejects.toThrow(/check constraint/)
  })
})

describe('disputes', () => {
  it('mark the document until they are closed', async () => {
    const { customerId } = await makeCustomer(world)
    const documentId = await add(invoice(customerId))
    const isDisputed = async () =>
      (await world.asSystem(tx => listDocuments(tx, { customerId }, { field: 'number' }, {}))).edges[0]!.node.isDisputed
    const id = await world.asSystem(tx => openDispute(tx, { documentId, amount: '40', reason: 'short', on: '2026-02-01' }))
    expect(await world.asSystem(tx => openDispute(tx, { documentId, amount: '40', reason: 'short', on: '2026-02-01' }))).toBe(id)
    expect(await isDisputed()).toBe(true)
    await world.asSystem(tx => closeDispute(tx, id, '2026-02-20', 'credited'))
    expect(await isDisputed()).toBe(false)
  })
})

describe('a ledger that anything happens to', () => {
  // Days of one month; each act comes on its day, and at the end every day is looked at.
  const act = fc.record({
    day: fc.integer({ min: 1, max: 28 }),
    what: fc.constantFrom('invoice', 'note', 'pay', 'apply', 'applyNote', 'cancelPayment', 'cancelDocument'),
    amount: fc.integer({ min: 1, max: 500 }),
    pick: fc.nat(),
  })
  const on = (day: number): string => `2026-02-${String(day).padStart(2, '0')}`

  it('ages in SQL as the book of it ages, on each day, and its DSO series starts from the same receivables', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 25 }), async acts => {
        const { customerId, accountId } = await makeCustomer(world)
        const invoices: string[] = []
        const notes: string[] = []
        const payments: string[] = []
        const pick = (list: string[], number: number): string | undefined => list[number % Math.max(1, list.length)]
        for (const { day, what, amount, pick: number } of acts.toSorted((left, right) => left.day - right.day)) {
          const issuedOn = on(day)
          if (what === 'invoice')
            invoices.push(await add(invoice(customerId, { issuedOn, dueOn: on(((day + number) % 28) + 1), amount: `${amount}.37` })))
          if (what === 'note')
            notes.push(await add(invoice(customerId, { type: 'credit_note', issuedOn, dueOn: issuedOn, amount: `${amount}` })))
          if (what === 'pay') payments.push(await pay(payment(customerId, { receivedOn: issuedOn, amount: `${amount}` })))
          const documentId = pick(invoices, number)
          const source = what === 'apply' ? pick(payments, number) : pick(notes, number)
          if ((what === 'apply' || what === 'applyNote') && documentId && source) {
            // What can't be applied is refused, and that is fine here.
            await world
              .asSystem(tx =>
                applyPayments(tx, [
                  {
                    source: { kind: what === 'apply' ? 'payment' : 'creditNote', id: source },
                    documentId,
                    amount: `${amount}`,
                    on: issuedOn,
                  },
                ]),
              )
              .catch(() => {})
          }
          if (what === 'cancelPayment' && payments.length > 0)
            await world.asSystem(tx => cancelPayment(tx, pick(payments, number)!, issuedOn, 'bounced'))
          if (what === 'cancelDocument' && invoices.length > 0)
            await world.asSystem(tx => cancelDocument(tx, pick([...invoices, ...notes], number)!, issuedOn, 'wrong'))
        }
        const book = (await world.asSystem(tx => loadBook(tx, customerId)))!
        for (let day = 1; day <= 28; day += 3) {
          const lines = await world.asSystem(tx => ageingOf(tx, { asOf: on(day), customerId }))
          const pure = ageing(
            openItems(book, on(day)).map(({ document, openAmount }) => ({ dueDate: document.dueDate, openAmount, currency: 'CNY' })),
            on(day),
          )
          expect([day, lines.filter(({ count }) => count > 0).map(({ asOf: _, unapplied: __, ...line }) => line)]).toEqual([day, pure])
        }
        const exposure = await exposureNow(accountId)
        const [now] = await world.asSystem(tx => ageingOf(tx, { customerId }))
        expect([exposure.receivables, exposure.overdue, exposure.unappliedCash]).toEqual(
          now ? [now.total, now.overdue, now.unapplied] : ['0.00', '0.00', '0.00'],
        )
      }),
      { numRuns: 25 },
    )
    const [portfolio] = await world.asSystem(tx => portfolioOf(tx, { segmentId: world.industrial.id }))
    expect(portfolio!.receivables).not.toBe('0.00')
  }, 120_000)
})
