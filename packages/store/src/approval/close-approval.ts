import { publishChange } from '../live.ts'
import type { Tx } from '../sql.ts'
import { findApproval, type Approval } from './approval.ts'
import { cancelOpenTasks } from './cancel-tasks.ts'
import { recordApproval } from './start-approval.ts'

export type Conclusion = 'approved' | 'rejected'

/** Marks an approval as ended; nothing when it is already. */
export async function closeApproval(
  tx: Tx,
  { id }: Pick<Approval, 'id'>,
  status: Conclusion | 'withdrawn',
  reason?: string,
): Promise<void> {
  const before = await findApproval(tx, id)
  if (!before || (before.status !== 'open' && before.status !== 'returned')) return
  await cancelOpenTasks(tx, id)
  await tx`update approvals set status = ${status}, closed_at = ${tx.now}, version = version + 1 where id = ${id}`
  if (before.kind === 'credit_application') {
    await publishChange(tx, { entity: 'Approval', id, customerId: before.customerId, segmentId: before.segmentId })
  } else {
    await recordApproval(tx, before, {
      action: `approval.${ACTIONS[status]}`,
      reason: reason ?? null,
      before: { status: before.status },
      after: { status },
    })
  }
}

const ACTIONS = { approved: 'approve', rejected: 'reject', withdrawn: 'withdraw' } as const
