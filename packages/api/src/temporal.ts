import { Connection } from '@temporalio/client'
import { BULK_QUEUE, MAIN_QUEUE } from '@surety/workflows/contract'

export interface TemporalProbe {
  isUp(): Promise<boolean>
  /** Somebody asked for work on every queue of ours not long ago. */
  hasWorker(): Promise<boolean>
  close(): Promise<void>
}

/** Looks at Temporal from afar. The API sends it nothing: what workflows must know goes through the outbox. */
export function createTemporalProbe(address: string, namespace: string): TemporalProbe {
  const connection = Connection.lazy({ address })
  const ask = <T>(call: () => Promise<T>): Promise<T> => connection.withDeadline(Date.now() + DEADLINE_MS, call)
  return {
    async isUp() {
      await ask(() => connection.workflowService.getSystemInfo({}))
      return true
    },
    async hasWorker() {
      const queues = await Promise.all(
        [MAIN_QUEUE, BULK_QUEUE].map(name => ask(() => connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name } }))),
      )
      const recent = Date.now() - RECENT_MS
      return queues.every(
        ({ pollers }) => pollers?.some(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 > recent) ?? false,
      )
    },
    close: () => connection.close(),
  }
}

const DEADLINE_MS = 1500
// A worker that has nothing to do asks once a minute.
const RECENT_MS = 75_000
