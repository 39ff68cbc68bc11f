import { readFileSync } from 'node:fs'
import type { Policy } from '@surety/engine'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  addDocuments,
  checkOrder,
  createCustomer,
  endExclusion,
  excludeCheck,
  findHold,
  noteTemporaryLimits,
  publishPolicy,
  releaseHold,
  reviewHolds,
  setGroupLimit,
  setLimit,
  setTemporaryLimit,
  type LimitKind,
} from '../../src/index.ts'
import { makeUser, useWorld } from '../support.ts'
import { check, makeBuyer, orderOf, publishOrderPolicy, type Buyer } from './support.ts'

const world = useWorld()
beforeAll(() => publishOrderPolicy(world))

const START = '2026-03-05T08:00:00Z'
async function on(day: string, act: () => Promise<void>): Promise<void> {
  world.now = new Date(`${day}T08:00:00Z`)
  try {
    await act()
  } finally {
    world.now = new Date(START)
  }
}

let groups = 0
async function makeGroup(members: number, limit: string, own = '100000'): Promise<{ code: string; buyers: Buyer[] }> {
  const code = `G${(groups += 1)}`
  const buyers: Buyer[] = []
  for (let member = 0; member < members; member += 1) buyers.push(await makeBuyer(world, own))
  await world.asSystem(async tx => {
    await tx`update customers set group_code = ${code} where id = any (${buyers.map(({ customerId }) => customerId)}::bigint[])`
    await setGroupLimit(tx, { segmentId: world.industrial.id, code, currency: 'CNY', kind: 'amount', amount: limit, reason: 'start' })
  })
  return { code, buyers }
}

const document = (
  buyer: Buyer,
  type: 'order' | 'delivery' | 'invoice',
  number: string,
  amount: string,
  fields: { dueOn?: string; orderId?: string } = {},
) =>
  world.asSystem(
    async tx =>
      (
        await addDocuments(tx, [
          {
            segmentId: world.industrial.id,
            customerId: buyer.customerId,
            type,
            number,
            source: 'erp',
            issuedOn: '2026-03-01',
            currency: 'CNY',
            amount,
            ...fields,
          },
        ])
      ).ids[0]!,
  )

describe('a credit group', () => {
  it.each<[string, { kind: LimitKind | 'not set'; amount?: string }, string, { kind: string; amount: string | null }]>([
    ['own 10,000, group 15,000: 10,000', { kind: 'amount', amount: '10000' }, '15000', { kind: 'amount', amount: '10000.00' }],
    ['own 20,000, group 15,000: 15,000', { kind: 'amount', amount: '20000' }, '15000', { kind: 'amount', amount: '15000.00' }],
    ['own none, group 15,000: none', { kind: 'none' }, '15000', { kind: 'none', amount: null }],
    ['own unlimited, group 15,000: stays unlimited', { kind: 'unlimited' }, '15000', { kind: 'unlimited', amount: null }],
    ['own not set, group 15,000: 15,000', { kind: 'not set' }, '15000', { kind: 'amount', amount: '15000.00' }],
  ])('takes the lower one: %s', async (_name, own, group, expected) => {
    const { buyers } = await makeGroup(1, group)
    const [buyer] = buyers as [Buyer]
    if (own.kind === 'not set') {
      const number = `N${buyer.number}`
      await world.asSystem(async tx => {
        const { customer } = await createCustomer(tx, { number, name: number }, { segmentId: world.industrial.id, currency: 'CNY' })
        await tx`update customers set group_code = (select group_code from customers where id = ${buyer.customerId}) where id = ${customer.id}`
      })
      expect(await check(world, orderOf(world, { ...buyer, number }, '1', { isDryRun: true }))).toMatchObject({ limit: expected })
      return
    }
    await world.asSystem(tx =>
      setLimit(tx, { accountId: buyer.accountId, kind: own.kind as LimitKind, amount: own.amount ?? null, reason: 'x' }),
    )
    expect(await check(world, orderOf(world, buyer, '1', { isDryRun: true }))).toMatchObject({ limit: expected })
  })

  it('holds what takes all members together above its limit, and frees it when another member orders less', async () => {
    const { code, buyers } = await makeGroup(3, '1000')
    const [first, second, third] = buyers as [Buyer, Buyer, Buyer]
    await check(world, orderOf(world, first, '400'))
    await document(second, 'invoice', `g-${second.number}`, '300', { dueOn: '2026-05-01' })
    expect(await check(world, orderOf(world, third, '300', { isDryRun: true }))).toMatchObject({
      availableBefore: '300.00',
      availableAfter: '0.00',
    })
    const held = await check(world, orderOf(world, third, '300.01'))
    expect(held).toMatchObject({
      action: 'hold',
      availableBefore: '300.00',
      availableAfter: '-0.01',
      rules: [{ code: 'GROUP_LIMIT', rule: 'OC-16', releaseLevel: 2 }],
    })
    await world.asSystem(tx =>
      setGroupLimit(tx, { segmentId: world.industrial.id, code, currency: 'CNY', kind: 'amount', amount: '2000', reason: 'more' }),
    )
    await reviewHolds(world.sql)
    expect(await world.asSystem(tx => findHold(tx, held.holdId!))).toMatchObject({ status: 'released' })
  })

  it('is never above its limit when its members race for it, and nobody deadlocks', async () => {
    const { code, buyers } = await makeGroup(8, '10000')
    const results = await Promise.all(
      Array.from({ length: 160 }, (_, index) => world.asSystem(tx => checkOrder(tx, orderOf(world, buyers[index % 8]!, '99')))),
    )
    const released = results.filter(result => result.kind === 'checked' && result.answer.action !== 'hold').length
    const [row] = await world.asSystem(
      tx => tx<{ reserved: string }[]>`
      select sum(r.amount) as reserved from order_reservations r join credit_accounts a on a.id = r.account_id join customers c on c.id = a.customer_id where c.group_code = ${code} and r.status = 'active'`,
    )
    expect({ released, reserved: Number(row!.reserved) }).toEqual({ released: 101, reserved: 9999 })
  }, 60_000)
})

