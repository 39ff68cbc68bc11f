import { OUTCOMES, valueAt, type DifferenceSource, type Outcome } from '@surety/engine'
import { quoted, type DataSet } from './data-set.ts'
import type { SimulationRun } from './simulate.ts'

export interface RecordFilter {
  readonly base?: readonly Outcome[]
  readonly challenger?: readonly Outcome[]
  /** Only those that the two decide differently. */
  readonly isChanged?: boolean
  readonly segment?: string
  /** Step and id of what came out differently first. */
  readonly source?: { readonly step: string; readonly id: string }
}

export interface SimulatedRecord {
  /** Counted from 1, without the header. */
  readonly row: number
  readonly base: Outcome
  readonly challenger: Outcome
  readonly firstDifference: DifferenceSource | null
  /** Outputs that the two versions give, where they differ. */
  readonly outputs: Readonly<Record<string, { readonly base: unknown; readonly challenger: unknown }>>
  /** The row as it stands in the data. */
  readonly data: Readonly<Record<string, unknown>>
}

/** The records behind a cell, in the order of the data. */
export async function findRecords(
  data: DataSet,
  run: SimulationRun,
  filter: RecordFilter,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly total: number; readonly records: readonly SimulatedRecord[] }> {
  const rows = matching(run, filter)
  const shown = rows.slice(page.offset, page.offset + page.limit)
  if (shown.length === 0) return { total: rows.length, records: [] }
  const found = await data.query(
    `select * from (select row_number() over () as ${quoted(ROW)}, * from data) where ${quoted(ROW)} in (${shown.map(row => row + 1).join(', ')}) order by ${quoted(ROW)}`,
  )
  return {
    total: rows.length,
    records: found.map(({ [ROW]: at, ...values }) => recordOf(run, Number(at) - 1, values)),
  }
}

// A name that no file will have.
const ROW = 'surety row number'

function matching({ comparison: { differences }, sides: [left, right], segment }: SimulationRun, filter: RecordFilter): number[] {
  const wants = (outcomes: readonly Outcome[] | undefined): readonly boolean[] => OUTCOMES.map(one => outcomes?.includes(one) ?? true)
  const base = wants(filter.base)
  const challenger = wants(filter.challenger)
  const code = filter.segment === undefined ? -1 : (segment?.dictionary.indexOf(filter.segment) ?? -1)
  const { source } = filter
  const sourceIndex = source ? differences.sources.findIndex(({ step, id }) => step === source.step && id === source.id) : -1
  const rows: number[] = []
  for (let row = 0; row < left.result.rows; row += 1) {
    const before = left.result.outcomes[row]!
    const after = right.result.outcomes[row]!
    if (!base[before] || !challenger[after]) continue
    if (filter.isChanged && before === after) continue
    if (filter.segment !== undefined && segment?.codes[row] !== code) continue
    if (source && differences.firstOf[row] !== sourceIndex) continue
    rows.push(row)
  }
  return rows
}

function recordOf(run: SimulationRun, row: number, data: Readonly<Record<string, unknown>>): SimulatedRecord {
  const { comparison, sides } = run
  const [left, right] = sides
  const names = new Set([...Object.keys(left.result.outputs), ...Object.keys(right.result.outputs)])
  const outputs: Record<string, { base: unknown; challenger: unknown }> = {}
  for (const name of names) {
    const [base, challenger] = sides.map(({ result }) => {
      const column = result.outputs[name]
      return (column && valueAt(column, row)) ?? null
    })
    if (base !== challenger) outputs[name] = { base, challenger }
  }
  return {
    row: row + 1,
    base: OUTCOMES[left.result.outcomes[row]!]!,
    challenger: OUTCOMES[right.result.outcomes[row]!]!,
    firstDifference: comparison.differences.sources[comparison.differences.firstOf[row]!] ?? null,
    outputs,
    data,
  }
}
