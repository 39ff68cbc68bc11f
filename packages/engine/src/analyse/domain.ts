import type { CellSet, Interval } from '../feel/cell-set.ts'
import { fromEpochDay } from '../feel/temporal.ts'
import { minorUnits } from '../money.ts'
import { daysOf } from '../operators/typing.ts'
import type { FactDefinition, Value } from '../policy/document.ts'
import { atomsOf, everything, isWithin, NOTHING, type Ranges, rangesOf } from './ranges.ts'

/**
 * The values that a fact can have, cut into atoms: classes that none of the conditions at hand tells apart. The last
 * atom is that of the missing value.
 */
export interface Domain {
  readonly kind: 'numbers' | 'dates' | 'texts' | 'booleans' | 'anything'
  /** There are texts that nothing names; one atom stands for them all. */
  readonly isOpen: boolean
  readonly count: number
  readonly missing: number
  /** All atoms, the missing value among them. */
  readonly all: Ranges
  /** All atoms of values. */
  readonly known: Ranges
  /** The atoms of a set; undefined when the set is of another kind of value. */
  rangesOf(set: CellSet): Ranges | undefined
  /** A value of the atom, as a fact gives it; null for the missing one. */
  valueOf(atom: number): Value
  /** The same in the form in which conditions see it: amounts are numbers. */
  workingValueOf(atom: number): Value
  /** A cell that holds for these atoms, in FEEL. */
  cellOf(ranges: Ranges): string
}

/** What conditions hold the values of a fact against. */
export interface Marks {
  readonly numbers: Set<number>
  readonly texts: Set<string>
}

export function noMarks(): Marks {
  return { numbers: new Set(), texts: new Set() }
}

export function markSet(marks: Marks, set: CellSet): void {
  if (set.kind === 'numbers' || set.kind === 'dates') {
    for (const { low, high } of set.intervals) for (const end of [low, high]) if (Number.isFinite(end)) marks.numbers.add(end)
  } else if (set.kind === 'texts') for (const value of set.values) marks.texts.add(value)
}

export function createDomain(definition: FactDefinition, marks: Marks): Domain {
  switch (definition.type) {
    case 'number':
    case 'percent':
      return lineDomain('numbers', definition, marks, undefined)
    case 'integer':
      return lineDomain('numbers', definition, marks, 0)
    case 'money':
      return lineDomain('numbers', definition, marks, minorUnits(definition.currency))
    case 'date':
      return lineDomain('dates', definition, marks, 0)
    case 'boolean':
      return listDomain('booleans', [true, false], undefined)
    case 'enum':
      return definition.values
        ? listDomain(
            'texts',
            definition.values.map(item => (typeof item === 'string' ? item : item.value)),
            undefined,
          )
        : openTexts(marks)
    case 'string':
      return openTexts(marks)
    case 'list':
      return listDomain('anything', [], undefined)
  }
}

/** Two atoms that stand for nothing but themselves: a condition whose inside is not looked at, true or false. */
export function opaqueDomain(): Domain {
  return listDomain('booleans', [true, false], undefined)
}

// ── numbers and dates ───────────────────────────────────────────────────────────────────────────

