export interface ImportLedgerInput {
  readonly importId: string
  readonly segmentId: number
  readonly step: 'stage' | 'apply'
  /** Grows with each reconfiguration, so that the id of the run is new. */
  readonly version: number
}

export const IMPORT_LEDGER = 'importLedger'

export function importLedgerId(input: ImportLedgerInput): string {
  return `import-${input.importId}-${input.step}-${input.version}`
}
