import type { Rounding } from './number.ts'
import {
  absolute,
  add,
  compareNumbers,
  divide,
  exponential,
  type FeelNumber,
  isFeelNumber,
  modulo,
  multiply,
  naturalLogarithm,
  parseNumber,
  round,
  squareRoot,
  toDouble,
} from './number.ts'
import {
  dateFrom,
  FeelDate,
  FeelDateTime,
  FeelDuration,
  FeelTime,
  fromEpochDay,
  parseDate,
  parseDateTime,
  parseDuration,
  parseTime,
  timeFrom,
  yearsAndMonthsBetween,
} from './temporal.ts'
import type { FeelValue } from './values.ts'
import { compare, equal, isContext, isList, toText } from './values.ts'

/** A builtin function; what does not fit its parameters gives null, as FEEL asks. */
export interface Builtin {
  readonly parameters: readonly string[]
  /** Trailing parameters that may be left out. */
  readonly optional?: number
  /** Takes any number of values, or one list of them. */
  readonly variadic?: boolean
  readonly invoke: (values: readonly FeelValue[]) => FeelValue
}

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  // Conversion
  [
    'number',
    {
      parameters: ['from', 'grouping separator', 'decimal separator'],
      optional: 2,
      invoke: ([from, grouping, point]) => toNumber(from, grouping, point),
    },
  ],
  ['string', { parameters: ['from'], invoke: ([from]) => (from === null || from === undefined ? null : toText(from)) }],
  ['date', { parameters: ['year', 'month', 'day'], optional: 2, invoke: values => toDate(values) }],
  ['date and time', { parameters: ['date', 'time'], optional: 1, invoke: ([date, time]) => toDateTime(date, time) }],
  ['time', { parameters: ['hour', 'minute', 'second', 'offset'], optional: 3, invoke: values => toTime(values) }],
  [
    'duration',
    {
      parameters: ['from'],
      invoke: ([from]) => (typeof from === 'string' ? parseDuration(from) : from instanceof FeelDuration ? from : null),
    },
  ],
  ['years and months duration', { parameters: ['from', 'to'], invoke: ([from, to]) => monthsBetween(from, to) }],

  // Calendar
  ['day of year', { parameters: ['date'], invoke: onDate(date => date.epochDay - new FeelDate(date.year, 1, 1).epochDay + 1) }],
  ['day of week', { parameters: ['date'], invoke: onDate(date => WEEKDAYS[date.weekday - 1] ?? null) }],
  ['month of year', { parameters: ['date'], invoke: onDate(date => MONTHS[date.month - 1] ?? null) }],
  ['week of year', { parameters: ['date'], invoke: onDate(weekOfYear) }],

  // Truth and presence
  ['not', { parameters: ['negand'], invoke: ([negand]) => (typeof negand === 'boolean' ? !negand : null) }],
  ['is defined', { parameters: ['value'], invoke: ([value]) => value !== null && value !== undefined }],
  ['get or else', { parameters: ['value', 'default'], invoke: ([value, fallback]) => value ?? fallback ?? null }],
  ['all', { parameters: ['list'], variadic: true, invoke: values => everyTrue(values) }],
  ['any', { parameters: ['list'], variadic: true, invoke: values => someTrue(values) }],

  // Texts
  [
    'substring',
    { parameters: ['string', 'start position', 'length'], optional: 1, invoke: ([text, start, length]) => substring(text, start, length) },
  ],
  ['string length', { parameters: ['string'], invoke: onText(text => [...text].length) }],
  ['upper case', { parameters: ['string'], invoke: onText(text => text.toUpperCase()) }],
  ['lower case', { parameters: ['string'], invoke: onText(text => text.toLowerCase()) }],
  ['trim', { parameters: ['string'], invoke: onText(text => text.trim()) }],
  [
    'substring before',
    { parameters: ['string', 'match'], invoke: onTexts((text, match) => (text.includes(match) ? text.slice(0, text.indexOf(match)) : '')) },
  ],
  [
    'substring after',
    {
      parameters: ['string', 'match'],
      invoke: onTexts((text, match) => (text.includes(match) ? text.slice(text.indexOf(match) + match.length) : '')),
    },
  ],
  ['contains', { parameters: ['string', 'match'], invoke: onTexts((text, match) => text.includes(match)) }],
  ['starts with', { parameters: ['string', 'match'], invoke: onTexts((text, match) => text.startsWith(match)) }],
  ['ends with', { parameters: ['string', 'match'], invoke: onTexts((text, match) => text.endsWith(match)) }],
  ['string join', { parameters: ['list', 'delimiter'], optional: 1, invoke: ([list, delimiter]) => joinTexts(list, delimiter) }],

  // Lists
  [
    'list contains',
    {
      parameters: ['list', 'element'],
      invoke: ([list, element]) => (isList(list) ? list.some(item => equal(item, element ?? null) === true) : null),
    },
  ],
  ['count', { parameters: ['list'], invoke: ([list]) => (isList(list) ? list.length : null) }],
  ['min', { parameters: ['list'], variadic: true, invoke: values => extreme(values, -1) }],
  ['max', { parameters: ['list'], variadic: true, invoke: values => extreme(values, 1) }],
  ['sum', { parameters: ['list'], variadic: true, invoke: values => fold(values, add) }],
  ['product', { parameters: ['list'], variadic: true, invoke: values => fold(values, multiply) }],
  ['mean', { parameters: ['list'], variadic: true, invoke: values => mean(values) }],
  ['median', { parameters: ['list'], variadic: true, invoke: values => median(values) }],
  ['append', { parameters: ['list', 'item'], variadic: true, invoke: ([list, ...items]) => (isList(list) ? [...list, ...items] : null) }],
  [
    'concatenate',
    { parameters: ['list'], variadic: true, invoke: values => values.flatMap(value => (isList(value) ? [...value] : [value])) },
  ],
  [
    'sublist',
    { parameters: ['list', 'start position', 'length'], optional: 1, invoke: ([list, start, length]) => sublist(list, start, length) },
  ],
  [
    'insert before',
    { parameters: ['list', 'position', 'newItem'], invoke: ([list, position, item]) => insertBefore(list, position, item ?? null) },
  ],
  ['remove', { parameters: ['list', 'position'], invoke: ([list, position]) => removeAt(list, position) }],
  ['reverse', { parameters: ['list'], invoke: ([list]) => (isList(list) ? list.toReversed() : null) }],
  [
    'index of',
    {
      parameters: ['list', 'match'],
      invoke: ([list, match]) => (isList(list) ? list.flatMap((item, i) => (equal(item, match ?? null) === true ? [i + 1] : [])) : null),
    },
  ],
  [
    'union',
    { parameters: ['list'], variadic: true, invoke: values => distinct(values.flatMap(value => (isList(value) ? [...value] : [value]))) },
  ],
  ['distinct values', { parameters: ['list'], invoke: ([list]) => (isList(list) ? distinct(list) : null) }],
  ['flatten', { parameters: ['list'], invoke: ([list]) => (isList(list) ? flatten(list) : null) }],

  // Numbers
  ['decimal', { parameters: ['n', 'scale'], invoke: rounding('half-even') }],
  ['floor', { parameters: ['n', 'scale'], optional: 1, invoke: rounding('floor', 0) }],
  ['ceiling', { parameters: ['n', 'scale'], optional: 1, invoke: rounding('ceiling', 0) }],
  ['round up', { parameters: ['n', 'scale'], invoke: rounding('up') }],
  ['round down', { parameters: ['n', 'scale'], invoke: rounding('down') }],
  ['round half up', { parameters: ['n', 'scale'], invoke: rounding('half-up') }],
  ['round half down', { parameters: ['n', 'scale'], invoke: rounding('half-down') }],
  ['round half even', { parameters: ['n', 'scale'], invoke: rounding('half-even') }],
  [
    'abs',
    {
      parameters: ['n'],
      invoke: ([n]) => (n instanceof FeelDuration ? new FeelDuration(n.kind, Math.abs(n.amount)) : isFeelNumber(n) ? absolute(n) : null),
    },
  ],
  ['modulo', { parameters: ['dividend', 'divisor'], invoke: ([a, b]) => (isFeelNumber(a) && isFeelNumber(b) ? modulo(a, b) : null) }],
  ['sqrt', { parameters: ['number'], invoke: onNumber(n => (toDouble(n) < 0 ? null : squareRoot(n))) }],
  ['log', { parameters: ['number'], invoke: onNumber(n => (toDouble(n) <= 0 ? null : naturalLogarithm(n))) }],
  ['exp', { parameters: ['number'], invoke: onNumber(exponential) }],
  ['odd', { parameters: ['number'], invoke: onNumber(n => isRemainder(n, 1)) }],
  ['even', { parameters: ['number'], invoke: onNumber(n => isRemainder(n, 0)) }],

  // Contexts
  [
    'get value',
    {
      parameters: ['context', 'key'],
      invoke: ([context, key]) =>
        context !== undefined && isContext(context) && typeof key === 'string' && Object.hasOwn(context, key)
          ? (context[key] ?? null)
          : null,
    },
  ],
])

