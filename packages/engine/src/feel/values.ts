import type { FactDefinition, Value } from '../policy/document.ts'
import type { FeelNumber } from './number.ts'
import { compareNumbers, isFeelNumber, numberToText, parseNumber, toDouble } from './number.ts'
import type { FeelTemporal } from './temporal.ts'
import { FeelDate, FeelDateTime, FeelDuration, FeelTime, instantToNumber, isTemporal, parseDate, parseDateTime } from './temporal.ts'

export type FeelValue = null | boolean | FeelNumber | string | FeelTemporal | FeelRange | FeelFunction | readonly FeelValue[] | FeelContext

export interface FeelContext {
  readonly [key: string]: FeelValue
}

export class FeelRange {
  /** Null: without bound. */
  readonly low: FeelValue
  readonly high: FeelValue
  readonly lowIncluded: boolean
  readonly highIncluded: boolean

  constructor(low: FeelValue, high: FeelValue, lowIncluded: boolean, highIncluded: boolean) {
    this.low = low
    this.high = high
    this.lowIncluded = lowIncluded
    this.highIncluded = highIncluded
  }
}

/** A function that the host lends to expressions. */
export class FeelFunction {
  readonly parameters: readonly string[]
  readonly invoke: (...values: readonly FeelValue[]) => FeelValue

  constructor(parameters: readonly string[], invoke: (...values: readonly FeelValue[]) => FeelValue) {
    this.parameters = parameters
    this.invoke = invoke
  }
}

/** Null when the two can't be compared. Null equals null alone. */
export function equal(a: FeelValue, b: FeelValue): boolean | null {
  if (a === null || b === null) return a === b
  if (typeof a === 'string' && typeof b === 'string') return a === b
  if (typeof a === 'number' && typeof b === 'number') return a === b
  if (isFeelNumber(a) && isFeelNumber(b)) return compareNumbers(a, b) === 0
  if (typeof a === 'boolean' && typeof b === 'boolean') return a === b
  if (isList(a) !== isList(b)) return equalToOnlyElement(a, b)
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, i) => equal(item, b[i] ?? null) === true)
  if (a instanceof FeelDuration && b instanceof FeelDuration) return a.amount === b.amount && (a.kind === b.kind || a.amount === 0)
  if (isTemporal(a) && isTemporal(b)) return compareTemporals(a, b) === null ? null : compareTemporals(a, b) === 0
  if (a instanceof FeelRange && b instanceof FeelRange) {
    return (
      a.lowIncluded === b.lowIncluded && a.highIncluded === b.highIncluded && equal(a.low, b.low) === true && equal(a.high, b.high) === true
    )
  }
  if (isContext(a) && isContext(b)) {
    const keys = Object.keys(a)
    return (
      keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && equal(a[key] ?? null, b[key] ?? null) === true)
    )
  }
  return null
}

/** Negative, zero or positive; null when the two have no order. */
export function compare(a: FeelValue, b: FeelValue): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  if (isFeelNumber(a) && isFeelNumber(b)) return compareNumbers(a, b)
  if (isTemporal(a) && isTemporal(b)) return compareTemporals(a, b)
  return null
}

export function includes(range: FeelRange, value: FeelValue): boolean | null {
  if (value === null || (range.low === null && range.high === null)) return null
  if (value instanceof FeelRange) return includesRange(range, value)
  if (range.low !== null && range.high !== null) {
    const order = compare(range.low, range.high)
    if (order === null) return null
    if (order > 0) return includes(new FeelRange(range.high, range.low, range.highIncluded, range.lowIncluded), value)
  }
  const above = range.low === null ? 1 : compare(value, range.low)
  const below = range.high === null ? -1 : compare(value, range.high)
  if (above === null || below === null) return null
  return (range.lowIncluded ? above >= 0 : above > 0) && (range.highIncluded ? below <= 0 : below < 0)
}

export function isList(value: unknown): value is readonly FeelValue[] {
  return Array.isArray(value)
}

