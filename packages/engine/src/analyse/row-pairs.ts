import { meets } from './ranges.ts'
import type { RowBox } from './table-boxes.ts'

/**
 * Calls `see` for every two rows that can hold together, by the place of the later one. Which rows a row's bounds meet
 * is found for all rows at once, as bits; only those that remain after all sides are looked at closely. `see` may
 * return true to end.
 */
export function forPairs(rows: readonly RowBox[], see: (earlier: number, later: number) => boolean | void): void {
  const width = rows[0]?.holds.length ?? 0
  const sides = Array.from({ length: width }, (_, side) => ({
    lows: ordering(rows.map(({ holds }) => holds[side]![0] ?? Number.MAX_SAFE_INTEGER)),
    highs: ordering(rows.map(({ holds }) => holds[side]!.at(-1) ?? -1)),
  }))
  const meeting = new Uint32Array(Math.ceil(rows.length / 32))
  const some = new Uint32Array(meeting.length)
  for (let later = 1; later < rows.length; later++) {
    const box = rows[later]!.holds
    if (box.some(side => side.length === 0)) continue
    const used = (later >> 5) + 1
    meeting.fill(0xffffffff, 0, used)
    for (let side = 0; side < width; side++) {
      const { lows, highs } = sides[side]!
      const begun = countBelow(lows.sorted, box[side]!.at(-1)! + 1)
      if (begun < rows.length) {
        firstOf(lows, begun, some, used)
        for (let word = 0; word < used; word++) meeting[word]! &= some[word]!
      }
      const ended = countBelow(highs.sorted, box[side]![0]!)
      if (ended > 0) {
        firstOf(highs, ended, some, used)
        for (let word = 0; word < used; word++) meeting[word]! &= ~some[word]!
      }
    }
    for (let word = 0; word < used; word++) {
      for (let bits = meeting[word]!; bits !== 0; bits &= bits - 1) {
        const earlier = (word << 5) + 31 - Math.clz32(bits & -bits)
        if (earlier >= later) break
        const other = rows[earlier]!.holds
        if (box.every((side, at) => meets(side, other[at]!)) && see(earlier, later) === true) return
      }
    }
  }
}

/** Rows in order of a bound; every so often, all rows up to there as bits. */
interface Ordering {
  readonly sorted: Float64Array
  readonly rows: Int32Array
  readonly milestones: readonly Uint32Array[]
}

const STRIDE = 64

function ordering(bounds: readonly number[]): Ordering {
  const rows = Int32Array.from(bounds.keys()).sort((a, b) => bounds[a]! - bounds[b]!)
  const milestones: Uint32Array[] = []
  const bits = new Uint32Array(Math.ceil(bounds.length / 32))
  for (const [at, row] of rows.entries()) {
    if (at % STRIDE === 0) milestones.push(bits.slice())
    bits[row >> 5]! |= 1 << (row & 31)
  }
  milestones.push(bits)
  return { sorted: Float64Array.from(rows, row => bounds[row]!), rows, milestones }
}

/** The first rows of the ordering, as bits. */
function firstOf({ rows, milestones }: Ordering, count: number, into: Uint32Array, used: number): void {
  const milestone = count === rows.length ? milestones.length - 1 : Math.floor(count / STRIDE)
  into.set(milestones[milestone]!.subarray(0, used))
  if (count === rows.length) return
  for (let at = milestone * STRIDE; at < count; at++) into[rows[at]! >> 5]! |= 1 << (rows[at]! & 31)
}

function countBelow(sorted: Float64Array, bound: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < bound) low = middle + 1
    else high = middle
  }
  return low
}
