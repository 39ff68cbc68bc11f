import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Policy } from '@surety/engine'
import {
  addDocuments,
  addPayments,
  applyPayments,
  asActor,
  checkOrder,
  createApiKey,
  createCustomer,
  createSegment,
  publishPolicy,
  reconcileExposure,
  setLimit,
  SYSTEM,
  type OrderCheckRequest,
} from '@surety/store'
import { figuresOf, quantile, round, type Figures } from './book/figures.ts'
import { openClient } from './book/http-client.ts'
import { openHouse, type House } from './book/house.ts'
import { pgbench, recordScript } from './book/pgbench.ts'
import { growTo } from './book/scale.ts'
import { ingest } from './book-ingest.ts'
import type { BenchOptions, Measurement } from './measurement.ts'

const ACCOUNTS = 1000
const CLIENTS = 16
const RELEASE_GOAL_MS = 1000

/**
 * Order checks over HTTP by the API as it runs, with connections kept alive, beside pgbench running the very statements of one check in the same
 * PostgreSQL: over many accounts, and on one that all want. Then how long a payment takes to free an order, and what a hundred times as many
 * customers do to a check.
 */
export async function run({ quick = false, log }: BenchOptions): Promise<readonly Measurement[]> {
  const seconds = quick ? 4 : 15
  const house = await openHouse()
  try {
    const place = await populate(house)
    const script = await recordScript(house.url, name => order(place, 1, name), place.firstAccountId)
    const measurements: Measurement[] = []
    for (const [name, accounts] of [
      ['order-check', ACCOUNTS],
      ['hot-account', 1],
    ] as const) {
      const ours = await overHttp(house, place, accounts, seconds)
      const peer = await pgbench(house, script, accounts, CLIENTS, seconds)
      log(`${name}: ours ${told(ours)}; pgbench ${peer ? told(peer) : 'is not on the path'}`)
      if (!peer) continue
      measurements.push(
        {
          name: `${name}-vs-pgbench`,
          ours: round(ours.rate),
          peer: round(peer.rate),
          unit: 'checks/s',
          ratio: round(ours.rate / peer.rate),
        },
        {
          name: `${name}-p99-vs-pgbench`,
          ours: round(ours.p99Ms),
          peer: round(peer.p99Ms),
          unit: 'ms, at most 3 ×',
          ratio: round(ours.p99Ms / peer.p99Ms),
        },
      )
    }
    const freed = await paymentToRelease(house, place, quick ? 20 : 100)
    log(`payment-to-release: p50 ${quantile(freed, 0.5).toFixed(0)} ms, p95 ${quantile(freed, 0.95).toFixed(0)} ms over ${freed.length}`)
    measurements.push({
      name: 'payment-to-release-p95',
      ours: round(quantile(freed, 0.95)),
      peer: RELEASE_GOAL_MS,
      unit: 'ms, at most',
      ratio: round(RELEASE_GOAL_MS / quantile(freed, 0.95)),
    })
    measurements.push(await ingest(house, { quick, log }))
    measurements.push(await scale(house, place, quick, seconds, log))
    const drift = await asActor(house.sql, SYSTEM, tx => reconcileExposure(tx, { accountIds: place.accountIds }))
    if (drift.length > 0) throw new Error(`The ledger drifted while it was measured: ${JSON.stringify(drift[0])}`)
    return measurements
  } finally {
    await house.close()
  }
}

interface Place {
  readonly segmentId: number
  readonly token: string
  /** Of the account `C1`; the others follow. */
  readonly firstAccountId: number
  readonly accountIds: readonly string[]
}

async function populate({ sql }: House): Promise<Place> {
  return asActor(sql, SYSTEM, async tx => {
    const policy = JSON.parse(readFileSync(new URL('../rules/order-check/standard/policy.json', import.meta.url), 'utf8')) as Policy
    await publishPolicy(tx, policy)
    const { id: segmentId } = await createSegment(tx, { code: 'bench', name: { en: 'Bench', zh: '测试' }, currency: 'CNY' })
    const { token } = await createApiKey(tx, { name: 'bench', segmentId, scopes: ['order.check'] })
    const accountIds: string[] = []
    for (let number = 1; number <= ACCOUNTS; number += 1) {
      const { accountId } = await createCustomer(tx, { number: `C${number}`, name: `Customer ${number}` }, { segmentId, currency: 'CNY' })
      accountIds.push(accountId)
      await setLimit(tx, { accountId, kind: 'amount', amount: '100000000000', reason: 'bench' })
    }
    return { segmentId, token, firstAccountId: Number(accountIds[0]), accountIds }
  })
}

let serial = 0

