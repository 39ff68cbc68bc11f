import { beforeAll, describe, expect, it } from 'vitest'
import {
  findHold,
  forceHold,
  listHolds,
  listHoldReasons,
  reasonsOfHolds,
  recheckHold,
  releaseHold,
  releasersOf,
  reviewHolds,
  setLimit,
  type Hold,
  type HoldReason,
  type User,
} from '../src/index.ts'
import { check, makeBuyer, orderOf, publishOrderPolicy, type Buyer } from './order-check/support.ts'
import { makeUser, useWorld } from './support.ts'

const world = useWorld()
let approver: User
let officer: User
beforeAll(async () => {
  await publishOrderPolicy(world)
  approver = await makeUser(world, [{ role: 'approver', authorityLevel: 3 }])
  officer = await makeUser(world, [{ role: 'risk_officer' }])
})

const seenBy = async (who: User, id: string): Promise<Hold> => (await world.as(who, tx => findHold(tx, id)))!
const reasonsOf = async (id: string): Promise<HoldReason[]> => (await world.asSystem(tx => reasonsOfHolds(tx, [id]))).get(id)!
const standing = async (id: string): Promise<string[]> =>
  (await reasonsOf(id)).filter(({ clearedAt }) => clearedAt === null).map(({ code }) => code)
const force = (who: User, { accountId }: Buyer, orderNumber: string, reason = 'sanctions list') =>
  world.as(who, tx => forceHold(tx, { accountId, source: 'erp', orderNumber, amount: '500.00', currency: 'CNY', reason }))
/** Held for two reasons: over the limit, and its terms too long. */
async function heldTwice(fields = {}): Promise<{ buyer: Buyer; id: string }> {
  const buyer = await makeBuyer(world, '1000')
  await world.asSystem(tx =>
    setLimit(tx, { accountId: buyer.accountId, kind: 'amount', amount: '1000', paymentTermsDays: 30, reason: 'terms' }),
  )
  const answer = await check(world, orderOf(world, buyer, '5000', { termsDays: 90, ...fields }))
  return { buyer, id: answer.holdId! }
}

describe('releasing a hold', () => {
  it('clears one reason at a time, and the order goes with the last', async () => {
    const { id } = await heldTwice()
    const codes = await standing(id)
    expect(codes).toHaveLength(2)
    const { version } = await seenBy(approver, id)
    const first = await world.as(approver, tx => releaseHold(tx, { id, version, reason: 'agreed by mail', codes: [codes[0]!] }))
    expect(first).toMatchObject({ kind: 'ok', value: { status: 'open' } })
    expect(await standing(id)).toEqual([codes[1]])
    expect((await reasonsOf(id)).find(({ code }) => code === codes[0])).toMatchObject({
      clearedBy: approver.id,
      clearComment: 'agreed by mail',
    })
    const now = await seenBy(approver, id)
    const last = await world.as(approver, tx => releaseHold(tx, { id, version: now.version, reason: 'terms agreed', codes: [codes[1]!] }))
    expect(last).toMatchObject({ kind: 'ok', value: { status: 'released', releasedBy: approver.id, releasedWithStep: true } })
  })

  it('does not bring back what a person took responsibility for when it is looked at again', async () => {
    const { buyer, id } = await heldTwice()
    const [first, second] = await standing(id)
    const { version } = await seenBy(approver, id)
    await world.as(approver, tx => releaseHold(tx, { id, version, reason: 'fine', codes: [first!] }))
    await world.as(approver, tx => recheckHold(tx, id))
    expect(await standing(id)).toEqual([second])
    // The rest clears itself: whichever it is, the limit and the terms now fit.
    await world.asSystem(tx =>
      setLimit(tx, { accountId: buyer.accountId, kind: 'amount', amount: '90000', paymentTermsDays: 120, reason: 'more' }),
    )
    await reviewHolds(world.sql)
    expect(await seenBy(approver, id)).toMatchObject({ status: 'released', releasedBy: null })
  })

  it('keeps its place in the limit with the step that was blocked, and none without it', async () => {
    const [kept, left] = [await heldTwice(), await heldTwice()]
    for (const [{ id }, withStep] of [
      [kept, true],
      [left, false],
    ] as const) {
      const { version } = await seenBy(approver, id)
      await world.as(approver, tx => releaseHold(tx, { id, version, reason: 'fine', withStep }))
    }
    const reserved = await world.asSystem(
      tx =>
        tx<
          { account_id: string }[]
        >`select account_id from order_reservations where status = 'active' and account_id in (${kept.buyer.accountId}, ${left.buyer.accountId})`,
    )
    expect(reserved.map(({ account_id }) => account_id)).toEqual([kept.buyer.accountId])
    expect((await seenBy(approver, left.id)).releasedWithStep).toBe(false)
  })

  it('says who can, and to each other why not', async () => {
    const maker = await makeUser(world, [{ role: 'sales' }, { role: 'approver', authorityLevel: 3 }])
    const buyer = await makeBuyer(world, '1000')
    const { holdId } = await check(world, orderOf(world, buyer, '5000'), maker)
    expect((await seenBy(maker, holdId!)).refusal).toMatchObject({ code: 'OWN_ORDER' })
    expect((await seenBy(officer, holdId!)).refusal).toMatchObject({ code: 'NOT_RELEASER' })
    expect((await seenBy(approver, holdId!)).refusal).toBeNull()
    const who = await world.asSystem(tx => releasersOf(tx, { id: holdId! }))
    expect(who.map(({ user }) => user.id)).toContain(approver.id)
    expect(who.map(({ user }) => user.id)).not.toContain(maker.id)
  })
})

