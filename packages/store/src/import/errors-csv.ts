import type { Tx } from '../sql.ts'
import { findImport } from './import.ts'

/** The row errors of an import as CSV for a spreadsheet, in one language; cells that a spreadsheet would run as formulas are disarmed. */
export async function* errorsCsv(tx: Tx, importId: string, language: 'en' | 'zh-CN'): AsyncGenerator<string> {
  const words = language === 'en' ? ENGLISH : CHINESE
  // With a byte order mark, or Excel takes it for something else than UTF-8.
  yield `\ufeff${line(words.header)}`
  let kept = 0
  for (let last = { row: '0', id: '0' }; ;) {
    const errors = await tx<
      { id: string; row_number: string; column_name: string | null; code: string; message: string; value: string | null }[]
    >`
      select id, row_number, column_name, code, ${language === 'en' ? tx`message_en` : tx`message_zh`} as message, value
      from import_errors where import_id = ${importId} and (row_number, id) > (${last.row}, ${last.id}) order by row_number, id limit 2000`
    if (errors.length === 0) break
    kept += errors.length
    last = { row: errors.at(-1)!.row_number, id: errors.at(-1)!.id }
    yield errors.map(error => line([error.row_number, error.column_name ?? '', error.code, error.message, error.value ?? ''])).join('')
  }
  const wrong = (await findImport(tx, importId))?.counts?.wrong ?? 0
  const [rows] = await tx<{ count: string }[]>`select count(distinct row_number) from import_errors where import_id = ${importId}`
  const more = wrong - Number(rows!.count)
  if (kept > 0 && more > 0) yield line(['', '', 'MORE', words.more(more), ''])
}

const ENGLISH = { header: ['row', 'column', 'code', 'message', 'value'], more: (count: number) => `and ${count} more rows` }
const CHINESE = { header: ['行', '列', '代码', '说明', '值'], more: (count: number) => `另有 ${count} 行` }

function line(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

function cell(text: string): string {
  const disarmed = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n;']/.test(disarmed) ? `"${disarmed.replaceAll('"', '""')}"` : disarmed
}
