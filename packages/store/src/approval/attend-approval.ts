import { RESUBMISSION_DAYS } from '../applications.ts'
import type { Tx } from '../sql.ts'
import { lockApproval, type Approval } from './approval.ts'
import type { Conclusion } from './close-approval.ts'
import { concludeApproval } from './conclude-approval.ts'
import { openStep } from './open-step.ts'
import { remindOrEscalate } from './remind.ts'
import { standingOf } from './standing.ts'

/** Where an approval stands after everything was done that could be done at this moment. */
export type Attended =
  | { readonly kind: 'ended'; readonly as: Conclusion | 'withdrawn' }
  | { readonly kind: 'waiting'; readonly for: WaitsFor; readonly lookAgainAt: Date | null }

/** The named reasons for which an approval may wait. */
export type WaitsFor = 'votes' | 'rework' | 'authority'

/**
 * Takes an approval as far as it goes by itself: opens the next step, reminds, escalates, and ends it when all have signed, somebody
 * rejected or its maker never came back. Silence is never a yes. Harmless when repeated; `at` is the moment by the asker's clock.
 */
export async function attendApproval(tx: Tx, approvalId: string, at: Date): Promise<Attended> {
  const approval = await lockApproval(tx, approvalId)
  if (!approval) throw new ApprovalNotFound(approvalId)
  if (approval.status === 'returned') return attendReturned(tx, approval, at)
  if (approval.status !== 'open') return { kind: 'ended', as: approval.status }
  if (approval.blocked !== null) return { kind: 'waiting', for: 'authority', lookAgainAt: null }

  const standing = await standingOf(tx, approval)
  switch (standing.kind) {
    case 'passed':
      return { kind: 'ended', as: await concludeApproval(tx, approval, 'approved') }
    case 'rejected':
      return { kind: 'ended', as: await concludeApproval(tx, approval, 'rejected') }
    case 'open':
      return { kind: 'waiting', for: 'votes', lookAgainAt: await remindOrEscalate(tx, standing.taskId, at) }
    case 'toOpen': {
      const task = await openStep(tx, approval, standing.level, at)
      return { kind: 'waiting', for: 'votes', lookAgainAt: task.remindHalfAt }
    }
  }
}

async function attendReturned(tx: Tx, approval: Approval, at: Date): Promise<Attended> {
  // Counted by the asker's clock from when it was first seen to be back.
  const [row] = await tx<{ rework_until: Date }[]>`
    update approvals set rework_until = coalesce(rework_until, ${new Date(at.getTime() + RESUBMISSION_DAYS * 86_400_000)}) where id = ${approval.id} returning rework_until`
  const until = row!.rework_until
  if (at < until) return { kind: 'waiting', for: 'rework', lookAgainAt: until }
  const as = await concludeApproval(tx, approval, 'rejected', NEVER_CAME_BACK)
  return { kind: 'ended', as }
}

const NEVER_CAME_BACK = `not resubmitted within ${RESUBMISSION_DAYS} days`

class ApprovalNotFound extends Error {
  readonly code = 'APPROVAL_NOT_FOUND'
  constructor(id: string) {
    super(`Approval ${id} does not exist or belongs to another segment.`)
  }
}
