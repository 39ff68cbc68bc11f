import type { CellSet, Interval } from '../feel/cell-set.ts'
import { isFeelNumber, toDouble } from '../feel/number.ts'
import { FeelDate } from '../feel/temporal.ts'
import type { FeelValue } from '../feel/values.ts'

/**
 * Finds the rows of a large table that may hold: per column, the line of values is cut into segments and each segment
 * keeps a bitset of rows, with a second bitset that says which words of the first are not zero.
 */
export interface RowIndex {
  /** Prepares a search; false when every row found is sure to hold and needs no second look. */
  begin(inputs: readonly FeelValue[]): boolean
  /** The next row at or after this one, or -1. */
  next(from: number): number
}

/** A column as its cells see it; undefined where a cell depends on facts. */
export type ColumnSets = readonly (CellSet | undefined)[]

export function createRowIndex(columns: readonly ColumnSets[], rowCount: number): RowIndex {
  const words = Math.ceil(rowCount / 32)
  const summaryWords = Math.ceil(words / 32)
  const indexes = columns.map((sets) => indexColumn(sets, { rowCount, words, stride: words + summaryWords }))
  const count = indexes.length
  const offsets = new Int32Array(count)
  const bits = indexes.map((index) => index.bits)

  return {
    begin(inputs) {
      let isSure = true
      for (let column = 0; column < count; column++) {
        const index = indexes[column] as ColumnIndex
        const segment = index.segmentOf(inputs[column] ?? null)
        offsets[column] = segment * (words + summaryWords)
        if (segment === 0 || !index.isExact) isSure = false
      }
      return !isSure
    },
    next(from) {
      let word = from >>> 5
      let mask = -1 << (from & 31)
      for (let summary = word >>> 5; summary < summaryWords; summary++) {
        let open = summary === word >>> 5 ? -1 << (word & 31) : -1
        for (let column = 0; column < count && open !== 0; column++) {
          open &= (bits[column] as Int32Array)[(offsets[column] as number) + words + summary] as number
        }
        while (open !== 0) {
          const at = (summary << 5) + (31 - Math.clz32(open & -open))
          let rows = at === word ? mask : -1
          for (let column = 0; column < count && rows !== 0; column++) rows &= (bits[column] as Int32Array)[(offsets[column] as number) + at] as number
          if (rows !== 0) return (at << 5) + (31 - Math.clz32(rows & -rows))
          open &= open - 1
        }
        word = (summary + 1) << 5
        mask = -1
      }
      return -1
    },
  }
}

interface Shape {
  readonly rowCount: number
  readonly words: number
  readonly stride: number
}

interface ColumnIndex {
  /** One stride per segment; segment 0 holds every row and stands for what the index can't judge. */
  readonly bits: Int32Array
  readonly segmentOf: (value: FeelValue) => number
  /** Rows of a segment other than 0 hold for sure, as far as this column goes. */
  readonly isExact: boolean
}

const MAX_SEGMENTS = 1024

function indexColumn(sets: ColumnSets, shape: Shape): ColumnIndex {
  const kinds = new Set(sets.flatMap((set) => (set && set.kind !== 'any' && set.kind !== 'none' ? [set.kind] : [])))
  const [kind] = kinds
  if (kinds.size !== 1 || kind === undefined) return indexNothing(shape)
  if (kind === 'numbers' || kind === 'dates') return indexLine(sets, kind, shape)
  return indexValues(sets, shape)
}

function indexNothing(shape: Shape): ColumnIndex {
  const bits = new Int32Array(shape.stride)
  for (let row = 0; row < shape.rowCount; row++) mark(bits, 0, row, shape)
  return { bits, segmentOf: () => 0, isExact: false }
}

