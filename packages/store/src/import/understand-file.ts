import type { Text } from '@surety/engine'
import { asActor } from '../sql.ts'
import { ValueDetector, type Detected } from './detect-values.ts'
import { importFields, STATEMENT_ITEMS, type ImportKind } from './fields.ts'
import { findHeader, type Header } from './header.ts'
import { recallMapping, type ImportFormat, type ImportRow } from './import.ts'
import type { ImportRun } from './import-run.ts'
import { planSubject, type PlanSubject } from './plan.ts'
import { FileProblem, type Row } from './reading/row.ts'
import type { SpooledFile } from './reading/spool.ts'
import { openTable } from './reading/table.ts'
import { suggestKind, suggestMapping, type ImportMapping } from './suggest-mapping.ts'
import type { DecimalSeparator } from './values/amount.ts'
import type { DateOrder } from './values/date.ts'

/** Everything that reading the rows of a table takes. */
export interface Reading {
  readonly kind: 'reading'
  readonly importKind: ImportKind
  readonly segmentId: number
  readonly subject: PlanSubject
  readonly header: Header
  readonly mapping: ImportMapping
  readonly dateOrder: DateOrder | undefined
  readonly decimalSeparator: DecimalSeparator
  readonly rowsTotal: number | null
  rows(): AsyncIterable<readonly Row[]>
}

interface Question {
  readonly kind: 'question'
  readonly code: string
  readonly message: Text
}

const SAMPLE_ROWS = 1000
const SHOWN_ROWS = 20

