import { similarCases, type SimilarCase } from '@surety/store'
import { builder } from '../builder.ts'
import { enumOf } from './enums.ts'
import { CreditApplicationType, CustomerType } from './refs.ts'
import { MoneyType } from './values.ts'

const SimilarCaseOutcome = enumOf<SimilarCase['outcome']>('SimilarCaseOutcome', ['approved', 'rejected'])

const SimilarCaseType = builder.objectRef<SimilarCase>('SimilarCase').implement({
  description: 'An application decided earlier that resembles this one, and how its customer has paid since.',
  authScopes: { can: 'application.read' },
  fields: t => ({
    applicationId: t.exposeID('applicationId'),
    customer: t.field({ type: CustomerType, resolve: async ({ customerId }, _args, { load }) => (await load.customer.load(customerId))! }),
    outcome: t.expose('outcome', { type: SimilarCaseOutcome }),
    amount: t.field({
      type: MoneyType,
      description: 'Approved: what was granted; rejected: what was asked for.',
      resolve: ({ amount, currency }) => ({ amount, currency }),
    }),
    requestedLimit: t.field({ type: MoneyType, resolve: ({ requestedLimit, currency }) => ({ amount: requestedLimit, currency }) }),
    grade: t.exposeString('grade'),
    score: t.exposeInt('score', { nullable: true }),
    closedAt: t.expose('closedAt', { type: 'DateTime' }),
    gradeNow: t.exposeString('gradeNow', { nullable: true }),
    worstDaysLate: t.exposeInt('worstDaysLate', {
      description: 'The latest payment of anything that fell due since, in days past its due date; 0: all on time.',
    }),
    overdueNow: t.field({ type: MoneyType, resolve: ({ overdueNow, currency }) => ({ amount: overdueNow, currency }) }),
  }),
})

builder.objectField(CreditApplicationType, 'similarCases', t =>
  t.field({
    type: [SimilarCaseType],
    description: 'Same segment, at most one grade away, between half and twice the amount.',
    authScopes: { can: 'application.read' },
    args: { first: t.arg.int({ defaultValue: 5 }) },
    complexity: { field: 20, multiplier: 5 },
    resolve: ({ id }, { first }, { read }) => read('application.read', tx => similarCases(tx, id, Math.min(Math.max(first ?? 5, 1), 20))),
  }),
)
