import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, type NativeConnection, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import type { Activities } from './activities/index.ts'
import { BULK_QUEUE, MAIN_QUEUE } from './contract/index.ts'

export interface WorkerOptions {
  readonly connection: NativeConnection
  readonly namespace: string
  readonly activities: Activities
  readonly bundle?: WorkflowBundleWithSourceMap
}

export async function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('workflows/index.ts', import.meta.url)) })
}

/** The workers of one process: reviews on one queue, long reads on another, so that an import never makes an approver wait. */
export async function createWorkers(options: WorkerOptions): Promise<readonly Worker[]> {
  const workflowBundle = options.bundle ?? (await bundleWorkflows())
  const common = {
    connection: options.connection,
    namespace: options.namespace,
    workflowBundle,
    activities: { ...options.activities },
    shutdownGraceTime: '10 seconds',
  }
  return Promise.all([
    Worker.create({ ...common, taskQueue: MAIN_QUEUE, maxConcurrentActivityTaskExecutions: 20 }),
    Worker.create({ ...common, taskQueue: BULK_QUEUE, maxConcurrentActivityTaskExecutions: 2, maxCachedWorkflows: 50 }),
  ])
}
