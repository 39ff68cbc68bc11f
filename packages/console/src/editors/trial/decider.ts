import {
  compile,
  counterfactuals,
  InvalidFacts,
  PolicyInvalid,
  type CompiledPolicy,
  type Counterfactual,
  type Decision,
  type Policy,
  type Value,
} from '@surety/engine'
import type { Text } from '../../i18n/useText.ts'

// Deciding is half of the engine: the page shows the policy first, and this comes after it.

type Given = Readonly<Record<string, Value>>

/** Ready to decide, or why it is not. */
function prepare(document: Policy): { readonly compiled: CompiledPolicy } | { readonly obstacle: Text | undefined } {
  try {
    // The page allows no code from text; closures give the same.
    return { compiled: compile(document, { codegen: false }) }
  } catch (error) {
    if (!(error instanceof PolicyInvalid)) throw error
    return { obstacle: error.findings.find(({ severity }) => severity === 'error')?.message }
  }
}

function decideOn(compiled: CompiledPolicy, facts: Given): { readonly decision: Decision } | { readonly obstacle: Text } {
  try {
    return { decision: compiled.decide(only(facts, compiled.policy), { trace: true }) }
  } catch (error) {
    if (error instanceof InvalidFacts) return { obstacle: error.problems[0]!.message }
    const words = error instanceof Error ? error.message : String(error)
    return { obstacle: { en: words, zh: words } }
  }
}

/** The few nearest changes of one fact that would have changed the outcome. */
const nearestOf = (compiled: CompiledPolicy, facts: Given): readonly Counterfactual[] =>
  counterfactuals(compiled, only(facts, compiled.policy)).slice(0, 5)

/** Only the facts that a policy declares; what else a customer has would be refused. */
function only(facts: Given, policy: Policy): Given {
  return Object.fromEntries(Object.entries(facts).filter(([name, value]) => Object.hasOwn(policy.facts, name) && value !== null))
}

export const decider = { prepare, decideOn, nearestOf, only }
