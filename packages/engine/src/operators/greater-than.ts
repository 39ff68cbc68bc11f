import { emitOrder } from './emit.ts'
import { isNumberLike } from './number-like.ts'
import type { Operator } from './operator.ts'
import { ordered } from './ordered.ts'

export const greaterThan: Operator = {
  name: 'greaterThan',
  evaluate: (left, right) => isNumberLike(left) && (left as number) > (right as number),
  check: ordered,
  emit: (sides, code) => emitOrder('>', sides, code),
  words: { en: 'is greater than', zh: '大于' },
}
