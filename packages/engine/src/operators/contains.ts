import type { Operator } from './operator.ts'
import { containable } from './containable.ts'

export const contains: Operator = {
  name: 'contains',
  evaluate: (left, right) => Array.isArray(left) && left.indexOf(right) > -1,
  check: containable,
  words: { en: 'contains', zh: '包含' },
}
