import { readFileSync } from 'node:fs'
import {
  addDocuments,
  addPayments,
  applyPayments,
  asActor,
  connect,
  createCustomer,
  createSegment,
  makePromise,
  openDispute,
  publishPolicy,
  setGrade,
  SYSTEM,
  type Segment,
  type Sql,
  type Tx,
} from '@surety/store'
import type { Policy } from '@surety/engine'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Runtime } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/support/database.ts'
import { timeSkippingServer } from '../../../test/support/temporal.ts'
import { createActivities } from '../src/activities/index.ts'
import { COLLECT_PAYMENTS, collectPaymentsId, MAIN_QUEUE, START_COLLECTIONS, type CollectPaymentsInput } from '../src/contract/index.ts'
import { bundleWorkflows, createWorkers } from '../src/create-worker.ts'

const DAY_MS = 86_400_000
const policy = JSON.parse(readFileSync(new URL('../../../rules/dunning/by-grade/policy.json', import.meta.url), 'utf8')) as Policy

let sql: Sql
let segment: Segment
let server: TestWorkflowEnvironment
let stop: () => Promise<void>
let now = new Date()
/** How often each run was begun, those included whose answer was lost. */
let attempts = 0
let losesAnswers = false

const asSystem = <T>(fn: (tx: Tx) => Promise<T>, at: Date = now): Promise<T> => asActor(sql, SYSTEM, fn, { at })
const quiet = (): void => {}

beforeAll(async () => {
  Runtime.install({ logger: { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet } })
  const database = await createTestDatabase()
  sql = connect(database.appUrl, { max: 25, clock: () => now })
  await asSystem(async tx => {
    segment = await createSegment(tx, { code: 'industrial', name: { en: 'Industrial', zh: '工业品' }, currency: 'CNY' })
    await publishPolicy(tx, policy)
  })
  server = await timeSkippingServer()
  now = new Date(await server.currentTimeMs())
  const activities = createActivities({ sql, client: server.client })
  const workers = await createWorkers({
    connection: server.nativeConnection,
    namespace: 'default',
    activities: {
      ...activities,
      // A worker that dies after the book has it: what it did stands, and it is done again.
      async collectOnce(input) {
        attempts += 1
        const day = await activities.collectOnce(input)
        if (losesAnswers && attempts % 3 === 1) throw new Error('the worker died')
        return day
      },
    },
    bundle: await bundleWorkflows(),
  })
  const running = Promise.all(workers.map(worker => worker.run()))
  stop = async () => {
    for (const worker of workers) worker.shutdown()
    await running
    await server.teardown()
    await sql.end({ timeout: 1 })
    await database.drop()
  }
}, 180_000)
afterAll(() => stop?.(), 60_000)

let serial = 0
interface Debtor extends CollectPaymentsInput {
  readonly accountId: string
}

async function makeDebtor(): Promise<Debtor> {
  const number = (serial += 1)
  return asSystem(async tx => {
    const { customer, accountId } = await createCustomer(
      tx,
      { number: `C${number}`, name: `Customer ${number}`, contacts: [{ name: 'Clerk', email: `clerk${number}@example.com` }] },
      { segmentId: segment.id, currency: 'CNY' },
    )
    return { customerId: customer.id, segmentId: segment.id, accountId }
  })
}

async function bill(debtor: Debtor, amount: string, dueInDays: number): Promise<string> {
  const { ids } = await asSystem(tx =>
    addDocuments(tx, [
      {
        segmentId: debtor.segmentId,
        customerId: debtor.customerId,
        type: 'invoice',
        number: `I${(serial += 1)}`,
        source: 'erp',
        issuedOn: dayOf(now),
        dueOn: dayOf(new Date(now.getTime() + dueInDays * DAY_MS)),
        currency: 'CNY',
        amount,
      },
    ]),
  )
  return ids[0]!
}

async function pay(debtor: Debtor, documentId: string, amount: string, at: Date): Promise<void> {
  await asSystem(async tx => {
    const { ids } = await addPayments(tx, [
      {
        segmentId: debtor.segmentId,
        customerId: debtor.customerId,
        number: `P${(serial += 1)}`,
        source: 'bank',
        receivedOn: dayOf(at),
        currency: 'CNY',
        amount,
      },
    ])
    await applyPayments(tx, [{ source: { kind: 'payment', id: ids[0]! }, documentId, amount, on: dayOf(at) }])
  }, at)
}

const start = (debtor: Debtor) =>
  server.client.workflow.start(COLLECT_PAYMENTS, {
    workflowId: collectPaymentsId(debtor),
    taskQueue: MAIN_QUEUE,
    args: [{ customerId: debtor.customerId, segmentId: debtor.segmentId }],
  })

const lettersOf = ({ customerId }: Debtor): Promise<{ run_on: string; level: number; kind: string }[]> =>
  asSystem(tx => tx`select run_on, level, kind from dunning_letters where customer_id = ${customerId} order by run_on, id`)

