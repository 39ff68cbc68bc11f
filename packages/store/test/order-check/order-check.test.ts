import { computeFacts, type FactValues } from '@surety/credit'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  addDocuments,
  addPayments,
  applyPayments,
  cancelOrder,
  checkOrder,
  expireReservations,
  exposureBalancesOf,
  findDecision,
  findHold,
  listHolds,
  loadBook,
  openDispute,
  reasonsOfHolds,
  reconcileExposure,
  releaseHold,
  reviewHolds,
  setAccountStatus,
  setLimit,
} from '../../src/index.ts'
import { bookOf, LIVE_FACTS, readAccounts } from '../../src/order-check/ground.ts'
import { makeUser, useWorld } from '../support.ts'
import { check, makeBuyer, orderOf, publishOrderPolicy, type Buyer } from './support.ts'

const world = useWorld()
beforeAll(() => publishOrderPolicy(world))

const invoice = (buyer: Buyer, number: string, amount: string, dueOn = '2026-04-30') =>
  world.asSystem(
    async tx =>
      (
        await addDocuments(tx, [
          {
            segmentId: world.industrial.id,
            customerId: buyer.customerId,
            type: 'invoice',
            number,
            source: 'erp',
            issuedOn: '2026-01-01',
            dueOn,
            currency: 'CNY',
            amount,
          },
        ])
      ).ids[0]!,
  )
const pay = (buyer: Buyer, documentId: string, amount: string) =>
  world.asSystem(async tx => {
    const { ids } = await addPayments(tx, [
      {
        segmentId: world.industrial.id,
        customerId: buyer.customerId,
        number: `P${documentId}`,
        source: 'bank',
        receivedOn: '2026-03-05',
        currency: 'CNY',
        amount,
      },
    ])
    await applyPayments(tx, [{ source: { kind: 'payment', id: ids[0]! }, documentId, amount, on: '2026-03-05' }])
  })
const reserved = async (buyer: Buyer) =>
  (await world.asSystem(tx => exposureBalancesOf(tx, [buyer.accountId]))).find(({ category }) => category === 'reservations')?.amount ?? '0'

