export { type ExportedDmn, exportDmn } from './export.ts'
export { type ImportedDmn, importDmn } from './import.ts'
