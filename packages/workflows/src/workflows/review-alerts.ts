import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { ReviewAlertsActivities } from '../activities/review-alerts.ts'
import type { ReviewAlertsInput } from '../contract/index.ts'

const AT_ONCE = 500

const book = proxyActivities<ReviewAlertsActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
})

/** Looks at every customer for early warnings, a part of the book at a time. Looking twice changes nothing. */
export async function reviewAlerts({ afterAccountId }: ReviewAlertsInput): Promise<void> {
  let after = afterAccountId
  for (;;) {
    const { lastAccountId } = await book.reviewAlertsOfSome({
      ...(after !== undefined && { afterAccountId: after }),
      atMost: AT_ONCE,
      at: new Date().toISOString(),
    })
    if (lastAccountId === null) return
    after = lastAccountId
    if (workflowInfo().continueAsNewSuggested) return continueAsNew<typeof reviewAlerts>({ afterAccountId: after })
  }
}
