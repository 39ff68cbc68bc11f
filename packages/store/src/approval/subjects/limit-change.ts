import { addMonths, checkRecommendations, GRADES, parseMoney, type Recommendation } from '@surety/credit'
import { findAccount, setAccountStatus, setGrade } from '../../accounts.ts'
import { setLimit } from '../../limits.ts'
import type { Issue } from '../../result.ts'
import { today, type Tx } from '../../sql.ts'
import type { Approval } from '../approval.ts'
import { asLastSignatory } from './last-signatory.ts'
import type { Subject } from './subject.ts'

/** Recommendations of the catalogue, put to an account once people agreed: limit, terms, grade, review, hold. */
export const limitChange: Subject = {
  async check(_tx, { request, currency }) {
    const recommendations = recommendationsOf(request)
    const issues: Issue[] = checkRecommendations(recommendations).map(({ index, code, message }) => ({
      path: ['recommendations', String(index)],
      code,
      message,
    }))
    for (const [index, recommendation] of recommendations.entries()) {
      if (recommendation.kind === 'change_limit') {
        const parsed = parseMoney(recommendation.amount, currency ?? 'CNY')
        if (parsed.kind === 'problem')
          issues.push({ path: ['recommendations', String(index), 'amount'], code: parsed.code, message: parsed.message })
      }
    }
    return issues
  },
  async approve(tx, approval) {
    const signed = await asLastSignatory(tx, approval)
    for (const recommendation of recommendationsOf(approval.request)) await apply(signed, approval, recommendation)
  },
  reject: async () => {},
}

async function apply(tx: Tx, approval: Approval, recommendation: Recommendation): Promise<void> {
  const account = (await findAccount(tx, approval.subjectId))!
  const reason = approval.purpose ?? `approval ${approval.id}`
  switch (recommendation.kind) {
    case 'change_limit': {
      const amount = approval.grantedAmount ?? recommendation.amount
      await setLimit(tx, {
        accountId: account.id,
        kind: Number(amount) > 0 ? 'amount' : 'none',
        amount,
        paymentTermsDays: approval.grantedTermsDays ?? null,
        validTo: recommendation.validTo ?? account.limitValidTo,
        reason,
      })
      return
    }
    case 'change_terms':
      await setLimit(tx, {
        accountId: account.id,
        kind: account.limitKind,
        amount: account.limitAmount,
        validTo: account.limitValidTo,
        paymentTermsDays: approval.grantedTermsDays ?? recommendation.days,
        reason,
      })
      return
    case 'change_grade':
      await setGrade(tx, account.id, { grade: recommendation.grade, score: account.score })
      return
    case 'review_cycle':
      await tx`update credit_accounts set next_review_on = ${addMonths(today(tx), recommendation.months)}, version = version + 1 where id = ${account.id}`
      return
    case 'hold':
      await setAccountStatus(tx, account.id, 'held', reason)
      return
    case 'release':
      await setAccountStatus(tx, account.id, 'active', reason)
      return
    case 'refuse':
      await setLimit(tx, { accountId: account.id, kind: 'none', reason })
      return
    case 'secure':
    case 'no_change':
      return
  }
}

function recommendationsOf({ recommendations }: Approval['request']): readonly Recommendation[] {
  const known = Array.isArray(recommendations) ? (recommendations as Recommendation[]) : []
  return known.filter(({ kind, ...rest }) => kind !== 'change_grade' || GRADES.includes((rest as { grade: never }).grade))
}
