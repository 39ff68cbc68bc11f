import type { Language } from '../i18n/index.ts'

/** `甲、乙或丙`, `A, B, or C`. */
export function formatList(language: Language, items: readonly string[], type: 'conjunction' | 'disjunction' = 'conjunction'): string {
  return new Intl.ListFormat(language, { type }).format(items)
}
