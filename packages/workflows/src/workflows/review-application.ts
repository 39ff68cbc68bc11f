import { proxyActivities } from '@temporalio/workflow'
import type { ReviewApplicationActivities } from '../activities/review-application.ts'
import type { ReviewApplicationInput } from '../contract/index.ts'
import { untilEnded, type EndedAs } from './until-ended.ts'

const book = proxyActivities<ReviewApplicationActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '30 seconds' },
})

/** Takes a credit application through: assess it, pass the levels of authority, put the limit in force. */
export async function reviewApplication(application: ReviewApplicationInput): Promise<EndedAs> {
  return untilEnded(application, at => book.takeApplicationOn({ ...application, at }))
}