describe('a temporary limit', () => {
  it('is in force from its first day to its last, and the standing one returns by itself', async () => {
    const buyer = await makeBuyer(world, '1000')
    await world.asSystem(tx =>
      setTemporaryLimit(tx, {
        accountId: buyer.accountId,
        kind: 'amount',
        amount: '5000',
        from: '2026-03-10',
        until: '2026-03-20',
        reason: 'season',
      }),
    )
    const limitNow = async () => (await check(world, orderOf(world, buyer, '1', { isDryRun: true }))).limit.amount
    expect(await limitNow()).toBe('1000.00')
    for (const [day, amount] of [
      ['2026-03-09', '1000.00'],
      ['2026-03-10', '5000.00'],
      ['2026-03-20', '5000.00'],
      ['2026-03-21', '1000.00'],
    ] as const)
      await on(day, async () => expect(await limitNow()).toBe(amount))
  })

  it('tells once that it began and once that it ended, and frees what waits for its first day', async () => {
    const buyer = await makeBuyer(world, '1000')
    await world.asSystem(tx =>
      setTemporaryLimit(tx, {
        accountId: buyer.accountId,
        kind: 'amount',
        amount: '5000',
        from: '2026-03-10',
        until: '2026-03-20',
        reason: 'season',
      }),
    )
    const { holdId } = await check(world, orderOf(world, buyer, '3000'))
    await reviewHolds(world.sql)
    const events = () =>
      world.asSystem(tx => tx<{ kind: string }[]>`select kind from limit_events where account_id = ${buyer.accountId} order by id`)
    await on('2026-03-10', async () => {
      await world.asSystem(tx => noteTemporaryLimits(tx))
      await reviewHolds(world.sql)
      expect(await world.asSystem(tx => findHold(tx, holdId!))).toMatchObject({ status: 'released' })
      expect(await events()).toMatchObject([{ kind: 'temporary-began' }])
    })
    await on('2026-03-21', async () => {
      await world.asSystem(tx => noteTemporaryLimits(tx))
      await world.asSystem(tx => noteTemporaryLimits(tx))
      expect(await events()).toMatchObject([{ kind: 'temporary-began' }, { kind: 'temporary-ended' }])
    })
  })
})

describe('an exclusion', () => {
  it('excuses its kind up to its value and until its day', async () => {
    const buyer = await makeBuyer(world, '10000')
    await document(buyer, 'invoice', `x-${buyer.number}`, '100', { dueOn: '2026-01-25' })
    const rules = async () => (await check(world, orderOf(world, buyer, '1', { isDryRun: true }))).rules.map(({ code }) => code)
    expect(await rules()).toEqual(['OLDEST_OVERDUE'])
    const make = (upTo: string) =>
      world.asSystem(tx =>
        excludeCheck(tx, {
          segmentId: world.industrial.id,
          scope: 'customer',
          customerId: buyer.customerId,
          kind: 'overdue-days',
          upTo,
          expiresOn: '2026-03-12',
          reason: 'agreed plan',
        }),
      )
    await make('38')
    expect(await rules()).toEqual(['OLDEST_OVERDUE'])
    const { id } = await make('45')
    expect(await rules()).toEqual([])
    await on('2026-03-11', async () => expect(await rules()).toEqual([]))
    await on('2026-03-12', async () => expect(await rules()).toEqual(['OLDEST_OVERDUE']))
    await world.asSystem(tx => endExclusion(tx, id, 'broken'))
    expect(await rules()).toEqual(['OLDEST_OVERDUE'])
  })

  it('of the customer wins over that of its group, and that over one for all', async () => {
    const { code, buyers } = await makeGroup(2, '1000000')
    const [special, other] = buyers as [Buyer, Buyer]
    for (const buyer of buyers) await document(buyer, 'invoice', `y-${buyer.number}`, '100', { dueOn: '2026-01-25' })
    const base = { segmentId: world.industrial.id, kind: 'overdue-days', expiresOn: '2026-03-31', reason: 'x' } as const
    const all = await world.asSystem(async tx => {
      const made = await excludeCheck(tx, { ...base, scope: 'all', upTo: '10' })
      await excludeCheck(tx, { ...base, scope: 'group', groupCode: code, upTo: '60' })
      await excludeCheck(tx, { ...base, scope: 'customer', customerId: special.customerId, upTo: '20' })
      return made
    })
    const action = async (buyer: Buyer) => (await check(world, orderOf(world, buyer, '1', { isDryRun: true }))).action
    expect([await action(special), await action(other)]).toEqual(['hold', 'release'])
    await world.asSystem(tx => endExclusion(tx, all.id, 'done'))
  })
})

