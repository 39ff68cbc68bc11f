import { setBit, words, type CodeColumn, type Column, type ColumnSet, type FactDefinition, type Policy } from '@surety/engine'
import { literal, quoted, type DataSet } from './data-set.ts'
import { SimulationProblem } from './problem.ts'

/** Cells that hold something that its fact can't be. They count as missing. */
export interface UnreadCells {
  readonly column: string
  readonly fact: string
  readonly type: string
  readonly count: number
  /** Counted from 1, without the header. */
  readonly firstRow: number
  readonly example: string
}

export interface BoundColumns {
  readonly set: ColumnSet
  /** Facts of the policy without a column; missing in every row. */
  readonly unbound: readonly string[]
  readonly unread: readonly UnreadCells[]
}

/** Columns by fact: those that `mapping` names, else the one that is called like the fact, whatever its case. */
function columnOfFact(data: DataSet, fact: string, mapping: Readonly<Record<string, string>>): string | undefined {
  const wanted = mapping[fact]
  if (wanted !== undefined) return existingColumn(data, wanted)
  return data.columns.find(column => column === fact) ?? data.columns.find(column => fold(column) === fold(fact))
}

/** A column that somebody asked for by name; case does not matter. */
export function existingColumn(data: DataSet, wanted: string): string {
  const found = data.columns.find(column => column === wanted) ?? data.columns.find(column => fold(column) === fold(wanted))
  if (found !== undefined) return found
  throw new SimulationProblem('UNKNOWN_COLUMN', {
    en: `${data.name} has no column ${JSON.stringify(wanted)}. It has: ${data.columns.join(', ')}.`,
    zh: `${data.name} 中没有列 ${JSON.stringify(wanted)}。现有列：${data.columns.join('、')}。`,
  })
}

/** Reads what the policies ask for into typed columns, each source once. */
export async function bindColumns(
  data: DataSet,
  policies: readonly Policy[],
  mapping: Readonly<Record<string, string>>,
  report?: (rows: number) => void,
): Promise<BoundColumns[]> {
  const wanted = new Map<string, Source>()
  const bound = policies.map(policy =>
    Object.entries(policy.facts).map(([fact, definition]) => {
      const column = columnOfFact(data, fact, mapping)
      if (column === undefined) return { fact, key: undefined }
      const form = formOf(definition, fact)
      const key = `${form}\n${column}`
      const known = wanted.get(key)
      if (known) known.facts.push(fact)
      else wanted.set(key, { column, form, type: definition.type, facts: [fact] })
      return { fact, key }
    }),
  )
  const sources = [...wanted.entries()]
  const dictionaries = new Map<string, readonly string[]>()
  for (const [index, [key, { column, form }]] of sources.entries())
    if (form === 'text') dictionaries.set(key, await dictionaryOf(data, column, `words_${index}`))
  const unread = await countUnread(
    data,
    sources.map(([, source]) => source),
  )
  const values =
    sources.length === 0
      ? []
      : await data.doubles(
          `select ${sources.map(([, source], index) => doubleOf(data, source, `words_${index}`)).join(', ')} from data`,
          sources.length,
          report,
        )
  const columns = new Map<string, Column>(
    sources.map(([key, { form }], index) => [key, toColumn(form, values[index]!, dictionaries.get(key) ?? [])]),
  )
  return bound.map(facts => ({
    set: {
      rows: data.rows,
      columns: Object.fromEntries(facts.flatMap(({ fact, key }) => (key === undefined ? [] : [[fact, columns.get(key)!]]))),
    },
    unbound: facts.filter(({ key }) => key === undefined).map(({ fact }) => fact),
    unread: unread.filter(({ fact }) => facts.some(own => own.fact === fact)),
  }))
}

/** A column as codes into its values, for segments. Rows without one get the code of an empty text. */
export async function readSegments(data: DataSet, column: string): Promise<CodeColumn> {
  await data.query(`create or replace temp table segments as select coalesce(trim(${quoted(column)}::varchar), '') as word from data`)
  const found = await data.query('select distinct word from segments order by word')
  const dictionary = found.map(({ word }) => String(word))
  await data.query(`create or replace type segment as enum (select distinct word from segments order by word)`)
  const [codes] = await data.doubles('select enum_code(word::segment)::double from segments', 1)
  return { kind: 'code', codes: Int32Array.from(codes!), dictionary }
}

type Form = 'number' | 'date' | 'boolean' | 'text'

interface Source {
  readonly column: string
  readonly form: Form
  readonly type: string
  readonly facts: string[]
}

