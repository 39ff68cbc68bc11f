import type { Policy, TableStep } from '@surety/engine'
import { withCells } from '../grid/table-edits.ts'

/** A row of the table that turns a score into something: what it takes and what follows. */
export interface GradeBand {
  readonly row: number
  readonly name: string
  readonly from: number | undefined
  readonly to: number | undefined
}

export interface GradeTable {
  readonly path: string
  readonly step: TableStep
  /** Ascending, each beginning where the one before ends. */
  readonly bands: readonly GradeBand[]
}

/** The table behind a scorecard whose only condition is the score, if its rows are half-open ranges without gaps. */
export function gradeTableOf(policy: Policy, output: string): GradeTable | undefined {
  for (const [at, step] of policy.steps.entries()) {
    if (step.kind !== 'table' || step.inputs.length !== 1 || step.inputs[0]!.expression.trim() !== output) continue
    const bands = step.rows.flatMap((row, place): GradeBand[] => {
      const range = row.enabled === false ? undefined : rangeOf(row.when[0] ?? '')
      return range ? [{ row: place, name: (row.then[0] ?? '').replace(/^"|"$/g, ''), ...range }] : []
    })
    const sorted = bands.toSorted((a, b) => (a.from ?? -Infinity) - (b.from ?? -Infinity))
    const isWhole = sorted.length > 1 && sorted.every((band, place) => place === 0 || band.from === sorted[place - 1]!.to)
    if (isWhole) return { path: `/steps/${at}`, step, bands: sorted }
  }
  return undefined
}

/** Moves the cut-off below a band; the band below it ends there. */
export function withCutOff({ step, bands }: GradeTable, at: number, value: number): TableStep {
  const band = bands[at]
  const below = bands[at - 1]
  if (!band || !below) return step
  return withCells(step, [
    { row: band.row, side: 'when', index: 0, text: cellOf(value, band.to) },
    { row: below.row, side: 'when', index: 0, text: cellOf(below.from, value) },
  ])
}

function rangeOf(cell: string): { readonly from: number | undefined; readonly to: number | undefined } | undefined {
  const text = cell.replaceAll(/\s/g, '')
  const open = /^(>=|<)(-?\d+(?:\.\d+)?)$/.exec(text)
  if (open) return open[1] === '<' ? { from: undefined, to: Number(open[2]) } : { from: Number(open[2]), to: undefined }
  const both = /^\[(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)[)[]$/.exec(text)
  return both ? { from: Number(both[1]), to: Number(both[2]) } : undefined
}

function cellOf(from: number | undefined, to: number | undefined): string {
  if (from === undefined) return `< ${to}`
  return to === undefined ? `>= ${from}` : `[${from}..${to})`
}
