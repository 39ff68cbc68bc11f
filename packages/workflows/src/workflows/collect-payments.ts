import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { CollectPaymentsActivities } from '../activities/collect-payments.ts'
import { BOOK_CHANGED, type CollectPaymentsInput } from '../contract/index.ts'

const bookChanged = defineSignal(BOOK_CHANGED)

const DAY_MS = 24 * 3_600_000
/** Letters leave at this time of the day, UTC: nine in the morning in China, whatever clocks elsewhere do. */
const RUN_AT_MS = 3_600_000

const book = proxyActivities<CollectPaymentsActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '5 minutes' },
})
const starting = proxyActivities<CollectPaymentsActivities>({
  startToCloseTimeout: '10 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
})

/**
 * Looks after the collections of one customer: a run a day while anything is open, and one at once when the book changes.
 *
 * The book holds levels, letters, promises and fees; this holds the days. It ends when nothing is open, and is started
 * again when something is.
 */
export async function collectPayments(account: CollectPaymentsInput): Promise<void> {
  let wakeUps = 0
  setHandler(bookChanged, () => {
    wakeUps += 1
  })
  for (;;) {
    const seen = wakeUps
    const { isOpen } = await book.collectOnce({ ...account, at: new Date().toISOString() })
    if (!isOpen && wakeUps === seen) return
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished)
      return continueAsNew<typeof collectPayments>(account)
    }
    await condition(() => wakeUps > seen, untilNextRun(Date.now()))
  }
}

/** Once a day, from a schedule: whoever has something due gets a workflow of their own, or has it woken. */
export async function startCollections(): Promise<number> {
  return starting.startCollectionsOfAll({ at: new Date().toISOString() })
}

function untilNextRun(now: number): number {
  const today = Math.floor(now / DAY_MS) * DAY_MS + RUN_AT_MS
  return (now < today ? today : today + DAY_MS) - now
}
