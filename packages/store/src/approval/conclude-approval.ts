import type { Tx } from '../sql.ts'
import type { Approval } from './approval.ts'
import { closeApproval, type Conclusion } from './close-approval.ts'
import { SUBJECTS } from './subjects/index.ts'
import { tellMaker } from './tell-people.ts'

/** Ends an approval whose row is locked, and has its subject do what follows from it: once, in this transaction. */
export async function concludeApproval(tx: Tx, approval: Approval, as: Conclusion, reason?: string): Promise<Conclusion> {
  if (as === 'approved') await SUBJECTS[approval.kind].approve(tx, approval)
  else await SUBJECTS[approval.kind].reject(tx, approval, reason ?? 'rejected by an approver')
  await closeApproval(tx, approval, as, reason)
  await tellMaker(tx, approval, 'task.decided', OUTCOME_WORDS[as])
  return as
}

const OUTCOME_WORDS = {
  approved: { outcome: '批准 approved', comment: '' },
  rejected: { outcome: '拒绝 rejected', comment: '' },
} as const
