import { intersect, isWithin, holdsAtom, type Ranges, rangesOf } from './ranges.ts'

/** One set of atoms per dimension: all points whose coordinates are in them. */
export type Box = readonly Ranges[]

/** How much may still be looked at; shared by the searches of one table. */
export interface Budget {
  left: number
}

export interface Uncovered {
  /** Disjoint parts of the box that none of the covers reaches. */
  readonly boxes: readonly Box[]
  /** False: there may be more, the limit or the budget was reached. */
  readonly isComplete: boolean
}

// More pieces of one side than this are not compared with each other.
const GROUPED_UP_TO = 256

/**
 * Which parts of a box no cover reaches: splits one side where some cover begins or ends, keeps the covers of each piece,
 * and goes on with the other sides. Ends as soon as a single cover holds all that is left.
 */
export function findUncovered(box: Box, covers: readonly Box[], limit: number, budget: Budget): Uncovered {
  const boxes: Box[] = []
  const isComplete = search(box, covers)
  return { boxes, isComplete }

  /** False when it had to give up. */
  function search(part: Box, around: readonly Box[]): boolean {
    if (part.some(side => side.length === 0)) return true
    if (around.length === 0) {
      if (boxes.length >= limit) return false
      boxes.push(part)
      return true
    }
    budget.left -= around.length * part.length
    if (budget.left < 0) return false
    const side = sideToSplit(part, around)
    if (side === undefined) return true
    for (const { ranges, covers: inside } of piecesOf(part[side]!, around, side)) {
      budget.left -= around.length
      if (!search(part.with(side, ranges), inside)) return false
    }
    return true
  }
}

/** Whether some point of the box is in no cover, by trying a few; false says nothing. */
export function isSurelyUncovered(box: Box, covers: readonly Box[]): boolean {
  let state = 1
  const draw = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below
  for (let attempt = 0; attempt < 16; attempt++) {
    const point = box.map(side => {
      const at = 2 * draw(side.length / 2)
      return side[at]! + draw(side[at + 1]! - side[at]! + 1)
    })
    if (!covers.some(cover => cover.every((side, index) => holdsAtom(side, point[index]!)))) return true
  }
  return false
}

/** The side with the fewest different covers, of those that some cover does not span; undefined when one cover spans all. */
function sideToSplit(part: Box, around: readonly Box[]): number | undefined {
  const partial = part.map(() => new Set<Ranges>())
  const spanned = part.map(() => new Set<Ranges>())
  for (const cover of around) {
    let isAll = true
    for (let side = 0; side < part.length; side++) {
      const ranges = cover[side]!
      if (spanned[side]!.has(ranges)) continue
      if (!partial[side]!.has(ranges)) {
        if (isWithin(part[side]!, ranges)) {
          spanned[side]!.add(ranges)
          continue
        }
        partial[side]!.add(ranges)
      }
      isAll = false
    }
    if (isAll) return undefined
  }
  let best: number | undefined
  for (let side = 0; side < part.length; side++) {
    if (partial[side]!.size > 0 && (best === undefined || partial[side]!.size < partial[best]!.size)) best = side
  }
  return best
}

interface Piece {
  readonly ranges: Ranges
  readonly covers: readonly Box[]
}

/** Pieces of one side, each with the covers that span it; those with the same covers are one piece, fewest covers first. */
function piecesOf(whole: Ranges, around: readonly Box[], side: number): Iterable<Piece> {
  const cuts = new Set<number>()
  for (const ranges of new Set(around.map(cover => cover[side]!))) {
    const inside = intersect(ranges, whole)
    for (let i = 0; i < inside.length; i += 2) cuts.add(inside[i]!).add(inside[i + 1]! + 1)
  }
  const pieces = cutAt(
    whole,
    [...cuts].toSorted((a, b) => a - b),
  )
  const at = (piece: readonly [number, number]): readonly Box[] => around.filter(cover => holdsAtom(cover[side]!, piece[0]))
  if (pieces.length > GROUPED_UP_TO) return lazily(pieces, piece => ({ ranges: piece, covers: at(piece) }))
  const ids = new Map(around.map((cover, index) => [cover, index]))
  const groups = new Map<string, { readonly pairs: (readonly [number, number])[]; readonly covers: readonly Box[] }>()
  for (const piece of pieces) {
    const covers = at(piece)
    const key = covers.map(cover => ids.get(cover)).join()
    const group = groups.get(key)
    if (group) group.pairs.push(piece)
    else groups.set(key, { pairs: [piece], covers })
  }
  return [...groups.values()]
    .toSorted((a, b) => a.covers.length - b.covers.length)
    .map(({ pairs, covers }) => ({ ranges: rangesOf(pairs), covers }))
}

function cutAt(whole: Ranges, cuts: readonly number[]): readonly (readonly [number, number])[] {
  const pieces: (readonly [number, number])[] = []
  let next = 0
  for (let i = 0; i < whole.length; i += 2) {
    let first = whole[i]!
    const last = whole[i + 1]!
    while (next < cuts.length && cuts[next]! <= first) next++
    for (; next < cuts.length && cuts[next]! <= last; next++) {
      pieces.push([first, cuts[next]! - 1])
      first = cuts[next]!
    }
    pieces.push([first, last])
  }
  return pieces
}

function* lazily<Item, Made>(items: readonly Item[], make: (item: Item) => Made): Iterable<Made> {
  for (const item of items) yield make(item)
}
