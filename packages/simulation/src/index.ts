/** Two versions of a policy over a data set: read by DuckDB, decided by the engine's column kernels, compared. */
export { DATA_FORMATS, openDataSet, type DataSet } from './data-set.ts'
export { SimulationProblem } from './problem.ts'
export type { UnreadCells } from './bind-columns.ts'
export type { HistoryColumns } from './read-history.ts'
export {
  simulate,
  type Simulation,
  type SimulationOptions,
  type SimulationProgress,
  type SimulationQuestion,
  type SimulationRun,
} from './simulate.ts'
export { findRecords, type RecordFilter, type SimulatedRecord } from './records.ts'
export { recordTable, reportTables, tableAsCsv, type ReportTable } from './report-tables.ts'
export { writeTables } from './workbook.ts'
