import type { Expression, UnaryTest, UnaryTests } from './ast.ts'
import { compileExpression } from './compile.ts'
import { isFeelNumber, toDouble } from './number.ts'
import { FeelDate } from './temporal.ts'
import { FeelRange, type FeelValue, isList } from './values.ts'

/** The values (null aside) for which a cell holds, where that can be told without any fact. */
export type CellSet =
  | { readonly kind: 'any' }
  /** Nothing but null. */
  | { readonly kind: 'none' }
  /** Disjoint and ascending; dates are days since 1970-01-01. */
  | { readonly kind: 'numbers' | 'dates'; readonly intervals: readonly Interval[] }
  | { readonly kind: 'texts'; readonly values: ReadonlySet<string>; readonly negated: boolean }
  | { readonly kind: 'booleans'; readonly values: ReadonlySet<boolean> }

export interface Interval {
  readonly low: number
  readonly high: number
  readonly lowIncluded: boolean
  readonly highIncluded: boolean
}

/** Undefined for a cell that depends on facts or that is no set of one kind of value. */
export function cellSetOf({ negated, tests }: UnaryTests): CellSet | undefined {
  if (tests.length === 0) return { kind: 'any' }
  const sets: CellSet[] = []
  for (const test of tests) {
    const set = setOfTest(test)
    if (!set) return undefined
    sets.push(set)
  }
  const union = sets.reduce<CellSet | undefined>((a, b) => a && unite(a, b), { kind: 'none' })
  return union && negated ? complement(union) : union
}

/** Whether the intervals leave nothing out. */
export function isEverything(intervals: readonly Interval[]): boolean {
  return intervals.length === 1 && intervals[0]?.low === -Infinity && intervals[0].high === Infinity
}

function setOfTest(test: UnaryTest): CellSet | undefined {
  if (test.kind === 'condition') return undefined
  const operand = constantOf(test.operand)
  if (operand === undefined) return undefined
  if (test.kind === 'value') return setOfValue(operand)
  if (test.operator === '=') return isList(operand) ? undefined : setOfValue(operand)
  if (test.operator === '!=') {
    const equal = isList(operand) || operand instanceof FeelRange ? undefined : setOfValue(operand)
    return equal && complement(equal)
  }
  const point = pointOf(operand)
  if (!point) return undefined
  const isLower = test.operator === '>' || test.operator === '>='
  const included = test.operator === '>=' || test.operator === '<='
  const interval = isLower
    ? { low: point.at, lowIncluded: included, high: Infinity, highIncluded: false }
    : { low: -Infinity, lowIncluded: false, high: point.at, highIncluded: included }
  return { kind: point.kind, intervals: [interval] }
}

function setOfValue(value: FeelValue): CellSet | undefined {
  if (value === null) return { kind: 'none' }
  if (typeof value === 'string') return { kind: 'texts', values: new Set([value]), negated: false }
  if (typeof value === 'boolean') return { kind: 'booleans', values: new Set([value]) }
  if (value instanceof FeelRange) return setOfRange(value)
  if (isList(value)) {
    const sets = value.map(setOfValue)
    return sets.reduce<CellSet | undefined>((a, b) => (a && b ? unite(a, b) : undefined), { kind: 'none' })
  }
  const point = pointOf(value)
  return point && { kind: point.kind, intervals: [{ low: point.at, high: point.at, lowIncluded: true, highIncluded: true }] }
}

function setOfRange(range: FeelRange): CellSet | undefined {
  const low = pointOf(range.low)
  const high = pointOf(range.high)
  if (!low || !high || low.kind !== high.kind || low.at > high.at) return undefined
  const interval = { low: low.at, high: high.at, lowIncluded: range.lowIncluded, highIncluded: range.highIncluded }
  return { kind: low.kind, intervals: normalised([interval]) }
}

function pointOf(value: FeelValue): { readonly kind: 'numbers' | 'dates'; readonly at: number } | undefined {
  // A number wider than a double has no exact place on this line.
  if (isFeelNumber(value)) return typeof value === 'number' ? { kind: 'numbers', at: toDouble(value) } : undefined
  return value instanceof FeelDate ? { kind: 'dates', at: value.epochDay } : undefined
}

function constantOf(expression: Expression): FeelValue | undefined {
  const { isConstant, run } = compileExpression<null>(expression, { find: () => undefined }, 'unknown')
  return isConstant ? run(null, null, null) : undefined
}

function unite(a: CellSet, b: CellSet): CellSet | undefined {
  if (a.kind === 'none') return b
  if (b.kind === 'none') return a
  if ((a.kind === 'numbers' && b.kind === 'numbers') || (a.kind === 'dates' && b.kind === 'dates')) {
    return { kind: a.kind, intervals: normalised([...a.intervals, ...b.intervals]) }
  }
  if (a.kind === 'booleans' && b.kind === 'booleans') return { kind: 'booleans', values: union(a.values, b.values) }
  if (a.kind === 'texts' && b.kind === 'texts') {
    if (a.negated && b.negated) return { kind: 'texts', values: without(a.values, without(a.values, b.values)), negated: true }
    if (a.negated) return { kind: 'texts', values: without(a.values, b.values), negated: true }
    if (b.negated) return { kind: 'texts', values: without(b.values, a.values), negated: true }
    return { kind: 'texts', values: union(a.values, b.values), negated: false }
  }
  return undefined
}

function union<Item>(a: ReadonlySet<Item>, b: ReadonlySet<Item>): ReadonlySet<Item> {
  return new Set([...a, ...b])
}

function without<Item>(a: ReadonlySet<Item>, b: ReadonlySet<Item>): ReadonlySet<Item> {
  return new Set([...a].filter(item => !b.has(item)))
}

function complement(set: CellSet): CellSet | undefined {
  switch (set.kind) {
    case 'any':
      return { kind: 'none' }
    case 'none':
      // `not(null)`: every value that there is.
      return { kind: 'any' }
    case 'numbers':
    case 'dates':
      return { kind: set.kind, intervals: outside(set.intervals) }
    case 'texts':
      return { ...set, negated: !set.negated }
    case 'booleans':
      return { kind: 'booleans', values: new Set([true, false].filter(value => !set.values.has(value))) }
  }
}

function normalised(intervals: readonly Interval[]): readonly Interval[] {
  const sorted = intervals
    .filter(({ low, high, lowIncluded, highIncluded }) => low < high || (low === high && lowIncluded && highIncluded))
    .toSorted((a, b) => a.low - b.low || Number(b.lowIncluded) - Number(a.lowIncluded))
  const merged: Interval[] = []
  for (const next of sorted) {
    const last = merged.at(-1)
    const touches = last && (next.low < last.high || (next.low === last.high && (next.lowIncluded || last.highIncluded)))
    if (!last || !touches) merged.push(next)
    else if (next.high > last.high || (next.high === last.high && next.highIncluded))
      merged[merged.length - 1] = { ...last, high: next.high, highIncluded: next.highIncluded }
  }
  return merged
}

function outside(intervals: readonly Interval[]): readonly Interval[] {
  const gaps: Interval[] = []
  let low = -Infinity
  let lowIncluded = false
  for (const interval of intervals) {
    if (interval.low > -Infinity) gaps.push({ low, lowIncluded, high: interval.low, highIncluded: !interval.lowIncluded })
    low = interval.high
    lowIncluded = !interval.highIncluded
  }
  if (low < Infinity) gaps.push({ low, lowIncluded, high: Infinity, highIncluded: false })
  return normalised(gaps)
}
