import type { FeelValue } from '../feel/values.ts'
import { columnLine, type ColumnLine, type ColumnSets } from './column-line.ts'

/** Finds the rows of a large table that may hold, in their order, without looking at the others. */
export interface RowIndex {
  /** Prepares a search; false when every row found is sure to hold and needs no second look. */
  begin(inputs: readonly FeelValue[]): boolean
  /** The next row after the last one found, or -1. */
  next(): number
}

export function createRowIndex(columns: readonly ColumnSets[], rowCount: number): RowIndex {
  const wordsPerSegment = Math.ceil((rowCount / 32) * (1 + 1 / 32)) + 2
  const maxSegments = Math.max(8, Math.min(1024, Math.floor(MAX_BITSET_WORDS / (wordsPerSegment * Math.max(1, columns.length)))))
  const lines = columns.map(sets => columnLine(sets, maxSegments))
  const grid = createGrid(lines, rowCount)
  let bitsets: RowIndex | undefined
  let current: RowIndex | undefined
  return {
    begin(inputs) {
      if (grid?.holds(inputs)) {
        current = grid
        return grid.begin(inputs)
      }
      // Needed for missing values and for tables that make no grid.
      bitsets ??= createBitsets(lines, rowCount)
      current = bitsets
      return bitsets.begin(inputs)
    },
    next: () => current?.next() ?? -1,
  }
}

// 16 MB, and a bound on the time it takes to fill them.
const MAX_BITSET_WORDS = 1 << 22
const MAX_GRID_CELLS = 1 << 21
const MAX_GRID_ENTRIES = 1 << 22
// Where a cell of the grid holds more rows than this, bitsets are quicker.
const MAX_ROWS_PER_CELL = 16

interface Grid extends RowIndex {
  holds(inputs: readonly FeelValue[]): boolean
}

/** Cells are combinations of segments; each lists its rows. Columns are taken in while the grid stays small. */
function createGrid(lines: readonly ColumnLine[], rowCount: number): Grid | undefined {
  const covers = lines.map(line => segmentsPerRow(line, rowCount))
  const taken: { readonly column: number; readonly stride: number }[] = []
  let cellCount = 1
  let entryBound = rowCount
  const perRow = new Float64Array(rowCount).fill(1)
  const bySelectivity = lines.map((_, column) => column).toSorted((a, b) => share(covers[a], lines[a]) - share(covers[b], lines[b]))
  for (const column of bySelectivity) {
    const line = lines[column] as ColumnLine
    const cover = covers[column] as Uint32Array
    let entries = 0
    for (let row = 0; row < rowCount; row++) entries += (perRow[row] as number) * (cover[row] as number)
    if (line.segmentCount === 1 || cellCount * line.segmentCount > MAX_GRID_CELLS || entries > MAX_GRID_ENTRIES) continue
    for (let row = 0; row < rowCount; row++) perRow[row]! *= cover[row] as number
    taken.push({ column, stride: cellCount })
    cellCount *= line.segmentCount
    entryBound = entries
  }
  if (taken.length === 0 || entryBound > cellCount * MAX_ROWS_PER_CELL) return undefined

  const starts = new Uint32Array(cellCount + 1)
  eachEntry(lines, taken, rowCount, cell => starts[cell + 1]!++)
  for (let cell = 0; cell < cellCount; cell++) starts[cell + 1]! += starts[cell] as number
  const rows = new Uint32Array(starts[cellCount] as number)
  const filled = starts.slice(0, cellCount)
  eachEntry(lines, taken, rowCount, (cell, row) => {
    rows[filled[cell]!++] = row
  })
  const isExact = taken.length === lines.length && lines.every(line => line.isExact)
  let found = 0
  let at = 0
  let end = 0
  return {
    holds(inputs) {
      found = 0
      for (let i = 0; i < taken.length; i++) {
        const { column, stride } = taken[i] as { column: number; stride: number }
        const segment = (lines[column] as ColumnLine).segmentOf(inputs[column] ?? null)
        if (segment === 0) return false
        found += segment * stride
      }
      return true
    },
    begin() {
      at = starts[found] as number
      end = starts[found + 1] as number
      return !isExact
    },
    next: () => (at < end ? (rows[at++] as number) : -1),
  }
}

function eachEntry(
  lines: readonly ColumnLine[],
  taken: readonly { readonly column: number; readonly stride: number }[],
  rowCount: number,
  visit: (cell: number, row: number) => void,
): void {
  const descend = (level: number, cell: number, row: number): void => {
    const next = taken[level]
    if (!next) visit(cell, row)
    else lines[next.column]?.eachSegment(row, segment => descend(level + 1, cell + segment * next.stride, row))
  }
  for (let row = 0; row < rowCount; row++) descend(0, 0, row)
}

function segmentsPerRow(line: ColumnLine, rowCount: number): Uint32Array {
  const counts = new Uint32Array(rowCount)
  for (let row = 0; row < rowCount; row++) line.eachSegment(row, () => counts[row]!++)
  return counts
}

/** How much of the column an average row takes; the less, the better it tells rows apart. */
function share(cover: Uint32Array | undefined, line: ColumnLine | undefined): number {
  return cover && line ? cover.reduce((sum, count) => sum + count, 0) / (cover.length * line.segmentCount) : 1
}

/** A bitset of rows per segment, and a second one that says which words of the first are not zero. */
function createBitsets(lines: readonly ColumnLine[], rowCount: number): RowIndex {
  const words = Math.ceil(rowCount / 32)
  const summaryWords = Math.ceil(words / 32)
  const stride = words + summaryWords
  const bits = lines.map(line => {
    const marked = new Int32Array(line.segmentCount * stride)
    const mark = (segment: number, row: number): void => {
      const word = row >>> 5
      marked[segment * stride + word]! |= 1 << (row & 31)
      marked[segment * stride + words + (word >>> 5)]! |= 1 << (word & 31)
    }
    for (let row = 0; row < rowCount; row++) {
      mark(0, row)
      line.eachSegment(row, segment => mark(segment, row))
    }
    return marked
  })
  const count = lines.length
  const offsets = new Int32Array(count)
  let from = 0

  return {
    begin(inputs) {
      let isSure = true
      for (let column = 0; column < count; column++) {
        const line = lines[column] as ColumnLine
        const segment = line.segmentOf(inputs[column] ?? null)
        offsets[column] = segment * stride
        if (segment === 0 || !line.isExact) isSure = false
      }
      from = 0
      return !isSure
    },
    next() {
      if (from >= rowCount) return -1
      const firstWord = from >>> 5
      for (let summary = firstWord >>> 5; summary < summaryWords; summary++) {
        let open = summary === firstWord >>> 5 ? -1 << (firstWord & 31) : -1
        for (let column = 0; column < count && open !== 0; column++)
          open &= (bits[column] as Int32Array)[(offsets[column] as number) + words + summary] as number
        for (; open !== 0; open &= open - 1) {
          const word = (summary << 5) + lowestBit(open)
          let rows = word === firstWord ? -1 << (from & 31) : -1
          for (let column = 0; column < count && rows !== 0; column++)
            rows &= (bits[column] as Int32Array)[(offsets[column] as number) + word] as number
          if (rows === 0) continue
          const row = (word << 5) + lowestBit(rows)
          from = row + 1
          return row
        }
      }
      return -1
    },
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word)
}
