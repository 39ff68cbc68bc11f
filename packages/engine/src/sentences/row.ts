import type { Comparator, Expression, UnaryTest } from '../feel/ast.ts'
import { cellProgram, createVocabulary } from '../feel/program.ts'
import type { FactDefinition, Policy, TableStep, Text } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import { join, type Language, listed, OR, type Span } from './span.ts'
import { definitionOf, nameWords, valueWords } from './value.ts'

/** A row of a table as a sentence. A cell that is more than comparisons is quoted as it stands. */
export function sentenceOfRow(step: TableStep, index: number, path: string, policy: Policy, language: Language): Span[] {
  const row = step.rows[index]!
  const place = pointer(path, 'rows', index)
  const conditions = step.inputs.flatMap((input, at): Span[][] => {
    const words = cellWords(row.when[at] ?? '-', definitionOf(input.expression.trim(), policy), policy, language)
    if (words === undefined) return []
    const label = input.label?.[language] ?? nameWords(input.expression.trim(), policy, language)
    return [
      [
        { text: label, path: pointer(path, 'inputs', at) },
        { text: language === 'zh' ? words : ` ${words}`, path: pointer(place, 'when', at) },
      ],
    ]
  })
  const effects = step.outputs.flatMap((output, at): Span[][] => {
    const cell = (row.then[at] ?? '').trim()
    if (cell === '' || cell === '-') return []
    const label = output.label?.[language] ?? nameWords(output.name, policy, language)
    const shown = outputWords(cell, definitionOf(output.name, policy), policy, language)
    return [
      [
        { text: language === 'zh' ? `${label}为` : `${label} is `, path: pointer(path, 'outputs', at) },
        { text: shown, path: pointer(place, 'then', at) },
      ],
    ]
  })
  return [
    {
      text: conditions.length === 0 ? (language === 'zh' ? '任何情况下' : 'In any case') : language === 'zh' ? '如果' : 'If ',
      path: place,
    },
    ...join(conditions, language === 'zh' ? '，且' : ' and ', place),
    { text: language === 'zh' ? '，则' : ', then ', path: place },
    ...(effects.length > 0
      ? join(effects, language === 'zh' ? '，且' : ' and ', place)
      : [{ text: language === 'zh' ? '不作结论' : 'nothing follows', path: place }]),
    { text: language === 'zh' ? '。' : '.', path: place },
  ]
}

/** Undefined for a cell that holds for anything. */
function cellWords(text: string, definition: FactDefinition | undefined, policy: Policy, language: Language): string | undefined {
  const names = [...Object.keys(policy.facts), ...Object.keys(policy.outputs), ...Object.keys(policy.lists ?? {})]
  const { tree } = cellProgram(
    text,
    createVocabulary<null>(names, () => () => null, 'unknown'),
  )
  const raw = language === 'zh' ? `满足 ${text.trim()}` : `passes ${text.trim()}`
  if (!tree) return raw
  if (tree.tests.length === 0) return undefined
  const words = tree.tests.map(test => testWords(test, definition, policy, language))
  if (words.some(word => word === undefined)) return raw
  const all = listed(words as string[], OR, language)
  if (!tree.negated) return all
  return language === 'zh' ? `并非（${all}）` : `is not so that it (${all})`
}

function testWords(test: UnaryTest, definition: FactDefinition | undefined, policy: Policy, language: Language): string | undefined {
  if (test.kind === 'condition') return undefined
  const { operand } = test
  const operator: Comparator = test.kind === 'compare' ? test.operator : '='
  const shown = (node: Expression): string | undefined => operandWords(node, definition, policy, language)
  if (operand.kind === 'range') {
    const low = shown(operand.low)
    const high = shown(operand.high)
    if (low === undefined || high === undefined || operator !== '=') return undefined
    const [from, to] = [operand.lowIncluded, operand.highIncluded]
    return language === 'zh'
      ? `在 ${low}${from ? '（含）' : '（不含）'}与 ${high}${to ? '（含）' : '（不含）'}之间`
      : `is from ${low}${from ? '' : ' (excluded)'} to ${high}${to ? '' : ' (excluded)'}`
  }
  const words = shown(operand)
  if (words === undefined) return undefined
  if (operand.kind === 'null')
    return language === 'zh' ? (operator === '!=' ? '不缺失' : '缺失') : operator === '!=' ? 'is not missing' : 'is missing'
  return language === 'zh' ? `${COMPARATORS[operator].zh}${words}` : `${COMPARATORS[operator].en} ${words}`
}

const COMPARATORS: Readonly<Record<Comparator, Text>> = {
  '=': { en: 'is', zh: '为' },
  '!=': { en: 'is not', zh: '不为' },
  '<': { en: 'is less than', zh: '小于' },
  '<=': { en: 'is at most', zh: '不大于' },
  '>': { en: 'is greater than', zh: '大于' },
  '>=': { en: 'is at least', zh: '不小于' },
}

function operandWords(node: Expression, definition: FactDefinition | undefined, policy: Policy, language: Language): string | undefined {
  switch (node.kind) {
    case 'number':
      return valueWords(Number(node.text), definition, policy, language)
    case 'negate':
      return node.operand.kind === 'number' ? valueWords(-Number(node.operand.text), definition, policy, language) : undefined
    case 'string':
    case 'boolean':
      return valueWords(node.value, definition, policy, language)
    case 'temporal':
      return node.text
    case 'call':
      return node.name === 'date' && node.arguments.length === 1 && node.arguments[0]?.kind === 'string'
        ? node.arguments[0].value
        : undefined
    case 'null':
      return ''
    case 'name':
      return nameWords(node.name, policy, language)
    default:
      return undefined
  }
}

function outputWords(cell: string, definition: FactDefinition | undefined, policy: Policy, language: Language): string {
  try {
    return valueWords(JSON.parse(cell), definition, policy, language)
  } catch {
    return cell
  }
}
