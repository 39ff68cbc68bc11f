import { appendAudit } from '../audit.ts'
import { publishChange } from '../live.ts'
import type { Tx } from '../sql.ts'

/** What is open of an approval is asked no more. */
export async function cancelOpenTasks(tx: Tx, approvalId: string): Promise<void> {
  const cancelled = await tx<{ id: string; customer_id: string | null; segment_id: number | null }[]>`
    update tasks set status = 'cancelled', decided_at = ${tx.now}, version = version + 1 where approval_id = ${approvalId} and status = 'open' returning id, customer_id, segment_id`
  for (const { id, customer_id, segment_id } of cancelled) {
    await appendAudit(tx, { action: 'task.cancel', entity: 'Task', entityId: id, segmentId: segment_id })
    await publishChange(tx, { entity: 'Task', id, customerId: customer_id, segmentId: segment_id })
  }
}
