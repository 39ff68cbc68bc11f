import type { ImportStatus } from '../../graphql/generated/graphql.ts'
import type { Text } from '../../i18n/useText.ts'

/** Where an import stands for somebody who looks at it: `uploaded` is two things, waiting and asking. */
export type ImportState = 'queued' | 'asks' | 'reading' | 'ready' | 'applying' | 'applied' | 'cancelled' | 'failed'

export const importState = ({ status, error }: { readonly status: ImportStatus; readonly error: Text | null }): ImportState =>
  status === 'UPLOADED' && error ? 'asks' : STATE_OF[status]

/** Somebody is at work on it: it changes by itself. */
export const isAtWork = (state: ImportState): boolean => state === 'queued' || state === 'reading' || state === 'applying'

/** What somebody may still correct about how it is read. */
export const isCorrectable = (state: ImportState): boolean => state === 'asks' || state === 'ready' || state === 'failed'

export const IMPORT_TONE = {
  queued: 'neutral',
  asks: 'warning',
  reading: 'info',
  ready: 'accent',
  applying: 'info',
  applied: 'success',
  cancelled: 'line',
  failed: 'danger',
} as const satisfies Record<ImportState, string>

export const IMPORT_ICON = {
  queued: 'i-lucide-clock',
  asks: 'i-lucide-circle-help',
  reading: 'i-lucide-file-search',
  ready: 'i-lucide-eye',
  applying: 'i-lucide-loader-circle',
  applied: 'i-lucide-check',
  cancelled: 'i-lucide-ban',
  failed: 'i-lucide-circle-alert',
} as const satisfies Record<ImportState, string>

const STATE_OF: Readonly<Record<ImportStatus, ImportState>> = {
  UPLOADED: 'queued',
  STAGING: 'reading',
  READY: 'ready',
  APPLYING: 'applying',
  APPLIED: 'applied',
  CANCELLED: 'cancelled',
  FAILED: 'failed',
}
