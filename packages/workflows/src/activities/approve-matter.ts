import { asActor, attendApproval, type Attended, type Sql, SYSTEM } from '@surety/store'
import type { ApproveMatterInput } from '../contract/index.ts'

/** How far something was taken; moments as text, as they travel. */
export type Taken =
  | { readonly kind: 'ended'; readonly as: 'approved' | 'rejected' | 'withdrawn' }
  | { readonly kind: 'waiting'; readonly for: 'votes' | 'rework' | 'authority'; readonly lookAgainAt: string | null }

export type ApproveMatterActivities = ReturnType<typeof createApproveMatterActivities>

export function createApproveMatterActivities({ sql }: { readonly sql: Sql }) {
  return {
    /** Opens the next step, reminds, escalates, ends it: whatever is due by the workflow's clock, in one transaction. */
    takeApprovalOn: ({ approvalId, at }: ApproveMatterInput & { readonly at: string }): Promise<Taken> =>
      asActor(sql, SYSTEM, async tx => takenOf(await attendApproval(tx, approvalId, new Date(at)))),
  }
}

export function takenOf(attended: Attended): Taken {
  return attended.kind === 'ended' ? attended : { ...attended, lookAgainAt: attended.lookAgainAt?.toISOString() ?? null }
}
