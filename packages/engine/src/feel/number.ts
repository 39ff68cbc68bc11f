import { Decimal } from 'decimal.js'

/**
 * A FEEL number, never rounded to binary fractions.
 *
 * Up to 15 significant digits a double names one decimal only, so such numbers stay plain doubles (fast to compare,
 * ready for JSON). A quotient that does not come out even stays a ratio of whole numbers, so that 1 / 3 * 3 is 1. What
 * is too long for either is a decimal of 34 digits, as in IEEE 754 decimal128.
 */
export type FeelNumber = number | Ratio | Decimal

/** A quotient of whole numbers below 2^53; the denominator is positive. */
class Ratio {
  readonly numerator: number
  readonly denominator: number

  constructor(numerator: number, denominator: number) {
    this.numerator = numerator
    this.denominator = denominator
  }
  valueOf(): number {
    return this.numerator / this.denominator
  }
}

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
  return typeof value === 'number' || value instanceof Ratio || value instanceof Decimal
}

/** The number a decimal text says, or null when it says none. */
export function parseNumber(text: string): FeelNumber | null {
  if (!/^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?\s*$/.test(text)) return null
  const digits = text.replace(/\D/g, '').length
  if (digits <= 15 && !/e/i.test(text)) return Number(text)
  return settle(new Exact(text.trim()))
}

export function add(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(sum)) return sum
  }
  return quickSum(a, b, 1) ?? settle(exact(a).plus(exact(b)))
}

export function subtract(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(difference)) return difference
  }
  return quickSum(a, b, -1) ?? settle(exact(a).minus(exact(b)))
}

export function multiply(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(product)) return product
  }
  const unitOfA = denominatorOf(a)
  const unitOfB = denominatorOf(b)
  return quickRatio(numeratorOf(a, unitOfA) * numeratorOf(b, unitOfB), unitOfA * unitOfB) ?? settle(exact(a).times(exact(b)))
}

/** Null for a division by zero. */
export function divide(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (isZero(b)) return null
  const unitOfA = denominatorOf(a)
  const unitOfB = denominatorOf(b)
  const sign = Number(b) < 0 ? -1 : 1
  return quickRatio(sign * numeratorOf(a, unitOfA) * unitOfB, sign * numeratorOf(b, unitOfB) * unitOfA) ?? settle(exact(a).div(exact(b)))
}

export function power(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  return settle(exact(a).pow(exact(b)))
}

/** The remainder with the sign of the divisor; null for a division by zero. */
export function modulo(a: FeelNumber, b: FeelNumber): FeelNumber | null {
  if (isZero(b)) return null
  const quotient = exact(a).div(exact(b)).floor()
  return settle(exact(a).minus(quotient.times(exact(b))))
}

export function negate(a: FeelNumber): FeelNumber {
  if (typeof a === 'number') return 0 - a
  return a instanceof Ratio ? new Ratio(0 - a.numerator, a.denominator) : a.neg()
}

export function absolute(a: FeelNumber): FeelNumber {
  return Number(a) < 0 ? negate(a) : a
}

export function squareRoot(a: FeelNumber): FeelNumber | null {
  return settle(exact(a).sqrt())
}

export function naturalLogarithm(a: FeelNumber): FeelNumber | null {
  return settle(exact(a).ln())
}

export function exponential(a: FeelNumber): FeelNumber | null {
  return settle(exact(a).exp())
}

/** Rounds to a number of decimal places, which may be negative (-3: to thousands). */
export function round(a: FeelNumber, decimals: number, mode: Rounding): FeelNumber | null {
  if (!Number.isInteger(decimals) || Math.abs(decimals) > 6144) return null
  if (decimals < 0) {
    const unit = new Exact(10).pow(-decimals)
    return settle(exact(a).div(unit).toDecimalPlaces(0, ROUNDINGS[mode]).times(unit))
  }
  if (typeof a === 'number' && Number.isSafeInteger(a)) return a
  return quickRound(a, decimals, mode) ?? settle(exact(a).toDecimalPlaces(decimals, ROUNDINGS[mode]))
}

/** Negative, zero or positive. */
export function compareNumbers(a: FeelNumber, b: FeelNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0
  const unitOfA = denominatorOf(a)
  const unitOfB = denominatorOf(b)
  const left = numeratorOf(a, unitOfA) * unitOfB
  const right = numeratorOf(b, unitOfB) * unitOfA
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return left - right
  return exact(a).cmp(exact(b))
}

/** In digits without an exponent; with exactly so many decimals when a scale is given. */
export function numberToText(a: FeelNumber, decimals?: number): string {
  if (decimals !== undefined && decimals >= 0) {
    const isQuick = typeof a === 'number' && decimals <= 6 && Math.abs(a) < 1e9 && Math.round(a * 10 ** decimals) / 10 ** decimals === a
    return isQuick ? a.toFixed(decimals) : exact(a).toFixed(decimals, Decimal.ROUND_HALF_UP)
  }
  if (typeof a === 'number' && Number.isSafeInteger(a)) return String(a === 0 ? 0 : a)
  return exact(a).toFixed()
}