const fold = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, '')

function formOf({ type }: FactDefinition, fact: string): Form {
  switch (type) {
    case 'date':
    case 'boolean':
      return type
    case 'enum':
    case 'string':
      return 'text'
    case 'list':
      throw new SimulationProblem('LIST_FACT', {
        en: `Fact ${fact} is a list; a table has no cell for it. Leave its column out, or simulate on the book.`,
        zh: `事实 ${fact} 是列表，无法用表格列表示。请去掉对应列，或在账簿上仿真。`,
      })
    default:
      return 'number'
  }
}

// Thousands separators and percent signs are how people write numbers; anything else is no number.
const NUMBER = (column: string): string =>
  `coalesce(try_cast(${column} as double), try_cast(replace(replace(trim(${column}), ',', ''), '%', '') as double))`
const DAY = (column: string): string => `try_cast(replace(trim(${column})[:10], '/', '-') as date)`
const TRUE = ['true', 't', '1', 'yes', 'y', '是', '真']
const FALSE = ['false', 'f', '0', 'no', 'n', '否', '假']
const among = (column: string, words: readonly string[]): string => `lower(trim(${column})) in (${words.map(literal).join(', ')})`
const BOOLEAN = (column: string): string => `case when ${among(column, TRUE)} then true when ${among(column, FALSE)} then false end`

/** The value of a cell that is text, as SQL has it; null where it is none. */
const READ: Readonly<Record<Exclude<Form, 'text'>, (column: string) => string>> = { number: NUMBER, date: DAY, boolean: BOOLEAN }

/** Whether a column has to be read from text, or holds what the fact is. */
const isTyped = (data: DataSet, { column, form }: Source): boolean => data.types.get(column) === form
const asText = (column: string): string => `${quoted(column)}::varchar`

function doubleOf(data: DataSet, source: Source, words: string): string {
  const { column, form } = source
  if (form === 'text') return missing(`enum_code(nullif(trim(${asText(column)}), '')::${words})::double`)
  const value = isTyped(data, source) ? quoted(column) : READ[form](asText(column))
  switch (form) {
    case 'number':
      return missing(`(${value})::double`)
    case 'date':
      return missing(`date_diff('day', date '1970-01-01', (${value})::date)::double`)
    case 'boolean':
      return missing(`(${value})::integer::double`)
  }
}

const missing = (expression: string): string => `coalesce(${expression}, 'nan'::double)`

async function dictionaryOf(data: DataSet, column: string, type: string): Promise<string[]> {
  const words = `select distinct trim(${quoted(column)}::varchar) as word from data where nullif(trim(${quoted(column)}::varchar), '') is not null order by word`
  const found = await data.query(words)
  // A type needs a value even where the column has none.
  if (found.length === 0) await data.query(`create or replace type ${type} as enum ('')`)
  else await data.query(`create or replace type ${type} as enum (${words})`)
  return found.map(({ word }) => String(word))
}

async function countUnread(data: DataSet, sources: readonly Source[]): Promise<UnreadCells[]> {
  const unread: UnreadCells[] = []
  for (const source of sources) {
    const { column, form, type, facts } = source
    if (form === 'text' || isTyped(data, source)) continue
    const text = asText(column)
    const isUnread = `(${READ[form](text)}) is null and nullif(trim(${text}), '') is not null`
    const [{ count } = { count: 0 }] = await data.query(`select (count(*) filter (${isUnread}))::integer as count from data`)
    if (Number(count) === 0) continue
    const [found] = await data.query(
      `select line::integer as line, ${text} as word from (select row_number() over () as line, * from data) where ${isUnread} order by line limit 1`,
    )
    for (const fact of facts)
      unread.push({
        column,
        fact,
        type,
        count: Number(count),
        firstRow: Number(found!['line']),
        example: String(found!['word']).slice(0, 60),
      })
  }
  return unread
}

function toColumn(form: Form, values: Float64Array, dictionary: readonly string[]): Column {
  switch (form) {
    case 'number':
    case 'date':
      return { kind: 'number', values }
    case 'text':
      return { kind: 'code', codes: Int32Array.from(values, code => (code === code ? code : -1)), dictionary }
    case 'boolean': {
      const bits = new Uint32Array(words(values.length))
      const valid = new Uint32Array(words(values.length))
      for (const [row, value] of values.entries()) {
        if (value !== value) continue
        setBit(valid, row)
        if (value === 1) setBit(bits, row)
      }
      return { kind: 'boolean', bits, valid }
    }
  }
}
