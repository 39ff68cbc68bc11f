import type { CompiledPolicy } from '../compile/policy.ts'
import { canonicalJson } from '../policy/canonical.ts'
import type { Decision } from '../policy/decision.ts'
import type { Facts } from '../policy/document.ts'

/** The policy at hand isn't the version that made the decision. */
export class WrongVersion extends Error {
  readonly code = 'WRONG_VERSION'
  readonly wanted: string
  readonly found: string
  constructor(wanted: string, found: string) {
    super(`The decision was made by the policy with hash ${wanted}; this one is ${found}.`)
    this.wanted = wanted
    this.found = found
  }
}

export interface Replay {
  /** The same bytes, trace included where the stored decision has one. */
  readonly isIdentical: boolean
  readonly decision: Decision
}

/** Decides again what was decided once, by the very version that did it. */
export function replay(policy: CompiledPolicy, stored: { readonly facts: Facts; readonly decision: Decision }): Replay {
  const { decision: before, facts } = stored
  if (before.policy.hash !== policy.hash) throw new WrongVersion(before.policy.hash, policy.hash)
  const decided = policy.decide(facts, { trace: before.trace !== undefined })
  // The number under which the host published the version is the host's; the hash is what was decided by.
  const decision: Decision = { ...decided, policy: before.policy }
  return { decision, isIdentical: canonicalJson(decision) === canonicalJson(before) }
}