/** Atoms are the marks and the open intervals between them; those outside the range, or between neighbours, are none. */
function lineDomain(
  kind: 'numbers' | 'dates',
  { type, currency, min, max }: FactDefinition,
  { numbers }: Marks,
  decimals: number | undefined,
): Domain {
  const low = min ?? -Infinity
  const high = max ?? Infinity
  const points = [...new Set([...numbers, ...[low, high].filter(Number.isFinite)])]
    .filter(at => at >= low && at <= high)
    .toSorted((a, b) => a - b)
  // Position 2i + 1 is the i-th point, position 2i the interval before it.
  const representatives: number[] = []
  const positions: number[] = []
  const firstAt: number[] = []
  for (let position = 0; position <= 2 * points.length; position++) {
    firstAt.push(positions.length)
    const before = points[(position >> 1) - 1] ?? -Infinity
    const point = points[position >> 1]
    const value =
      position % 2 === 1
        ? onLattice(point!, decimals)
        : (before === -Infinity && low > -Infinity) || (point === undefined && high < Infinity)
          ? undefined
          : between(before, point ?? Infinity, decimals)
    if (value === undefined) continue
    positions.push(position)
    representatives.push(value)
  }
  firstAt.push(positions.length)
  const count = positions.length + 1
  const known = everything(count - 1)

  const indexOf = new Map(points.map((point, index) => [point, index]))
  const rangeOf = (interval: Interval): readonly [number, number] => {
    const from =
      interval.low < low
        ? 0
        : interval.low === -Infinity
          ? 0
          : 2 * (indexOf.get(interval.low) ?? points.length) + (interval.lowIncluded ? 1 : 2)
    const to =
      interval.high > high || interval.high === Infinity
        ? 2 * points.length
        : interval.high < low
          ? -1
          : 2 * indexOf.get(interval.high)! + (interval.highIncluded ? 1 : 0)
    if (interval.low > high || from > to) return [0, -1]
    return [firstAt[from]!, firstAt[to + 1]! - 1]
  }
  const shown = (value: number): string => (kind === 'dates' ? `date("${dayText(value)}")` : plainNumber(value))
  const intervalText = (first: number, last: number): string => {
    const from = first === 0 ? undefined : positions[first]!
    const to = last === count - 2 ? undefined : positions[last]!
    if (from === undefined && to === undefined) return '-'
    if (from !== undefined && from === to && from % 2 === 1) return shown(points[from >> 1]!)
    const isFromPoint = from !== undefined && from % 2 === 1
    const isToPoint = to !== undefined && to % 2 === 1
    const fromText = from === undefined ? '' : shown(points[isFromPoint ? from >> 1 : (from >> 1) - 1]!)
    const toText = to === undefined ? '' : shown(points[to >> 1]!)
    if (to === undefined) return `${isFromPoint ? '>=' : '>'} ${fromText}`
    if (from === undefined) return `${isToPoint ? '<=' : '<'} ${toText}`
    return `${isFromPoint ? '[' : '('}${fromText}..${toText}${isToPoint ? ']' : ')'}`
  }
  return {
    kind,
    isOpen: false,
    count,
    missing: count - 1,
    all: everything(count),
    known,
    rangesOf: set => (set.kind === kind ? rangesOf(set.intervals.map(rangeOf)) : common(set, known)),
    workingValueOf: atom => (atom === count - 1 ? null : kind === 'dates' ? dayText(representatives[atom]!) : representatives[atom]!),
    valueOf(atom) {
      if (atom === count - 1) return null
      const value = representatives[atom]!
      if (kind === 'dates') return dayText(value)
      return type === 'money' ? value.toFixed(decimalsOf(value, minorUnits(currency))) : value
    },
    cellOf: ranges => cellText(ranges, count, (first, last) => [intervalText(first, last)]),
  }
}

/** A value strictly between, the roundest that comes easily; undefined when there is none. */
function between(low: number, high: number, decimals: number | undefined): number | undefined {
  if (decimals !== undefined) {
    const scale = 10 ** decimals
    if (low === -Infinity) return high === Infinity ? 0 : (Math.ceil(high * scale - 1e-6) - 1) / scale
    const next = (Math.floor(low * scale + 1e-6) + 1) / scale
    return next > low && next < high ? next : undefined
  }
  if (low === -Infinity) return high === Infinity ? 0 : high - 1 < high ? Math.ceil(high) - 1 : undefined
  if (high === Infinity) return low + 1 > low ? Math.floor(low) + 1 : undefined
  const whole = Math.floor(low) + 1
  if (whole < high) return whole
  const middle = low + (high - low) / 2
  return middle > low && middle < high ? middle : undefined
}

/** The point itself, unless values of this kind never are there: 2.5 is no integer. */
function onLattice(point: number, decimals: number | undefined): number | undefined {
  if (decimals === undefined) return point
  const scaled = point * 10 ** decimals
  return Math.abs(scaled - Math.round(scaled)) <= 1e-6 ? point : undefined
}

const dayText = (day: number): string => fromEpochDay(day).toString()

