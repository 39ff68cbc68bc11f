import { proxyActivities } from '@temporalio/workflow'
import type { MeasureImpactActivities } from '../activities/measure-impact.ts'
import type { MeasureImpactInput } from '../contract/index.ts'

const { measurePolicyImpact } = proxyActivities<MeasureImpactActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  // It only reads until its last transaction, so another attempt after a crash is harmless.
  retry: { maximumAttempts: 5, initialInterval: '1 second', maximumInterval: '30 seconds' },
})

/** Decides about every customer by a draft and by the version in force. */
export async function measureImpact(input: MeasureImpactInput): Promise<void> {
  await measurePolicyImpact(input)
}