describe('an order check', () => {
  it('releases what fits, reserves it, and the next order sees the reservation', async () => {
    const buyer = await makeBuyer(world, '1000')
    const first = await check(world, orderOf(world, buyer, '600'))
    expect(first).toMatchObject({
      action: 'release',
      availableBefore: '1000.00',
      availableAfter: '400.00',
      limit: { kind: 'amount', amount: '1000.00' },
      rules: [],
      release: null,
      policy: { version: 1 },
    })
    expect(first.reservedUntil).toBe('2026-03-12T08:00:00.000Z')
    expect(await reserved(buyer)).toBe('600.00')
    const second = await check(world, orderOf(world, buyer, '400.01'))
    expect(second).toMatchObject({
      action: 'hold',
      availableBefore: '400.00',
      availableAfter: '-0.01',
      release: { level: 2, role: 'credit-manager' },
      reservedUntil: null,
    })
    expect(second.rules).toMatchObject([
      {
        code: 'UTILISATION',
        rule: 'OC-2',
        effect: 'holds',
        releaseLevel: 2,
        numbers: { utilisationWithOrder: expect.any(Number) },
        text: { zh: expect.stringContaining('占用率') },
      },
    ])
    expect(await check(world, orderOf(world, buyer, '400'))).toMatchObject({
      action: 'warn',
      availableAfter: '0.00',
      rules: [{ code: 'UTILISATION_HIGH', effect: 'warns' }],
    })
    expect(await world.asSystem(tx => reconcileExposure(tx, { accountIds: [buyer.accountId] }))).toEqual([])
  })

  it('counts a repeated key once, and refuses the key for another order', async () => {
    const buyer = await makeBuyer(world, '1000')
    const request = orderOf(world, buyer, '300')
    const first = await check(world, request)
    const again = await world.asSystem(tx => checkOrder(tx, request))
    expect(again).toEqual({ kind: 'checked', answer: first, isRepeated: true })
    expect(await reserved(buyer)).toBe('300.00')
    expect(await world.asSystem(tx => checkOrder(tx, { ...request, amount: '301' }))).toEqual({ kind: 'mismatch' })
  })

  it('leaves nothing behind when it is a dry run', async () => {
    const buyer = await makeBuyer(world, '1000')
    expect(await check(world, orderOf(world, buyer, '1200', { isDryRun: true }))).toMatchObject({ id: null, action: 'hold', holdId: null })
    expect(await check(world, orderOf(world, buyer, '200', { isDryRun: true }))).toMatchObject({ id: null, action: 'release' })
    expect(await reserved(buyer)).toBe('0')
    expect((await world.asSystem(tx => listHolds(tx, { customerId: buyer.customerId }, { field: 'createdAt' }, {}))).totalCount).toBe(0)
  })

  it('is not fooled by an order that is asked again for more: a change of a small order is one reservation', async () => {
    const buyer = await makeBuyer(world, '1000')
    const order = orderOf(world, buyer, '500')
    await check(world, order)
    expect(await check(world, { ...order, key: 'more', amount: '900', checkpoint: 'confirmed' })).toMatchObject({
      action: 'warn',
      availableBefore: '1000.00',
    })
    expect(await reserved(buyer)).toBe('900.00')
    expect(await check(world, { ...order, key: 'too much', amount: '1100', checkpoint: 'confirmed' })).toMatchObject({ action: 'hold' })
  })

  it('a released order is not blocked again after a small change of the customer: only when its value rises, or its grace is over', async () => {
    const buyer = await makeBuyer(world, '1000')
    const order = orderOf(world, buyer, '500')
    await check(world, order)
    await invoice(buyer, `late-${buyer.number}`, '400', '2026-01-15')
    expect(await check(world, { ...order, key: `${order.key} picked`, checkpoint: 'picked' })).toMatchObject({
      action: 'release',
      rules: [],
    })
    expect(await check(world, { ...order, key: `${order.key} grown`, checkpoint: 'picked', amount: '501' })).toMatchObject({
      action: 'hold',
    })
  })

  it('counts an order once when it arrives as a document: the reservation ends in the same transaction', async () => {
    const buyer = await makeBuyer(world, '1000')
    const order = orderOf(world, buyer, '700')
    await check(world, order)
    await world.asSystem(tx =>
      addDocuments(tx, [
        {
          segmentId: world.industrial.id,
          customerId: buyer.customerId,
          type: 'order',
          number: order.orderNumber,
          source: 'erp',
          issuedOn: '2026-03-05',
          dueOn: '2026-03-20',
          currency: 'CNY',
          amount: '700',
        },
      ]),
    )
    expect(await world.asSystem(tx => exposureBalancesOf(tx, [buyer.accountId]))).toMatchObject([
      { category: 'open_orders', amount: '700.00' },
    ])
    expect(await check(world, orderOf(world, buyer, '300'))).toMatchObject({
      action: 'warn',
      availableBefore: '300.00',
      availableAfter: '0.00',
    })
  })

  it('an order that was closed and is opened again is checked like a new one', async () => {
    const buyer = await makeBuyer(world, '1000')
    const order = orderOf(world, buyer, '700')
    await check(world, order)
    expect(await world.asSystem(tx => cancelOrder(tx, order))).toBe(true)
    expect(await check(world, orderOf(world, buyer, '800'))).toMatchObject({ action: 'release' })
    expect(await check(world, { ...order, key: `${order.key} again` })).toMatchObject({ action: 'hold', rules: [{ code: 'UTILISATION' }] })
  })

  it('gives back what never arrived', async () => {
    const buyer = await makeBuyer(world, '1000')
    await check(world, orderOf(world, buyer, '900', { reserveForDays: 1 }))
    const then = world.now
    try {
      world.now = new Date('2026-03-06T08:00:01Z')
      // It no longer counts, swept or not.
      expect(await check(world, orderOf(world, buyer, '800', { isDryRun: true }))).toMatchObject({
        action: 'release',
        availableBefore: '1000.00',
      })
      expect(await world.asSystem(tx => expireReservations(tx))).toBe(1)
      expect(await reserved(buyer)).toBe('0')
    } finally {
      world.now = then
    }
  })

  it('tells none from unlimited from zero, and lets prepaid orders pass', async () => {
    const buyer = await makeBuyer(world, '0')
    expect(await check(world, orderOf(world, buyer, '1'))).toMatchObject({ action: 'hold', limit: { kind: 'amount', amount: '0.00' } })
    await world.asSystem(tx => setLimit(tx, { accountId: buyer.accountId, kind: 'none', reason: 'x' }))
    expect(await check(world, orderOf(world, buyer, '1'))).toMatchObject({
      action: 'hold',
      limit: { kind: 'none', amount: null },
      rules: [{ code: 'NO_LIMIT' }],
    })
    expect(await check(world, orderOf(world, buyer, '1', { isPrepaid: true }))).toMatchObject({ action: 'release', reservedUntil: null })
    await world.asSystem(tx => setLimit(tx, { accountId: buyer.accountId, kind: 'unlimited', reason: 'x' }))
    expect(await check(world, orderOf(world, buyer, '9000000'))).toMatchObject({ action: 'release', availableAfter: null })
  })

  it('judges a small order on a huge limit', async () => {
    const buyer = await makeBuyer(world, '100000000000')
    expect(await check(world, orderOf(world, buyer, '1'))).toMatchObject({ action: 'release', availableAfter: '99999999999.00' })
  })

  it('says when there is no such account', async () => {
    const buyer = await makeBuyer(world, '10')
    expect(await world.asSystem(tx => checkOrder(tx, orderOf(world, { ...buyer, number: 'nobody' }, '1')))).toEqual({ kind: 'noAccount' })
  })

  it('reads the same facts from the ledger as credit reads from the whole book', async () => {
    const buyer = await makeBuyer(world, '5000')
    const open = await invoice(buyer, `f1-${buyer.number}`, '300', '2026-01-20')
    await invoice(buyer, `f2-${buyer.number}`, '200', '2026-02-20')
    await invoice(buyer, `f3-${buyer.number}`, '400')
    await pay(buyer, open, '120')
    await world.asSystem(async tx => {
      await openDispute(tx, { documentId: open, amount: '50', reason: 'short', on: '2026-02-01' })
      await setAccountStatus(tx, buyer.accountId, 'watch', 'x')
      const base = { segmentId: world.industrial.id, customerId: buyer.customerId, source: 'erp', issuedOn: '2026-03-01', currency: 'CNY' }
      const { ids } = await addDocuments(tx, [
        { ...base, type: 'order', number: `o1-${buyer.number}`, dueOn: '2026-03-20', amount: '90' },
        { ...base, type: 'order', number: `o2-${buyer.number}`, dueOn: '2026-12-20', amount: '1000' },
      ])
      await addDocuments(tx, [
        { ...base, type: 'delivery', number: `d1-${buyer.number}`, amount: '40', orderId: ids[0]! },
        { ...base, type: 'credit_note', number: `c1-${buyer.number}`, amount: '15' },
      ])
      await addPayments(tx, [{ ...base, receivedOn: '2026-03-02', number: `p-${buyer.number}`, amount: '33' }])
      await tx`insert into instruments (segment_id, customer_id, type, effect, value, currency, percentage, recorded_on, effective_from) values (${world.industrial.id}, ${buyer.customerId}, 'guarantee', 'raises-limit', 1000, 'CNY', 50, '2026-01-01', '2026-01-01')`
      await tx`insert into reminders (segment_id, customer_id, document_id, level, sent_on) values (${world.industrial.id}, ${buyer.customerId}, ${open}, 2, '2026-02-15')`
    })
    const facts = await world.asSystem(async tx => {
      const occasion = { order: { id: 'own', amount: { amount: '70', currency: 'CNY' }, checkpoint: 'entered' as const } }
      const ground = await readAccounts(tx, world.industrial.id, [
        { customerNumber: buyer.number, source: 'erp', orderNumber: 'new', currency: 'CNY' },
      ])
      const pick = (values: FactValues) =>
        Object.fromEntries(
          [...LIVE_FACTS].map(key => [
            key,
            'value' in values[key as keyof FactValues] ? (values[key as keyof FactValues] as { value: unknown }).value : 'missing',
          ]),
        )
      return [
        pick(computeFacts(bookOf(ground.get(buyer.number)!, { document: null, reservation: null }, '2026-03-05'), '2026-03-05', occasion)),
        pick(computeFacts((await loadBook(tx, buyer.customerId, { segmentId: world.industrial.id }))!, '2026-03-05', occasion)),
      ]
    })
    expect(facts[0]).toEqual(facts[1])
    expect(facts[0]).toMatchObject({
      overdueDays: 44,
      dunningLevel: 2,
      exposureOrders: '50.00',
      unappliedCash: '48.00',
      accountStatus: 'watch',
      creditLimit: '5000.00',
    })
  })
})

