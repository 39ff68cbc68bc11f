import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from '@surety/store'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import type { Client } from '@temporalio/client'
import { Runtime, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { createReviewWorld, type ReviewWorld } from '../../../test/support/review-world.ts'
import { timeSkippingServer } from '../../../test/support/temporal.ts'
import { createActivities } from '../src/activities/index.ts'
import { bundleWorkflows, createWorkers } from '../src/create-worker.ts'
import { dispatchOutbox } from '../src/dispatch.ts'

export const HISTORIES = join(import.meta.dirname, 'histories')
/** Set to write the histories anew, after a change of a workflow that is meant. */
const RECORD = process.env['RECORD_HISTORIES'] === '1'

/** A book, a Temporal server that skips time while a result is awaited, and our workers on both. */
export interface Workshop {
  readonly world: ReviewWorld
  readonly sql: Sql
  readonly client: Client
  readonly bundle: WorkflowBundleWithSourceMap
  endOf(workflowId: string): Promise<unknown>
  record(name: string, workflowId: string): Promise<void>
  close(): Promise<void>
}

export async function openWorkshop(): Promise<Workshop> {
  Runtime.install({ logger: { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet } })
  const world = await createReviewWorld()
  const server = await timeSkippingServer()
  const bundle = await bundleWorkflows()
  const workers = await createWorkers({
    connection: server.nativeConnection,
    namespace: 'default',
    activities: createActivities({ sql: world.sql, client: server.client }),
    bundle,
  })
  const running = Promise.all(workers.map(worker => worker.run()))
  const outbox = await dispatchOutbox(world.sql, server.client, { warn: quiet })
  return {
    world,
    sql: world.sql,
    client: server.client,
    bundle,
    endOf: workflowId => server.client.workflow.getHandle(workflowId).result(),
    async record(name, workflowId) {
      if (!RECORD) return
      const history = await server.client.workflow.getHandle(workflowId).fetchHistory()
      writeFileSync(join(HISTORIES, `${name}.json`), `${historyToJSON(history)}\n`)
    },
    async close() {
      await outbox.stop()
      for (const worker of workers) worker.shutdown()
      await running
      await server.teardown()
      await world.close()
    },
  }
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await holds()) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('It did not come to that within 30 s.')
}

function quiet(): void {}
