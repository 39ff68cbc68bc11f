/**
 * Sets of atoms: ascending, disjoint pairs of first and last, laid flat. Atoms are the classes of values that no
 * condition tells apart (see `domain.ts`), so sets of values become sets of small integers.
 */
export type Ranges = readonly number[]

export const NOTHING: Ranges = []

export function everything(count: number): Ranges {
  return count === 0 ? NOTHING : [0, count - 1]
}

/** From ranges in any order that may touch or overlap. */
export function rangesOf(pairs: readonly (readonly [first: number, last: number])[]): Ranges {
  const sorted = pairs.filter(([first, last]) => first <= last).toSorted((a, b) => a[0] - b[0])
  const ranges: number[] = []
  for (const [first, last] of sorted) {
    if (ranges.length > 0 && first <= ranges.at(-1)! + 1) ranges[ranges.length - 1] = Math.max(ranges.at(-1)!, last)
    else ranges.push(first, last)
  }
  return ranges
}

export function intersect(a: Ranges, b: Ranges): Ranges {
  const both: number[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const first = Math.max(a[i]!, b[j]!)
    const last = Math.min(a[i + 1]!, b[j + 1]!)
    if (first <= last) both.push(first, last)
    if (a[i + 1]! < b[j + 1]!) i += 2
    else j += 2
  }
  return both
}

export function meets(a: Ranges, b: Ranges): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i + 1]! < b[j]!) i += 2
    else if (b[j + 1]! < a[i]!) j += 2
    else return true
  }
  return false
}

export function isWithin(inner: Ranges, outer: Ranges): boolean {
  let j = 0
  for (let i = 0; i < inner.length; i += 2) {
    while (j < outer.length && outer[j + 1]! < inner[i]!) j += 2
    if (j >= outer.length || outer[j]! > inner[i]! || outer[j + 1]! < inner[i + 1]!) return false
  }
  return true
}

export function holdsAtom(ranges: Ranges, atom: number): boolean {
  for (let i = 0; i < ranges.length && ranges[i]! <= atom; i += 2) if (atom <= ranges[i + 1]!) return true
  return false
}

export function* atomsOf(ranges: Ranges): Iterable<number> {
  for (let i = 0; i < ranges.length; i += 2) for (let atom = ranges[i]!; atom <= ranges[i + 1]!; atom++) yield atom
}
