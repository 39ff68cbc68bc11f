import type { ImportStatus } from '../../graphql/generated/graphql.ts'

/** How the state of an import bears on its reader. */
export const IMPORT_TONE = {
  UPLOADED: 'neutral',
  STAGING: 'neutral',
  READY: 'info',
  APPLYING: 'accent',
  APPLIED: 'success',
  CANCELLED: 'line',
  FAILED: 'danger',
} as const satisfies Readonly<Record<ImportStatus, string>>