describe('a hold', () => {
  it('is made with its case in one transaction, and says every reason', async () => {
    const buyer = await makeBuyer(world, '1000')
    await invoice(buyer, `h1-${buyer.number}`, '900', '2026-01-15')
    const { holdId } = await check(world, orderOf(world, buyer, '200'))
    const { hold, reasons, decision } = await world.asSystem(async tx => {
      const found = (await findHold(tx, holdId!))!
      return {
        hold: found,
        reasons: (await reasonsOfHolds(tx, [holdId!])).get(holdId!)!,
        decision: await findDecision(tx, found.decisionId!),
      }
    })
    expect(hold).toMatchObject({ status: 'open', amount: '200.00', releaseLevel: 2 })
    expect(reasons.map(({ code }) => code).toSorted()).toEqual(['OLDEST_OVERDUE', 'UTILISATION'])
    expect(decision).toMatchObject({ kind: 'order-check', outcome: 'refer', facts: { overdueDays: 49 } })
  })

  it('clears its reasons one by one, and releases itself once the customer has paid', async () => {
    const buyer = await makeBuyer(world, '1000')
    const old = await invoice(buyer, `r1-${buyer.number}`, '300', '2026-01-15')
    const rest = await invoice(buyer, `r2-${buyer.number}`, '600')
    const order = orderOf(world, buyer, '500')
    const { holdId } = await check(world, order)
    await reviewHolds(world.sql)
    const standing = async () =>
      (await world.asSystem(tx => reasonsOfHolds(tx, [holdId!])))
        .get(holdId!)!
        .filter(({ clearedAt }) => clearedAt === null)
        .map(({ code }) => code)
        .toSorted()
    expect(await reviewHolds(world.sql)).toEqual({ reviewed: 0, released: 0 })
    expect(await standing()).toEqual(['OLDEST_OVERDUE', 'UTILISATION'])
    await pay(buyer, old, '300')
    expect(await reviewHolds(world.sql)).toEqual({ reviewed: 1, released: 0 })
    expect(await standing()).toEqual(['UTILISATION'])
    await pay(buyer, rest, '600')
    expect(await reviewHolds(world.sql)).toEqual({ reviewed: 1, released: 1 })
    expect(await world.asSystem(tx => findHold(tx, holdId!))).toMatchObject({ status: 'released', releasedBy: null })
    expect(await reserved(buyer)).toBe('500.00')
  })

  it('is looked at again when the limit changes', async () => {
    const buyer = await makeBuyer(world, '100')
    const { holdId } = await check(world, orderOf(world, buyer, '500'))
    await world.asSystem(tx => setLimit(tx, { accountId: buyer.accountId, kind: 'amount', amount: '1000', reason: 'more' }))
    expect(await reviewHolds(world.sql)).toEqual({ reviewed: 1, released: 1 })
    expect(await world.asSystem(tx => findHold(tx, holdId!))).toMatchObject({ status: 'released' })
  })

  it('is released by an approver of its level, who is not who asked, and is not checked again until its value rises', async () => {
    const buyer = await makeBuyer(world, '100')
    const maker = await makeUser(world, [{ role: 'sales' }, { role: 'approver', authorityLevel: 3 }])
    const clerk = await makeUser(world, [{ role: 'approver', authorityLevel: 1 }])
    const manager = await makeUser(world, [{ role: 'approver', authorityLevel: 2 }])
    const order = orderOf(world, buyer, '500')
    const { holdId } = await check(world, order, maker)
    const hold = (await world.asSystem(tx => findHold(tx, holdId!)))!
    const release = (who: typeof maker, version = hold.version) =>
      world.as(who, tx => releaseHold(tx, { id: holdId!, version, reason: 'known customer' }))
    expect(await release(maker)).toMatchObject({ kind: 'refused', code: 'OWN_ORDER' })
    expect(await release(clerk)).toMatchObject({ kind: 'refused', code: 'LEVEL_TOO_LOW' })
    expect(await release(await makeUser(world, [{ role: 'sales' }]))).toMatchObject({ kind: 'refused', code: 'NOT_RELEASER' })
    expect(await release(manager, hold.version + 1)).toMatchObject({ kind: 'conflict' })
    expect(await release(manager)).toMatchObject({
      kind: 'ok',
      value: { status: 'released', releasedBy: manager.id, releaseReason: 'known customer' },
    })
    expect(await release(manager)).toMatchObject({ kind: 'refused', code: 'HOLD_CLOSED' })
    expect(await reserved(buyer)).toBe('500.00')
    expect(await check(world, { ...order, key: `${order.key} 2`, checkpoint: 'picked' }, maker)).toMatchObject({ action: 'warn' })
    expect(await check(world, { ...order, key: `${order.key} 3`, checkpoint: 'picked', amount: '600' }, maker)).toMatchObject({
      action: 'hold',
    })
  })
})
