import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createReviewWorld, type ReviewWorld } from '../../../test/support/review-world.ts'
import { timeSkippingServer } from '../../../test/support/temporal.ts'
import { createActivities } from '../src/activities/index.ts'
import { reviewApplicationId } from '../src/contract/index.ts'
import { bundleWorkflows, createWorkers } from '../src/create-worker.ts'
import { dispatchOutbox } from '../src/dispatch.ts'

const HISTORIES = join(import.meta.dirname, 'histories')
/** Set to write the histories anew, after a change of the workflow that is meant. */
const RECORD = process.env['RECORD_HISTORIES'] === '1'

let world: ReviewWorld
let server: TestWorkflowEnvironment
let bundle: WorkflowBundleWithSourceMap
let stop: () => Promise<void>

beforeAll(async () => {
  Runtime.install({ logger: { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet } })
  world = await createReviewWorld()
  server = await timeSkippingServer()
  bundle = await bundleWorkflows()
  const workers = await createWorkers({
    connection: server.nativeConnection,
    namespace: 'default',
    activities: createActivities({ sql: world.sql }),
    bundle,
  })
  const running = Promise.all(workers.map(worker => worker.run()))
  const outbox = await dispatchOutbox(world.sql, server.client, { warn: quiet })
  stop = async () => {
    await outbox.stop()
    for (const worker of workers) worker.shutdown()
    await running
  }
}, 180_000)

afterAll(async () => {
  await stop?.()
  await server?.teardown()
  await world?.close()
}, 60_000)

const endOf = (applicationId: string): Promise<unknown> => server.client.workflow.getHandle(reviewApplicationId(applicationId)).result()

async function record(name: string, applicationId: string): Promise<void> {
  if (!RECORD) return
  const history = await server.client.workflow.getHandle(reviewApplicationId(applicationId)).fetchHistory()
  writeFileSync(join(HISTORIES, `${name}.json`), `${historyToJSON(history)}\n`)
}

describe('reviewing an application', () => {
  test('passes two levels and puts the limit in force', async () => {
    const { id } = await world.submit()
    await world.approve(id, 1)
    await world.approve(id, 2)
    expect(await endOf(id)).toBe('approved')
    expect(await world.effectsOf(id)).toMatchObject({ status: 'approved', limits: 1, limitInForce: '600000', tasks: 2, votes: 2 })
    await record('approved-at-two-levels', id)
  })

  test('ends at the first level that rejects', async () => {
    const { id } = await world.submit()
    await world.approve(id, 1)
    await world.decide(id, 2, 'reject')
    expect(await endOf(id)).toBe('rejected')
    expect(await world.effectsOf(id)).toMatchObject({ status: 'rejected', limits: 0 })
    await record('rejected-at-the-second-level', id)
  })

  test('begins again when a returned application comes back, and asks every level anew', async () => {
    const { id } = await world.submit()
    await world.approve(id, 1)
    await world.decide(id, 2, 'return')
    await until(async () => (await world.read(id)).status === 'returned')
    await world.resubmit(id)
    await world.approve(id, 1)
    await world.approve(id, 2)
    expect(await endOf(id)).toBe('approved')
    expect(await world.effectsOf(id)).toMatchObject({
      status: 'approved',
      limits: 1,
      limitInForce: '500000',
      decisions: 6,
      tasks: 4,
      votes: 4,
    })
    await record('approved-in-the-second-round', id)
  })

  test('gives up a returned application after 180 days', async () => {
    const { id } = await world.submit()
    await world.decide(id, 1, 'return')
    expect(await endOf(id)).toBe('rejected')
    const { events } = await server.client.workflow.getHandle(reviewApplicationId(id)).fetchHistory()
    const sleptSeconds = (events ?? []).reduce(
      (sum, event) => sum + Number(event.timerStartedEventAttributes?.startToFireTimeout?.seconds ?? 0),
      0,
    )
    expect(sleptSeconds / 86_400).toBeGreaterThanOrEqual(180)
    expect(await world.effectsOf(id)).toMatchObject({ status: 'rejected', limits: 0 })
    await record('expired', id)
  })

  test('ends when its maker withdraws it', async () => {
    const { id } = await world.submit()
    await until(async () => (await world.effectsOf(id)).tasks === 1)
    await world.withdraw(id)
    expect(await endOf(id)).toBe('withdrawn')
    expect(await world.effectsOf(id)).toMatchObject({ status: 'withdrawn', limits: 0 })
    await record('withdrawn', id)
  })
})

describe('recorded histories', () => {
  const histories = readdirSync(HISTORIES).filter(file => file.endsWith('.json'))

  test.each(histories)('%s replays', async file => {
    await Worker.runReplayHistory({ workflowBundle: bundle }, JSON.parse(readFileSync(join(HISTORIES, file), 'utf8')))
  })

  test('do not replay on a workflow that takes another way', async () => {
    const mutant = { ...bundle, code: bundle.code.replaceAll('book.takeApplicationOn(', 'book.takeApprovalOn(') }
    expect(mutant.code).not.toBe(bundle.code)
    const history = JSON.parse(readFileSync(join(HISTORIES, 'approved-at-two-levels.json'), 'utf8'))
    await expect(Worker.runReplayHistory({ workflowBundle: mutant }, history)).rejects.toThrow(/nondeterminism/i)
  })
})

function quiet(): void {}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await holds()) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('It did not come to that within 30 s.')
}
