import type { HoldStatus } from '../../graphql/generated/graphql.ts'

export const HOLD_TONE = { OPEN: 'warning', RELEASED: 'success', CANCELLED: 'neutral' } as const satisfies Record<HoldStatus, string>
