import type { PolicyKindName } from '@surety/credit'
import { compile, type CompiledPolicy } from '@surety/engine'
import { policiesInForce, type PolicyVersion, type Tx } from '@surety/store'
import { ApplicationFailure } from '@temporalio/activity'

interface ShelvedPolicy {
  readonly version: PolicyVersion
  readonly compiled: CompiledPolicy
}

/** The policies in force, compiled once per version. */
export interface PolicyShelf {
  inForce<K extends PolicyKindName>(tx: Tx, kinds: readonly K[]): Promise<Readonly<Record<K, ShelvedPolicy>>>
}

export function createPolicyShelf(): PolicyShelf {
  const compiled = new Map<string, CompiledPolicy>()
  const ready = (version: PolicyVersion): CompiledPolicy => {
    const known = compiled.get(version.hash)
    if (known) return known
    const made = compile(version.document, { version: version.version })
    compiled.set(version.hash, made)
    return made
  }
  return {
    async inForce(tx, kinds) {
      const found = await Promise.all(
        kinds.map(async kind => {
          const [version] = await policiesInForce(tx, kind)
          // Retried: it goes on as soon as somebody publishes one.
          if (!version) throw ApplicationFailure.retryable(`No ${kind} policy is in force.`, 'NO_POLICY_IN_FORCE')
          return [kind, { version, compiled: ready(version) }] as const
        }),
      )
      return Object.fromEntries(found) as Readonly<Record<(typeof kinds)[number], ShelvedPolicy>>
    },
  }
}
