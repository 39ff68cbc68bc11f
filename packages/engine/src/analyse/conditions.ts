import { operandOf } from '../operators/typing.ts'
import type { Condition, LeafCondition } from '../policy/document.ts'
import type { Finding } from '../policy/finding.ts'
import { pointer } from '../policy/pointer.ts'
import { type Analysis, finding, labelOf, type Reader } from './reader.ts'

/** What the dialect takes without a word and authors rarely mean. */
export const conditions: Analysis = function* (reader) {
  const { policy } = reader
  for (const [index, step] of policy.steps.entries()) {
    if (step.kind !== 'rules') continue
    for (const [at, rule] of step.rules.entries())
      yield* inspect(rule.conditions, pointer('/steps', index, 'rules', at, 'conditions'), reader)
  }
  for (const [name, condition] of Object.entries(policy.conditions ?? {})) yield* inspect(condition, pointer('/conditions', name), reader)
}

const KINDS = ['any', 'all', 'not', 'condition', 'fact'] as const

function* inspect(condition: Condition, path: string, reader: Reader): Iterable<Finding> {
  const kinds = KINDS.filter(key => Object.hasOwn(condition, key))
  // The dialect looks for `condition` first, then for `any`.
  const [winner, ...others] = kinds.includes('condition') ? ['condition', ...kinds.filter(key => key !== 'condition')] : kinds
  for (const other of others) {
    yield finding(
      'SEVERAL_KINDS',
      'error',
      pointer(path, other),
      `This condition has "${winner}" and "${other}"; only "${winner}" counts. Put one inside the other.`,
      `该条件同时含有“${winner}”和“${other}”，只有“${winner}”生效；请将其一嵌入另一个之内。`,
    )
  }
  if ('condition' in condition) return
  if ('any' in condition) yield* group('any', condition.any, path, reader)
  else if ('all' in condition) yield* group('all', condition.all, path, reader)
  else if ('not' in condition) yield* inspect(condition.not, pointer(path, 'not'), reader)
  else yield* leaf(condition, path, reader)
}

function* group(kind: 'all' | 'any', children: readonly Condition[], path: string, reader: Reader): Iterable<Finding> {
  if (children.length === 0) {
    yield finding(
      'EMPTY_GROUP',
      'error',
      pointer(path, kind),
      `An empty "${kind}" always holds; add a condition or remove the group.`,
      `空的“${kind}”恒成立；请添加条件或删除该组。`,
    )
  }
  for (const [index, child] of children.entries()) yield* inspect(child, pointer(path, kind, index), reader)
}

function* leaf(condition: LeafCondition, path: string, reader: Reader): Iterable<Finding> {
  const definition = reader.scope.find(condition.fact)?.definition
  if (!definition || condition.path !== undefined) return
  const operand = operandOf(definition)
  const type = operand.type === 'list' ? operand.of : operand.type
  const isPlainNumber = type === 'number' || type === 'integer' || type === 'percent'
  const values = Array.isArray(condition.value) ? condition.value : [condition.value]
  if (isPlainNumber && values.some(value => typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))) {
    const numbers = values.map(value => (typeof value === 'string' && Number.isFinite(Number(value)) ? Number(value) : value))
    yield finding(
      'NUMBER_AS_TEXT',
      'warning',
      pointer(path, 'value'),
      `${JSON.stringify(condition.value)} is a text; ${labelOf(condition.fact, reader).en} is a number. json-rules-engine would compare them as texts or not at all.`,
      `${JSON.stringify(condition.value)} 是文本，而${labelOf(condition.fact, reader).zh}是数值；json-rules-engine 会按文本比较或不予比较。`,
      {
        fix: {
          title: { en: 'Write a number', zh: '改为数值' },
          patch: [{ op: 'replace', path: pointer(path, 'value'), value: Array.isArray(condition.value) ? numbers : numbers[0] }],
        },
      },
    )
  }
  const other = factOf(condition.value)
  const otherUnit = other === undefined ? undefined : reader.scope.find(other)?.definition.unit
  if (definition.unit !== undefined && otherUnit !== undefined && definition.unit !== otherUnit) {
    yield finding(
      'UNIT_MISMATCH',
      'warning',
      pointer(path, 'value'),
      `${labelOf(condition.fact, reader).en} is in ${definition.unit}, ${labelOf(other!, reader).en} in ${otherUnit}.`,
      `${labelOf(condition.fact, reader).zh}的单位是 ${definition.unit}，而${labelOf(other!, reader).zh}的单位是 ${otherUnit}。`,
    )
  }
}

function factOf(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  const { fact, path } = value as { fact?: unknown; path?: unknown }
  return typeof fact === 'string' && path === undefined ? fact : undefined
}
