import type { Issue, Result } from '../../result.ts'
import type { Tx } from '../../sql.ts'
import type { Approval } from '../approval.ts'

/**
 * What one kind of matter makes of its approval. Each act runs in the transaction that ends the round, with the approval locked,
 * so that it happens exactly once; one that throws leaves the approval open and is tried again.
 */
export interface Subject {
  /** What is wrong with what is asked, before people are asked. */
  check(tx: Tx, asked: Pick<Approval, 'subjectId' | 'request' | 'amount' | 'currency' | 'segmentId'>): Promise<Issue[]>
  /** What a vote means to a matter that keeps votes of its own; anything but `ok` refuses it. */
  vote?(
    tx: Tx,
    approval: Approval,
    decision: { readonly outcome: 'approve' | 'reject' | 'return'; readonly comment?: string | null },
  ): Promise<Result<unknown>>
  approve(tx: Tx, approval: Approval): Promise<void>
  reject(tx: Tx, approval: Approval, reason: string): Promise<void>
  /** It goes back to its maker. */
  giveBack?(tx: Tx, approval: Approval, reason?: string): Promise<void>
  /** Its maker takes it back for good. */
  withdraw?(tx: Tx, approval: Approval): Promise<void>
}
