import type { CompiledPolicy, Decision, Value } from '@surety/engine'

/** An example that must hold: facts, and what has to come of them. */
export interface PolicyCase {
  readonly id: string
  readonly name: string
  readonly facts: Readonly<Record<string, Value>>
  /** By output, and `outcome`, `reasons`, `requirements`; what is not there is not looked at. */
  readonly expected: Readonly<Record<string, Value>>
  /** The stored decision that it was made of. */
  readonly decisionId?: string | null
}

export interface CaseResult {
  readonly case: PolicyCase
  /** Undefined: it could not be decided. */
  readonly decision: Decision | undefined
  readonly differences: readonly { readonly name: string; readonly expected: Value; readonly actual: Value }[]
}

/** What came of a case; reasons and requirements are expected to be among those that are given. */
export function runCase(policy: CompiledPolicy, one: PolicyCase): CaseResult {
  let decision: Decision
  try {
    decision = policy.decide(one.facts)
  } catch {
    return { case: one, decision: undefined, differences: [] }
  }
  const differences = Object.entries(one.expected).flatMap(([name, expected]) => {
    if (name === 'reasons' || name === 'requirements') {
      const codes = decision[name].map(({ code }) => code)
      return (Array.isArray(expected) ? expected : [expected]).every(code => codes.includes(String(code)))
        ? []
        : [{ name, expected, actual: codes }]
    }
    const actual = name === 'outcome' ? decision.outcome : (decision.outputs[name] ?? null)
    return isSame(expected, actual) ? [] : [{ name, expected, actual }]
  })
  return { case: one, decision, differences }
}

export const isMet = ({ decision, differences }: CaseResult): boolean => decision !== undefined && differences.length === 0

/** 120000 is expected where 120000.00 is written: amounts are compared as amounts. */
function isSame(expected: Value, actual: Value): boolean {
  if (Array.isArray(expected) && Array.isArray(actual))
    return expected.length === actual.length && expected.every((item, at) => isSame(item as Value, actual[at] as Value))
  if (typeof expected === 'string' && typeof actual === 'string') return trimmed(expected) === trimmed(actual)
  return expected === actual
}

const trimmed = (text: string): string => (/^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text)