/** What only the interpreter can call. */
export const INTERPRETED_FUNCTIONS: ReadonlySet<string> = new Set([
  'matches',
  'replace',
  'split',
  'stddev',
  'mode',
  'sort',
  'get entries',
  'context',
  'context put',
  'context merge',
  'list replace',
  'range',
  'before',
  'after',
  'meets',
  'met by',
  'overlaps',
  'overlaps before',
  'overlaps after',
  'finishes',
  'finished by',
  'includes',
  'during',
  'starts',
  'started by',
  'coincides',
  'is',
])

/** Function names that hold spaces, longest first. */
export const SPACED_BUILTINS: readonly string[] = [...BUILTINS.keys(), ...INTERPRETED_FUNCTIONS]
  .filter(name => name.includes(' '))
  .toSorted((a, b) => b.length - a.length)

function onText(invoke: (text: string) => FeelValue): Builtin['invoke'] {
  return ([text]) => (typeof text === 'string' ? invoke(text) : null)
}

function onTexts(invoke: (text: string, match: string) => FeelValue): Builtin['invoke'] {
  return ([text, match]) => (typeof text === 'string' && typeof match === 'string' ? invoke(text, match) : null)
}

function onDate(invoke: (date: FeelDate) => FeelValue): Builtin['invoke'] {
  return ([value]) => (value instanceof FeelDate ? invoke(value) : value instanceof FeelDateTime ? invoke(value.date) : null)
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** ISO 8601: a week belongs to the year that holds its Thursday. */
function weekOfYear(date: FeelDate): number {
  const thursday = fromEpochDay(date.epochDay + 4 - date.weekday)
  return Math.floor((thursday.epochDay - new FeelDate(thursday.year, 1, 1).epochDay) / 7) + 1
}

function onNumber(invoke: (n: FeelNumber) => FeelValue): Builtin['invoke'] {
  return ([n]) => (isFeelNumber(n) ? invoke(n) : null)
}

function rounding(mode: Rounding, defaultScale?: number): Builtin['invoke'] {
  return ([n, scale = defaultScale]) => (isFeelNumber(n) && isFeelNumber(scale) ? round(n, toDouble(scale), mode) : null)
}

function toNumber(from: FeelValue = null, grouping: FeelValue = null, point: FeelValue = null): FeelValue {
  if (isFeelNumber(from)) return from
  if (typeof from !== 'string') return null
  let text = from
  if (typeof grouping === 'string' && grouping) text = text.replaceAll(grouping, '')
  if (typeof point === 'string' && point && point !== '.') text = text.replaceAll('.', '#').replaceAll(point, '.')
  return parseNumber(text)
}

function toDate([year = null, month = null, day = null]: readonly FeelValue[]): FeelValue {
  if (typeof year === 'string') return parseDate(year)
  if (year instanceof FeelDate) return year
  if (year instanceof FeelDateTime) return year.date
  return typeof year === 'number' && typeof month === 'number' && typeof day === 'number' ? dateFrom(year, month, day) : null
}

function toDateTime(date: FeelValue = null, time: FeelValue = null): FeelValue {
  if (typeof date === 'string') return parseDateTime(date)
  if (date instanceof FeelDateTime && time === null) return date
  const day = date instanceof FeelDateTime ? date.date : date
  return day instanceof FeelDate && time instanceof FeelTime ? new FeelDateTime(day, time) : null
}

function toTime([hour = null, minute = null, second = null, offset = null]: readonly FeelValue[]): FeelValue {
  if (typeof hour === 'string') return parseTime(hour)
  if (hour instanceof FeelTime) return hour
  if (hour instanceof FeelDateTime) return hour.time
  if (hour instanceof FeelDate) return new FeelTime(0, 0)
  if (typeof hour !== 'number' || typeof minute !== 'number' || typeof second !== 'number') return null
  return timeFrom(hour, minute, second, offset instanceof FeelDuration ? offset.amount : null)
}

function monthsBetween(from: FeelValue = null, to: FeelValue = null): FeelValue {
  const start = from instanceof FeelDateTime ? from.date : from
  const end = to instanceof FeelDateTime ? to.date : to
  return start instanceof FeelDate && end instanceof FeelDate ? yearsAndMonthsBetween(start, end) : null
}

function everyTrue(values: readonly FeelValue[]): FeelValue {
  if (values.includes(false)) return false
  return values.every(value => value === true) ? true : null
}

function someTrue(values: readonly FeelValue[]): FeelValue {
  if (values.includes(true)) return true
  return values.every(value => value === false) ? false : null
}

function substring(text: FeelValue = null, start: FeelValue = null, length?: FeelValue): FeelValue {
  if (typeof text !== 'string' || typeof start !== 'number') return null
  return slice([...text], start, length)?.join('') ?? null
}

function sublist(list: FeelValue = null, start: FeelValue = null, length?: FeelValue): FeelValue {
  return isList(list) && typeof start === 'number' ? slice(list, start, length) : null
}

function slice<Item>(items: readonly Item[], start: number, length: FeelValue | undefined): readonly Item[] | null {
  const first = start < 0 ? items.length + start : start - 1
  if (length === undefined || length === null) return items.slice(first)
  return typeof length === 'number' ? items.slice(first, first + length) : null
}

function joinTexts(list: FeelValue = null, delimiter: FeelValue = null): FeelValue {
  if (!isList(list)) return null
  const texts = list.filter(item => item !== null)
  return texts.every(item => typeof item === 'string') ? texts.join(typeof delimiter === 'string' ? delimiter : '') : null
}

function extreme(values: readonly FeelValue[], sign: 1 | -1): FeelValue {
  let best: FeelValue = values[0] ?? null
  for (const value of values) {
    const order = compare(value, best)
    if (order === null) return null
    if (order * sign > 0) best = value
  }
  return best
}

function fold(values: readonly FeelValue[], combine: (a: FeelNumber, b: FeelNumber) => FeelNumber | null): FeelNumber | null {
  const [first = null, ...rest] = values
  let total: FeelNumber | null = isFeelNumber(first) ? first : null
  for (const value of rest) {
    if (total === null || !isFeelNumber(value)) return null
    total = combine(total, value)
  }
  return total
}

function mean(values: readonly FeelValue[]): FeelValue {
  const total = fold(values, add)
  return total === null ? null : divide(total, values.length)
}

function median(values: readonly FeelValue[]): FeelValue {
  if (values.length === 0 || !values.every(isFeelNumber)) return null
  const sorted = values.toSorted(compareNumbers)
  const middle = sorted.length >> 1
  const high = sorted[middle] as FeelNumber
  if (sorted.length % 2 === 1) return high
  const total = add(sorted[middle - 1] as FeelNumber, high)
  return total && divide(total, 2)
}

function insertBefore(list: FeelValue = null, position: FeelValue = null, item: FeelValue): FeelValue {
  if (!isList(list) || typeof position !== 'number') return null
  const at = position < 0 ? Math.max(0, list.length + position) : Math.min(list.length, position - 1)
  return list.toSpliced(at, 0, item)
}

function removeAt(list: FeelValue = null, position: FeelValue = null): FeelValue {
  if (!isList(list) || typeof position !== 'number') return null
  const at = position < 0 ? list.length + position : position - 1
  return at < 0 || at >= list.length ? [...list] : list.toSpliced(at, 1)
}

function distinct(list: readonly FeelValue[]): readonly FeelValue[] {
  const found: FeelValue[] = []
  for (const item of list) if (!found.some(other => equal(item, other) === true)) found.push(item)
  return found
}

function flatten(list: readonly FeelValue[]): readonly FeelValue[] {
  return list.flatMap(item => (isList(item) ? flatten(item) : [item]))
}

function isRemainder(n: FeelNumber, remainder: 0 | 1): FeelValue {
  const rest = modulo(n, 2)
  return rest !== null && compareNumbers(rest, remainder) === 0
}
