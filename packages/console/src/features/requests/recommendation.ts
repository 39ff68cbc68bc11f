/** One of the catalogue, as a request carries it. */
export type Recommendation =
  | { readonly kind: 'change_limit'; readonly amount: string; readonly validTo?: string }
  | { readonly kind: 'change_terms'; readonly days: number }
  | { readonly kind: 'change_grade'; readonly grade: string }
  | { readonly kind: 'review_cycle'; readonly months: number }
  | { readonly kind: 'hold' | 'release' | 'refuse' | 'secure' | 'no_change' }

/** Those of a request that came from the server; what is none is left out. */
export function readRecommendations(request: unknown): readonly Recommendation[] {
  const list = typeof request === 'object' && request !== null ? (request as { recommendations?: unknown }).recommendations : undefined
  return Array.isArray(list) ? list.filter((one): one is Recommendation => typeof one === 'object' && one !== null && 'kind' in one) : []
}
