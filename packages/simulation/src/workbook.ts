import writeWorkbook from 'write-excel-file/node'
import type { ReportTable } from './report-tables.ts'

/** Writes tables as an .xlsx file, a sheet each. */
export async function writeTables(tables: readonly ReportTable[], file: string): Promise<void> {
  await writeWorkbook(
    tables.map(({ name, header, rows }) => ({
      sheet: name,
      stickyRowsCount: 1,
      data: [
        header.map(value => ({ value, fontWeight: 'bold' as const })),
        ...rows.map(row => row.map(value => (value === null ? null : { value }))),
      ],
      columns: header.map(title => ({ width: Math.max(12, Math.min(40, title.length + 4)) })),
    })) as never,
  ).toFile(file)
}