describe('a forced hold', () => {
  it('never releases itself, whatever the policy says', async () => {
    const buyer = await makeBuyer(world, '100000')
    const hold = (await force(officer, buyer, 'F-1'))!
    expect(hold).toMatchObject({ isForced: true, status: 'open', decisionId: null })
    await world.asSystem(tx => setLimit(tx, { accountId: buyer.accountId, kind: 'amount', amount: '900000', reason: 'more' }))
    await reviewHolds(world.sql)
    await world.as(officer, tx => recheckHold(tx, hold.id))
    expect(await seenBy(approver, hold.id)).toMatchObject({ status: 'open' })
    expect(await standing(hold.id)).toEqual(['FORCED'])
  })

  it('is ended by another person than who placed it, and the database knows', async () => {
    const both = await makeUser(world, [{ role: 'approver', authorityLevel: 3 }])
    const buyer = await makeBuyer(world, '100000')
    const { id, version } = (await force(both, buyer, 'F-2'))!
    expect(await world.as(both, tx => releaseHold(tx, { id, version, reason: 'changed my mind' }))).toMatchObject({
      kind: 'refused',
      code: 'OWN_HOLD',
    })
    await expect(
      world.as(
        both,
        tx => tx`update holds set status = 'released', released_at = now(), released_by_person = ${both.personId} where id = ${id}`,
      ),
    ).rejects.toThrow(/released by another person/)
    await expect(world.asSystem(tx => tx`update holds set status = 'released', released_at = now() where id = ${id}`)).rejects.toThrow(
      /another person/,
    )
    expect(await world.as(approver, tx => releaseHold(tx, { id, version, reason: 'checked' }))).toMatchObject({
      kind: 'ok',
      value: { status: 'released' },
    })
  })
})

describe('the list of holds', () => {
  it('is narrowed by words, reasons and whose turn it is, and sorted', async () => {
    const { buyer, id } = await heldTwice({ orderNumber: 'LIST_1' })
    const ids = async (who: User, filter: Parameters<typeof listHolds>[1]) =>
      (await world.as(who, tx => listHolds(tx, filter, { field: 'amount', descending: true }, {}))).edges.map(({ node }) => node.id)
    expect(await ids(approver, { query: 'list_1' })).toEqual([id])
    expect(await ids(approver, { query: buyer.number })).toEqual([id])
    expect(await ids(officer, { query: 'list_1', mine: true })).toEqual([])
    const [code] = await standing(id)
    expect(await ids(approver, { customerId: buyer.customerId, reasons: [code!], statuses: ['open'] })).toEqual([id])
    expect(await ids(approver, { customerId: buyer.customerId, reasons: ['OTHER'] })).toEqual([])
    const kinds = await world.as(approver, listHoldReasons)
    expect(kinds.find(kind => kind.code === code)).toMatchObject({ title: { en: expect.any(String), zh: expect.any(String) } })
  })
})
