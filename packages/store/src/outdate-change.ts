import { findApprovalOf } from './approval/approval.ts'
import { closeApproval } from './approval/close-approval.ts'
import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import type { Tx } from './sql.ts'

/** An edit of the draft makes what was submitted outdated: agreements given are to something else. */
export async function outdateChange(tx: Tx, draftId: string): Promise<void> {
  const [change] = await tx<{ id: string; policy_id: string; content_hash: string }[]>`
    update change_requests set status = 'outdated', closed_at = ${tx.now}, version = version + 1 where draft_id = ${draftId} and status = 'in_review'
    returning id, policy_id, content_hash`
  if (!change) return
  const approval = await findApprovalOf(tx, 'policy_change', change.id)
  if (approval) await closeApproval(tx, approval, 'withdrawn')
  await appendAudit(tx, {
    action: 'change.outdate',
    entity: 'ChangeRequest',
    entityId: change.id,
    after: { policyId: change.policy_id, hash: change.content_hash },
  })
  await publishChange(tx, { entity: 'ChangeRequest', id: change.id, segmentId: null })
}
