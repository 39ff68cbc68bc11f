import { asActor, settleVersion, SYSTEM, type Sql } from '@surety/store'
import type { PublishPolicyInput } from '../contract/index.ts'

export type PublishPolicyActivities = ReturnType<typeof createPublishPolicyActivities>

export type SeenIntoForce =
  | { readonly kind: 'waiting'; readonly waitMs: number }
  | { readonly kind: 'recalled' }
  | { readonly kind: 'inForce' }

/** Timers of thousands of years are none; who waits longer asks again in between. */
const LONGEST_WAIT_MS = 30 * 24 * 3_600_000

export function createPublishPolicyActivities({ sql }: { readonly sql: Sql }) {
  return {
    /** Does what follows from a version taking effect once its moment has come; until then says how long to wait. */
    seeIntoForce: ({ policyId, version }: PublishPolicyInput): Promise<SeenIntoForce> =>
      asActor(sql, SYSTEM, async tx => {
        const moment = await settleVersion(tx, policyId, version)
        if (moment.kind !== 'waiting') return moment
        return { kind: 'waiting', waitMs: Math.min(LONGEST_WAIT_MS, Math.max(1, moment.effectiveFrom.getTime() - tx.now.getTime())) }
      }),
  }
}
