import { CHECKPOINTS } from '@surety/credit'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  addDocuments,
  addPayments,
  applyPayments,
  cancelOrder,
  exposureBalancesOf,
  findDecision,
  findHold,
  openDispute,
  reconcileExposure,
  releaseHold,
  reviewHolds,
  setLimit,
  type DocumentType,
} from '../../src/index.ts'
import { makeUser, useWorld } from '../support.ts'
import { check, makeBuyer, orderOf, publishOrderPolicy, type Buyer } from './support.ts'

const world = useWorld()
beforeAll(() => publishOrderPolicy(world))

const document = (buyer: Buyer, type: DocumentType, number: string, amount: string, dueOn = '2026-05-01') =>
  world.asSystem(
    async tx =>
      (
        await addDocuments(tx, [
          {
            segmentId: world.industrial.id,
            customerId: buyer.customerId,
            type,
            number: `${number}-${buyer.number}`,
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
    const base = { segmentId: world.industrial.id, customerId: buyer.customerId, source: 'bank', currency: 'CNY' }
    const { ids } = await addPayments(tx, [{ ...base, number: `P${documentId}`, receivedOn: '2026-03-05', amount }])
    await applyPayments(tx, [{ source: { kind: 'payment', id: ids[0]! }, documentId, amount, on: '2026-03-05' }])
  })
const available = async (buyer: Buyer) => (await check(world, orderOf(world, buyer, '1', { isDryRun: true }))).availableBefore

describe('what users of such systems complain about', () => {
  it('exposure drifts from the books, so blocks are false and get ignored', async () => {
    const buyer = await makeBuyer(world, '1000')
    const paid = await document(buyer, 'invoice', 'a', '400')
    await document(buyer, 'credit_note', 'b', '50')
    await pay(buyer, paid, '150')
    // The same once more changes nothing.
    await document(buyer, 'invoice', 'a', '400')
    expect(await available(buyer)).toBe('800.00')
    expect(await world.asSystem(tx => reconcileExposure(tx, { accountIds: [buyer.accountId] }))).toEqual([])
  })

  it('a payment is in and the order still blocked', async () => {
    const buyer = await makeBuyer(world, '1000')
    const invoice = await document(buyer, 'invoice', 'c', '900')
    const { holdId } = await check(world, orderOf(world, buyer, '500'))
    await pay(buyer, invoice, '900')
    await reviewHolds(world.sql)
    expect(await world.asSystem(tx => findHold(tx, holdId!))).toMatchObject({ status: 'released', releasedBy: null })
  })

  it('the block comes at the invoice, after shipping', async () => {
    const buyer = await makeBuyer(world, '100')
    // What was shipped is invoiced whatever the limit, and no checkpoint comes after shipping.
    await document(buyer, 'delivery', 'd', '500')
    expect(await document(buyer, 'invoice', 'e', '500')).not.toBeNull()
    expect(CHECKPOINTS.at(-1)).toBe('shipped')
    for (const checkpoint of CHECKPOINTS)
      expect(await check(world, orderOf(world, buyer, '200', { checkpoint }))).toMatchObject({ action: 'hold' })
  })

  it('close, re-create, re-open goes unchecked', async () => {
    const buyer = await makeBuyer(world, '1000')
    const manager = await makeUser(world, [{ role: 'approver', authorityLevel: 3 }])
    const order = orderOf(world, buyer, '1500')
    const { holdId } = await check(world, order)
    const { version } = (await world.asSystem(tx => findHold(tx, holdId!)))!
    await world.as(manager, tx => releaseHold(tx, { id: holdId!, version, reason: 'known' }))
    expect(await world.asSystem(tx => cancelOrder(tx, order))).toBe(true)
    expect(await check(world, { ...order, key: `${order.key} again` })).toMatchObject({ action: 'hold' })
  })

  it('available credit computed from lifetime sales', async () => {
    const buyer = await makeBuyer(world, '1000')
    for (let number = 0; number < 5; number += 1) await pay(buyer, await document(buyer, 'invoice', `f${number}`, '900'), '900')
    expect(await available(buyer)).toBe('1000.00')
  })

  it('a limit set and nothing blocks: no rule covers the customer', async () => {
    // Whoever has an account is checked by the policy in force, with nothing else to set up.
    const buyer = await makeBuyer(world, '1000')
    expect(await check(world, orderOf(world, buyer, '1000.01'))).toMatchObject({ action: 'hold', rules: [{ code: 'UTILISATION' }] })
  })

  it('is 0 none or unlimited', async () => {
    const buyer = await makeBuyer(world, '0')
    expect(await check(world, orderOf(world, buyer, '1'))).toMatchObject({ action: 'hold', limit: { kind: 'amount', amount: '0.00' } })
    await world.asSystem(tx => setLimit(tx, { accountId: buyer.accountId, kind: 'none', reason: 'x' }))
    expect(await check(world, orderOf(world, buyer, '1'))).toMatchObject({ action: 'hold', limit: { kind: 'none', amount: null } })
    await world.asSystem(tx => setLimit(tx, { accountId: buyer.accountId, kind: 'unlimited', reason: 'x' }))
    expect(await check(world, orderOf(world, buyer, '1'))).toMatchObject({ action: 'release', limit: { kind: 'unlimited', amount: null } })
  })

  it('a released order is blocked again after a small change', async () => {
    const buyer = await makeBuyer(world, '100')
    const manager = await makeUser(world, [{ role: 'approver', authorityLevel: 3 }])
    const order = orderOf(world, buyer, '500')
    const { holdId } = await check(world, order)
    const { version } = (await world.asSystem(tx => findHold(tx, holdId!)))!
    await world.as(manager, tx => releaseHold(tx, { id: holdId!, version, reason: 'known' }))
    expect(await check(world, { ...order, key: `${order.key} less`, amount: '480', checkpoint: 'confirmed' })).toMatchObject({
      action: 'warn',
    })
    expect(await check(world, { ...order, key: `${order.key} picked`, amount: '500', checkpoint: 'picked' })).toMatchObject({
      action: 'warn',
    })
  })

  it('disputed items count', async () => {
    const buyer = await makeBuyer(world, '1000')
    const late = await document(buyer, 'invoice', 'g', '100', '2026-01-10')
    expect(await check(world, orderOf(world, buyer, '1', { isDryRun: true }))).toMatchObject({
      action: 'hold',
      rules: [{ code: 'OLDEST_OVERDUE' }],
    })
    await world.asSystem(tx => openDispute(tx, { documentId: late, amount: '100', reason: 'short', on: '2026-03-01' }))
    await document(buyer, 'credit_note', 'h', '10', '2025-12-01')
    expect(await check(world, orderOf(world, buyer, '1', { isDryRun: true }))).toMatchObject({ action: 'release', rules: [] })
    // It is owed all the same until it is settled.
    expect(await world.asSystem(tx => exposureBalancesOf(tx, [buyer.accountId]))).toContainEqual(
      expect.objectContaining({ category: 'receivables', amount: '100.00' }),
    )
  })

  it('a blocked order without a case nobody can release', async () => {
    const buyer = await makeBuyer(world, '100')
    const { holdId, release } = await check(world, orderOf(world, buyer, '500'))
    const hold = (await world.asSystem(tx => findHold(tx, holdId!)))!
    expect(release).toEqual({ level: 2, role: 'credit-manager' })
    expect(await world.asSystem(tx => findDecision(tx, hold.decisionId!))).toMatchObject({ kind: 'order-check', outcome: 'refer' })
  })
})
