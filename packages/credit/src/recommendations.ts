import type { Text } from '@surety/engine'

/** What an analyst may recommend about an account; several at once where they go together. */
export type Recommendation =
  | { readonly kind: 'change_limit'; readonly amount: string; readonly validTo?: string | null }
  | { readonly kind: 'change_terms'; readonly days: number }
  | { readonly kind: 'change_grade'; readonly grade: string }
  | { readonly kind: 'review_cycle'; readonly months: number }
  | { readonly kind: 'hold' }
  | { readonly kind: 'release' }
  | { readonly kind: 'secure'; readonly sharePercent: number }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'no_change' }

export const RECOMMENDATION_KINDS = [
  'change_limit',
  'change_terms',
  'change_grade',
  'review_cycle',
  'hold',
  'release',
  'secure',
  'refuse',
  'no_change',
] as const
export type RecommendationKind = (typeof RECOMMENDATION_KINDS)[number]

export interface RecommendationProblem {
  /** Which of them. */
  readonly index: number
  readonly code: 'NOTHING_RECOMMENDED' | 'RECOMMENDED_TWICE' | 'INCOMPATIBLE'
  readonly message: Text
}

export const RECOMMENDATION_LABELS: Readonly<Record<RecommendationKind, Text>> = {
  change_limit: { en: 'change the limit', zh: '调整额度' },
  change_terms: { en: 'change the terms', zh: '调整账期' },
  change_grade: { en: 'change the grade', zh: '调整等级' },
  review_cycle: { en: 'set the review cycle', zh: '设定复评周期' },
  hold: { en: 'hold the account', zh: '冻结账户' },
  release: { en: 'release the account', zh: '解除冻结' },
  secure: { en: 'ask for security', zh: '要求担保' },
  refuse: { en: 'refuse credit', zh: '拒绝授信' },
  no_change: { en: 'change nothing', zh: '维持不变' },
}

/** Pairs that contradict each other, whichever comes first. */
const INCOMPATIBLE: readonly (readonly [RecommendationKind, RecommendationKind])[] = [
  ['hold', 'release'],
  ['hold', 'change_limit'],
  ['hold', 'change_terms'],
  ['refuse', 'change_limit'],
  ['refuse', 'change_terms'],
  ['refuse', 'release'],
  ['refuse', 'secure'],
  ...RECOMMENDATION_KINDS.filter(kind => kind !== 'no_change' && kind !== 'review_cycle').map(kind => ['no_change', kind] as const),
]

/** Whether recommendations go together: no kind twice, none that contradict each other. */
export function checkRecommendations(recommendations: readonly Recommendation[]): RecommendationProblem[] {
  if (recommendations.length === 0) {
    return [
      {
        index: 0,
        code: 'NOTHING_RECOMMENDED',
        message: { en: 'Recommend something, or to change nothing.', zh: '请至少给出一项建议，或选择维持不变。' },
      },
    ]
  }
  return recommendations.flatMap(({ kind }, index): RecommendationProblem[] => {
    const earlier = recommendations.slice(0, index).map(other => other.kind)
    if (earlier.includes(kind)) {
      const label = RECOMMENDATION_LABELS[kind]
      return [{ index, code: 'RECOMMENDED_TWICE', message: { en: `“${label.en}” is recommended twice.`, zh: `“${label.zh}”重复。` } }]
    }
    const against = earlier.find(other => INCOMPATIBLE.some(pair => pair.includes(kind) && pair.includes(other)))
    if (against === undefined) return []
    const [left, right] = [RECOMMENDATION_LABELS[against], RECOMMENDATION_LABELS[kind]]
    return [
      {
        index,
        code: 'INCOMPATIBLE',
        message: { en: `“${left.en}” and “${right.en}” contradict each other.`, zh: `“${left.zh}”与“${right.zh}”相互矛盾。` },
      },
    ]
  })
}
