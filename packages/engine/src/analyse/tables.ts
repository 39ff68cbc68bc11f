import { outputCellsOf, type RowOutputs } from './row-outputs.ts'
import type { TableStep } from '../policy/document.ts'
import { MAX_FINDINGS, type Finding } from '../policy/finding.ts'
import { pointer } from '../policy/pointer.ts'
import { type Budget } from './cover.ts'
import { findGaps } from './gaps.ts'
import { findOverlaps } from './overlaps.ts'
import { type Analysis, finding, type Reader } from './reader.ts'
import { findShadowed } from './shadows.ts'
import { rowName, tableBoxes, type TableBoxes } from './table-boxes.ts'
import { removal } from './words.ts'

/** Rows of a table that never hold, that others shadow, that overlap; and cases that no row takes. */
export const tables: Analysis = function* (reader) {
  for (const [index, step] of reader.policy.steps.entries()) {
    if (step.kind === 'table' && step.enabled !== false && step.outputs.length > 0)
      yield* analyseTable(step, pointer('/steps', index), reader)
  }
}

// Visits of a row; about a second.
const BUDGET = 120_000_000

function* analyseTable(step: TableStep, path: string, reader: Reader): Iterable<Finding> {
  if (step.rows.some(({ when }) => when.length !== step.inputs.length)) return
  const table = tableBoxes(step, path, reader)
  const outputs: RowOutputs = outputCellsOf(step, reader)
  const budget: Budget = { left: BUDGET }
  const never = neverHolding(table)
  yield* never
  yield* undecided(table)
  const live: TableBoxes = { ...table, rows: table.rows.filter(({ path: row }) => !never.some(one => one.path === row)) }
  if (step.hitPolicy === 'U' || step.hitPolicy === 'A') yield* findOverlaps(live, outputs)
  if (step.hitPolicy === 'F' || step.hitPolicy === 'P') yield* findShadowed(live, outputs, budget)
  // A row that never holds can still be unknown, and then there is no gap.
  if (step.hitPolicy !== 'C' && step.hitPolicy !== 'R') yield* findGaps(table, reader, budget)
}

function neverHolding({ rows, sides, step }: TableBoxes): Finding[] {
  const never: Finding[] = []
  for (const row of rows) {
    const at = row.holds.findIndex(
      (side, index) => !side.some((_, i) => i % 2 === 0 && touches(side[i]!, side[i + 1]!, sides[index]!.allowed)),
    )
    if (at < 0) continue
    const side = sides[at]!
    const cell = step.rows[row.index]!.when[side.columns[0]!]
    never.push(
      finding(
        'ROW_NEVER_HOLDS',
        'warning',
        row.path,
        `Row ${rowName(row)} never holds: no possible value of ${side.label.en} passes ${cell}.`,
        `第 ${rowName(row)} 行永远不成立：${side.label.zh}的可能取值都不满足 ${cell}。`,
        { related: side.columns.map(column => pointer(row.path, 'when', column)), fix: removal(row.path) },
      ),
    )
    if (never.length >= MAX_FINDINGS) break
  }
  return never
}

function touches(first: number, last: number, ranges: readonly number[]): boolean {
  for (let i = 0; i < ranges.length; i += 2) if (ranges[i]! <= last && ranges[i + 1]! >= first) return true
  return false
}

function* undecided({ rows, path }: TableBoxes): Iterable<Finding> {
  const unclear = rows.filter(({ isExact }) => !isExact)
  if (unclear.length === 0) return
  const names = unclear.slice(0, 8).map(rowName)
  const more = unclear.length > 8 ? '…' : ''
  yield finding(
    'TABLE_UNDECIDED',
    'info',
    path,
    `Rows ${names.join(', ')}${more} hang on more than one value a column, so overlaps and gaps with them were not looked for.`,
    `第 ${names.join('、')}${more} 行的条件不只取决于该列的值，未检查与其有关的重叠和缺口。`,
    { related: unclear.slice(0, 8).map(row => row.path) },
  )
}