const plainNumber = (value: number): string =>
  (Math.abs(value) < 1e21 && Math.abs(value) >= 1e-6) || value === 0 ? String(value) : value.toFixed(20).replace(/\.?0+$/, '')

function decimalsOf(value: number, least: number): number {
  const fraction = /\.(\d+)$/.exec(String(value))?.[1] ?? ''
  return Math.max(least, fraction.length)
}

// ── values that can be listed ───────────────────────────────────────────────────────────────────

/** Strings that conditions name, and one that they don't. */
function openTexts({ texts }: Marks): Domain {
  let other = '…'
  while (texts.has(other)) other += '…'
  return listDomain('texts', [...texts], other)
}

function listDomain(kind: Domain['kind'], listed: readonly (string | boolean)[], other: string | undefined): Domain {
  const values: readonly (string | boolean)[] = other === undefined ? listed : [...listed, other]
  const count = values.length + 1
  const known = everything(values.length)
  const index = new Map(values.map((value, at) => [value, at]))
  const atoms = (chosen: Iterable<string | boolean>): Ranges =>
    rangesOf([...chosen].flatMap(value => (index.has(value) && value !== other ? [[index.get(value)!, index.get(value)!] as const] : [])))
  const shown = (atom: number): string => JSON.stringify(values[atom])
  return {
    kind,
    isOpen: other !== undefined,
    count,
    missing: count - 1,
    all: everything(count),
    known,
    rangesOf(set) {
      if (set.kind === 'texts' && kind === 'texts') {
        const named = atoms(set.values)
        return set.negated ? without(known, named) : named
      }
      return set.kind === 'booleans' && kind === 'booleans' ? atoms(set.values) : common(set, known)
    },
    valueOf: atom => values[atom] ?? null,
    workingValueOf: atom => values[atom] ?? null,
    cellOf(ranges) {
      const names = cellText(ranges, count, (first, last) => Array.from({ length: last - first + 1 }, (_, at) => shown(first + at)))
      // What nobody names can only be told by what it is not.
      const otherAtom = other === undefined ? -1 : values.length - 1
      if (otherAtom < 0 || names === '-' || names === 'not(null)' || !isWithin([otherAtom, otherAtom], ranges)) return names
      const excluded = without(known, ranges)
      return excluded.length === 0 ? names : `not(${[...atomsOf(excluded)].map(shown).join(', ')})`
    },
  }
}

/** Sets that mean the same whatever the kind of value. */
function common(set: CellSet, known: Ranges): Ranges | undefined {
  return set.kind === 'any' ? known : set.kind === 'none' ? NOTHING : undefined
}

export function without(whole: Ranges, part: Ranges): Ranges {
  const left: [number, number][] = []
  for (let i = 0; i < whole.length; i += 2) {
    let first = whole[i]!
    for (let j = 0; j < part.length; j += 2) {
      if (part[j + 1]! < first || part[j]! > whole[i + 1]!) continue
      left.push([first, part[j]! - 1])
      first = part[j + 1]! + 1
    }
    left.push([first, whole[i + 1]!])
  }
  return rangesOf(left)
}

function cellText(ranges: Ranges, count: number, texts: (first: number, last: number) => readonly string[]): string {
  const missing = count - 1
  const isMissingIn = ranges.at(-1) === missing
  const values = isMissingIn ? without(ranges, [missing, missing]) : ranges
  if (isWithin(everything(missing), values)) return isMissingIn ? '-' : 'not(null)'
  const parts: string[] = []
  for (let i = 0; i < values.length; i += 2) parts.push(...texts(values[i]!, values[i + 1]!))
  if (isMissingIn) parts.push('null')
  return parts.join(', ')
}

/** A constant as a number on the line of a fact's type; undefined when it is no such thing. */
export function placeOf(constant: unknown, type: FactDefinition['type']): number | undefined {
  if (type === 'date') {
    const day = typeof constant === 'string' ? daysOf(constant) : Number.NaN
    return Number.isNaN(day) ? undefined : day
  }
  return typeof constant === 'number' && Number.isFinite(constant) ? constant : undefined
}
