import { known, knownMoney, missing, type Computed, type FactTable } from './fact.ts'
import type { Occasion } from './occasion.ts'
import type { BookView } from './view.ts'

export const approvalFacts = {
  approvalKind: {
    type: 'enum',
    source: 'request',
    values: [
      { value: 'hold_release', label: { en: 'Release of a held order', zh: '放行被拦截订单' } },
      { value: 'security_acceptance', label: { en: 'Acceptance of a security', zh: '担保接受' } },
      { value: 'write_off', label: { en: 'Write-off', zh: '坏账核销' } },
    ],
    label: { en: 'What is to be approved', zh: '审批事项' },
  },
  approvalAmount: { type: 'money', min: 0, source: 'request', label: { en: 'Amount at stake', zh: '涉及金额' } },
} as const satisfies FactTable

export function computeApproval(view: BookView, { approval }: Occasion): Record<keyof typeof approvalFacts, Computed> {
  return {
    approvalKind: approval === undefined ? missing('NOT_ASKED') : known(approval.kind),
    approvalAmount:
      approval?.amount === undefined
        ? missing('NOT_ASKED')
        : knownMoney(view.convert(approval.amount.amount, approval.amount.currency), view.currency),
  }
}
