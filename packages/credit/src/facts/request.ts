import { Decimal, type Money } from '../money.ts'
import { limitOf } from './account.ts'
import { known, knownMoney, knownNumber, missing, type Computed, type FactTable } from './fact.ts'
import type { Occasion } from './occasion.ts'
import { percentOf, type BookView } from './view.ts'

export const requestFacts = {
  requestedLimit: { type: 'money', min: 0, source: 'request', label: { en: 'Requested limit', zh: '申请额度' } },
  requestedTermsDays: { type: 'integer', unit: 'day', min: 0, source: 'request', label: { en: 'Requested terms', zh: '申请账期' } },
  annualPurchases: { type: 'money', min: 0, source: 'request', label: { en: 'Expected purchases, yearly', zh: '预计年采购额' } },
  proposedLimit: { type: 'money', min: 0, source: 'request', label: { en: 'Proposed limit', zh: '拟批额度' } },
  proposedTermsDays: { type: 'integer', unit: 'day', min: 0, source: 'request', label: { en: 'Proposed terms', zh: '拟批账期' } },
  limitChangeAmount: {
    type: 'money',
    source: 'request',
    label: { en: 'Change of limit', zh: '额度变动' },
    description: {
      en: 'Proposed (else requested) less the limit in force; no credit and no decision count as zero here.',
      zh: '拟批额度（没有则申请额度）减当前额度；未核定与不授信在此按零计。',
    },
  },
  limitChange: {
    type: 'percent',
    source: 'request',
    label: { en: 'Change of limit, %', zh: '额度变动率' },
    description: { en: 'Against the limit in force; 100 when there was none.', zh: '相对当前额度；原来没有额度为 100。' },
  },
} as const satisfies FactTable

export function computeRequest(view: BookView, { request }: Occasion): Record<keyof typeof requestFacts, Computed> {
  const money = (value: Money | undefined): Computed =>
    value === undefined ? missing('NOT_ASKED') : knownMoney(view.convert(value.amount, value.currency), view.currency)
  const days = (value: number | undefined): Computed => (value === undefined ? missing('NOT_ASKED') : known(value))
  const target = request?.proposedLimit ?? request?.limit
  const limit = limitOf(view)
  const now = limit?.kind === 'amount' ? new Decimal(limit.amount.amount) : new Decimal(0)
  const change = target && view.convert(target.amount, target.currency).minus(now)
  const isOpenEnded = limit?.kind === 'unlimited'
  return {
    requestedLimit: money(request?.limit),
    requestedTermsDays: days(request?.termsDays),
    annualPurchases: money(request?.annualPurchases),
    proposedLimit: money(request?.proposedLimit),
    proposedTermsDays: days(request?.proposedTermsDays),
    limitChangeAmount: change === undefined ? missing('NOT_ASKED') : isOpenEnded ? missing('UNLIMITED') : knownMoney(change, view.currency),
    limitChange:
      change === undefined
        ? missing('NOT_ASKED')
        : isOpenEnded
          ? missing('UNLIMITED')
          : now.isZero()
            ? known(change.isZero() ? 0 : 100)
            : knownNumber(percentOf(change, now), 2),
  }
}
