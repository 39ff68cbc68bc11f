/** The one thing that would help most with this customer right now, told from what is on the page. */
export type NextStep =
  | { readonly kind: 'in-approval'; readonly application: string; readonly level: number | null }
  | { readonly kind: 'returned'; readonly application: string }
  | { readonly kind: 'collect'; readonly overdue: string; readonly days: number; readonly isOverLimit: boolean }
  | { readonly kind: 'over-limit'; readonly by: string }
  | { readonly kind: 'expired'; readonly on: string }
  | { readonly kind: 'review-due'; readonly on: string }
  | { readonly kind: 'apply' }

interface Situation {
  readonly account: {
    readonly limitKind: string
    readonly limitValidTo: string | null
    readonly nextReviewOn: string | null
    readonly exposure: { readonly available: string | null; readonly overdue: string; readonly oldestOverdueDays: number | null }
    readonly limitHistory: readonly unknown[]
  }
  readonly applications: readonly { readonly id: string; readonly status: string; readonly currentLevel: number | null }[]
  /** ISO day. */
  readonly today: string
}

export function nextStepOf({ account, applications, today }: Situation): NextStep | undefined {
  const underWay = applications.find(({ status }) => status === 'SUBMITTED' || status === 'IN_APPROVAL')
  if (underWay) return { kind: 'in-approval', application: underWay.id, level: underWay.currentLevel }
  const returned = applications.find(({ status }) => status === 'RETURNED')
  if (returned) return { kind: 'returned', application: returned.id }
  const { exposure, limitKind, limitValidTo, nextReviewOn } = account
  const isOverLimit = exposure.available !== null && exposure.available.startsWith('-')
  if (Number(exposure.overdue) > 0 && (exposure.oldestOverdueDays ?? 0) > 0)
    return { kind: 'collect', overdue: exposure.overdue, days: exposure.oldestOverdueDays!, isOverLimit }
  if (isOverLimit) return { kind: 'over-limit', by: exposure.available.slice(1) }
  if (limitKind === 'AMOUNT' && limitValidTo !== null && limitValidTo < today) return { kind: 'expired', on: limitValidTo }
  if (nextReviewOn !== null && nextReviewOn < today) return { kind: 'review-due', on: nextReviewOn }
  if (limitKind === 'NONE' && account.limitHistory.length === 0) return { kind: 'apply' }
  return undefined
}
