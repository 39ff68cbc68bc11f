/** From a file to the book: read, map, stage, preview, apply. */
export { IMPORT_KINDS, importFields, type ImportField, type ImportKind } from './fields.ts'
export {
  approveImport,
  cancelImport,
  configureImport,
  createImport,
  findImport,
  importErrors,
  listImports,
  requestImport,
  type Import,
  type ImportChoices,
  type ImportError,
  type ImportFormat,
  type ImportStatus,
  type NewImport,
} from './import.ts'
export type { ImportMapping } from './suggest-mapping.ts'
export type { ImportChange, ImportCounts } from './preview.ts'
export { ImportBusy, ImportNotFound, type ImportProgress, type ImportRunOptions } from './import-run.ts'
export { stageImport } from './stage-import.ts'
export { applyImport } from './apply-import.ts'
export { errorsCsv } from './errors-csv.ts'