describe('collecting payments', () => {
  test('climbs the ladder of the grade of the day over 365 days, twelve re-ratings and a change of clocks', async () => {
    const debtor = await makeDebtor()
    const invoice = await bill(debtor, '50000', 10)
    const begin = now
    const dueOn = begin.getTime() + 10 * DAY_MS
    const grades: { at: string; grade: string }[] = []
    const rate = async (grade: string, at: Date): Promise<void> => {
      await asSystem(tx => setGrade(tx, debtor.accountId, { grade, score: 50 }), at)
      grades.push({ at: dayOf(at), grade })
    }
    await rate('C', begin)
    const handle = await start(debtor)
    const began = performance.now()
    for (let month = 1; month <= 12; month += 1) {
      // Between two runs of a day, so that everybody agrees on what the grade of a day is.
      await server.sleep(month === 1 ? untilNoon(begin) + 30 * DAY_MS : 30 * DAY_MS)
      now = new Date(await server.currentTimeMs())
      await rate('ABCDE'[month % 5]!, now)
    }
    const seconds = (performance.now() - began) / 1000
    const letters = await lettersOf(debtor)

    // The same by hand: the grade that was known at one o'clock, UTC, of each day.
    const steps: Readonly<Record<string, readonly number[]>> = {
      A: [10, 30, 60, 90],
      B: [10, 30, 60, 90],
      C: [5, 20, 40, 75],
      D: [3, 12, 25, 45],
      E: [3, 12, 25, 45],
    }
    const expected: { run_on: string; level: number; kind: string }[] = []
    let level = 0
    let last = -Infinity
    let hadCourtesy = false
    for (let day = Math.floor(begin.getTime() / DAY_MS); day * DAY_MS <= now.getTime(); day += 1) {
      const run_on = dayOf(new Date(day * DAY_MS))
      const { grade } = grades.findLast(({ at }, index) => at < run_on || (index === 0 && at === run_on))!
      const late = day - Math.floor(dueOn / DAY_MS)
      if (level === 0 && late >= -3 && late < 0 && !hadCourtesy) {
        hadCourtesy = true
        expected.push({ run_on, level: 0, kind: 'courtesy' })
      } else if (late >= steps[grade]![Math.min(level, 3)]! && day - last >= 5) {
        level = Math.min(level + 1, 4)
        last = day
        expected.push({ run_on, level, kind: level === 4 ? 'final' : 'remind' })
      }
    }
    console.log(`365 days of dunning, ${grades.length - 1} re-ratings: ${letters.length} letters, time skipped in ${seconds.toFixed(1)} s`)
    expect(letters).toEqual(expected)
    expect(new Set(letters.map(({ run_on }) => run_on)).size).toBe(letters.length)
    const [fees] = await asSystem(
      tx => tx<{ count: number; amount: string }[]>`select count(*)::int as count, sum(amount)::text as amount from dunning_fees`,
    )
    // Level 3 and level 4, once each, however often the last one was repeated.
    expect(fees).toEqual({ count: 2, amount: '150.0000' })

    await pay(debtor, invoice, '50000', now)
    await handle.signal('bookChanged')
    await handle.result()
    // While a result is awaited the server lets time run on.
    now = new Date(await server.currentTimeMs())
    expect(await asSystem(tx => tx`select count(*)::int as open from dunning_cases where resolved_on is null`)).toEqual([{ open: 0 }])
  }, 120_000)

  test('pauses for a promise until its day, and for what is disputed', async () => {
    const [promising, disputing] = [await makeDebtor(), await makeDebtor()]
    await bill(promising, '9000', 5)
    const disputed = await bill(disputing, '9000', 5)
    const begin = now
    await asSystem(async tx => {
      await makePromise(tx, {
        ...promising,
        amount: '9000',
        currency: 'CNY',
        madeOn: dayOf(begin),
        dueOn: dayOf(new Date(begin.getTime() + 25 * DAY_MS)),
      })
      await openDispute(tx, { documentId: disputed, amount: '9000', reason: 'damaged', on: dayOf(begin) })
    })
    await start(promising)
    await start(disputing)
    await server.sleep('30 days')
    now = new Date(await server.currentTimeMs())
    expect((await lettersOf(disputing)).length).toBe(0)
    const [first] = await lettersOf(promising)
    expect(first).toMatchObject({ run_on: dayOf(new Date(begin.getTime() + 26 * DAY_MS)), level: 1 })
    expect(await asSystem(tx => tx`select state from promises_to_pay where customer_id = ${promising.customerId}`)).toEqual([
      { state: 'broken' },
    ])
  }, 60_000)

  test('sends no letter twice and loses none when workers die in the middle of runs', async () => {
    const debtors = await Promise.all(Array.from({ length: 30 }, makeDebtor))
    for (const debtor of debtors) await bill(debtor, '7000', -6)
    losesAnswers = true
    attempts = 0
    // Everybody who owes gets a workflow, started twice over.
    const starting = (id: string) => server.client.workflow.execute(START_COLLECTIONS, { workflowId: id, taskQueue: MAIN_QUEUE })
    await Promise.all([starting('collections-1'), starting('collections-2')])
    await server.sleep('2 days')
    losesAnswers = false
    const counts = await asSystem(
      tx => tx<{ letters: number; mails: number; customers: number }[]>`
        select count(*)::int as letters, count(distinct mail_id)::int as mails, count(distinct customer_id)::int as customers
        from dunning_letters where customer_id = any (${debtors.map(({ customerId }) => customerId)}::bigint[])`,
    )
    console.log(
      `dunning run under dying workers: ${attempts} runs begun for 30 customers, ${counts[0]!.letters} letters, ${counts[0]!.mails} mails`,
    )
    expect(attempts).toBeGreaterThan(60)
    expect(counts).toEqual([{ letters: 30, mails: 30, customers: 30 }])
  }, 60_000)
})

const dayOf = (at: Date): string => at.toISOString().slice(0, 10)
const untilNoon = (at: Date): number => DAY_MS - (at.getTime() % DAY_MS) + DAY_MS / 2
