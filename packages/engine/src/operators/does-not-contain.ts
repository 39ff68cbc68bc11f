import type { Operator } from './operator.ts'
import { containable } from './containable.ts'

export const doesNotContain: Operator = {
  name: 'doesNotContain',
  // False for what isn't a list: nothing was looked through.
  evaluate: (left, right) => Array.isArray(left) && left.indexOf(right) === -1,
  check: containable,
  words: { en: 'does not contain', zh: '不包含' },
}
