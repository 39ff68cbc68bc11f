import { decideSecurity, findSecurity } from '../../securities.ts'
import type { Issue } from '../../result.ts'
import type { Tx } from '../../sql.ts'
import type { Approval } from '../approval.ts'
import { asLastSignatory } from './last-signatory.ts'
import type { Subject } from './subject.ts'

/** A security that was proposed counts from when people agreed that it does. One that was decided meanwhile stays as it is. */
export const securityAcceptance: Subject = {
  async check(tx, { subjectId }): Promise<Issue[]> {
    const security = await findSecurity(tx, subjectId)
    if (security?.state === 'proposed') return []
    return [
      {
        path: ['security'],
        code: 'NOT_PROPOSED',
        message: { en: 'This security is not waiting to be accepted.', zh: '该担保不在待接受状态。' },
      },
    ]
  },
  approve: (tx, approval) => decide(tx, approval, 'accept', approval.purpose),
  reject: (tx, approval, reason) => decide(tx, approval, 'decline', reason),
}

async function decide(tx: Tx, approval: Approval, outcome: 'accept' | 'decline', comment: string | null): Promise<void> {
  const signed = await asLastSignatory(tx, approval)
  const security = await findSecurity(signed, approval.subjectId)
  if (security?.state !== 'proposed') return
  await decideSecurity(signed, { id: security.id, version: security.version, outcome, comment })
}
