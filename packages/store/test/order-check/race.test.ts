import { beforeAll, expect, it } from 'vitest'
import { asActor, checkOrder, connect, reconcileExposure, SYSTEM } from '../../src/index.ts'
import { useWorld } from '../support.ts'
import { makeBuyer, orderOf, publishOrderPolicy } from './support.ts'

const world = useWorld()
const CONNECTIONS = 50
const CHECKS = 1000

beforeAll(() => publishOrderPolicy(world))

it(`never passes the limit when ${CHECKS} checks race for it over ${CONNECTIONS} connections, and retried keys count once`, async () => {
  const buyer = await makeBuyer(world, '100000')
  // One in five is a retry of the one before it.
  const orders = Array.from({ length: CHECKS }, (_, index) => orderOf(world, buyer, String(300 + ((index * 7919) % 500))))
  const requests = orders.map((order, index) => (index % 5 === 4 ? orders[index - 1]! : order))
  const sql = connect(world.appUrl, { max: CONNECTIONS, clock: () => world.now })
  const began = performance.now()
  const results = await Promise.all(requests.map(request => asActor(sql, SYSTEM, tx => checkOrder(tx, request))))
  const seconds = (performance.now() - began) / 1000
  await sql.end()
  const answers = results.flatMap(result => (result.kind === 'checked' ? [result] : []))
  expect(answers).toHaveLength(CHECKS)
  const [figures] = await world.asSystem(
    tx => tx<{ reserved: string; count: string; checks: string }[]>`
    select (select sum(amount) from order_reservations where account_id = ${buyer.accountId} and status = 'active') as reserved,
      (select count(*) from order_reservations where account_id = ${buyer.accountId}) as count, (select count(*) from order_checks where account_id = ${buyer.accountId}) as checks`,
  )
  const released = new Map(answers.filter(({ answer }) => answer.action !== 'hold').map(({ answer }) => [answer.id, answer.orderNumber]))
  const amountOf = new Map(orders.map(({ orderNumber, amount }) => [orderNumber, Number(amount)]))
  const sum = [...released.values()].reduce((total, number) => total + amountOf.get(number)!, 0)
  console.log(
    `order-check race: ${CHECKS} checks over ${CONNECTIONS} connections in ${seconds.toFixed(1)} s (${Math.round(CHECKS / seconds)}/s), ${released.size} released for ${sum} of 100000, ${answers.filter(({ isRepeated }) => isRepeated).length} repeated`,
  )
  expect(Number(figures!.reserved)).toBe(sum)
  expect(Number(figures!.reserved)).toBeLessThanOrEqual(100_000)
  // What is left is less than the smallest order.
  expect(100_000 - sum).toBeLessThan(800)
  expect(Number(figures!.count)).toBe(released.size)
  expect(Number(figures!.checks)).toBe(CHECKS * 0.8)
  expect(answers.filter(({ isRepeated }) => isRepeated)).toHaveLength(CHECKS * 0.2)
  expect(await world.asSystem(tx => reconcileExposure(tx, { accountIds: [buyer.accountId] }))).toEqual([])
}, 120_000)
