import type { Text } from '../policy/document.ts'
import type { Decorator, Operand } from './operator.ts'
import { elementOf, operandOfConstant, typeWords } from './typing.ts'

const someFact: Decorator = {
  name: 'someFact',
  accepts: Array.isArray,
  evaluate: (left, right, next) => (left as unknown[]).some(item => next(item, right)),
  sides: (left, right) => listOnLeft(left, right),
  words: { en: 'some of it', zh: '其中之一' },
}

const everyFact: Decorator = {
  name: 'everyFact',
  accepts: Array.isArray,
  evaluate: (left, right, next) => (left as unknown[]).every(item => next(item, right)),
  sides: (left, right) => listOnLeft(left, right),
  words: { en: 'all of it', zh: '全部' },
}

const someValue: Decorator = {
  name: 'someValue',
  evaluate: (left, right, next) => (right as unknown[]).some(item => next(left, item)),
  sides: (left, right) => listOnRight(left, right),
  words: { en: 'for some of the values,', zh: '对某一值' },
}

const everyValue: Decorator = {
  name: 'everyValue',
  evaluate: (left, right, next) => (right as unknown[]).every(item => next(left, item)),
  sides: (left, right) => listOnRight(left, right),
  words: { en: 'for all of the values,', zh: '对每一值' },
}

const swap: Decorator = {
  name: 'swap',
  evaluate: (left, right, next) => next(right, left),
  sides: (left, right) => ({ left: right, right: left }),
  words: { en: 'the value, seen from the other side,', zh: '反过来' },
}

const not: Decorator = {
  name: 'not',
  evaluate: (left, right, next) => !next(left, right),
  words: { en: 'it is not so that it', zh: '并非' },
}

export const DECORATORS: readonly Decorator[] = [someFact, someValue, everyFact, everyValue, swap, not]

type Sides = { readonly left: Operand; readonly right: Operand } | Text

function listOnLeft(left: Operand, right: Operand): Sides {
  return isList(left) ? { left: elementOf(left), right } : needsList(left)
}

function listOnRight(left: Operand, right: Operand): Sides {
  if (!isList(right)) return needsList(right)
  // A list of constants is as good as its first; the operators check the kind, and mixed lists are `any`.
  if (!Array.isArray(right.constant) || right.constant.length === 0) return { left, right: elementOf(right) }
  const items = right.constant.map(operandOfConstant)
  return { left, right: items.every(item => item.type === items[0]!.type) ? items[0]! : { type: 'any' } }
}

const isList = (operand: Operand): boolean => operand.type === 'list' || operand.type === 'any'

const needsList = (operand: Operand): Text => ({
  en: `A list is needed here, not ${typeWords(operand).en}.`,
  zh: `此处需要列表，而不是${typeWords(operand).zh}。`,
})
