import { findChange, voteOnChange, type ChangeOutcome } from '../../change-requests.ts'
import type { Subject } from './subject.ts'

/**
 * A change of a policy takes effect when the last one agrees, in the transaction of that vote: the change request counts, since
 * an agreement is to a content. The approval puts it into people's lists, and ends when the request does.
 */
export const policyChange: Subject = {
  check: async () => [],
  async vote(tx, { subjectId }, { outcome, comment }) {
    const change = await findChange(tx, subjectId)
    if (!change) return { kind: 'notFound' }
    return voteOnChange(tx, { id: subjectId, contentHash: change.contentHash, outcome: OUTCOMES[outcome], comment: comment ?? null })
  },
  approve: async () => {},
  reject: async () => {},
}

const OUTCOMES = { approve: 'approve', reject: 'reject', return: 'request_changes' } as const satisfies Record<string, ChangeOutcome>
