import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Policy } from '@surety/engine'
import {
  asActor,
  connect,
  createApiKey,
  createCustomer,
  createSegment,
  publishPolicy,
  reconcileExposure,
  setLimit,
  SYSTEM,
  type Sql,
} from '@surety/store'
import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { freePort } from '../../scripts/services/ports.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const CONNECTIONS = 50
const LIMIT = 500
/** The long form, which takes minutes: SURETY_TRIALS=long. */
const IS_LONG = process.env['SURETY_TRIALS'] === 'long'
const MANY = IS_LONG ? { checks: 10_000, accounts: 1000 } : { checks: 1000, accounts: 100 }
/** The orders of an account come to more than its limit. */
const UNDER_FIRE = IS_LONG ? { checks: 800, accounts: 20 } : { checks: 400, accounts: 10 }

let database: TestDatabase
let sql: Sql
let owner: postgres.Sql
let port: number
let token: string
let segmentId: number
let api: ChildProcess | undefined
let agent: Agent

beforeAll(async () => {
  database = await createTestDatabase()
  sql = connect(database.appUrl, { max: 4, applicationName: 'chaos' })
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {}, connection: { application_name: 'chaos' } })
  port = await freePort()
  await asActor(sql, SYSTEM, async tx => {
    const policy = readFileSync(new URL('../../rules/order-check/standard/policy.json', import.meta.url), 'utf8')
    await publishPolicy(tx, JSON.parse(policy) as Policy)
    segmentId = (await createSegment(tx, { code: 'chaos', name: { en: 'Chaos', zh: '混沌' }, currency: 'CNY' })).id
    token = (await createApiKey(tx, { name: 'chaos', segmentId, scopes: ['order.check'] })).token
  })
  await startApi()
})
beforeEach(() => {
  agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  return () => agent.destroy()
})
afterAll(async () => {
  api?.kill('SIGKILL')
  await Promise.all([sql?.end({ timeout: 1 }), owner?.end({ timeout: 1 })])
  await database?.drop()
})

test('one limit that 1,000 checks race for from 50 connections is never passed', async () => {
  const buyers = await makeBuyers('one', 1, 100_000)
  const orders = Array.from({ length: 1000 }, (_, index) => orderOf('one', buyers, 0, index, 300 + ((index * 7919) % 500)))
  await askAll(orders)
  const { released } = await mustBeWhole('1,000 checks for one limit', orders)
  const taken = orders.filter(({ orderNumber }) => released.has(orderNumber)).reduce((sum, { amount }) => sum + Number(amount), 0)
  // What is left is less than the smallest order.
  expect(100_000 - taken).toBeLessThan(800)
})

test(`${MANY.checks} checks over ${MANY.accounts} accounts from 50 connections pass no limit, and nobody deadlocks`, async () => {
  const buyers = await makeBuyers('many', MANY.accounts)
  const orders = Array.from({ length: MANY.checks }, (_, index) =>
    orderOf('many', buyers, (index * 7919) % MANY.accounts, index, 30 + ((index * 104_729) % 90)),
  )
  await askAll(orders)
  await mustBeWhole(`${MANY.checks} checks over ${MANY.accounts} accounts`, orders)
}, 900_000)

test('reservations are fully there or not at all when the API is killed in the middle of checks, and a key sent again counts once', async () => {
  const buyers = await makeBuyers('kill', UNDER_FIRE.accounts, 2000)
  const orders = Array.from({ length: UNDER_FIRE.checks }, (_, index) =>
    orderOf('kill', buyers, index % UNDER_FIRE.accounts, index, 40 + ((index * 7919) % 80)),
  )
  const progress = { answered: 0, resent: 0 }
  let kills = 0
  const killing = (async () => {
    for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
      while (progress.answered < orders.length * share) await sleep(5)
      api!.kill('SIGKILL')
      await once(api!, 'exit')
      kills += 1
      await startApi()
    }
  })()
  await askAll(orders, progress)
  await killing
  await mustBeWhole(`API killed ${kills} times, ${progress.resent} requests sent again`, orders)
  expect(progress.resent).toBeGreaterThan(0)
})

test('the same holds when connections to the database are cut in the middle of checks: the API asks again by itself', async () => {
  const buyers = await makeBuyers('cut', UNDER_FIRE.accounts, 2000)
  const orders = Array.from({ length: UNDER_FIRE.checks }, (_, index) =>
    orderOf('cut', buyers, index % UNDER_FIRE.accounts, index, 40 + ((index * 7919) % 80)),
  )
  const progress = { answered: 0, resent: 0 }
  let cuts = 0
  let isOver = false
  const cutting = (async () => {
    for (; !isOver; await sleep(40)) {
      const cut = await owner`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'surety-api' and xact_start is not null order by random() limit 1`
      cuts += cut.length
      if (cuts >= 40) return
    }
  })()
  await askAll(orders, progress)
  isOver = true
  await cutting
  await mustBeWhole(`${cuts} connections cut, ${progress.resent} requests sent again`, orders)
  expect(cuts).toBeGreaterThan(0)
  // Nobody who asks has to know.
  expect(progress.resent).toBe(0)
})

