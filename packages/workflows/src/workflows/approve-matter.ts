import { proxyActivities } from '@temporalio/workflow'
import type { ApproveMatterActivities } from '../activities/approve-matter.ts'
import type { ApproveMatterInput } from '../contract/index.ts'
import { untilEnded, type EndedAs } from './until-ended.ts'

const book = proxyActivities<ApproveMatterActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '30 seconds' },
})

/** Takes a limit change, a release, a write-off or another matter through its approval, until it is decided. */
export async function approveMatter(matter: ApproveMatterInput): Promise<EndedAs> {
  return untilEnded(matter, at => book.takeApprovalOn({ ...matter, at }))
}
