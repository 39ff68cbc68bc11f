import { proxyActivities } from '@temporalio/workflow'
import type { ImportLedgerActivities } from '../activities/import-ledger.ts'
import type { ImportLedgerInput } from '../contract/index.ts'

const { stageImport, applyImport } = proxyActivities<ImportLedgerActivities>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30 seconds',
  // Staging starts over and applying is one transaction, so another attempt after a crash is harmless.
  retry: { maximumAttempts: 5, initialInterval: '1 second', maximumInterval: '1 minute' },
})

/** Reads an uploaded file into the staging area, or applies what was staged to the book. */
export async function importLedger(input: ImportLedgerInput): Promise<void> {
  if (input.step === 'stage') await stageImport(input)
  else await applyImport(input)
}
