import type { Text } from '@surety/engine'
import { readBlob } from '../blobs.ts'
import { publishChange } from '../live.ts'
import { asActor, today, type Actor, type Sql, type Tx } from '../sql.ts'
import { rowConverter } from './convert-row.ts'
import { ValueDetector, type Detected } from './detect-values.ts'
import { importFields, STATEMENT_ITEMS, type ImportKind } from './fields.ts'
import { findHeader, type Header } from './header.ts'
import { findImport, recallMapping, toImport, type Import, type ImportFormat, type ImportRow } from './import.ts'
import { planImport, type PlanSubject } from './plan.ts'
import { countPlan, samplePlan } from './preview.ts'
import type { RowProblem } from './problems.ts'
import { FileProblem, type Row } from './reading/row.ts'
import { spool, type SpooledFile } from './reading/spool.ts'
import { openTable } from './reading/table.ts'
import { addRowErrors, MAX_ROW_ERRORS, recordPlanErrors } from './row-errors.ts'
import { createStagingTable, dropStagingTable } from './staging-table.ts'
import { suggestKind, suggestMapping, type ImportMapping } from './suggest-mapping.ts'
import type { DecimalSeparator } from './values/amount.ts'
import type { DateOrder } from './values/date.ts'

export interface ImportRunOptions {
  /** Stops between two batches of rows; nothing of the step remains. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ImportProgress) => void
}

export interface ImportProgress {
  readonly phase: 'reading' | 'checking' | 'waiting' | 'applying'
  readonly rowsDone: number
  readonly rowsTotal: number | null
}

/** No import has this number, or none that the actor sees. */
export class ImportNotFound extends Error {
  readonly code = 'IMPORT_NOT_FOUND'
  constructor(id: string) {
    super(`There is no import ${id}.`)
  }
}

/** Somebody else is reading or applying the same import at this moment. */
export class ImportBusy extends Error {
  readonly code = 'IMPORT_BUSY'
  constructor(id: string) {
    super(`Import ${id} is being worked on by another process; wait for it to end.`)
  }
}

/**
 * Reads a file into the staging table and previews what it would change. May run again at any time before the import is
 * applied; ends as `ready`, as `uploaded` with a question in `error`, as `failed`, or as `cancelled`.
 */
export async function stageImport(sql: Sql, actor: Actor, importId: string, options: ImportRunOptions = {}): Promise<Import> {
  const run = new ImportRun(sql, actor, importId, options)
  const begun = await run.begin('staging', ['uploaded', 'staging', 'ready', 'failed'])
  if (begun.kind === 'over') return begun.import
  const { row } = begun
  if (!row.blob_sha256) throw new Error(`Import ${importId} came without a file; its records have to be sent again.`)
  const sha256 = row.blob_sha256.toString('hex')
  const file = await asActor(sql, run.everywhere, tx => spool(readBlob(tx, sha256), options.signal))
  try {
    const reading = await understand(run, file, row)
    if (reading.kind === 'question') return await run.ask(reading.code, reading.message)
    return await load(run, reading)
  } catch (error) {
    if (error instanceof FileProblem) return await run.fail(error.code, error.text)
    return await run.endBy(error)
  } finally {
    await file.close()
  }
}

/** Reads records into the staging table, as `stageImport` does with a file. */
export async function stageRecords(
  sql: Sql,
  actor: Actor,
  importId: string,
  rows: AsyncIterable<readonly Row[]>,
  options: ImportRunOptions = {},
): Promise<Import> {
  const run = new ImportRun(sql, actor, importId, options)
  const begun = await run.begin('staging', ['uploaded'])
  if (begun.kind === 'over') return begun.import
  const kind = begun.row.kind!
  const columns = importFields(kind).map(({ key }) => key)
  try {
    return await load(run, {
      kind: 'reading',
      importKind: kind,
      rows: () => rows,
      header: { rowNumber: 0, columns },
      mapping: Object.fromEntries(columns.map(key => [key, key])),
      dateOrder: undefined,
      decimalSeparator: '.',
      rowsTotal: null,
      subject: toSubject(begun.row, kind, true),
      segmentId: begun.row.segment_id,
    })
  } catch (error) {
    return await run.endBy(error)
  }
}

/** What both steps of an import share: claiming it, telling how far it is, hearing that it is cancelled. */
export class ImportRun {
  readonly sql: Sql
  readonly importId: string
  readonly options: ImportRunOptions
  /** The import was admitted to a segment; the numbers in it may be known in others, so the work sees all. */
  readonly everywhere: Actor
  #toldAt = 0