function order({ segmentId }: Place, account: number, name = `${(serial += 1)}`, amount = '10.00'): OrderCheckRequest {
  return {
    key: `key ${name}`,
    segmentId,
    customerNumber: `C${account}`,
    source: 'erp',
    orderNumber: `order ${name}`,
    amount,
    currency: 'CNY',
    checkpoint: 'entered',
  }
}

async function overHttp(house: House, place: Place, accounts: number, seconds: number): Promise<Figures> {
  const times: number[] = []
  const clients = Array.from({ length: CLIENTS }, () => openClient(house.port))
  const headers = { authorization: `Bearer ${place.token}`, 'content-type': 'application/json' }
  const ask = async (client: (typeof clients)[number], until: number): Promise<void> => {
    while (performance.now() < until) {
      const { orderNumber, amount, currency, customerNumber } = order(place, 1 + Math.floor(Math.random() * accounts))
      const began = performance.now()
      const answer = await client.post(
        '/v1/credit-checks?source=erp',
        { ...headers, 'idempotency-key': orderNumber.replace(' ', '-') },
        JSON.stringify({ customerNumber, orderNumber, amount, currency }),
      )
      times.push(performance.now() - began)
      if (answer.status !== 200 || !answer.body.includes('"action":"release"'))
        throw new Error(`A check that should release did not: ${answer.status} ${answer.body}`)
    }
  }
  const all = (forSeconds: number) => Promise.all(clients.map(client => ask(client, performance.now() + forSeconds * 1000)))
  try {
    await all(2)
    times.length = 0
    await all(seconds)
    return figuresOf(times, seconds)
  } finally {
    for (const client of clients) client.close()
  }
}

/** From the commit of a payment to the commit that frees the order which it makes room for; sorted. */
async function paymentToRelease({ sql }: House, place: Place, times: number): Promise<number[]> {
  const took: number[] = []
  const { segmentId } = place
  for (let time = 0; time < times; time += 1) {
    const number = `P${time}`
    const { invoiceId, holdId, customerId } = await asActor(sql, SYSTEM, async tx => {
      const { customer, accountId } = await createCustomer(tx, { number, name: `Payer ${time}` }, { segmentId, currency: 'CNY' })
      await setLimit(tx, { accountId, kind: 'amount', amount: '1000', reason: 'bench' })
      const document = { segmentId, customerId: customer.id, number, source: 'erp', currency: 'CNY', amount: '900' }
      const { ids } = await addDocuments(tx, [{ ...document, type: 'invoice', issuedOn: '2026-01-01', dueOn: '2099-01-01' }])
      const result = await checkOrder(tx, { ...order(place, 1, `held ${time}`, '500'), customerNumber: number })
      if (result.kind !== 'checked' || result.answer.holdId === null) throw new Error('An order that should be held was not.')
      return { invoiceId: ids[0]!, holdId: result.answer.holdId, customerId: customer.id }
    })
    const on = new Date().toISOString().slice(0, 10)
    await asActor(sql, SYSTEM, async tx => {
      const { ids } = await addPayments(tx, [
        { segmentId, customerId, number, source: 'bank', receivedOn: on, currency: 'CNY', amount: '900' },
      ])
      await applyPayments(tx, [{ source: { kind: 'payment', id: ids[0]! }, documentId: invoiceId, amount: '900', on }])
    })
    const paidAt = performance.now()
    while (!(await isReleased(sql, holdId))) {
      if (performance.now() - paidAt > 30_000) throw new Error('A paid order was not released.')
      await sleep(3)
    }
    took.push(performance.now() - paidAt)
  }
  return took.toSorted((left, right) => left - right)
}

async function isReleased(sql: House['sql'], holdId: string): Promise<boolean> {
  const [row] = await asActor(sql, SYSTEM, tx => tx<{ status: string }[]>`select status from holds where id = ${holdId}`)
  return row!.status === 'released'
}

async function scale(house: House, place: Place, quick: boolean, seconds: number, log: (line: string) => void): Promise<Measurement> {
  const sizes = quick ? [2_000, 20_000] : [10_000, 1_000_000]
  const medians: number[] = []
  for (const customers of sizes) {
    const began = performance.now()
    const { entries } = await growTo(house, place.segmentId, customers)
    const figures = await overHttp(house, place, customers, seconds)
    medians.push(figures.p50Ms)
    log(
      `scale: ${customers} customers, ${entries} ledger entries (grown in ${((performance.now() - began) / 1000).toFixed(0)} s): ${told(figures)}`,
    )
  }
  return {
    name: `scale-p50-${sizes[0]}-to-${sizes[1]}`,
    ours: round(medians[1]!),
    peer: round(medians[0]!),
    unit: 'ms, at most 1.3 ×',
    ratio: round(medians[1]! / medians[0]!),
  }
}

function told({ rate, p50Ms, p99Ms }: Figures): string {
  return `${rate.toFixed(0)}/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`
}
