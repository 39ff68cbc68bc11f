import { applyImport as applyInBook, type ImportProgress, type Sql, stageImport as stageInBook, SYSTEM } from '@surety/store'
import { Context } from '@temporalio/activity'
import type { ImportLedgerInput } from '../contract/index.ts'

export type ImportLedgerActivities = ReturnType<typeof createImportLedgerActivities>

export function createImportLedgerActivities({ sql }: { readonly sql: Sql }) {
  const alive = (): { signal: AbortSignal; onProgress: (progress: ImportProgress) => void } => ({
    signal: Context.current().cancellationSignal,
    onProgress: progress => Context.current().heartbeat(progress),
  })
  return {
    stageImport: async ({ importId }: ImportLedgerInput): Promise<void> => void (await stageInBook(sql, SYSTEM, importId, alive())),
    applyImport: async ({ importId }: ImportLedgerInput): Promise<void> => void (await applyInBook(sql, SYSTEM, importId, alive())),
  }
}
