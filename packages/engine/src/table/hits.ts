import { add, type FeelNumber, isFeelNumber } from '../feel/number.ts'
import type { FeelValue } from '../feel/values.ts'
import { compare, equal } from '../feel/values.ts'
import type { Frame } from '../frame.ts'
import type { Aggregation } from '../policy/document.ts'
import type { BoundRow, OutputColumn } from './table-step.ts'

/** One value out of those of all rows that hold; null when there is none. */
export function aggregate(aggregation: Aggregation, values: readonly FeelValue[]): FeelValue {
  if (aggregation === 'count') return values.length
  if (values.length === 0 || !values.every(isFeelNumber)) return null
  if (aggregation === 'sum') return values.reduce<FeelNumber | null>((sum, value) => sum === null ? null : add(sum, value), 0)
  const sign = aggregation === 'min' ? -1 : 1
  return values.reduce((best, value) => ((compare(value, best) ?? 0) * sign > 0 ? value : best))
}

/** Where each output of the row stands in the order of its column's values; what is not listed comes last. */
export function rankOf(frame: Frame, row: BoundRow, columns: readonly OutputColumn[]): readonly number[] {
  return columns.flatMap(({ priorities }, at) => {
    if (priorities.length === 0) return []
    const value = row.outputs[at]?.run(frame) ?? null
    const place = priorities.findIndex((priority) => equal(value, priority) === true)
    return [place < 0 ? priorities.length : place]
  })
}

/** Rows of one rank keep their order. */
export function inOrderOfPriority(hits: readonly number[], rank: (hit: number) => readonly number[]): readonly number[] {
  return hits
    .map((hit) => ({ hit, rank: rank(hit) }))
    .toSorted((a, b) => compareRanks(a.rank, b.rank))
    .map(({ hit }) => hit)
}

export function isSameOutput(frame: Frame, a: BoundRow, b: BoundRow): boolean {
  return a.outputs.every((cell, at) => {
    const left = cell.run(frame)
    const right = b.outputs[at]?.run(frame) ?? null
    return (left === null && right === null) || equal(left, right) === true
  })
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [at, rank] of a.entries()) {
    const difference = rank - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
