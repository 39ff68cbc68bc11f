import type { TableInput, TableOutput, TableRow, TableStep } from '@surety/engine'
import { newId } from '../step-path.ts'

/** A cell that gets another text. Rows and columns are those of the document. */
export interface CellEdit {
  readonly row: number
  readonly side: 'when' | 'then' | 'note'
  readonly index: number
  readonly text: string
}

/** Changes cells; rows in which nothing changes stay the same objects. */
export function withCells(step: TableStep, edits: readonly CellEdit[]): TableStep {
  const byRow = Map.groupBy(edits, ({ row }) => row)
  let isSame = true
  const rows = step.rows.slice()
  for (const [at, cells] of byRow) {
    const row = rows[at]
    if (!row) continue
    const next = withRowCells(row, cells)
    if (next !== row) isSame = false
    rows[at] = next
  }
  return isSame ? step : { ...step, rows }
}

export function emptyRow(step: TableStep): TableRow {
  return { id: newId('row'), when: step.inputs.map(() => '-'), then: step.outputs.map(() => '') }
}

export function withRowsAt(step: TableStep, at: number, rows: readonly TableRow[]): TableStep {
  return rows.length === 0 ? step : { ...step, rows: step.rows.toSpliced(at, 0, ...rows) }
}

export function withoutRows(step: TableStep, rows: ReadonlySet<number>): TableStep {
  return rows.size === 0 ? step : { ...step, rows: step.rows.filter((_, at) => !rows.has(at)) }
}

/** Takes rows out and puts them in so that the first of them becomes row `to`. */
export function withRowsMoved(step: TableStep, from: number, count: number, to: number): TableStep {
  const place = Math.max(0, Math.min(step.rows.length - count, to))
  if (place === from) return step
  const rows = step.rows.slice()
  const taken = rows.splice(from, count)
  rows.splice(place, 0, ...taken)
  return { ...step, rows }
}

/** Copies of rows, with ids of their own. */
export function copiesOf(rows: readonly TableRow[]): readonly TableRow[] {
  return rows.map(row => ({ ...row, id: newId('row') }))
}

export function withRow(step: TableStep, at: number, change: (row: TableRow) => TableRow): TableStep {
  const row = step.rows[at]
  const next = row && change(row)
  return !row || next === row ? step : { ...step, rows: step.rows.with(at, next!) }
}

export function withRowsEnabled(step: TableStep, rows: ReadonlySet<number>, isEnabled: boolean): TableStep {
  return {
    ...step,
    rows: step.rows.map((row, at) => {
      if (!rows.has(at) || (row.enabled !== false) === isEnabled) return row
      const { enabled: _, ...rest } = row
      return isEnabled ? rest : { ...rest, enabled: false }
    }),
  }
}

/** Puts a column in, with a cell in every row. */
export function withInput(step: TableStep, at: number, input: TableInput): TableStep {
  return {
    ...step,
    inputs: step.inputs.toSpliced(at, 0, input),
    rows: step.rows.map(row => ({ ...row, when: row.when.toSpliced(at, 0, '-') })),
  }
}

export function withOutput(step: TableStep, at: number, output: TableOutput): TableStep {
  return {
    ...step,
    outputs: step.outputs.toSpliced(at, 0, output),
    rows: step.rows.map(row => ({ ...row, then: row.then.toSpliced(at, 0, '') })),
  }
}

export function withoutColumn(step: TableStep, side: 'when' | 'then', at: number): TableStep {
  return side === 'when'
    ? { ...step, inputs: step.inputs.toSpliced(at, 1), rows: step.rows.map(row => ({ ...row, when: row.when.toSpliced(at, 1) })) }
    : { ...step, outputs: step.outputs.toSpliced(at, 1), rows: step.rows.map(row => ({ ...row, then: row.then.toSpliced(at, 1) })) }
}

export function withColumnMoved(step: TableStep, side: 'when' | 'then', from: number, to: number): TableStep {
  const count = side === 'when' ? step.inputs.length : step.outputs.length
  if (to < 0 || to >= count || to === from) return step
  const moved = <Item>(items: readonly Item[]): Item[] => {
    const next = items.slice()
    next.splice(to, 0, ...next.splice(from, 1))
    return next
  }
  return side === 'when'
    ? { ...step, inputs: moved(step.inputs), rows: step.rows.map(row => ({ ...row, when: moved(row.when) })) }
    : { ...step, outputs: moved(step.outputs), rows: step.rows.map(row => ({ ...row, then: moved(row.then) })) }
}

function withRowCells(row: TableRow, cells: readonly CellEdit[]): TableRow {
  let when: string[] | undefined
  let then: string[] | undefined
  let { comment } = row
  for (const { side, index, text } of cells) {
    if (side === 'note') comment = text.trim() === '' ? undefined : text
    else if (side === 'when') {
      if (row.when[index] !== text) (when ??= row.when.slice())[index] = text
    } else if (row.then[index] !== text) (then ??= row.then.slice())[index] = text
  }
  if (!when && !then && comment === row.comment) return row
  const { comment: _, ...rest } = row
  return { ...rest, when: when ?? row.when, then: then ?? row.then, ...(comment !== undefined && { comment }) }
}
