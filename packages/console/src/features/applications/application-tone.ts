import type { ApplicationStatus } from '../../graphql/generated/graphql.ts'

/** How the state of an application bears on its reader. */
export const APPLICATION_TONE = {
  SUBMITTED: 'neutral',
  IN_APPROVAL: 'info',
  RETURNED: 'warning',
  APPROVED: 'success',
  REJECTED: 'danger',
  WITHDRAWN: 'line',
} as const satisfies Readonly<Record<ApplicationStatus, string>>
