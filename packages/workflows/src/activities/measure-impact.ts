import { measureImpact, type Sql } from '@surety/store'
import { Context } from '@temporalio/activity'
import type { MeasureImpactInput } from '../contract/index.ts'

export type MeasureImpactActivities = ReturnType<typeof createMeasureImpactActivities>

export function createMeasureImpactActivities({ sql }: { readonly sql: Sql }) {
  return {
    measurePolicyImpact: async ({ impactId }: MeasureImpactInput): Promise<void> => {
      const { cancellationSignal, heartbeat } = Context.current()
      await measureImpact(sql, impactId, { signal: cancellationSignal, onProgress: done => heartbeat(done) })
    },
  }
}
