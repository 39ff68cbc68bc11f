import type { ApprovalKind } from '../../graphql/generated/graphql.ts'

/** The mark of each matter that people sign. */
export const KIND_ICON = {
  CREDIT_APPLICATION: 'i-lucide-file-pen-line',
  LIMIT_CHANGE: 'i-lucide-chart-column',
  TEMPORARY_LIMIT: 'i-lucide-calendar-clock',
  HOLD_RELEASE: 'i-lucide-truck',
  SECURITY_ACCEPTANCE: 'i-lucide-shield-check',
  WRITE_OFF: 'i-lucide-eraser',
  POLICY_CHANGE: 'i-lucide-scale',
} as const satisfies Readonly<Record<ApprovalKind, string>>

export const TASK_KINDS = Object.keys(KIND_ICON) as ApprovalKind[]
