import { createOperatorTable, type OperatorTable } from '../operators/index.ts'
import type { Condition, IfMissing, LeafCondition, Policy, Text } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import { join, type Language, type Span } from './span.ts'
import { definitionOf, nameWords, quoted, valueWords } from './value.ts'

/**
 * A condition as a sentence: the same tree, phrase by phrase. Nothing is simplified; `not (x is at least 5)` is not the
 * same as `x is less than 5` where x is missing.
 */
export function sentenceOfCondition(
  condition: Condition,
  path: string,
  policy: Policy,
  language: Language,
  operators: OperatorTable = createOperatorTable(),
): Span[] {
  return phrase(condition, path, false)

  function phrase(node: Condition, at: string, isInner: boolean): Span[] {
    if ('condition' in node) {
      const named = policy.conditions && Object.hasOwn(policy.conditions, node.condition) ? policy.conditions[node.condition] : undefined
      return [{ text: quoted(named?.title?.[language] ?? node.condition, language), path: pointer(at, 'condition') }]
    }
    if ('any' in node) return group('any', node.any, at, isInner)
    if ('all' in node) return group('all', node.all, at, isInner)
    if ('not' in node) {
      const inner = node.not.enabled === false ? [] : phrase(node.not, pointer(at, 'not'), false)
      return [{ text: language === 'zh' ? '并非（' : 'not (', path: at }, ...inner, { text: language === 'zh' ? '）' : ')', path: at }]
    }
    return leaf(node, at)
  }

  function group(kind: 'all' | 'any', conditions: readonly Condition[], at: string, isInner: boolean): Span[] {
    if (conditions.length === 0) return [{ text: language === 'zh' ? '恒成立' : 'always', path: at }]
    const live = conditions
      .map((child, index) => ({ child, place: pointer(at, kind, index) }))
      .filter(({ child }) => child.enabled !== false)
    const isGrouped = isInner && live.length > 1
    const parts = live.map(({ child, place }) => phrase(child, place, live.length > 1))
    const words = join(parts, BETWEEN[kind][language], at)
    if (!isGrouped) return words
    return [{ text: language === 'zh' ? '（' : '(', path: at }, ...words, { text: language === 'zh' ? '）' : ')', path: at }]
  }

  function leaf({ fact, operator, value, path: inside, ifMissing }: LeafCondition, at: string): Span[] {
    const definition = definitionOf(fact, policy)
    const space = language === 'zh' ? '' : ' '
    const inner = inside === undefined ? '' : ` ${inside}`
    return [
      { text: nameWords(fact, policy, language) + inner, path: pointer(at, 'fact') },
      { text: `${space}${operators.find(operator)?.words[language] ?? operator}${space}`, path: pointer(at, 'operator') },
      { text: valueWords(value, inside === undefined ? definition : undefined, policy, language), path: pointer(at, 'value') },
      ...(ifMissing === undefined ? [] : [{ text: IF_MISSING[ifMissing][language], path: pointer(at, 'ifMissing') }]),
    ]
  }
}

const BETWEEN: Readonly<Record<'all' | 'any', Text>> = {
  all: { en: ' and ', zh: '，且' },
  any: { en: ' or ', zh: '，或' },
}

const IF_MISSING: Readonly<Record<IfMissing, Text>> = {
  true: { en: ' (if missing: yes)', zh: '（缺失时视为成立）' },
  false: { en: ' (if missing: no)', zh: '（缺失时视为不成立）' },
  unknown: { en: ' (if missing: not known)', zh: '（缺失时视为未知）' },
}
