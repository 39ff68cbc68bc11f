import { constantsOf, emitOneOf } from './emit.ts'
import type { Operator } from './operator.ts'
import { comparableWithEach } from './typing.ts'

export const isIn: Operator = {
  name: 'in',
  // A text on the right is searched for the value, as json-rules-engine does.
  evaluate: (left, right) => (right as unknown[]).indexOf(left) > -1,
  check: comparableWithEach,
  emit: (sides, code) => ('name' in sides.right ? undefined : emitOneOf(sides, constantsOf(sides.right, true) ?? [Symbol()], code)),
  words: { en: 'is one of', zh: '属于' },
}
