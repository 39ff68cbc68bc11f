import { type CodeColumn, type ColumnResult, countBits } from '../columns/column.ts'
import { OUTCOMES, type Outcome, type Policy } from '../policy/document.ts'
import { type Distribution, distributionOf } from './distribution.ts'
import { type DifferenceSource, type FirstDifferences, firstDifferences } from './first-difference.ts'
import { Adder, badRateOf, decimal, type History, type Tally } from './tally.ts'

/** A version of a policy and what it makes of the rows. */
export interface Simulated {
  readonly policy: Policy
  readonly result: ColumnResult
}

/** One cell of the swap set: rows that the base decides one way and the challenger another, or the same. */
export interface SwapCell extends Tally {
  readonly base: Outcome
  readonly challenger: Outcome
  /** Bad ones among those whose end is known. */
  readonly badRate: number | null
  /**
   * The base would not have approved these, so what is known of their end was observed under other terms, or not at all:
   * the rate is an estimate.
   */
  readonly isInferred: boolean
  /** Of a cell whose rate is inferred: the rate of those that the base approves in the same segments. */
  readonly expectedBadRate?: number | null
}

export interface OutcomeTotal extends Tally {
  readonly outcome: Outcome
  readonly badRate: number | null
}

export interface Hits extends DifferenceSource {
  readonly base: number | null
  readonly challenger: number | null
}

export interface Mover extends DifferenceSource, Tally {}

export interface SegmentSwap {
  readonly segment: string
  readonly total: Tally
  readonly base: readonly OutcomeTotal[]
  readonly challenger: readonly OutcomeTotal[]
  /** Newly approved, no longer approved. */
  readonly swapIn: Tally
  readonly swapOut: Tally
}

/** What a challenger would have changed. */
export interface SwapReport {
  readonly rows: number
  readonly total: Tally & { readonly badRate: number | null }
  /** All nine, in the order of severity. */
  readonly cells: readonly SwapCell[]
  readonly base: readonly OutcomeTotal[]
  readonly challenger: readonly OutcomeTotal[]
  readonly changed: Tally
  /** Approved by the challenger alone, by the base alone. */
  readonly swapIn: SwapCell
  readonly swapOut: SwapCell
  /** Rows in which something could not be judged. */
  readonly unknown: { readonly base: number; readonly challenger: number }
  readonly distributions: readonly Distribution[]
  readonly hits: readonly Hits[]
  /** Why rows move: by what came out differently first, most rows first. */
  readonly movers: readonly Mover[]
  /** Of the movers, those that nothing explains. */
  readonly unexplained: number
  readonly segments: readonly SegmentSwap[]
}

export interface Comparison {
  readonly report: SwapReport
  readonly differences: FirstDifferences
}

const MOST_SEGMENTS = 200

/** Compares two versions over the same rows: who moves where, what it is worth, and why. */
export function compareVersions(base: Simulated, challenger: Simulated, history: History, segment?: CodeColumn): Comparison {
  const { rows } = history
  const left = base.result.outcomes
  const right = challenger.result.outcomes
  const cells = Array.from({ length: 9 }, () => new Adder(history))
  for (let row = 0; row < rows; row += 1) cells[left[row]! * 3 + right[row]!]!.add(row)

  const differences = firstDifferences(base, challenger)
  const movers = differences.sources.map(() => new Adder(history))
  for (let row = 0; row < rows; row += 1) {
    const source = differences.firstOf[row]!
    if (source >= 0) movers[source]!.add(row)
  }
  const sum = (wanted: (base: number, challenger: number) => boolean): Tally =>
    addTallies(
      cells.filter((_, index) => wanted(Math.floor(index / 3), index % 3)).map(({ tally }) => tally),
      history,
    )
  const expected = segment && expectedRates(segment, left, history)
  const cellOf = (tally: Tally, from: Outcome, to: Outcome, isIn: (row: number) => boolean): SwapCell => ({
    base: from,
    challenger: to,
    ...tally,
    badRate: badRateOf(tally),
    isInferred: from !== 'approve' && history.outcome !== undefined,
    ...(from !== 'approve' && history.outcome && { expectedBadRate: expected ? expected(isIn) : badRateOf(sum(before => before === 0)) }),
  })
  const changed = sum((before, after) => before !== after)
  const total = sum(() => true)
  return {
    differences,
    report: {
      rows,
      total: { ...total, badRate: badRateOf(total) },
      cells: cells.map(({ tally }, index) => {
        const [before, after] = [Math.floor(index / 3), index % 3] as const
        return cellOf(tally, OUTCOMES[before]!, OUTCOMES[after]!, row => left[row] === before && right[row] === after)
      }),
      base: OUTCOMES.map((outcome, at) =>
        withRate(
          outcome,
          sum(before => before === at),
        ),
      ),
      challenger: OUTCOMES.map((outcome, at) =>
        withRate(
          outcome,
          sum((_, after) => after === at),
        ),
      ),
      changed,
      swapIn: cellOf(
        sum((before, after) => before !== 0 && after === 0),
        'decline',
        'approve',
        row => left[row] !== 0 && right[row] === 0,
      ),
      swapOut: cellOf(
        sum((before, after) => before === 0 && after !== 0),
        'approve',
        'decline',
        row => left[row] === 0 && right[row] !== 0,
      ),
      unknown: { base: countBits(base.result.unknown), challenger: countBits(challenger.result.unknown) },
      distributions: [...new Set([...Object.keys(base.result.outputs), ...Object.keys(challenger.result.outputs)])].map(output =>
        distributionOf(output, rows, base.result.outputs[output], challenger.result.outputs[output]),
      ),
      hits: differences.sources
        .filter(({ kind }) => kind !== 'output')
        .map(source => ({ ...source, base: hitsAt(base, source.basePath), challenger: hitsAt(challenger, source.challengerPath) })),
      movers: differences.sources
        .map((source, index) => ({ ...source, ...movers[index]!.tally }))
        .filter(({ count }) => count > 0)
        .toSorted((one, other) => other.count - one.count),
      unexplained: changed.count - movers.reduce((found, { count }) => found + count, 0),
      segments: segment ? bySegment(segment, left, right, history) : [],
    },
  }
}

