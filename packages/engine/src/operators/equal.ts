import { constantsOf, emitOneOf } from './emit.ts'
import type { Operator } from './operator.ts'
import { comparable } from './typing.ts'

export const equal: Operator = {
  name: 'equal',
  evaluate: (left, right) => left === right,
  check: comparable,
  emit: (sides, code) => emitOneOf(sides, constantsOf(sides.right, false), code),
  words: { en: 'is', zh: '等于' },
}