/** The nearest double. */
export function toDouble(a: FeelNumber): number {
  return Number(a)
}

function isZero(a: FeelNumber): boolean {
  return Number(a) === 0 && (typeof a === 'number' || exact(a).isZero())
}

function exact(a: FeelNumber): Decimal {
  return a instanceof Ratio ? new Exact(a.numerator).div(a.denominator) : new Exact(a)
}

function settle(decimal: Decimal): FeelNumber | null {
  if (!decimal.isFinite()) return null
  if (decimal.isZero()) return 0
  if (decimal.precision() > 15 || Math.abs(decimal.e) > 300) return decimal
  return decimal.toNumber()
}

// ── whole numbers below 2^53 calculate exactly as doubles: amounts, rates and their quotients need no big decimals ──

/** The least of these units of which the number is a whole multiple; NaN for what has none. */
function denominatorOf(a: FeelNumber): number {
  if (typeof a === 'number') {
    for (let unit = 1; unit <= 1e6; unit *= 100) {
      const count = Math.round(a * unit)
      if (count > 1e15 || count < -1e15) return Number.NaN
      if (count / unit === a) return unit
    }
    return Number.NaN
  }
  return a instanceof Ratio ? a.denominator : Number.NaN
}

function numeratorOf(a: FeelNumber, denominator: number): number {
  return a instanceof Ratio ? a.numerator : typeof a === 'number' ? Math.round(a * denominator) : Number.NaN
}

function quickSum(a: FeelNumber, b: FeelNumber, sign: 1 | -1): FeelNumber | undefined {
  const unitOfA = denominatorOf(a)
  const unitOfB = denominatorOf(b)
  const left = numeratorOf(a, unitOfA)
  const right = sign * numeratorOf(b, unitOfB)
  if (unitOfA === unitOfB) return quickRatio(left + right, unitOfA)
  const scaledLeft = left * unitOfB
  const scaledRight = right * unitOfA
  if (!Number.isSafeInteger(scaledLeft) || !Number.isSafeInteger(scaledRight)) return undefined
  return quickRatio(scaledLeft + scaledRight, unitOfA * unitOfB)
}

/** The quotient of two whole numbers; undefined when they are too large to be sure of. */
function quickRatio(numerator: number, denominator: number): FeelNumber | undefined {
  if (!Number.isSafeInteger(numerator) || !Number.isSafeInteger(denominator)) return undefined
  const quotient = numerator / denominator
  if (Number.isInteger(quotient) && quotient * denominator === numerator) return quotient + 0
  const unit = denominatorOf(quotient)
  if (unit === unit) {
    const count = Math.round(quotient * unit) * denominator
    const scaled = numerator * unit
    // The double stands for the very decimal that the quotient is.
    if (count === scaled && Number.isSafeInteger(count)) return quotient
  }
  if (denominator < 1e6 && Math.abs(numerator) < 1e11) return new Ratio(numerator, denominator)
  const divisor = greatestCommonDivisor(Math.abs(numerator), denominator)
  return new Ratio(numerator / divisor, denominator / divisor)
}

function quickRound(a: FeelNumber, decimals: number, mode: Rounding): FeelNumber | undefined {
  const denominator = denominatorOf(a)
  const scale = 10 ** decimals
  const numerator = numeratorOf(a, denominator) * scale
  if (!Number.isSafeInteger(numerator) || decimals > 9) return undefined
  let whole = Math.floor(numerator / denominator)
  let rest = numerator - whole * denominator
  // The division may have landed on the next whole number.
  if (rest < 0) {
    whole--
    rest += denominator
  }
  if (Math.abs(whole) > 1e14) return undefined
  if (rest !== 0 && isRoundedUp(whole, rest * 2 - denominator, mode)) whole++
  return whole / scale + 0
}

/** Whether the next higher whole number is taken; `tie` is negative below the middle and positive above it. */
function isRoundedUp(whole: number, tie: number, mode: Rounding): boolean {
  switch (mode) {
    case 'floor':
      return false
    case 'ceiling':
      return true
    case 'up':
      return whole >= 0
    case 'down':
      return whole < 0
    case 'half-up':
      return tie > 0 || (tie === 0 && whole >= 0)
    case 'half-down':
      return tie > 0 || (tie === 0 && whole < 0)
    case 'half-even':
      return tie > 0 || (tie === 0 && whole % 2 !== 0)
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  let [large, small] = [a, b]
  while (small !== 0) [large, small] = [small, large % small]
  return large
}
