import { setBit, words, type History } from '@surety/engine'
import { existingColumn } from './bind-columns.ts'
import { literal, quoted, type DataSet } from './data-set.ts'
import { SimulationProblem } from './problem.ts'

export interface HistoryColumns {
  /** How rows ended: good, bad, or empty where it is not known. */
  readonly outcome?: string
  /** The value of the outcome column that means bad; found by itself among the usual words unless given. */
  readonly bad?: string
  readonly amount?: string
}

const DIGITS = 2
const BAD = ['bad', 'default', 'defaulted', '1', 'true', 'yes', 'y', '坏', '违约', '逾期', '是']
const GOOD = ['good', 'paid', '0', 'false', 'no', 'n', '好', '正常', '否']

/** What the rows were worth and how they ended. Amounts are rounded half away from zero to 2 places. */
export async function readHistory(data: DataSet, wanted: HistoryColumns): Promise<History> {
  const minorAmounts = wanted.amount === undefined ? undefined : await readAmounts(data, existingColumn(data, wanted.amount))
  const outcome = wanted.outcome === undefined ? undefined : await readOutcomes(data, existingColumn(data, wanted.outcome), wanted.bad)
  return { rows: data.rows, digits: DIGITS, ...(minorAmounts && { minorAmounts }), ...(outcome && { outcome }) }
}

async function readAmounts(data: DataSet, column: string): Promise<Float64Array> {
  const isNumber = data.types.get(column) === 'number'
  const amount = isNumber
    ? `${quoted(column)}::decimal(28, ${DIGITS})`
    : `try_cast(replace(trim(${quoted(column)}::varchar), ',', '') as decimal(28, ${DIGITS}))`
  const isUnread = `${amount} is null and nullif(trim(${quoted(column)}::varchar), '') is not null`
  const [{ count } = { count: 0 }] = isNumber ? [] : await data.query(`select (count(*) filter (${isUnread}))::integer as count from data`)
  if (Number(count) > 0) {
    const [first] = await data.query(
      `select line::integer as line, ${quoted(column)} as word from (select row_number() over () as line, * from data) where ${isUnread} order by line limit 1`,
    )
    throw new SimulationProblem('UNREADABLE_AMOUNT', {
      en: `Column ${column}: ${count} amounts can't be read, the first in row ${first!['line']}: ${JSON.stringify(first!['word'])}. Write decimals such as 1234.50.`,
      zh: `列 ${column}：有 ${count} 个金额无法读取，首个在第 ${first!['line']} 行：${JSON.stringify(first!['word'])}。应为小数，如 1234.50。`,
    })
  }
  const [values] = await data.doubles(`select coalesce((${amount} * 100)::double, 'nan'::double) from data`, 1)
  return values!
}

async function readOutcomes(data: DataSet, column: string, bad: string | undefined): Promise<{ known: Uint32Array; bad: Uint32Array }> {
  const word = `lower(trim(${quoted(column)}::varchar))`
  const found = (await data.query(`select distinct ${word} as word from data where nullif(${word}, '') is not null limit 100`)).map(row =>
    String(row['word']),
  )
  const isBad = bad === undefined ? found.filter(one => BAD.includes(one)) : found.filter(one => one === bad.trim().toLowerCase())
  const unclear = bad === undefined ? found.filter(one => !BAD.includes(one) && !GOOD.includes(one)) : []
  if (unclear.length > 0 || (bad !== undefined && isBad.length === 0))
    throw new SimulationProblem('UNCLEAR_OUTCOME', {
      en: `Column ${column} holds ${found
        .slice(0, 8)
        .map(one => JSON.stringify(one))
        .join(', ')}. Say which one means bad (--bad VALUE); others are good, empty is not known.`,
      zh: `列 ${column} 的取值为 ${found
        .slice(0, 8)
        .map(one => JSON.stringify(one))
        .join('、')}。请指明哪个值表示坏（--bad 值），其余为好，空为未知。`,
    })
  const list = isBad.length === 0 ? `''` : isBad.map(literal).join(', ')
  const [values] = await data.doubles(
    `select case when nullif(${word}, '') is null then 'nan'::double when ${word} in (${list}) then 1.0 else 0.0 end from data`,
    1,
  )
  const known = new Uint32Array(words(data.rows))
  const badRows = new Uint32Array(words(data.rows))
  for (const [row, value] of values!.entries()) {
    if (value !== value) continue
    setBit(known, row)
    if (value === 1) setBit(badRows, row)
  }
  return { known, bad: badRows }
}
