import { negate } from './emit.ts'
import { isIn } from './in.ts'
import type { Operator } from './operator.ts'
import { comparableWithEach } from './typing.ts'

export const notIn: Operator = {
  name: 'notIn',
  evaluate: (left, right) => (right as unknown[]).indexOf(left) === -1,
  check: comparableWithEach,
  emit: (sides, code) => negate(isIn.emit?.(sides, code)),
  words: { en: 'is none of', zh: '不属于' },
}
