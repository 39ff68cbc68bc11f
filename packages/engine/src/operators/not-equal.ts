import { constantsOf, emitOneOf, negate } from './emit.ts'
import type { Operator } from './operator.ts'
import { comparable } from './typing.ts'

export const notEqual: Operator = {
  name: 'notEqual',
  evaluate: (left, right) => left !== right,
  check: comparable,
  emit: (sides, code) => negate(emitOneOf(sides, constantsOf(sides.right, false), code)),
  words: { en: 'is not', zh: '不等于' },
}