describe('an order', () => {
  it('that is partly delivered counts what is left of it besides what is delivered', async () => {
    const buyer = await makeBuyer(world, '1000')
    const order = orderOf(world, buyer, '900')
    await check(world, order)
    const orderId = await document(buyer, 'order', order.orderNumber, '900', { dueOn: '2026-03-20' })
    await document(buyer, 'delivery', `d-${buyer.number}`, '600', { orderId })
    await on('2026-03-09', async () => {
      expect(await check(world, { ...order, key: `${order.key} picked`, checkpoint: 'picked' })).toMatchObject({
        action: 'warn',
        availableBefore: '400.00',
        availableAfter: '100.00',
      })
    })
  })

  it('that is far away does not count until the horizon reaches it, without anything being run', async () => {
    const buyer = await makeBuyer(world, '1000')
    await document(buyer, 'order', `far-${buyer.number}`, '900', { dueOn: '2026-05-01' })
    const available = async () => (await check(world, orderOf(world, buyer, '1', { isDryRun: true }))).availableBefore
    expect(await available()).toBe('1000.00')
    await on('2026-03-31', async () => expect(await available()).toBe('1000.00'))
    await on('2026-04-01', async () => expect(await available()).toBe('100.00'))
  })

  it('that a person released is held again for a reason that they did not see', async () => {
    const buyer = await makeBuyer(world, '100')
    const manager = await makeUser(world, [{ role: 'approver', authorityLevel: 3 }])
    const order = orderOf(world, buyer, '500')
    const { holdId } = await check(world, order)
    const { version } = (await world.asSystem(tx => findHold(tx, holdId!)))!
    await world.as(manager, tx => releaseHold(tx, { id: holdId!, version, reason: 'known' }))
    expect(await check(world, { ...order, key: `${order.key} 2`, checkpoint: 'picked' })).toMatchObject({ action: 'warn' })
    await document(buyer, 'invoice', `late-${buyer.number}`, '100', { dueOn: '2026-01-10' })
    await on('2026-03-09', async () =>
      expect(await check(world, { ...order, key: `${order.key} 3`, checkpoint: 'shipped' })).toMatchObject({ action: 'hold' }),
    )
  })

  it('confirmed on day 1 with 2 days of grace is not checked again until day 4', async () => {
    const buyer = await makeBuyer(world, '1000')
    const order = orderOf(world, buyer, '500', { checkpoint: 'confirmed' })
    await check(world, order)
    await document(buyer, 'invoice', `grace-${buyer.number}`, '200', { dueOn: '2026-01-15' })
    const again = (day: string) => check(world, { ...order, key: `${order.key} ${day}`, checkpoint: 'picked', isDryRun: true })
    for (const day of ['2026-03-06', '2026-03-07']) await on(day, async () => expect(await again(day)).toMatchObject({ action: 'release' }))
    await on('2026-03-08', async () =>
      expect(await again('2026-03-08')).toMatchObject({ action: 'hold', rules: [{ code: 'OLDEST_OVERDUE' }] }),
    )
  })
})

it('a category has a limit of its own where the policy says so', async () => {
  const policy = JSON.parse(readFileSync(new URL('../../../../rules/order-check/standard/policy.json', import.meta.url), 'utf8')) as Policy
  const [checks] = policy.steps as unknown as [{ rules: object[] }]
  checks.rules.push({
    id: 'deliveries',
    title: { en: 'Too much delivered and not invoiced', zh: '已发未开票过多' },
    conditions: { all: [{ condition: 'mustCheck' }, { fact: 'exposureDeliveries', operator: 'greaterThan', value: 300 }] },
    event: {
      type: 'OC-20',
      params: {
        set: { action: 'hold', blocks: 'OC-20', releaseLevel: 1 },
        outcome: 'refer',
        reason: { code: 'DELIVERIES', text: { en: 'x', zh: 'x' } },
      },
    },
  })
  const facts = { ...policy.facts, exposureDeliveries: { type: 'money', currency: 'CNY' } } as Policy['facts']
  await world.asSystem(tx => publishPolicy(tx, { ...policy, facts: facts }))
  const buyer = await makeBuyer(world, '100000')
  await document(buyer, 'delivery', `cat-${buyer.number}`, '301')
  expect(await check(world, orderOf(world, buyer, '1', { isDryRun: true }))).toMatchObject({
    action: 'hold',
    rules: [{ code: 'DELIVERIES', rule: 'OC-20' }],
  })
  await publishOrderPolicy(world)
})
