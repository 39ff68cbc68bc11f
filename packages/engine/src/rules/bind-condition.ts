import { canonicalDecimal } from '../money.ts'
import type { Operand } from '../operators/operator.ts'
import { operandOf, operandOfConstant, workingConstant } from '../operators/typing.ts'
import type { Condition, LeafCondition, Text } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import type { Name } from '../scope.ts'
import type { StepContext } from '../steps.ts'
import { isCostlyPath, jsonPath } from './json-path.ts'
import type { LeafNode, Node, Read } from './node.ts'
import { FALSE, TRUE, UNKNOWN } from './truth.ts'

export interface ConditionBinder {
  /** The condition with its names resolved; undefined when it is disabled, or wrong (and reported). */
  bind(condition: Condition, path: string): Node | undefined
  readonly reads: ReadonlySet<string>
}

const EXACT_OPERATORS: ReadonlySet<string> = new Set(['equal', 'notEqual', 'in', 'notIn'])

/** Resolves the conditions of one step. Named conditions are resolved once and cycles among them are found here. */
export function createConditionBinder(context: StepContext): ConditionBinder {
  const reads = new Set<string>()
  const named = new Map<string, Node | undefined>()
  const open: string[] = []

  const report = (code: string, path: string, en: string, zh: string): undefined => {
    context.report(code, 'error', path, { en, zh })
    return undefined
  }

  function bind(condition: Condition, path: string): Node | undefined {
    if (condition.enabled === false) return undefined
    if ('condition' in condition) return reference(condition.condition, path)
    if ('any' in condition) return group('any', condition.any, path)
    if ('all' in condition) return group('all', condition.all, path)
    if ('not' in condition) {
      const child = bind(condition.not, pointer(path, 'not'))
      return child && { kind: 'not', path, child }
    }
    return leaf(condition, path)
  }

  function group(kind: 'all' | 'any', conditions: readonly Condition[], path: string): Node | undefined {
    const children = conditions.map((child, index) => bind(child, pointer(path, kind, index)))
    // A group that was emptied by switching its conditions off is switched off with them; an empty one holds.
    if (conditions.length > 0 && children.every(child => child === undefined)) return undefined
    return { kind, path, children: children.filter(child => child !== undefined) }
  }

  function reference(name: string, path: string): Node | undefined {
    const condition = Object.hasOwn(context.conditions, name) ? context.conditions[name] : undefined
    if (!condition)
      return report('UNKNOWN_CONDITION', pointer(path, 'condition'), `There is no condition named "${name}".`, `没有名为“${name}”的条件。`)
    if (open.includes(name)) {
      const cycle = [...open.slice(open.indexOf(name)), name].join(' → ')
      return report('CONDITION_CYCLE', pointer(path, 'condition'), `The condition refers to itself: ${cycle}.`, `条件循环引用：${cycle}。`)
    }
    if (!named.has(name)) {
      open.push(name)
      named.set(name, bind(condition, pointer('/conditions', name)))
      open.pop()
    }
    const child = named.get(name)
    return child && { kind: 'reference', path, condition: name, child }
  }

  function leaf(condition: LeafCondition, path: string): LeafNode | undefined {
    const name = find(condition.fact, pointer(path, 'fact'))
    const operator = context.operators.find(condition.operator)
    if (!operator)
      report(
        'UNKNOWN_OPERATOR',
        pointer(path, 'operator'),
        `There is no operator "${condition.operator}".`,
        `没有运算符“${condition.operator}”。`,
      )
    const right = bindRight(condition.value, pointer(path, 'value'))
    if (!name || !operator || !right) return undefined

    const left: Operand = condition.path === undefined ? operandOf(name.definition) : { type: 'any' }
    const problem = operator.check?.(left, right.operand)
    if (problem) {
      context.report(codeOf(problem), 'error', pointer(path, 'value'), problem)
      return undefined
    }
    const isMoney = (operand: Operand): boolean => operand.type === 'money' || operand.of === 'money'
    const isExact = EXACT_OPERATORS.has(condition.operator) && (isMoney(left) || isMoney(right.operand))
    const constant = right.kind !== 'constant' ? undefined : isExact ? exactConstant(right.constant) : workingConstant(right.constant, left)
    return {
      kind: 'leaf',
      path,
      operator,
      operatorName: condition.operator,
      left: read(name, condition.path, isExact, path),
      right:
        right.kind === 'constant'
          ? { kind: 'constant', value: constant }
          : { kind: 'read', ...read(right.name, right.path, isExact, pointer(path, 'value')) },
      ifMissing: condition.ifMissing === 'true' ? TRUE : condition.ifMissing === 'false' ? FALSE : UNKNOWN,
    }
  }

  function bindRight(value: unknown, path: string): BoundRight | undefined {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      const reference = value as { fact?: unknown; list?: unknown; path?: unknown }
      if (typeof reference.fact === 'string') {
        const name = find(reference.fact, pointer(path, 'fact'))
        if (!name) return undefined
        const inner = typeof reference.path === 'string' ? reference.path : undefined
        return { kind: 'read', name, path: inner, operand: inner === undefined ? operandOf(name.definition) : { type: 'any' } }
      }
      if (typeof reference.list === 'string') {
        const list = Object.hasOwn(context.lists, reference.list) ? context.lists[reference.list] : undefined
        if (!list)
          return report(
            'UNKNOWN_LIST',
            pointer(path, 'list'),
            `There is no list named "${reference.list}".`,
            `没有名为“${reference.list}”的列表。`,
          )
        return { kind: 'constant', constant: list.values, operand: operandOfConstant(list.values) }
      }
    }
    return { kind: 'constant', constant: value, operand: operandOfConstant(value) }
  }

  function find(name: string, path: string): Name | undefined {
    const found = context.scope.find(name)
    if (!found) return report('UNKNOWN_FACT', path, `There is no fact or output named "${name}".`, `没有名为“${name}”的事实或输出。`)
    reads.add(name)
    return found
  }

  function read(name: Name, path: string | undefined, isExact: boolean, at: string): Read {
    if (path === undefined) return { name, isExact }
    if (isCostlyPath(path))
      report(
        'COSTLY_PATH',
        pointer(at, 'path'),
        'A path may descend with ".." once; more can take forever.',
        '路径中的“..”最多出现一次，否则计算量过大。',
      )
    return { name, path: jsonPath(path), isExact }
  }

  return { bind, reads }
}

type BoundRight = { readonly operand: Operand } & (
  | { readonly kind: 'constant'; readonly constant: unknown }
  | { readonly kind: 'read'; readonly name: Name; readonly path: string | undefined }
)

const codeOf = (problem: Text): string => (problem.en.includes('one of the values') ? 'UNKNOWN_VALUE' : 'TYPE_MISMATCH')

function exactConstant(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(exactConstant)
  return typeof value === 'number' || typeof value === 'string' ? canonicalDecimal(value) : value
}