export function isContext(value: FeelValue): value is FeelContext {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** As `string()` says it; texts inside lists and contexts are quoted. */
export function toText(value: FeelValue, nested = false): string {
  if (typeof value === 'string') return nested ? `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : value
  if (value === null) return 'null'
  if (isFeelNumber(value)) return numberToText(value)
  if (isList(value)) return `[${value.map(item => toText(item, true)).join(', ')}]`
  if (value instanceof FeelRange) {
    return `${value.lowIncluded ? '[' : '('}${toText(value.low, true)}..${toText(value.high, true)}${value.highIncluded ? ']' : ')'}`
  }
  if (value instanceof FeelFunction) return 'function'
  if (isContext(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${/^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(key) ? key : toText(key, true)}: ${toText(item, true)}`)
      .join(', ')}}`
  }
  return String(value)
}

/** How a fact of the host becomes a FEEL value; what is not of the fact's type counts as missing. */
export function factReader(definition: Pick<FactDefinition, 'type' | 'of'> | undefined): (value: unknown) => FeelValue {
  switch (definition?.type) {
    case 'number':
    case 'integer':
    case 'percent':
    case 'money':
      return readNumber
    case 'boolean':
      return value => (typeof value === 'boolean' ? value : null)
    case 'enum':
    case 'string':
      return value => (typeof value === 'string' ? value : null)
    case 'date':
      return readDate
    case 'list': {
      const readItem = factReader(definition.of && { type: definition.of })
      return value => (Array.isArray(value) ? value.map(readItem) : null)
    }
    case undefined:
      return readAny
  }
}

/** How a FEEL value becomes the value of an output; money and other exact decimals are texts. */
export function toValue(value: FeelValue, type?: FactDefinition['type'], decimals?: number): Value {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (isFeelNumber(value)) return type === 'money' ? numberToText(value, decimals) : toDouble(value)
  if (isList(value)) return value.map(item => toValue(item))
  if (isTemporal(value)) return value.toString()
  if (value instanceof FeelRange || value instanceof FeelFunction) return toText(value)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toValue(item)]))
}

function readNumber(value: unknown): FeelValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string') return parseNumber(value)
  return null
}

function readDate(value: unknown): FeelValue {
  if (value instanceof FeelDate || value instanceof FeelDateTime) return value
  if (typeof value !== 'string') return null
  return value.includes('T') ? parseDateTime(value) : parseDate(value)
}

function readAny(value: unknown): FeelValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (isFeelNumber(value)) return value
  if (Array.isArray(value)) return value.map(readAny)
  if (typeof value !== 'object') return null
  if (isTemporal(value) || value instanceof FeelRange || value instanceof FeelFunction) return value
  const context: Record<string, FeelValue> = Object.create(null) as Record<string, FeelValue>
  for (const key of Object.keys(value)) context[key] = readAny((value as Record<string, unknown>)[key])
  return context
}

function equalToOnlyElement(a: FeelValue, b: FeelValue): boolean | null {
  const [list, other] = isList(a) ? [a, b] : [b as readonly FeelValue[], a]
  return list.length === 1 ? equal(list[0] ?? null, other) : null
}

function compareTemporals(a: FeelTemporal, b: FeelTemporal): number | null {
  if (a instanceof FeelDuration || b instanceof FeelDuration) {
    return a instanceof FeelDuration && b instanceof FeelDuration && a.kind === b.kind ? a.amount - b.amount : null
  }
  if (a.constructor !== b.constructor) return null
  const left = a instanceof FeelDateTime ? a.time.offset : a instanceof FeelTime ? a.offset : null
  const right = b instanceof FeelDateTime ? b.time.offset : b instanceof FeelTime ? b.offset : null
  if ((left === null) !== (right === null)) return null
  return instantToNumber(a) - instantToNumber(b)
}

function includesRange(outer: FeelRange, inner: FeelRange): boolean | null {
  const low = outer.low === null ? -1 : inner.low === null ? 1 : compare(outer.low, inner.low)
  const high = outer.high === null ? 1 : inner.high === null ? -1 : compare(outer.high, inner.high)
  if (low === null || high === null) return null
  return (
    (low < 0 || (low === 0 && (outer.lowIncluded || !inner.lowIncluded))) &&
    (high > 0 || (high === 0 && (outer.highIncluded || !inner.highIncluded)))
  )
}
