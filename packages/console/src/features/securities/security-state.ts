import type { SecurityState } from '../../graphql/generated/graphql.ts'

export const SECURITY_TONE = {
  PROPOSED: 'accent',
  UPCOMING: 'info',
  IN_FORCE: 'success',
  EXPIRED: 'warning',
  WITHDRAWN: 'danger',
  DECLINED: 'neutral',
} as const satisfies Record<SecurityState, string>