const hitsAt = ({ result }: Simulated, path: string | undefined): number | null =>
  path === undefined || !result.hits[path] ? null : countBits(result.hits[path])

const withRate = (outcome: Outcome, tally: Tally): OutcomeTotal => ({ outcome, ...tally, badRate: badRateOf(tally) })

function bySegment(segment: CodeColumn, left: Uint8Array, right: Uint8Array, history: History): SegmentSwap[] {
  const cells = Array.from({ length: segment.dictionary.length * 9 }, () => new Adder(history))
  for (let row = 0; row < history.rows; row += 1) cells[segment.codes[row]! * 9 + left[row]! * 3 + right[row]!]?.add(row)
  return segment.dictionary
    .map((name, code) => {
      const own = cells.slice(code * 9, code * 9 + 9).map(({ tally }) => tally)
      const sum = (wanted: (base: number, challenger: number) => boolean): Tally =>
        addTallies(
          own.filter((_, index) => wanted(Math.floor(index / 3), index % 3)),
          history,
        )
      return {
        segment: name,
        total: sum(() => true),
        base: OUTCOMES.map((outcome, at) =>
          withRate(
            outcome,
            sum(before => before === at),
          ),
        ),
        challenger: OUTCOMES.map((outcome, at) =>
          withRate(
            outcome,
            sum((_, after) => after === at),
          ),
        ),
        swapIn: sum((before, after) => before !== 0 && after === 0),
        swapOut: sum((before, after) => before === 0 && after !== 0),
      }
    })
    .filter(({ total }) => total.count > 0)
    .toSorted((one, other) => other.total.count - one.total.count)
    .slice(0, MOST_SEGMENTS)
}

/** The rate among those that the base approves, weighted by how many of the wanted rows each segment has. */
function expectedRates(segment: CodeColumn, left: Uint8Array, history: History): (isIn: (row: number) => boolean) => number | null {
  const approved = segment.dictionary.map(() => new Adder(history))
  for (let row = 0; row < history.rows; row += 1) if (left[row] === 0) approved[segment.codes[row]!]?.add(row)
  const rates = approved.map(({ tally }) => badRateOf(tally))
  return isIn => {
    let rated = 0
    let bad = 0
    for (let row = 0; row < history.rows; row += 1) {
      const rate = isIn(row) ? rates[segment.codes[row]!] : undefined
      if (rate === undefined || rate === null) continue
      rated += 1
      bad += rate
    }
    return rated === 0 ? null : bad / rated
  }
}

function addTallies(tallies: readonly Tally[], history: History): Tally {
  const digits = history.digits ?? 2
  const sumOf = (of: (tally: Tally) => string | undefined): string =>
    decimal(
      tallies.reduce((total, tally) => total + BigInt((of(tally) ?? '0').replace('.', '')), 0n),
      digits,
    )
  const count = (of: (tally: Tally) => number | undefined): number => tallies.reduce((total, tally) => total + (of(tally) ?? 0), 0)
  return {
    count: count(tally => tally.count),
    ...(history.minorAmounts && { amount: sumOf(({ amount }) => amount) }),
    ...(history.outcome && { known: count(({ known }) => known), bad: count(({ bad }) => bad) }),
    ...(history.outcome && history.minorAmounts && { badAmount: sumOf(({ badAmount }) => badAmount) }),
  }
}
