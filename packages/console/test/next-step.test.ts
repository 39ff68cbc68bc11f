import { expect, it } from 'vitest'
import { nextStepOf } from '../src/features/customers/next-step.ts'

const account = {
  limitKind: 'AMOUNT',
  limitValidTo: '2026-12-31',
  nextReviewOn: '2026-12-01',
  exposure: { available: '100.00', overdue: '0.00', oldestOverdueDays: null as number | null },
  limitHistory: [{}] as unknown[],
}
const today = '2026-03-05'
const application = (status: string) => ({ id: '7', status, currentLevel: 2 })

it.each([
  ['nothing to do', {}, [], undefined],
  [
    'an application under way comes first',
    { exposure: { available: '-5.00', overdue: '9.00', oldestOverdueDays: 4 } },
    ['IN_APPROVAL'],
    'in-approval',
  ],
  ['a returned application', {}, ['RETURNED'], 'returned'],
  ['a closed application is no longer a step', {}, ['APPROVED'], undefined],
  [
    'overdue is collected before the limit is raised',
    { exposure: { available: '-5.00', overdue: '9.00', oldestOverdueDays: 4 } },
    [],
    'collect',
  ],
  ['over the limit without overdue', { exposure: { available: '-5.00', overdue: '0.00', oldestOverdueDays: null } }, [], 'over-limit'],
  ['an expired limit', { limitValidTo: '2026-03-04' }, [], 'expired'],
  ['a limit is valid on its last day', { limitValidTo: '2026-03-05' }, [], undefined],
  ['a review that is due', { nextReviewOn: '2026-03-01' }, [], 'review-due'],
  ['a customer who never had a limit', { limitKind: 'NONE', limitValidTo: null, nextReviewOn: null, limitHistory: [] }, [], 'apply'],
  ['a customer who was refused is not told to apply', { limitKind: 'NONE', limitValidTo: null, nextReviewOn: null }, [], undefined],
])('%s', (_, change, statuses, expected) => {
  expect(nextStepOf({ account: { ...account, ...change }, applications: statuses.map(application), today })?.kind).toBe(expected)
})
