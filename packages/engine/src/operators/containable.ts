import type { Text } from '../policy/document.ts'
import type { Operand } from './operator.ts'
import { comparable, elementOf, typeWords } from './typing.ts'

/** Only a list contains. */
export function containable(left: Operand, right: Operand): Text | undefined {
  if (left.type === 'any') return undefined
  if (left.type !== 'list')
    return { en: `Only a list contains something, not ${typeWords(left).en}.`, zh: `只有列表才能“包含”，${typeWords(left).zh}不能。` }
  return comparable(elementOf(left), right)
}
