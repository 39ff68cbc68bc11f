import { Decimal } from 'decimal.js'
import type { RoundingMode } from './policy/document.ts'

/**
 * Exact decimals. Amounts travel as decimal strings; a double is only ever an amount's shadow, good for conditions.
 */
const Exact = Decimal.clone({ precision: 60, toExpNeg: -60, toExpPos: 60 })

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)$/

const MODES: Readonly<Record<RoundingMode, Decimal.Rounding>> = {
  'half-up': Decimal.ROUND_HALF_UP,
  'half-even': Decimal.ROUND_HALF_EVEN,
  up: Decimal.ROUND_UP,
  down: Decimal.ROUND_DOWN,
}

// ISO 4217 minor units that are not 2.
const MINOR_UNITS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
}

/** How many decimals a currency has; 2 when it isn't known. */
export function minorUnits(currency?: string): number {
  return currency !== undefined && Object.hasOwn(MINOR_UNITS, currency) ? MINOR_UNITS[currency]! : 2
}

/** Rounds to so many decimals and keeps them all (`12.50`); undefined for what isn't a plain decimal number. */
export function roundDecimal(value: string | number, decimals: number, mode: RoundingMode = 'half-up'): string | undefined {
  const exact = parseDecimal(value)
  if (exact === undefined) return undefined
  const rounded = exact.toFixed(decimals, MODES[mode])
  return rounded.startsWith('-') && Number(rounded) === 0 ? rounded.slice(1) : rounded
}

/** The shortest decimal string of a finite number, never in exponent form. */
export function canonicalDecimal(value: string | number): string {
  return parseDecimal(value)?.toFixed() ?? String(value)
}

export function addDecimals(left: string, right: string): string {
  const sum = new Exact(left).plus(right)
  return sum.toFixed(Math.max(decimalsOf(left), decimalsOf(right)))
}

function parseDecimal(value: string | number): Decimal | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? new Exact(value) : undefined
  return value.length <= 60 && DECIMAL.test(value) ? new Exact(value) : undefined
}

function decimalsOf(value: string): number {
  const point = value.indexOf('.')
  return point < 0 ? 0 : value.length - point - 1
}
