import { emitOrder } from './emit.ts'
import { isNumberLike } from './number-like.ts'
import type { Operator } from './operator.ts'
import { ordered } from './ordered.ts'

export const greaterThanInclusive: Operator = {
  name: 'greaterThanInclusive',
  evaluate: (left, right) => isNumberLike(left) && (left as number) >= (right as number),
  check: ordered,
  emit: (sides, code) => emitOrder('>=', sides, code),
  words: { en: 'is at least', zh: '大于等于' },
}
