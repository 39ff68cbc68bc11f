import type { Policy, Value } from '@surety/engine'
import type { DecisionResult } from '../decisions/decision-result.ts'

/** One way of arriving at a limit: the output that holds it, and what went into it. */
export interface LimitMethod {
  /** Name of the output. */
  readonly output: string
  readonly amount: string
  /** Facts and outputs that the formula or table read, with their values; missing ones are left out. */
  readonly inputs: readonly { readonly name: string; readonly value: Value }[]
  /** Counted from 1, where a table row said it. */
  readonly row?: number
}

/** The methods of a limit policy: each amount of money that it wrote, but for the limit itself and the least of them. */
export function limitMethods(policy: Policy, { outputs, steps }: DecisionResult, facts: Readonly<Record<string, unknown>>): LimitMethod[] {
  const valueOf = (name: string): unknown => facts[name] ?? outputs[name]
  return Object.entries(policy.outputs)
    .filter(([name, { type }]) => type === 'money' && name !== 'limit' && name !== 'leastLimit' && isAmount(outputs[name]))
    .map(([output]) => {
      const trace = steps.find(({ wrote }) => output in wrote)
      const step = policy.steps.find(({ id }) => id === trace?.id)
      const amount = String(outputs[output])
      if (step?.kind === 'table' && trace?.kind === 'table') {
        const row = step.rows.findIndex(({ id }) => id === trace.hits[0])
        const inputs = step.inputs.map(({ expression }, index) => ({ name: expression, value: trace.inputs[index] ?? null }))
        return { output, amount, inputs: inputs.filter(({ value }) => value !== null), ...(row >= 0 && { row: row + 1 }) }
      }
      const expression = step?.kind === 'formula' ? step.expressions.find(one => one.output === output)?.expression : undefined
      const named = [...new Set(expression?.match(/[A-Za-z_]\w*/g) ?? [])].filter(name => name in policy.facts || name in policy.outputs)
      const known = named
        .map(name => ({ name, value: valueOf(name) as Value }))
        .filter(({ value }) => value !== null && value !== undefined)
      return { output, amount, inputs: insteadOf(known, expression ?? '') }
    })
}

/** `get or else(a, b)` and `if is defined(a) then … else b` read b only for want of a. */
function insteadOf(inputs: LimitMethod['inputs'], expression: string): LimitMethod['inputs'] {
  const has = (name: string): boolean => inputs.some(input => input.name === name)
  const unread = new Set<string>()
  for (const [, first, second] of expression.matchAll(/get or else\(\s*(\w+)\s*,\s*(\w+)\s*\)/g)) if (has(first!)) unread.add(second!)
  const guarded = /^if is defined\((\w+)\).* else (\w+)$/.exec(expression)
  if (guarded && has(guarded[1]!)) unread.add(guarded[2]!)
  return inputs.filter(({ name }) => !unread.has(name))
}

const isAmount = (value: unknown): boolean => (typeof value === 'string' || typeof value === 'number') && !Number.isNaN(Number(value))