interface Order {
  readonly customerNumber: string
  readonly orderNumber: string
  readonly amount: string
  readonly currency: string
}

interface Answer {
  readonly id: string
  readonly action: 'release' | 'warn' | 'hold'
  readonly orderNumber: string
}

const answers = new Map<string, Answer>()

async function startApi(): Promise<void> {
  api = spawn(process.execPath, [join(import.meta.dirname, '../../packages/api/src/main.ts')], {
    env: {
      PATH: process.env['PATH'],
      SURETY_DATABASE_URL: database.appUrl,
      SURETY_PORT: String(port),
      SURETY_HOST: '127.0.0.1',
      SURETY_LOG_LEVEL: 'fatal',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (
      await fetch(`http://127.0.0.1:${port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
    await sleep(50)
  }
  throw new Error('The API does not start.')
}

async function makeBuyers(name: string, count: number, limit = LIMIT): Promise<readonly string[]> {
  return asActor(sql, SYSTEM, async tx => {
    const numbers: string[] = []
    for (let place = 0; place < count; place += 1) {
      const number = `${name}-${place}`
      const { accountId } = await createCustomer(tx, { number, name: `Buyer ${number}` }, { segmentId, currency: 'CNY' })
      await setLimit(tx, { accountId, kind: 'amount', amount: String(limit), reason: 'start' })
      numbers.push(number)
    }
    return numbers
  })
}

function orderOf(name: string, buyers: readonly string[], buyer: number, index: number, amount: number): Order {
  return { customerNumber: buyers[buyer]!, orderNumber: `${name}-order-${index}`, amount: String(amount), currency: 'CNY' }
}

/** Sends every order over so many connections, each until it is answered: what is not is sent again with its key. */
async function askAll(orders: readonly Order[], progress = { answered: 0, resent: 0 }): Promise<void> {
  answers.clear()
  const queue = [...orders]
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (let order = queue.shift(); order; order = queue.shift()) {
        for (let attempt = 1; ; attempt += 1) {
          const answer = await ask(order).catch(() => undefined)
          if (answer) {
            answers.set(order.orderNumber, answer)
            break
          }
          if (attempt > 400) throw new Error(`${order.orderNumber} was never answered.`)
          progress.resent += 1
          await sleep(50)
        }
        progress.answered += 1
      }
    }),
  )
}

function ask(order: Order): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: '/v1/credit-checks?source=erp',
        timeout: 30_000,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': order.orderNumber },
      },
      response => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (body += chunk))
        response.on('error', reject)
        response.on('end', () =>
          response.statusCode === 200 ? resolve(JSON.parse(body) as Answer) : reject(new Error(`${response.statusCode}: ${body}`)),
        )
      },
    )
    asking.on('timeout', () => asking.destroy(new Error('no answer')))
    asking.on('error', reject)
    asking.end(JSON.stringify(order))
  })
}

/** What must hold however it went: a check for each key, a reservation for each order that was released and no other, no limit passed, no drift. */
async function mustBeWhole(what: string, orders: readonly Order[]): Promise<{ released: ReadonlySet<string> }> {
  const prefix = `${orders[0]!.orderNumber.split('-')[0]}-%`
  const [counts] = await owner<{ checks: number; keys: number; reservations: number; over: number; deadlocks: number }[]>`
    select (select count(*)::int from order_checks where order_number like ${prefix}) as checks, (select count(distinct key)::int from order_checks where order_number like ${prefix}) as keys,
      (select count(*)::int from order_reservations where order_number like ${prefix}) as reservations,
      (select count(*)::int from credit_accounts a join exposure_balances b on b.account_id = a.id and b.category = 'reservations' where b.amount > a.limit_amount) as over,
      (select deadlocks::int from pg_stat_database where datname = current_database()) as deadlocks`
  const stored = await owner<{ id: string; order_number: string; action: string; reserved: string | null; amount: string }[]>`
    select k.id, k.order_number, k.action, r.amount as reserved, k.amount from order_checks k left join order_reservations r on r.id = k.reservation_id where k.order_number like ${prefix}`
  const released = new Set([...answers.values()].filter(({ action }) => action !== 'hold').map(({ orderNumber }) => orderNumber))
  console.log(
    `${what}: ${orders.length} orders, ${released.size} released, ${orders.length - released.size} held; ${JSON.stringify(counts)}`,
  )
  expect(counts).toEqual({ checks: orders.length, keys: orders.length, reservations: released.size, over: 0, deadlocks: 0 })
  for (const { id, order_number, action, reserved, amount } of stored) {
    expect({ order_number, id, action }).toEqual({
      order_number,
      id: answers.get(order_number)?.id,
      action: answers.get(order_number)?.action,
    })
    expect(reserved).toBe(action === 'hold' ? null : amount)
  }
  expect(await asActor(sql, SYSTEM, tx => reconcileExposure(tx))).toEqual([])
  return { released }
}
