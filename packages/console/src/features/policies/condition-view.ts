import type { Condition, ConditionTrace, IfMissing, Truth } from '@surety/engine'

/** A condition as it is drawn, from a policy (what is asked) or from a trace (what was seen). */
export interface ConditionView {
  readonly kind: 'all' | 'any' | 'not' | 'reference' | 'leaf'
  readonly children: readonly ConditionView[]
  /** JSON pointer into the policy; of a trace. */
  readonly path?: string
  readonly fact?: string
  readonly operator?: string
  readonly compared?: unknown
  /** Named condition. */
  readonly name?: string
  readonly ifMissing?: IfMissing | undefined
  readonly isDisabled?: boolean
  readonly result?: Truth
  readonly seen?: unknown
}

export function viewOfCondition(condition: Condition): ConditionView {
  const isDisabled = condition.enabled === false
  if ('all' in condition) return { kind: 'all', children: condition.all.map(viewOfCondition), isDisabled }
  if ('any' in condition) return { kind: 'any', children: condition.any.map(viewOfCondition), isDisabled }
  if ('not' in condition) return { kind: 'not', children: [viewOfCondition(condition.not)], isDisabled }
  if ('condition' in condition) return { kind: 'reference', children: [], name: condition.condition, isDisabled }
  return {
    kind: 'leaf',
    children: [],
    fact: condition.fact,
    operator: condition.operator,
    compared: condition.value,
    ifMissing: condition.ifMissing,
    isDisabled,
  }
}

export function viewOfTrace(trace: ConditionTrace): ConditionView {
  return {
    kind: trace.kind,
    path: trace.path,
    children: (trace.children ?? []).map(viewOfTrace),
    result: trace.result,
    ...(trace.fact !== undefined && { fact: trace.fact }),
    ...(trace.operator !== undefined && { operator: trace.operator }),
    ...(trace.condition !== undefined && { name: trace.condition }),
    compared: trace.compared,
    seen: trace.seen,
  }
}
