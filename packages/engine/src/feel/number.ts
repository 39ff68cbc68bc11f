import { Decimal } from 'decimal.js'

/**
 * A FEEL number: exact decimal, 34 digits as in IEEE 754 decimal128.
 *
 * Up to 15 significant digits a double names one decimal only, so such numbers stay plain doubles
 * (fast to compare, ready for JSON); a wider result is kept as a `Decimal`.
 */
export type FeelNumber = number | Decimal

const Exact = Decimal.clone({ precision: 34, rounding: Decimal.ROUND_HALF_EVEN, maxE: 6144, minE: -6143 })

export type Rounding = 'half-up' | 'half-down' | 'half-even' | 'up' | 'down' | 'floor' | 'ceiling'

const ROUNDINGS: Record<Rounding, Decimal.Rounding> = {
  'half-up': Decimal.ROUND_HALF_UP,
  'half-down': Decimal.ROUND_HALF_DOWN,
  'half-even': Decimal.ROUND_HALF_EVEN,
  up: Decimal.ROUND_UP,
  down: Decimal.ROUND_DOWN,
  floor: Decimal.ROUND_FLOOR,
  ceiling: Decimal.ROUND_CEIL,
}

export function isFeelNumber(value: unknown): value is FeelNumber {
  return typeof value === 'number' || value instanceof Decimal
}

/** The number a decimal text says, or null when it says none. */
export function parseNumber(text: string): FeelNumber | null {
  if (!/^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?\s*$/.test(text)) return null
  const digits = text.replace(/\D/g, '').length
  if (digits <= 15 && !/e/i.test(text)) return Number(text)
  return settle(new Exact(text.trim()))
}

export function add(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  const unit = commonUnit(a, b)
  if (unit > 0) return (Math.round((a as number) * unit) + Math.round((b as number) * unit)) / unit
  return settle(new Exact(a).plus(b))
}

export function subtract(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const difference = a - b
    if (Number.isSafeInteger(difference)) return difference
  }
  const unit = commonUnit(a, b)
  if (unit > 0) return (Math.round((a as number) * unit) - Math.round((b as number) * unit)) / unit
  return settle(new Exact(a).minus(b))
}

export function multiply(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const product = a * b
    if (Number.isSafeInteger(product)) return product
  }
  const unitOfA = unitOf(a)
  const unitOfB = unitOf(b)
  if (unitOfA > 0 && unitOfB > 0) {
    const product = Math.round((a as number) * unitOfA) * Math.round((b as number) * unitOfB)
    if (product < LARGEST_QUICK && product > -LARGEST_QUICK) return product / (unitOfA * unitOfB)
  }
  return settle(new Exact(a).times(b))
}

/** Null for a division by zero. */
export function divide(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (isZero(b)) return null
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const quotient = a / b
    if (Number.isSafeInteger(quotient)) return quotient
  }
  return settle(new Exact(a).div(b))
}

export function power(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  return settle(new Exact(a).pow(b))
}

/** The remainder with the sign of the divisor; null for a division by zero. */
export function modulo(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (isZero(b)) return null
  const quotient = new Exact(a).div(b).floor()
  return settle(new Exact(a).minus(quotient.times(b)))
}

export function negate(a: FeelNumber): FeelNumber {
  return typeof a === 'number' ? 0 - a : a.neg()
}

export function absolute(a: FeelNumber): FeelNumber {
  return typeof a === 'number' ? Math.abs(a) : a.abs()
}

export function squareRoot(a: FeelNumber): FeelNumber | null {
  return settle(new Exact(a).sqrt())
}

export function naturalLogarithm(a: FeelNumber): FeelNumber | null {
  return settle(new Exact(a).ln())
}

export function exponential(a: FeelNumber): FeelNumber | null {
  return settle(new Exact(a).exp())
}

/** Rounds to a number of decimal places, which may be negative (-3: to thousands). */
export function round(a: FeelNumber, decimals: number, mode: Rounding): FeelNumber | null {
  if (!Number.isInteger(decimals) || Math.abs(decimals) > 6144) return null
  if (typeof a === 'number' && Number.isSafeInteger(a) && decimals >= 0) return a
  const exact = new Exact(a)
  if (decimals >= 0) return settle(exact.toDecimalPlaces(decimals, ROUNDINGS[mode]))
  const unit = new Exact(10).pow(-decimals)
  return settle(exact.div(unit).toDecimalPlaces(0, ROUNDINGS[mode]).times(unit))
}

/** Negative, zero or positive. */
export function compareNumbers(a: FeelNumber, b: FeelNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0
  return new Exact(a).cmp(b)
}

/** In digits without an exponent; with exactly so many decimals when a scale is given. */
export function numberToText(a: FeelNumber, decimals?: number): string {
  if (decimals !== undefined && decimals >= 0) return new Exact(a).toFixed(decimals, Decimal.ROUND_HALF_UP)
  if (typeof a === 'number' && Number.isSafeInteger(a)) return String(a === 0 ? 0 : a)
  return new Exact(a).toFixed()
}

/** The nearest double. */
export function toDouble(a: FeelNumber): number {
  return typeof a === 'number' ? a : a.toNumber()
}

const LARGEST_QUICK = 1e15

/**
 * The least of these units of which the number is a whole multiple, or 0. Whole multiples below 10^15 add and multiply
 * exactly as doubles, and the final division rounds to the double that names the exact decimal: amounts and rates
 * need no big decimals.
 */
function unitOf(a: FeelNumber): number {
  if (typeof a !== 'number') return 0
  for (let unit = 1; unit <= 1e6; unit *= 100) {
    const count = Math.round(a * unit)
    if (count >= LARGEST_QUICK / 2 || count <= -LARGEST_QUICK / 2) return 0
    if (count / unit === a) return unit
  }
  return 0
}

function commonUnit(a: FeelNumber, b: FeelNumber): number {
  const unitOfA = unitOf(a)
  if (unitOfA === 0) return 0
  const unitOfB = unitOf(b)
  if (unitOfB === 0) return 0
  const unit = Math.max(unitOfA, unitOfB)
  return Math.abs((a as number) * unit) < LARGEST_QUICK / 2 && Math.abs((b as number) * unit) < LARGEST_QUICK / 2 ? unit : 0
}

function isZero(a: FeelNumber): boolean {
  return typeof a === 'number' ? a === 0 : a.isZero()
}

function settle(exact: Decimal): FeelNumber | null {
  if (!exact.isFinite()) return null
  if (exact.isZero()) return 0
  if (exact.precision() > 15 || Math.abs(exact.e) > 300) return exact
  return exact.toNumber()
}
