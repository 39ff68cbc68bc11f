import { emitOrder } from './emit.ts'
import { isNumberLike } from './number-like.ts'
import type { Operator } from './operator.ts'
import { ordered } from './ordered.ts'

export const lessThan: Operator = {
  name: 'lessThan',
  evaluate: (left, right) => isNumberLike(left) && (left as number) < (right as number),
  check: ordered,
  emit: (sides, code) => emitOrder('<', sides, code),
  words: { en: 'is less than', zh: '小于' },
}
