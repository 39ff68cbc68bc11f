import type { Name } from '../scope.ts'
import type { Code } from '../steps.ts'
import type { Emitted, EmitSides } from './operator.ts'
import { daysOf } from './typing.ts'

/** Ordering of numbers and dates. */
export function emitOrder(symbol: '<' | '<=' | '>' | '>=', { left, right }: EmitSides, code: Code): Emitted | undefined {
  const kind = numericKind(left)
  if (!kind || kind === 'boolean') return undefined
  const other = numericOperand(right, kind, code)
  return other === undefined ? undefined : { test: `${code.number(left.name)} ${symbol} ${other}`, isFalseWhenMissing: true }
}

/** Membership; equality is membership in a list of one. Money is compared exactly, which doubles can't do. */
export function emitOneOf(sides: EmitSides, values: readonly unknown[] | undefined, code: Code): Emitted | undefined {
  const { left, right } = sides
  if (left.definition.type === 'money' || left.definition.type === 'list') return undefined
  const kind = numericKind(left)
  if (values === undefined) {
    if (!kind) return undefined
    const other = numericOperand(right, kind, code)
    return other === undefined ? undefined : { test: `${code.number(left.name)} === ${other}`, isFalseWhenMissing: true }
  }
  if (!kind) {
    const texts = values.filter(value => typeof value === 'string')
    return texts.length === values.length ? { test: code.isOneOf(left.name, texts), isFalseWhenMissing: true } : undefined
  }
  const numbers = values.map(value => asNumber(value, kind))
  if (numbers.some(number => number === undefined)) return undefined
  const value = code.number(left.name)
  if (numbers.length > 8) return { test: `${code.constant(new Set(numbers))}.has(${value})`, isFalseWhenMissing: true }
  return {
    test: numbers.length === 0 ? 'false' : `(${numbers.map(number => `${value} === ${literal(number!)}`).join(' || ')})`,
    isFalseWhenMissing: true,
  }
}

export const negate = (emitted: Emitted | undefined): Emitted | undefined =>
  emitted && { test: `!(${emitted.test})`, isFalseWhenMissing: false }

export const constantsOf = (right: EmitSides['right'], asList: boolean): readonly unknown[] | undefined =>
  'name' in right ? undefined : asList ? (Array.isArray(right.constant) ? right.constant : undefined) : [right.constant]

type NumericKind = 'number' | 'date' | 'boolean'

function numericKind(name: Name): NumericKind | undefined {
  if (name.isNumeric) return 'number'
  return name.definition.type === 'date' ? 'date' : name.definition.type === 'boolean' ? 'boolean' : undefined
}

function numericOperand(right: EmitSides['right'], kind: NumericKind, code: Code): string | undefined {
  if ('name' in right) return numericKind(right.name) === kind ? code.number(right.name.name) : undefined
  const number = asNumber(right.constant, kind)
  return number === undefined ? undefined : literal(number)
}

function asNumber(value: unknown, kind: NumericKind): number | undefined {
  if (kind === 'number') return typeof value === 'number' && !Number.isNaN(value) ? value : undefined
  if (kind === 'boolean') return typeof value === 'boolean' ? Number(value) : undefined
  const days = typeof value === 'string' ? daysOf(value) : Number.NaN
  return Number.isNaN(days) ? undefined : days
}

/** A number as source: the only thing of a document that is ever written into code. */
export function literal(number: number): string {
  if (typeof number !== 'number') throw new TypeError('Only numbers are written into generated code.')
  if (number === Number.POSITIVE_INFINITY) return 'Infinity'
  if (number === Number.NEGATIVE_INFINITY) return '(-Infinity)'
  if (Number.isNaN(number)) return 'NaN'
  return number < 0 || Object.is(number, -0) ? `(-${String(-number)})` : String(number)
}
