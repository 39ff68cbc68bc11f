import { add, type FeelNumber, isFeelNumber } from '../feel/number.ts'
import type { FeelValue } from '../feel/values.ts'
import { compare, equal } from '../feel/values.ts'
import type { Aggregation, HitPolicy } from '../policy/document.ts'

/** What the rows of a table give, as far as hit policies care. */
interface RowOutputs {
  readonly outputsOf: (row: number) => readonly FeelValue[]
  /** Per output, its values in order of priority; empty where it has none. */
  readonly priorities: readonly (readonly FeelValue[])[]
}

/** Which of the rows that hold have a say, and in which order; undefined when U or A is violated. */
export function selectHits(
  policy: HitPolicy,
  hits: readonly number[],
  { outputsOf, priorities }: RowOutputs,
): readonly number[] | undefined {
  if (hits.length < 2) return hits
  switch (policy) {
    case 'U':
      return undefined
    case 'A': {
      const first = outputsOf(hits[0] as number)
      return hits.every(hit => isSameOutput(outputsOf(hit), first)) ? hits.slice(0, 1) : undefined
    }
    case 'F':
      return hits.slice(0, 1)
    case 'P':
      return inOrderOfPriority(hits, hit => rankOf(outputsOf(hit), priorities)).slice(0, 1)
    case 'O':
      return inOrderOfPriority(hits, hit => rankOf(outputsOf(hit), priorities))
    case 'R':
    case 'C':
      return hits
  }
}

/** One value out of those of all rows that hold; null when there is none. */
export function aggregate(aggregation: Aggregation, values: readonly FeelValue[]): FeelValue {
  if (aggregation === 'count') return values.length
  if (values.length === 0 || !values.every(isFeelNumber)) return null
  if (aggregation === 'sum') return values.reduce<FeelNumber | null>((sum, value) => (sum === null ? null : add(sum, value)), 0)
  const sign = aggregation === 'min' ? -1 : 1
  return values.reduce((best, value) => ((compare(value, best) ?? 0) * sign > 0 ? value : best))
}

/** Where each output stands in the order of its values; what is not listed comes last. */
function rankOf(outputs: readonly FeelValue[], priorities: RowOutputs['priorities']): readonly number[] {
  return priorities.flatMap((values, at) => {
    if (values.length === 0) return []
    const place = values.findIndex(value => equal(outputs[at] ?? null, value) === true)
    return [place < 0 ? values.length : place]
  })
}

/** Rows of one rank keep their order. */
function inOrderOfPriority(hits: readonly number[], rank: (hit: number) => readonly number[]): readonly number[] {
  return hits
    .map(hit => ({ hit, rank: rank(hit) }))
    .toSorted((a, b) => compareRanks(a.rank, b.rank))
    .map(({ hit }) => hit)
}

function isSameOutput(a: readonly FeelValue[], b: readonly FeelValue[]): boolean {
  return a.every((value, at) => (value === null ? b[at] === null : equal(value, b[at] ?? null) === true))
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [at, rank] of a.entries()) {
    const difference = rank - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