  constructor(sql: Sql, actor: Actor, importId: string, options: ImportRunOptions) {
    this.sql = sql
    this.importId = importId
    this.options = options
    this.everywhere = { ...actor, segments: '*' }
    this.#actor = actor
  }
  readonly #actor: Actor

  async begin(
    status: 'staging' | 'applying',
    from: readonly string[],
  ): Promise<{ kind: 'begun'; row: ImportRow } | { kind: 'over'; import: Import }> {
    return asActor(this.sql, this.#actor, async tx => {
      if (!(await findImport(tx, this.importId))) throw new ImportNotFound(this.importId)
      const [row] = await tx<ImportRow[]>`select * from imports where id = ${this.importId} for update`
      if (row!.cancel_requested && !['applied', 'failed'].includes(row!.status)) return { kind: 'over', import: await this.#cancelled(tx) }
      if (!from.includes(row!.status)) return { kind: 'over', import: toImport(row!) }
      await tx`update imports set status = ${status}, rows_done = 0, error = null where id = ${this.importId}`
      await publishChange(tx, { entity: 'Import', id: this.importId, segmentId: row!.segment_id })
      return { kind: 'begun', row: row! }
    })
  }

  /** One worker at a time; held until the transaction ends, however it ends. */
  async claim(tx: Tx): Promise<void> {
    const [lock] = await tx<
      { held: boolean }[]
    >`select pg_try_advisory_xact_lock(${IMPORT_LOCK}, ${Number(BigInt(this.importId) % 2_147_483_647n)}) as held`
    if (!lock!.held) throw new ImportBusy(this.importId)
  }

