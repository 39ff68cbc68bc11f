import { type Client, ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy, type ScheduleOptions } from '@temporalio/client'
import { BULK_QUEUE, REVIEW_ALERTS, START_COLLECTIONS } from './contract/index.ts'

/** What happens by the calendar. A schedule that is not here any more is taken away. */
const SCHEDULES = [
  { id: 'surety-early-warning', workflow: REVIEW_ALERTS, cron: '0 18 * * *' },
  { id: 'surety-collections', workflow: START_COLLECTIONS, cron: '30 0 * * *' },
] as const

const PREFIX = 'surety-'

/** Makes Temporal's schedules those that are written here; any number of workers may do so at once. */
export async function reconcileSchedules(client: Client): Promise<void> {
  for (const schedule of SCHEDULES) await put(client, schedule)
  const wanted = new Set<string>(SCHEDULES.map(({ id }) => id))
  for await (const { scheduleId } of client.schedule.list())
    if (scheduleId.startsWith(PREFIX) && !wanted.has(scheduleId)) await client.schedule.getHandle(scheduleId).delete()
}

async function put(client: Client, { id, workflow, cron }: (typeof SCHEDULES)[number]): Promise<void> {
  const options = {
    scheduleId: id,
    spec: { cronExpressions: [cron], timezone: 'UTC', jitter: '2 minutes' },
    action: { type: 'startWorkflow', workflowType: workflow, workflowId: id, taskQueue: BULK_QUEUE, args: [{}] },
    // What fell into a pause is made up for, once and not many times at once.
    policies: { overlap: ScheduleOverlapPolicy.BUFFER_ONE, catchupWindow: '2 days' },
  } satisfies ScheduleOptions
  const handle = client.schedule.getHandle(id)
  try {
    await handle.update(({ state }) => ({
      ...options,
      state: { paused: state.paused, ...(state.note !== undefined && { note: state.note }) },
    }))
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error
    try {
      // The first time is now: a new book has something to show before its first night.
      await client.schedule.create({ ...options, state: { triggerImmediately: true } })
    } catch (cause) {
      if (!(cause instanceof ScheduleAlreadyRunning)) throw cause
    }
  }
}
