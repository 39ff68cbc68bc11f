import type { Text } from '@surety/engine'

/** What new things are called until somebody names them; documents hold both languages, whichever is spoken. */
export const NEW_NAMES = {
  rule: { en: 'New rule', zh: '新规则' },
  step: { en: 'New step', zh: '新步骤' },
  condition: { en: 'New condition', zh: '新条件' },
  reason: { en: 'Reason', zh: '原因' },
  requirement: { en: 'Requirement', zh: '附加要求' },
} as const satisfies Readonly<Record<string, Text>>
