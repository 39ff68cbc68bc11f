import { CsvReader, detectDelimiter } from './csv.ts'
import { decodeText, detectEncoding, ENCODINGS, type Encoding } from './encoding.ts'
import { fileKind } from './file-kind.ts'
import { FileProblem, type Row } from './row.ts'
import type { SpooledFile } from './spool.ts'
import { openWorkbook } from './xlsx.ts'

/** How a file is read: what was chosen, and what was detected where nothing was. */
export interface TableFormat {
  readonly kind: 'csv' | 'xlsx'
  readonly encoding?: string
  readonly delimiter?: string
  readonly sheet?: string
  readonly sheets?: readonly string[]
}

export interface Table {
  readonly format: TableFormat
  /** From the top, each time; rows come in batches and empty ones are left out. */
  rows(): AsyncIterable<readonly Row[]>
}

/** Opens a CSV file or workbook, whatever its name says. */
export async function openTable(file: SpooledFile, chosen: Partial<TableFormat>): Promise<Table> {
  return (await fileKind(file)) === 'xlsx' ? openXlsx(file, chosen) : openCsv(file, chosen)
}

async function openXlsx(file: SpooledFile, chosen: Partial<TableFormat>): Promise<Table> {
  const workbook = await openWorkbook(file)
  const sheet = chosen.sheet ?? workbook.sheets[0] ?? ''
  return {
    format: { kind: 'xlsx', sheet, sheets: workbook.sheets },
    rows: () => withoutEmpty(workbook.rows(sheet)),
  }
}

async function openCsv(file: SpooledFile, chosen: Partial<TableFormat>): Promise<Table> {
  const encoding = chosen.encoding ? knownEncoding(chosen.encoding) : await detectEncoding(file)
  const delimiter = chosen.delimiter ? knownDelimiter(chosen.delimiter) : detectDelimiter(await beginning(file, encoding))
  return {
    format: { kind: 'csv', encoding, delimiter },
    rows: () => withoutEmpty(csvRows(file, encoding, delimiter)),
  }
}

function knownEncoding(name: string): Encoding {
  const encoding = ENCODINGS.find(known => known === name.toLowerCase())
  if (encoding) return encoding
  throw new FileProblem(
    'UNKNOWN_ENCODING',
    `${JSON.stringify(name)} is no encoding that is read here; choose one of ${ENCODINGS.join(', ')}.`,
    `不支持编码“${name}”；可选：${ENCODINGS.join('、')}。`,
  )
}

function knownDelimiter(text: string): string {
  if (text.length === 1 && !/["\r\n]/.test(text)) return text
  throw new FileProblem(
    'BAD_DELIMITER',
    `A delimiter is one character, such as , or ;, not ${JSON.stringify(text)}.`,
    `分隔符应为单个字符，例如逗号或分号，而不是 ${JSON.stringify(text)}。`,
  )
}

async function beginning(file: SpooledFile, encoding: Encoding): Promise<string> {
  let text = ''
  for await (const piece of decodeText(file, encoding, 256 * 1024)) text += piece
  return text
}

async function* csvRows(file: SpooledFile, encoding: Encoding, delimiter: string): AsyncIterable<readonly Row[]> {
  const reader = new CsvReader(delimiter)
  for await (const text of decodeText(file, encoding)) yield reader.push(text)
  yield reader.end()
}

async function* withoutEmpty(batches: AsyncIterable<readonly Row[]>): AsyncIterable<readonly Row[]> {
  for await (const batch of batches) {
    const rows = batch.filter(
      ({ number, cells, flaw }) =>
        (flaw || cells.some(cell => cell !== '' && cell.trim() !== '')) && !(number === 1 && isDelimiterLine(cells)),
    )
    if (rows.length > 0) yield rows
  }
}

// Excel's own way of saying how a CSV file is delimited: `sep=;`.
function isDelimiterLine(cells: readonly string[]): boolean {
  return cells.length <= 2 && /^sep=.?$/i.test(cells[0] ?? '') && (cells[1] ?? '') === ''
}