  /** Tells how far it is, on a connection of its own so that others see it, and throws when somebody cancelled. */
  async step(phase: ImportProgress['phase'], rowsDone: number, rowsTotal: number | null): Promise<void> {
    this.options.signal?.throwIfAborted()
    const now = performance.now()
    if (now - this.#toldAt < 500) return
    this.#toldAt = now
    this.options.onProgress?.({ phase, rowsDone, rowsTotal })
    const isCancelled = await asActor(this.sql, this.everywhere, async tx => {
      const [row] = await tx<{ cancel_requested: boolean; segment_id: number }[]>`
        update imports set rows_done = ${rowsDone}, rows_total = ${rowsTotal} where id = ${this.importId} returning cancel_requested, segment_id`
      await publishChange(tx, { entity: 'Import', id: this.importId, segmentId: row!.segment_id })
      return row!.cancel_requested
    })
    if (isCancelled) throw new Cancelled()
  }

  async ask(code: string, message: Text): Promise<Import> {
    return this.#end('uploaded', { code, ...message })
  }

  async fail(code: string, message: Text): Promise<Import> {
    return this.#end('failed', { code, ...message })
  }

  /** What an error in the middle means: a cancellation ends the import, anything else is the caller's to try again. */
  async endBy(error: unknown): Promise<Import> {
    if (!(error instanceof Cancelled)) throw error
    return asActor(this.sql, this.everywhere, tx => this.#cancelled(tx))
  }

  async #cancelled(tx: Tx): Promise<Import> {
    await dropStagingTable(tx, this.importId)
    const [row] = await tx<
      ImportRow[]
    >`update imports set status = 'cancelled', counts = '{}', preview = '[]' where id = ${this.importId} returning *`
    await publishChange(tx, { entity: 'Import', id: this.importId, segmentId: row!.segment_id })
    return toImport(row!)
  }

  async #end(status: 'uploaded' | 'failed', error: { code: string; en: string; zh: string }): Promise<Import> {
    return asActor(this.sql, this.everywhere, async tx => {
      await dropStagingTable(tx, this.importId)
      const [row] = await tx<ImportRow[]>`
        update imports set status = ${status}, error = ${tx.json(error)}, counts = '{}', preview = '[]' where id = ${this.importId} returning *`
      await publishChange(tx, { entity: 'Import', id: this.importId, segmentId: row!.segment_id })
      return toImport(row!)
    })
  }
}

const IMPORT_LOCK = 58_230_021

class Cancelled extends Error {}

interface Reading {
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
async function understand(run: ImportRun, file: SpooledFile, row: ImportRow): Promise<Reading | Question> {
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
    subject: toSubject(row, kind, mapping['settledOn'] !== undefined),
    rows: () => table.rows(),
  }
}

/** Copies the rows, plans, and previews, all in one transaction: a crash leaves nothing behind. */
async function load(run: ImportRun, reading: Reading): Promise<Import> {
  const { header, mapping, subject, segmentId, rowsTotal } = reading
  return asActor(run.sql, run.everywhere, async tx => {
    await run.claim(tx)
    const [segment] = await tx<{ currency: string }[]>`select currency from segments where id = ${segmentId}`
    const convert = rowConverter({
      kind: reading.importKind,
      columns: header.columns,
      mapping,
      dateOrder: reading.dateOrder,
      decimalSeparator: reading.decimalSeparator,
      currency: segment!.currency,
      today: today(tx),
    })
    const problems: RowProblem[] = []
    let wrong = 0
    let read = 0
    const writer = await createStagingTable(tx, run.importId)
    try {
      for await (const batch of reading.rows()) {
        for (const row of batch) {
          if (row.number <= header.rowNumber) continue
          read += 1
          const converted = convert(row)
          if (converted.kind === 'row') {
            if (writer.add(converted.row)) await writer.flush()
          } else {
            wrong += 1
            for (const problem of converted.problems) if (problems.length < MAX_ROW_ERRORS) problems.push(problem)
          }
        }
        await run.step('reading', read, rowsTotal)
      }
      await writer.finish()
    } catch (error) {
      writer.abort(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
    run.options.onProgress?.({ phase: 'checking', rowsDone: read, rowsTotal: read })
    if (read === 0) throw new FileProblem('NO_ROWS', 'There is a header, but no row below it.', '只有表头，没有数据行。')
    await tx`analyze ${tx(`staging.import_${run.importId}`)}`
    await tx`delete from import_errors where import_id = ${run.importId}`
    await addRowErrors(tx, { id: run.importId, segmentId }, problems)
    await planImport(tx, subject)
    await recordPlanErrors(tx, subject, field => mapping[field])
    const counts = { ...(await countPlan(tx, subject, wrong)), staged: writer.count }
    const preview = await samplePlan(tx, subject)
    const [row] = await tx<ImportRow[]>`
      update imports set
        status = 'ready', rows_total = ${read}, rows_done = ${read}, counts = ${tx.json(counts)}, preview = ${tx.json(preview as never)}, error = null
      where id = ${run.importId} returning *`
    await publishChange(tx, { entity: 'Import', id: run.importId, segmentId })
    return toImport(row!)
  })
}

export function toSubject(row: Pick<ImportRow, 'id' | 'segment_id' | 'source'>, kind: ImportKind, tellsSettlements: boolean): PlanSubject {
  return { id: row.id, kind, segmentId: row.segment_id, source: row.source, tellsSettlements }
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
