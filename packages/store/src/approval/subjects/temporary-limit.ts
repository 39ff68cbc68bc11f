import { parseMoney } from '@surety/credit'
import { setTemporaryLimit } from '../../limits.ts'
import type { Issue } from '../../result.ts'
import { today } from '../../sql.ts'
import { asLastSignatory } from './last-signatory.ts'
import type { Subject } from './subject.ts'

/** A limit for a season: in force between two days, after which the account's own one counts again. */
export const temporaryLimit: Subject = {
  async check(tx, { amount, currency, request }) {
    const issues: Issue[] = []
    const parsed = parseMoney(amount ?? '', currency ?? 'CNY')
    if (parsed.kind === 'problem') issues.push({ path: ['amount'], code: parsed.code, message: parsed.message })
    const { from, to } = request
    if (!isDay(from)) issues.push({ path: ['from'], code: 'NOT_A_DAY', message: { en: 'Say from which day.', zh: '请填写起始日期。' } })
    if (!isDay(to) || (isDay(from) && to < from) || to < today(tx)) {
      issues.push({
        path: ['to'],
        code: 'BAD_PERIOD',
        message: { en: 'The last day lies after the first one, and not in the past.', zh: '截止日期须晚于起始日期且不早于今天。' },
      })
    }
    return issues
  },
  async approve(tx, approval) {
    await setTemporaryLimit(await asLastSignatory(tx, approval), {
      accountId: approval.subjectId,
      kind: 'amount',
      amount: approval.grantedAmount ?? approval.amount,
      from: String(approval.request['from']),
      until: String(approval.request['to']),
      reason: approval.purpose ?? `approval ${approval.id}`,
    })
  },
  reject: async () => {},
}

function isDay(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
}
