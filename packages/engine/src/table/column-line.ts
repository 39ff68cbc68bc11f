import type { CellSet, Interval } from '../feel/cell-set.ts'
import { isFeelNumber, toDouble } from '../feel/number.ts'
import { FeelDate } from '../feel/temporal.ts'
import type { FeelValue } from '../feel/values.ts'

/** The cells of a column, row by row; undefined where a cell depends on facts. */
export type ColumnSets = readonly (CellSet | undefined)[]

/** The values of a column, cut into segments such that every cell holds for all of a segment or for nothing of it. */
export interface ColumnLine {
  /** Segment 0 stands for what can't be judged here, such as null; every row may hold in it. */
  readonly segmentCount: number
  readonly segmentOf: (value: FeelValue) => number
  /** The segments other than 0 in which the row may hold. */
  readonly eachSegment: (row: number, visit: (segment: number) => void) => void
  /** A row that may hold in a segment other than 0 does hold there. */
  readonly isExact: boolean
}

/** More segments tell more rows apart and take more memory; cells then share segments. */
export function columnLine(sets: ColumnSets, maxSegments: number): ColumnLine {
  const kinds = new Set(sets.flatMap(set => (set && set.kind !== 'any' && set.kind !== 'none' ? [set.kind] : [])))
  const [kind] = kinds
  if (kinds.size !== 1 || kind === undefined) return { segmentCount: 1, segmentOf: () => 0, eachSegment: () => {}, isExact: false }
  return kind === 'numbers' || kind === 'dates' ? lineOfPoints(sets, kind, maxSegments) : lineOfValues(sets, maxSegments)
}

/** Segment 1 is what no cell names; then one for each text or boolean. Very many values share segments. */
function lineOfValues(sets: ColumnSets, maxSegments: number): ColumnLine {
  const found = new Map<FeelValue, number>()
  for (const set of sets) {
    if (set?.kind !== 'texts' && set?.kind !== 'booleans') continue
    for (const value of set.values) if (!found.has(value)) found.set(value, (found.size % maxSegments) + 2)
  }
  const segmentCount = Math.min(found.size, maxSegments) + 2
  const isShared = found.size > maxSegments
  const kind = sets.some(set => set?.kind === 'texts') ? 'string' : 'boolean'
  return {
    segmentCount,
    isExact: !isShared && sets.every(set => set !== undefined),
    segmentOf: value => (typeof value === kind ? (found.get(value) ?? 1) : 0),
    eachSegment(row, visit) {
      const set = sets[row]
      if (set?.kind === 'none') return
      if (set?.kind === 'booleans' || (set?.kind === 'texts' && !set.negated)) {
        for (const value of set.values) visit(found.get(value) as number)
        return
      }
      const excluded = set?.kind === 'texts' && !isShared ? new Set([...set.values].map(value => found.get(value))) : undefined
      for (let segment = 1; segment < segmentCount; segment++) if (!excluded?.has(segment)) visit(segment)
    },
  }
}

/** Segment 1 + 2i lies below cut i, segment 2 + 2i is cut i itself; the last lies above all cuts. */
function lineOfPoints(sets: ColumnSets, kind: 'numbers' | 'dates', maxSegments: number): ColumnLine {
  const found = new Set<number>()
  for (const set of sets) {
    if (set?.kind !== kind) continue
    for (const { low, high } of set.intervals) {
      if (low !== -Infinity) found.add(low)
      if (high !== Infinity) found.add(high)
    }
  }
  const all = Float64Array.from(found).sort()
  const limit = maxSegments >> 1
  const isCoarse = all.length > limit
  const cuts = isCoarse ? Float64Array.from({ length: limit }, (_, i) => all[Math.floor((i * all.length) / limit)] as number) : all
  const segmentCount = 2 * cuts.length + 2
  return {
    segmentCount,
    isExact: !isCoarse && sets.every(set => set !== undefined),
    segmentOf:
      kind === 'numbers'
        ? value => {
            if (typeof value === 'number') return segmentAt(cuts, value)
            const segment = isFeelNumber(value) ? segmentAt(cuts, toDouble(value)) : 0
            // A number between two doubles lies beside a cut, but on which side can't be told here.
            return segment % 2 === 1 ? segment : 0
          }
        : value => (value instanceof FeelDate ? segmentAt(cuts, value.epochDay) : 0),
    eachSegment(row, visit) {
      const set = sets[row]
      if (set?.kind === 'none') return
      const intervals: readonly (Interval | undefined)[] = set?.kind === kind ? set.intervals : [undefined]
      let reached = 0
      for (const interval of intervals) {
        const first = interval ? firstSegment(interval, cuts, isCoarse) : 1
        const last = interval ? lastSegment(interval, cuts, isCoarse) : segmentCount - 1
        // Two intervals may share a coarse segment.
        for (let segment = Math.max(first, reached + 1); segment <= last; segment++) visit(segment)
        reached = Math.max(reached, last)
      }
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
