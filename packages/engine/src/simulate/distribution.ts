import type { CodeColumn, Column, NumberColumn } from '../columns/column.ts'
import { valueAt } from './first-difference.ts'

/** An output over all rows, in both versions. */
export type Distribution = ValueDistribution | NumberDistribution

export interface ValueDistribution {
  readonly kind: 'values'
  readonly output: string
  /** In the order that the policy defines its values, most frequent first where it defines none. */
  readonly values: readonly { readonly value: string; readonly base: number; readonly challenger: number }[]
  readonly missing: { readonly base: number; readonly challenger: number }
}

export interface NumberDistribution {
  readonly kind: 'numbers'
  readonly output: string
  readonly base: NumberSummary
  readonly challenger: NumberSummary
  /** Equal bins over the span of both; the last one takes its upper edge too. */
  readonly bins: readonly { readonly from: number; readonly to: number; readonly base: number; readonly challenger: number }[]
  /** The widest gap between the two cumulated shares; null where a version has no value. */
  readonly kolmogorovSmirnov: number | null
}

export interface NumberSummary {
  readonly count: number
  readonly missing: number
  readonly min: number | null
  readonly p05: number | null
  readonly p25: number | null
  readonly median: number | null
  readonly p75: number | null
  readonly p95: number | null
  readonly max: number | null
  readonly mean: number | null
}

const BINS = 20
const MOST_VALUES = 50

export function distributionOf(output: string, rows: number, base: Column | undefined, challenger: Column | undefined): Distribution {
  const known = base ?? challenger
  return known?.kind === 'number'
    ? numbers(output, rows, base as NumberColumn | undefined, challenger as NumberColumn | undefined)
    : values(output, rows, base, challenger)
}

function values(output: string, rows: number, base: Column | undefined, challenger: Column | undefined): ValueDistribution {
  const counts = new Map<string, { base: number; challenger: number }>()
  for (const column of [base, challenger])
    if (column?.kind === 'code') for (const value of (column satisfies CodeColumn).dictionary) counts.set(value, { base: 0, challenger: 0 })
  const isOrdered = counts.size > 0 && counts.size <= MOST_VALUES
  const missing = { base: 0, challenger: 0 }
  for (const [side, column] of [
    ['base', base],
    ['challenger', challenger],
  ] as const) {
    if (!column) {
      missing[side] = rows
      continue
    }
    for (let row = 0; row < rows; row += 1) {
      const value = valueAt(column, row)
      if (value === undefined) missing[side] += 1
      else {
        const text = String(value)
        const count = counts.get(text)
        if (count) count[side] += 1
        else counts.set(text, { base: 0, challenger: 0, [side]: 1 })
      }
    }
  }
  const found = [...counts].map(([value, count]) => ({ value, ...count }))
  const byCount = found.toSorted((left, right) => right.base + right.challenger - left.base - left.challenger)
  return { kind: 'values', output, values: isOrdered ? found : byCount.slice(0, MOST_VALUES), missing }
}

function numbers(output: string, rows: number, base: NumberColumn | undefined, challenger: NumberColumn | undefined): NumberDistribution {
  const left = sorted(base, rows)
  const right = sorted(challenger, rows)
  const low = Math.min(left[0] ?? Infinity, right[0] ?? Infinity)
  const high = Math.max(left.at(-1) ?? -Infinity, right.at(-1) ?? -Infinity)
  return {
    kind: 'numbers',
    output,
    base: summary(left, rows),
    challenger: summary(right, rows),
    bins: low > high ? [] : histogram(left, right, low, high),
    kolmogorovSmirnov: left.length > 0 && right.length > 0 ? widestGap(left, right) : null,
  }
}

function sorted(column: NumberColumn | undefined, rows: number): Float64Array {
  if (!column) return new Float64Array(0)
  return column.values
    .slice(0, rows)
    .filter((value, row) => value === value && valueAt(column, row) !== undefined)
    .sort()
}

function summary(values: Float64Array, rows: number): NumberSummary {
  const count = values.length
  // Nearest rank: a value that occurs.
  const at = (share: number): number | null => (count === 0 ? null : values[Math.max(0, Math.ceil(share * count) - 1)]!)
  let sum = 0
  for (const value of values) sum += value
  return {
    count,
    missing: rows - count,
    min: values[0] ?? null,
    p05: at(0.05),
    p25: at(0.25),
    median: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    max: values.at(-1) ?? null,
    mean: count === 0 ? null : sum / count,
  }
}

function histogram(left: Float64Array, right: Float64Array, low: number, high: number): NumberDistribution['bins'] {
  if (low === high) return [{ from: low, to: high, base: left.length, challenger: right.length }]
  const width = (high - low) / BINS
  const bins = Array.from({ length: BINS }, (_, index) => ({
    from: low + index * width,
    to: index === BINS - 1 ? high : low + (index + 1) * width,
    base: 0,
    challenger: 0,
  }))
  const place = (value: number): number => Math.min(BINS - 1, Math.floor((value - low) / width))
  for (const value of left) bins[place(value)]!.base += 1
  for (const value of right) bins[place(value)]!.challenger += 1
  return bins
}

function widestGap(left: Float64Array, right: Float64Array): number {
  let widest = 0
  let i = 0
  let j = 0
  while (i < left.length && j < right.length) {
    const value = Math.min(left[i]!, right[j]!)
    while (i < left.length && left[i]! <= value) i += 1
    while (j < right.length && right[j]! <= value) j += 1
    widest = Math.max(widest, Math.abs(i / left.length - j / right.length))
  }
  return widest
}
