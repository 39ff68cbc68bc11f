import type { FactDefinition, Text } from '../policy/document.ts'
import { isNumericType } from '../scope.ts'
import type { Operand } from './operator.ts'

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/
const DECIMAL = /^[+-]?\d+(\.\d+)?$/

export function operandOf(definition: FactDefinition): Operand {
  return {
    type: definition.type,
    ...(definition.type === 'list' ? { of: definition.of ?? 'any' } : {}),
    ...(definition.values ? { values: definition.values.map(value => (typeof value === 'string' ? value : value.value)) } : {}),
    ...(definition.currency ? { currency: definition.currency } : {}),
  }
}

export function operandOfConstant(constant: unknown): Operand {
  if (constant === null) return { type: 'null', constant }
  if (typeof constant === 'number') return { type: 'number', constant }
  if (typeof constant === 'string') return { type: 'string', constant }
  if (typeof constant === 'boolean') return { type: 'boolean', constant }
  if (Array.isArray(constant)) return { type: 'list', of: 'any', constant }
  return { type: 'object', constant }
}

/** What an element of a list looks like from outside. */
export function elementOf(operand: Operand): Operand {
  const { type: _, of, constant: __, ...rest } = operand
  return { ...rest, type: of ?? 'any' }
}

export const isNumber = (operand: Operand): boolean =>
  operand.type !== 'null' && operand.type !== 'object' && operand.type !== 'any' && isNumericType(operand.type)

/** Whether values of the two sides can be told equal or ordered; a sentence when they can't. */
export function comparable(left: Operand, right: Operand): Text | undefined {
  if (left.type === 'any' || right.type === 'any') return undefined
  if (isNumber(left) && isNumber(right)) return sameCurrency(left, right)
  if (isNumber(left) && isDecimalText(right)) return undefined
  if (isNumber(right) && isDecimalText(left)) return undefined
  if (left.type === 'date' && right.type === 'string') return dateText(right)
  if (right.type === 'date' && left.type === 'string') return dateText(left)
  const leftIsText = left.type === 'string' || left.type === 'enum'
  const rightIsText = right.type === 'string' || right.type === 'enum'
  if (leftIsText && rightIsText) return knownValue(left, right) ?? knownValue(right, left)
  if (left.type === right.type && left.type !== 'null' && left.type !== 'object' && left.type !== 'list') return undefined
  return {
    en: `${typeWords(left).en} can't be compared with ${typeWords(right).en}.`,
    zh: `${typeWords(left).zh}不能与${typeWords(right).zh}比较。`,
  }
}

/** As `comparable`, for each element of a list on the right. */
export function comparableWithEach(left: Operand, right: Operand): Text | undefined {
  if (right.type === 'any') return undefined
  if (right.type !== 'list') {
    return { en: `A list of values is needed here, not ${typeWords(right).en}.`, zh: `此处需要值的列表，而不是${typeWords(right).zh}。` }
  }
  if (!Array.isArray(right.constant)) return comparable(left, elementOf(right))
  for (const item of right.constant) {
    const problem = comparable(left, operandOfConstant(item))
    if (problem) return problem
  }
  return undefined
}

/** A constant in the working form of the type it is held against. */
export function workingConstant(constant: unknown, against: Operand): unknown {
  if (Array.isArray(constant)) return constant.map(item => workingConstant(item, against.type === 'list' ? elementOf(against) : against))
  const target = against.type === 'list' ? elementOf(against) : against
  return isNumber(target) && typeof constant === 'string' && DECIMAL.test(constant) ? Number(constant) : constant
}

const TYPE_WORDS: Readonly<Record<Operand['type'], Text>> = {
  number: { en: 'a number', zh: '数值' },
  integer: { en: 'a whole number', zh: '整数' },
  money: { en: 'an amount', zh: '金额' },
  percent: { en: 'a percentage', zh: '百分比' },
  boolean: { en: 'yes/no', zh: '是/否值' },
  enum: { en: 'a choice', zh: '枚举值' },
  string: { en: 'text', zh: '文本' },
  date: { en: 'a date', zh: '日期' },
  list: { en: 'a list', zh: '列表' },
  null: { en: 'null', zh: '空值' },
  object: { en: 'an object', zh: '对象' },
  any: { en: 'a value', zh: '值' },
}

export function typeWords(operand: Operand): Text {
  const words = TYPE_WORDS[operand.type]
  if (operand.constant === undefined || typeof operand.constant === 'object') return words
  const shown = JSON.stringify(operand.constant)
  return { en: `${words.en} (${shown})`, zh: `${words.zh}（${shown}）` }
}

function sameCurrency(left: Operand, right: Operand): Text | undefined {
  if (!left.currency || !right.currency || left.currency === right.currency) return undefined
  return {
    en: `An amount in ${left.currency} can't be compared with one in ${right.currency}; convert one of them first.`,
    zh: `${left.currency} 金额不能与 ${right.currency} 金额直接比较，请先换算。`,
  }
}

const isDecimalText = (operand: Operand): boolean => typeof operand.constant === 'string' && DECIMAL.test(operand.constant)

function dateText(operand: Operand): Text | undefined {
  if (typeof operand.constant !== 'string' || isIsoDate(operand.constant)) return undefined
  return {
    en: `${JSON.stringify(operand.constant)} is not a date; write YYYY-MM-DD.`,
    zh: `${JSON.stringify(operand.constant)} 不是日期，请按 YYYY-MM-DD 填写。`,
  }
}

export function isIsoDate(text: string): boolean {
  return ISO_DATE.test(text) && !Number.isNaN(daysOf(text))
}

/** Days since 1970-01-01; NaN for what isn't a day of the calendar. */
export function daysOf(text: string): number {
  if (!ISO_DATE.test(text)) return Number.NaN
  const year = Number(text.slice(0, 4))
  const month = Number(text.slice(5, 7))
  const day = Number(text.slice(8, 10))
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / 86_400_000 : Number.NaN
}

function knownValue(left: Operand, right: Operand): Text | undefined {
  if (!left.values || typeof right.constant !== 'string' || left.values.includes(right.constant)) return undefined
  const values = left.values.slice(0, 12).join(', ')
  return {
    en: `${JSON.stringify(right.constant)} is not one of the values ${values}.`,
    zh: `${JSON.stringify(right.constant)} 不在可选值 ${values} 之内。`,
  }
}
