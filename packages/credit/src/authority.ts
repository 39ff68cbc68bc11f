import type { Text } from '@surety/engine'

/** The ladder of authority, lowest first; an approver acts for their own rung and those below. */
export const AUTHORITY_LEVELS = ['credit-officer', 'credit-manager', 'credit-director'] as const
export type AuthorityLevel = (typeof AUTHORITY_LEVELS)[number]

export const AUTHORITY_LEVEL_LABELS: Readonly<Record<AuthorityLevel, Text>> = {
  'credit-officer': { en: 'Credit officer', zh: '信用专员' },
  'credit-manager': { en: 'Credit manager', zh: '信用经理' },
  'credit-director': { en: 'Credit director', zh: '信用总监' },
}

/** From 1; undefined for a level that no ladder knows. */
export function authorityRank(level: string): number | undefined {
  const index = AUTHORITY_LEVELS.indexOf(level as AuthorityLevel)
  return index < 0 ? undefined : index + 1
}
