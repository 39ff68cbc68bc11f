import { addMonths } from '@surety/credit'
import { approveApplication, findApplication, rejectApplication, returnApplication } from '../../applications.ts'
import { findDecision } from '../../decisions.ts'
import { today, type Tx } from '../../sql.ts'
import type { Subject } from './subject.ts'

/** A limit that was asked for is put in force, for as long as the recommendation says. */
export const creditApplication: Subject = {
  check: async () => [],
  async approve(tx, { subjectId, round }) {
    const application = await findApplication(tx, subjectId)
    const recommendation = application?.recommendationId ? await findDecision(tx, application.recommendationId) : undefined
    await approveApplication(tx, subjectId, {
      round,
      reason: `application ${subjectId}`,
      ...dateAfter(tx, 'validTo', recommendation?.result.outputs['validMonths']),
      ...dateAfter(tx, 'nextReviewOn', recommendation?.result.outputs['reviewMonths']),
    })
  },
  async reject(tx, { subjectId, round }, reason) {
    await rejectApplication(tx, subjectId, { round, reason })
  },
  async giveBack(tx, { subjectId, round }, reason) {
    await returnApplication(tx, subjectId, { round, reason: reason ?? 'returned by an approver' })
  },
}

function dateAfter<K extends string>(tx: Tx, key: K, months: unknown): { readonly [key in K]?: string } {
  return (typeof months === 'number' ? { [key]: addMonths(today(tx), months) } : {}) as { readonly [key in K]?: string }
}
