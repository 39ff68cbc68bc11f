import type { Text } from '../policy/document.ts'
import type { Operand } from './operator.ts'
import { comparable, isNumber, typeWords } from './typing.ts'

/** Ordering makes sense for numbers and dates. */
export function ordered(left: Operand, right: Operand): Text | undefined {
  const side = [left, right].find(
    operand => !(operand.type === 'any' || operand.type === 'date' || isNumber(operand) || operand.constant !== undefined),
  )
  if (side)
    return { en: `${typeWords(side).en} has no order; use equal or in.`, zh: `${typeWords(side).zh}没有大小之分，请用 equal 或 in。` }
  if (isTextOnly(left) && isTextOnly(right)) return { en: 'Texts are not ordered.', zh: '文本没有大小之分。' }
  return comparable(left, right)
}

const isTextOnly = (operand: Operand): boolean => operand.type === 'string' || operand.type === 'boolean'
