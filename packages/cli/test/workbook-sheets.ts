import { createReadStream } from 'node:fs'
import { spool } from '../../store/src/import/reading/spool.ts'
import { openTable } from '../../store/src/import/reading/table.ts'

/** The cells of a workbook's sheets, read by what reads imports. */
export async function openWorkbookSheets(path: string): Promise<Record<string, string[][]>> {
  const sheets: Record<string, string[][]> = {}
  const file = await spool(createReadStream(path))
  try {
    const { format } = await openTable(file, {})
    for (const sheet of format.sheets!) {
      sheets[sheet] = []
      for await (const batch of (await openTable(file, { sheet })).rows()) for (const { cells } of batch) sheets[sheet].push([...cells])
    }
    return sheets
  } finally {
    await file.close()
  }
}
