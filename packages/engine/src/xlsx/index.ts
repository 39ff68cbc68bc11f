export { exportWorkbook } from './export.ts'
export { importWorkbook, type ImportedWorkbook } from './import.ts'
