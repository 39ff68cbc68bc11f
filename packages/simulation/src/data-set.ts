import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import { finished, pipeline } from 'node:stream/promises'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { readSheet } from 'read-excel-file/node'
import { SimulationProblem } from './problem.ts'

export type ColumnType = 'number' | 'date' | 'boolean' | 'text'

/** Rows of a file, as DuckDB holds them under the name `data`. */
export interface DataSet {
  readonly name: string
  /** Of the file's bytes, hexadecimal. */
  readonly sha256: string
  readonly rows: number
  /** In the order of the file. */
  readonly columns: readonly string[]
  /** What the file itself says its columns are; text where it says nothing. */
  readonly types: ReadonlyMap<string, ColumnType>
  /** Answers a query; rows as texts and numbers. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** A query whose columns are all doubles, column by column; `report` hears how many rows have come. */
  doubles(sql: string, columns: number, report?: (rows: number) => void): Promise<Float64Array[]>
  close(): Promise<void>
}

export const DATA_FORMATS = ['.csv', '.parquet', '.xlsx'] as const

/** Opens a CSV (UTF-8, with a header), XLSX (first sheet, header in its first row) or Parquet file. */
export async function openDataSet(file: string): Promise<DataSet> {
  const format = extname(file).toLowerCase()
  if (!(DATA_FORMATS as readonly string[]).includes(format))
    throw new SimulationProblem('UNKNOWN_FORMAT', {
      en: `${basename(file)} should be a .csv, .xlsx or .parquet file.`,
      zh: `${basename(file)} 应为 .csv、.xlsx 或 .parquet 文件。`,
    })
  const sha256 = await hashOf(file)
  const folder = await mkdtemp(join(tmpdir(), 'surety-data-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const close = async (): Promise<void> => {
    connection.closeSync()
    instance.closeSync()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    // Nothing that a file says may make the database reach for other files or the network once it is loaded.
    await load(connection, format, file, folder)
    await connection.run('set enable_external_access = false; set lock_configuration = true')
    const empty = await connection.runAndReadAll('select * from data limit 0')
    const columns = empty.columnNames()
    const types = new Map(columns.map((column, index) => [column, typeOf(empty.columnType(index).toString())]))
    const [[rows]] = (await connection.runAndReadAll('select count(*)::double from data')).getRows() as [[number]]
    if (rows === 0)
      throw new SimulationProblem('NO_ROWS', {
        en: `${basename(file)} holds a header and no rows.`,
        zh: `${basename(file)} 只有表头，没有数据行。`,
      })
    return {
      name: basename(file),
      sha256,
      rows,
      columns,
      types,
      query: async sql => (await connection.runAndReadAll(sql)).getRowObjectsJson(),
      doubles: (sql, count, report) => readDoubles(connection, sql, count, rows, report),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** A name as SQL takes it, whatever it is. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** A text as SQL takes it. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

async function load(connection: DuckDBConnection, format: string, file: string, folder: string): Promise<void> {
  try {
    // Read as text where the file has no types: what a cell means is decided by the fact that it is for, not by its neighbours.
    if (format === '.parquet') await connection.run(`create table data as select * from read_parquet(${literal(file)})`)
    else {
      const csv = format === '.xlsx' ? await sheetAsCsv(file, folder) : file
      const parts = `header = true, all_varchar = true, null_padding = false, nullstr = ''`
      await connection.run(`create table data as select * from read_csv(${literal(csv)}, ${parts})`)
    }
  } catch (cause) {
    if (cause instanceof SimulationProblem) throw cause
    const whole = cause instanceof Error ? cause.message : String(cause)
    const why = whole.split('\n')[0]!
    const isEncoding = /utf-?8|invalid unicode/i.test(whole)
    throw new SimulationProblem(
      isEncoding ? 'NOT_UTF8' : 'UNREADABLE_DATA',
      isEncoding
        ? {
            en: `${basename(file)} is not in UTF-8. Save it as “CSV UTF-8” or as .xlsx and try again.`,
            zh: `${basename(file)} 不是 UTF-8 编码。请另存为“CSV UTF-8”或 .xlsx 后重试。`,
          }
        : { en: `${basename(file)} can't be read: ${why}`, zh: `无法读取 ${basename(file)}：${why}` },
      { cause },
    )
  }
}

function typeOf(type: string): ColumnType {
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL)/.test(type)) return 'number'
  if (/^(DATE|TIMESTAMP)/.test(type)) return 'date'
  return type === 'BOOLEAN' ? 'boolean' : 'text'
}

async function sheetAsCsv(file: string, folder: string): Promise<string> {
  const rows = await readSheet(file)
  const path = join(folder, 'sheet.csv')
  const out = createWriteStream(path)
  for (const row of rows) out.write(`${row.map(cellAsCsv).join(',')}\n`)
  out.end()
  await finished(out)
  return path
}

function cellAsCsv(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text =
    value instanceof Date
      ? value.toISOString().slice(0, 10)
      : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? String(value)
        : JSON.stringify(value)
  return `"${text.replaceAll('"', '""')}"`
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(file), hash)
  } catch (cause) {
    throw new SimulationProblem(
      'NO_FILE',
      { en: `${file} can't be opened; check the path.`, zh: `无法打开 ${file}，请检查路径。` },
      { cause },
    )
  }
  return hash.digest('hex')
}

async function readDoubles(
  connection: DuckDBConnection,
  sql: string,
  count: number,
  rows: number,
  report?: (rows: number) => void,
): Promise<Float64Array[]> {
  const columns = Array.from({ length: count }, () => new Float64Array(rows))
  const result = await connection.stream(sql)
  for (let row = 0; ;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) return columns
    for (let column = 0; column < count; column += 1) {
      // The vector's own array, which its types keep to themselves: reading it value by value takes twenty times as long.
      const { items } = chunk.getColumnVector(column) as unknown as { readonly items: Float64Array }
      columns[column]!.set(items.subarray(0, chunk.rowCount), row)
    }
    row += chunk.rowCount
    report?.(row)
  }
}
