import { readFileSync } from 'node:fs'
import {
  addDocuments,
  asActor,
  connect,
  createCustomer,
  createSegment,
  listAlerts,
  publishPolicy,
  SYSTEM,
  type Segment,
  type Sql,
  type Tx,
} from '@surety/store'
import type { Policy } from '@surety/engine'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Runtime } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestDatabase } from '../../../test/support/database.ts'
import { timeSkippingServer } from '../../../test/support/temporal.ts'
import { createActivities } from '../src/activities/index.ts'
import { BULK_QUEUE, REVIEW_ALERTS } from '../src/contract/index.ts'
import { bundleWorkflows, createWorkers } from '../src/create-worker.ts'
import { watchCustomers } from '../src/early-warning/watch-customers.ts'

const policy = JSON.parse(readFileSync(new URL('../../../rules/early-warning/standard/policy.json', import.meta.url), 'utf8')) as Policy
const quiet = (): void => {}
let sql: Sql
let segment: Segment
let server: TestWorkflowEnvironment
let stop: () => Promise<void>

const asSystem = <T>(fn: (tx: Tx) => Promise<T>): Promise<T> => asActor(sql, SYSTEM, fn)
const day = (daysAgo: number): string => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)

beforeAll(async () => {
  Runtime.install({ logger: { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet } })
  const database = await createTestDatabase()
  sql = connect(database.appUrl, { max: 25 })
  await asSystem(async tx => {
    segment = await createSegment(tx, { code: 'industrial', name: { en: 'Industrial', zh: '工业品' }, currency: 'CNY' })
    await publishPolicy(tx, policy)
  })
  server = await timeSkippingServer()
  const workers = await createWorkers({
    connection: server.nativeConnection,
    namespace: 'default',
    activities: createActivities({ sql, client: server.client }),
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
const makeCustomer = (): Promise<string> =>
  asSystem(async tx => {
    const number = `C${(serial += 1)}`
    return (await createCustomer(tx, { number, name: number }, { segmentId: segment.id, currency: 'CNY' })).customer.id
  })
const bill = (customerId: string, daysLate: number): Promise<unknown> =>
  asSystem(tx =>
    addDocuments(tx, [
      {
        segmentId: segment.id,
        customerId,
        type: 'invoice',
        number: `I${(serial += 1)}`,
        source: 'erp',
        issuedOn: day(daysLate + 30),
        dueOn: day(daysLate),
        currency: 'CNY',
        amount: '5000',
      },
    ]),
  )
const standing = async (customerId?: string): Promise<number> =>
  (await asSystem(tx => listAlerts(tx, { ...(customerId !== undefined && { customerId }) }, { first: 500 }))).totalCount

test('an event of the ledger is an alert in about a second', async () => {
  const watch = await watchCustomers(sql, { warn: quiet })
  const took: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const customerId = await makeCustomer()
    const began = performance.now()
    await bill(customerId, 60)
    await vi.waitFor(async () => expect(await standing(customerId)).toBeGreaterThan(0), { timeout: 10_000, interval: 20 })
    took.push(performance.now() - began)
  }
  await watch.stop()
  console.log(`from a posted invoice to its alert: ${took.map(Math.round).join(', ')} ms`)
}, 60_000)

test('every night looks at all, those too of whom nothing was heard, and a second look changes nothing', async () => {
  const before = await standing()
  for (let each = 0; each < 20; each += 1) await bill(await makeCustomer(), 50)
  const night = (id: string): Promise<unknown> =>
    server.client.workflow.execute(REVIEW_ALERTS, { workflowId: id, taskQueue: BULK_QUEUE, args: [{}] })
  await night('night-1')
  const after = await standing()
  expect(after - before).toBe(40)
  await night('night-2')
  expect(await standing()).toBe(after)
}, 60_000)
