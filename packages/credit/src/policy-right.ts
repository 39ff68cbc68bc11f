import type { PolicyChange, Text } from '@surety/engine'

/** What somebody may change in a policy, each more than the one before. */
export const POLICY_RIGHTS = ['none', 'values', 'rules', 'everything'] as const
export type PolicyRight = (typeof POLICY_RIGHTS)[number]

export const POLICY_RIGHT_LABELS: Readonly<Record<PolicyRight, Text>> = {
  none: { en: 'read only', zh: '只读' },
  values: { en: 'thresholds and results', zh: '阈值与结果' },
  rules: { en: 'rules, rows and bins', zh: '规则、行与分箱' },
  everything: { en: 'everything', zh: '全部' },
}

export function allows(held: PolicyRight, needed: PolicyRight): boolean {
  return POLICY_RIGHTS.indexOf(held) >= POLICY_RIGHTS.indexOf(needed)
}

/** How deep changes go: the right that all of them take together. */
export function reachOf(changes: readonly PolicyChange[]): PolicyRight {
  return changes.map(rightFor).reduce<PolicyRight>((most, right) => (allows(most, right) ? most : right), 'none')
}

/** The right that one change takes. */
function rightFor(change: PolicyChange): Exclude<PolicyRight, 'none'> {
  const key = change.path.slice(change.path.lastIndexOf('/') + 1)
  const isChanged = change.kind === 'changed'
  switch (change.subject) {
    case 'cell':
      return 'values'
    case 'bin':
      return isChanged && ['points', 'from', 'to', 'values', 'label'].includes(key) ? 'values' : 'rules'
    case 'characteristic':
      return isChanged && key === 'weight' ? 'values' : 'rules'
    case 'row':
    case 'rule':
      return isChanged && key === 'comment' ? 'values' : 'rules'
    case 'effect':
      return isChanged && /\/params\/set\/[^/]+$/.test(change.path) ? 'values' : 'rules'
    case 'list':
      return isChanged && key === 'values' ? 'values' : 'rules'
    case 'condition':
      return isChanged && isOtherConstant(change.before, change.after) ? 'values' : 'rules'
    case 'named condition':
    case 'expression':
      return 'rules'
    default:
      return 'everything'
  }
}

/** A leaf that is held against another constant and is the same otherwise. */
function isOtherConstant(before: unknown, after: unknown): boolean {
  if (!isLeaf(before) || !isLeaf(after) || isReference(before.value) || isReference(after.value)) return false
  const { value: _, ...rest } = before
  const { value: __, ...rest2 } = after
  return JSON.stringify(sorted(rest)) === JSON.stringify(sorted(rest2))
}

const isLeaf = (condition: unknown): condition is Readonly<Record<string, unknown>> =>
  condition !== null && typeof condition === 'object' && Object.hasOwn(condition, 'fact')

const isReference = (value: unknown): boolean => value !== null && typeof value === 'object' && !Array.isArray(value)

const sorted = (object: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(object).toSorted(([left], [right]) => (left < right ? -1 : 1))
