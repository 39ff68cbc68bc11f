import type { Text } from '@surety/engine'
import { Decimal as AnyDecimal } from 'decimal.js'
import { isCurrency, minorUnits } from './currency.ts'

/** Decimals wide enough that sums and products of ledger amounts are exact, printed without exponents. */
export const Decimal = AnyDecimal.clone({ precision: 50, toExpNeg: -60, toExpPos: 60, rounding: AnyDecimal.ROUND_HALF_UP })
export type Decimal = AnyDecimal

/** An amount in one currency, exact. */
export interface Money {
  /** Plain decimal notation: `1250.00`, `-3`. */
  readonly amount: string
  readonly currency: string
}

export const ROUNDINGS = ['half-up', 'half-even', 'up', 'down'] as const
export type Rounding = (typeof ROUNDINGS)[number]

/** The amount with exactly the digits of the currency's minor unit; half-up is away from zero. */
export function roundMoney({ amount, currency }: Money, rounding: Rounding = 'half-up'): Money {
  return { amount: roundAmount(new Decimal(amount), currency, rounding), currency }
}

export function addMoney(left: Money, right: Money): Money {
  return { amount: new Decimal(left.amount).plus(same(left, right).amount).toFixed(), currency: left.currency }
}

export function subtractMoney(left: Money, right: Money): Money {
  return { amount: new Decimal(left.amount).minus(same(left, right).amount).toFixed(), currency: left.currency }
}

/** Sum of any number of amounts, zero for none. */
export function sumMoney(currency: string, amounts: Iterable<Money>): Money {
  const zero: Money = { amount: '0', currency }
  let total = new Decimal(0)
  for (const amount of amounts) total = total.plus(same(zero, amount).amount)
  return { amount: total.toFixed(), currency }
}

/** Exact product; round it when it becomes a document. */
export function multiplyMoney({ amount, currency }: Money, factor: string | number): Money {
  return { amount: new Decimal(amount).times(factor).toFixed(), currency }
}

export function compareMoney(left: Money, right: Money): -1 | 0 | 1 {
  return new Decimal(left.amount).comparedTo(same(left, right).amount) as -1 | 0 | 1
}

export function minMoney(left: Money, right: Money): Money {
  return compareMoney(left, right) <= 0 ? left : right
}

/** The amount at a rate (price of one unit in the other currency), rounded to the other's minor unit. */
export function convertMoney({ amount }: Money, to: string, rate: string): Money {
  return { amount: roundAmount(new Decimal(amount).times(rate), to), currency: to }
}

export type ParsedMoney =
  | { readonly kind: 'money'; readonly money: Money }
  | { readonly kind: 'problem'; readonly code: MoneyProblem; readonly message: Text }

export const MONEY_PROBLEMS = ['NO_AMOUNT', 'NOT_AN_AMOUNT', 'UNKNOWN_CURRENCY', 'TOO_MANY_DECIMALS', 'AMOUNT_TOO_LARGE'] as const
export type MoneyProblem = (typeof MONEY_PROBLEMS)[number]

/** Reads an amount in plain notation with a point and without grouping; nothing is guessed and nothing is rounded. */
export function parseMoney(text: string, currency: string): ParsedMoney {
  const trimmed = text.trim()
  if (!isCurrency(currency)) {
    return problem('UNKNOWN_CURRENCY', {
      en: `${JSON.stringify(currency)} is no ISO 4217 currency code; write it as CNY or USD.`,
      zh: `${JSON.stringify(currency)} 不是 ISO 4217 货币代码，应写成 CNY 或 USD。`,
    })
  }
  if (trimmed === '') return problem('NO_AMOUNT', { en: 'The amount is empty.', zh: '金额为空。' })
  const parts = /^([+-]?)0*(\d+)(?:\.(\d+))?$/.exec(trimmed)
  if (!parts) {
    return problem('NOT_AN_AMOUNT', {
      en: `${JSON.stringify(trimmed.slice(0, 40))} is not an amount; write it as 1250.00.`,
      zh: `${JSON.stringify(trimmed.slice(0, 40))} 不是金额，应写成 1250.00。`,
    })
  }
  const [, sign = '', whole = '', decimals = ''] = parts
  const units = minorUnits(currency)
  const significant = decimals.replace(/0+$/, '')
  if (significant.length > units) {
    return problem('TOO_MANY_DECIMALS', {
      en: `${trimmed.slice(0, 40)} has ${significant.length} decimals, ${currency} has ${units}.`,
      zh: `${trimmed.slice(0, 40)} 有 ${significant.length} 位小数，${currency} 只有 ${units} 位。`,
    })
  }
  if (whole.length > 15) {
    return problem('AMOUNT_TOO_LARGE', {
      en: `${trimmed.slice(0, 40)} has ${whole.length} digits before the point; 15 is the most that is accepted.`,
      zh: `${trimmed.slice(0, 40)} 小数点前有 ${whole.length} 位，最多接受 15 位。`,
    })
  }
  const amount = new Decimal(`${sign === '-' ? '-' : ''}${whole}.${significant || '0'}`).toFixed(units)
  return { kind: 'money', money: { amount: amount.replace(/^-(?=[0.]*$)/, ''), currency } }
}

export class CurrencyMismatch extends Error {
  readonly code = 'CURRENCY_MISMATCH'
  constructor(left: string, right: string) {
    super(`${left} and ${right} don't mix; convert one of them at a stored rate first.`)
  }
}

/** An exact value as a string with the currency's own number of digits. */
export function roundAmount(value: Decimal, currency: string, rounding: Rounding = 'half-up'): string {
  const text = value.toFixed(minorUnits(currency), DECIMAL_ROUNDING[rounding])
  return /^-[0.]*$/.test(text) ? text.slice(1) : text
}

const DECIMAL_ROUNDING = {
  'half-up': AnyDecimal.ROUND_HALF_UP,
  'half-even': AnyDecimal.ROUND_HALF_EVEN,
  up: AnyDecimal.ROUND_UP,
  down: AnyDecimal.ROUND_DOWN,
} as const satisfies Record<Rounding, number>

function same(left: Money, right: Money): Money {
  if (left.currency !== right.currency) throw new CurrencyMismatch(left.currency, right.currency)
  return right
}

function problem(code: MoneyProblem, message: Text): ParsedMoney {
  return { kind: 'problem', code, message }
}