/** Finds out how the file is to be read, keeps that with the import, and says what has to be asked. */
export async function understandFile(run: ImportRun, file: SpooledFile, row: ImportRow): Promise<Reading | Question> {
  const chosen = row.format
  const table = await openTable(file, chosen)
  const sample = await firstRows(table.rows(), SAMPLE_ROWS)
  const header = findHeader(sample)
  if (!header)
    throw new FileProblem(
      'NO_HEADER',
      'No row with column names was found; the first row should name the columns.',
      '没有找到列名所在的行；第一行应为列名。',
    )
  const body = sample.filter(({ number }) => number > header.rowNumber)
  const cells = body.map(each => each.cells)
  const remembered = await asActor(run.sql, run.everywhere, tx => recallMapping(tx, row.segment_id, header.columns))
  const kind = row.kind ?? remembered?.kind ?? suggestKind(header.columns, cells)?.kind
  // Once the columns are known, a mapping has been seen by somebody: what is not in it was left out on purpose.
  const isSettled = row.columns.length > 0 && Object.keys(row.mapping).length > 0
  const suggested = isSettled || !kind ? {} : remembered?.kind === kind ? remembered.mapping : suggestMapping(kind, header.columns, cells)
  const mapping = { ...suggested, ...row.mapping }
  const detector = kind && new ValueDetector(kind, mapping, header.columns)
  let rowsTotal: number | null = table.format.kind === 'csv' ? await countLines(file) : null
  if (detector && !detectSample(detector, body)) {
    // Somewhere further down there may be a 13th of something.
    for await (const batch of table.rows()) {
      run.options.signal?.throwIfAborted()
      for (const each of batch) if (each.number > header.rowNumber) detector.see(each)
      if (detector.isSure) break
    }
  }
  const dates = chosen.dateFormat ? known(chosen.dateFormat) : (detector?.dateOrder() ?? known(undefined))
  const separator = chosen.decimalSeparator ? known(chosen.decimalSeparator) : (detector?.decimalSeparator() ?? known(undefined))
  const dateOrder = dates.kind === 'known' ? dates.value : remembered?.format.dateFormat
  const decimalSeparator = separator.kind === 'known' ? separator.value : remembered?.format.decimalSeparator
  const format: ImportFormat = {
    ...table.format,
    headerRow: header.rowNumber,
    ...(dateOrder && { dateFormat: dateOrder }),
    ...(decimalSeparator && { decimalSeparator }),
  }
  await asActor(
    run.sql,
    run.everywhere,
    tx => tx`
    update imports set kind = ${kind ?? null}, format = ${tx.json(format as never)}, columns = ${tx.json([...header.columns])}, mapping = ${tx.json(mapping)},
      sample = ${tx.json(cells.slice(0, SHOWN_ROWS).map(each => header.columns.map((_, index) => (each[index] ?? '').slice(0, 200).replaceAll('\0', '␀'))))}
    where id = ${run.importId}`,
  )
  if (!kind)
    return question(
      'UNKNOWN_KIND',
      'The columns don’t say what this file holds; choose the kind and map the columns.',
      '无法从列名判断文件内容；请选择类型并映射列。',
    )
  const unknown = Object.entries(mapping).filter(([, column]) => !header.columns.includes(column))
  if (unknown.length > 0)
    return question(
      'UNKNOWN_COLUMN',
      `The file has no column ${unknown.map(([, column]) => JSON.stringify(column)).join(', ')}; map ${unknown.map(([key]) => key).join(', ')} to another.`,
      `文件中没有列 ${unknown.map(([, column]) => `“${column}”`).join('、')}；请重新映射。`,
    )
  const missing = importFields(kind).filter(field => field.isRequired && mapping[field.key] === undefined)
  if (missing.length > 0)
    return question(
      'MISSING_COLUMNS',
      `No column is mapped to ${missing.map(({ label }) => label.en).join(', ')}.`,
      `尚未映射：${missing.map(({ label }) => label.zh).join('、')}。`,
    )
  if (kind === 'statements' && !STATEMENT_ITEMS.some(({ key }) => mapping[key] !== undefined))
    return question('MISSING_COLUMNS', 'No column is mapped to a figure of the statement.', '尚未映射任何报表项目。')
  if (dates.kind === 'ambiguous' && !dateOrder)
    return question(
      'AMBIGUOUS_DATES',
      `${JSON.stringify(dates.example)} in ${dates.column} may be month/day or day/month, and no row decides; choose the date format.`,
      `“${dates.column}”中的 ${JSON.stringify(dates.example)} 可能是月/日或日/月，整个文件都无法判断；请选择日期格式。`,
    )
  if (separator.kind === 'ambiguous' && !decimalSeparator)
    return question(
      'AMBIGUOUS_AMOUNTS',
      `${JSON.stringify(separator.example)} in ${separator.column} may be thousands or decimals, and no row decides; choose the decimal separator.`,
      `“${separator.column}”中的 ${JSON.stringify(separator.example)} 可能是千位或小数，整个文件都无法判断；请选择小数点。`,
    )
  if (rowsTotal !== null) rowsTotal = Math.max(0, rowsTotal - header.rowNumber)
  return {
    kind: 'reading',
    importKind: kind,
    segmentId: row.segment_id,
    header,
    mapping,
    dateOrder,
    decimalSeparator: decimalSeparator ?? '.',
    rowsTotal,
    subject: planSubject(row, kind, mapping['settledOn'] !== undefined),
    rows: () => table.rows(),
  }
}

async function firstRows(batches: AsyncIterable<readonly Row[]>, most: number): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of batches) {
    for (const row of batch) if (rows.length < most) rows.push(row)
    if (rows.length >= most) break
  }
  return rows
}

function detectSample(detector: ValueDetector, rows: readonly Row[]): boolean {
  for (const row of rows) detector.see(row)
  return detector.isSure || rows.length < SAMPLE_ROWS - 50
}

async function countLines(file: SpooledFile): Promise<number> {
  let lines = 0
  for await (const chunk of file.chunks()) for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1
  return lines
}

function known<T>(value: T): Detected<T> {
  return { kind: 'known', value }
}

function question(code: string, en: string, zh: string): Question {
  return { kind: 'question', code, message: { en, zh } }
}