/** Segment 1 is what no cell names; then one for each text or boolean. */
function indexValues(sets: ColumnSets, shape: Shape): ColumnIndex {
  const segments = new Map<FeelValue, number>()
  for (const set of sets) {
    if (set?.kind !== 'texts' && set?.kind !== 'booleans') continue
    for (const value of set.values) if (!segments.has(value)) segments.set(value, segments.size + 2)
  }
  // Many distinct values share segments; then a row found needs a second look.
  const isExact = segments.size <= MAX_SEGMENTS && sets.every((set) => set !== undefined)
  const count = Math.min(segments.size, MAX_SEGMENTS) + 2
  const place = (segment: number): number => (segment < 2 ? segment : ((segment - 2) % MAX_SEGMENTS) + 2)
  const bits = new Int32Array(count * shape.stride)
  for (let row = 0; row < shape.rowCount; row++) {
    const set = sets[row]
    mark(bits, 0, row, shape)
    if (set?.kind === 'none') continue
    if ((set?.kind === 'texts' && !set.negated) || set?.kind === 'booleans') {
      for (const value of set.values) mark(bits, place(segments.get(value) as number), row, shape)
      continue
    }
    for (let segment = 1; segment < count; segment++) mark(bits, segment, row, shape)
    if (set?.kind === 'texts' && isExact) for (const value of set.values) unmark(bits, segments.get(value) as number, row, shape)
  }
  summarise(bits, count, shape)
  const isTexts = sets.some((set) => set?.kind === 'texts')
  return {
    bits,
    isExact,
    segmentOf: (value) => (typeof value === (isTexts ? 'string' : 'boolean') ? place(segments.get(value) ?? 1) : 0),
  }
}

/** Segment 1 + 2i lies below cut i, segment 2 + 2i is cut i itself; the last lies above all cuts. */
function indexLine(sets: ColumnSets, kind: 'numbers' | 'dates', shape: Shape): ColumnIndex {
  const found = new Set<number>()
  for (const set of sets) {
    if (set?.kind !== kind) continue
    for (const { low, high } of set.intervals) {
      if (low !== -Infinity) found.add(low)
      if (high !== Infinity) found.add(high)
    }
  }
  const all = Float64Array.from(found).sort()
  const limit = MAX_SEGMENTS / 2
  const isCoarse = all.length > limit
  const cuts = isCoarse ? Float64Array.from({ length: limit }, (_, i) => all[Math.floor((i * all.length) / limit)] as number) : all
  const count = 2 * cuts.length + 2
  const bits = new Int32Array(count * shape.stride)
  for (let row = 0; row < shape.rowCount; row++) {
    const set = sets[row]
    mark(bits, 0, row, shape)
    if (set?.kind === 'none') continue
    const intervals: readonly (Interval | undefined)[] = set?.kind === kind ? set.intervals : [undefined]
    for (const interval of intervals) {
      const first = interval ? firstSegment(interval, cuts, isCoarse) : 1
      const last = interval ? lastSegment(interval, cuts, isCoarse) : count - 1
      for (let segment = first; segment <= last; segment++) mark(bits, segment, row, shape)
    }
  }
  summarise(bits, count, shape)
  const numberOf = kind === 'numbers' ? (value: FeelValue) => (isFeelNumber(value) ? toDouble(value) : undefined) : (value: FeelValue) => (value instanceof FeelDate ? value.epochDay : undefined)
  return {
    bits,
    isExact: !isCoarse && sets.every((set) => set !== undefined),
    segmentOf(value) {
      const number = numberOf(value)
      // A wide decimal lies beside its double, not on it.
      return number === undefined || (isFeelNumber(value) && typeof value !== 'number') ? 0 : segmentAt(cuts, number)
    },
  }
}

function firstSegment({ low, lowIncluded }: Interval, cuts: Float64Array, isCoarse: boolean): number {
  if (low === -Infinity) return 1
  const at = segmentAt(cuts, low)
  return lowIncluded || isCoarse ? at : at + 1
}

function lastSegment({ high, highIncluded }: Interval, cuts: Float64Array, isCoarse: boolean): number {
  if (high === Infinity) return 2 * cuts.length + 1
  const at = segmentAt(cuts, high)
  return highIncluded || isCoarse ? at : at - 1
}

function segmentAt(cuts: Float64Array, value: number): number {
  let low = 0
  let high = cuts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((cuts[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low < cuts.length && cuts[low] === value ? 2 * low + 2 : 2 * low + 1
}

function mark(bits: Int32Array, segment: number, row: number, { stride, words }: Shape): void {
  const word = row >>> 5
  const at = segment * stride
  bits[at + word]! |= 1 << (row & 31)
  bits[at + words + (word >>> 5)]! |= 1 << (word & 31)
}

function unmark(bits: Int32Array, segment: number, row: number, { stride }: Shape): void {
  bits[segment * stride + (row >>> 5)]! &= ~(1 << (row & 31))
}

/** Words that lost their last row stay marked otherwise. */
function summarise(bits: Int32Array, segments: number, { words, stride }: Shape): void {
  for (let segment = 0; segment < segments; segment++) {
    const at = segment * stride
    bits.fill(0, at + words, at + stride)
    for (let word = 0; word < words; word++) if (bits[at + word] !== 0) bits[at + words + (word >>> 5)]! |= 1 << (word & 31)
  }
}
