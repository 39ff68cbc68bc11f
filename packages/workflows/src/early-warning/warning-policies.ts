import { ApplicationFailure } from '@temporalio/activity'
import { compile, type CompiledPolicy } from '@surety/engine'
import { policiesInForce, type Tx, type WarningPolicy } from '@surety/store'

/** The early-warning policy in force, compiled once per version. */
export function createWarningPolicies(): { inForce(tx: Tx): Promise<WarningPolicy> } {
  const compiled = new Map<string, CompiledPolicy>()
  return {
    async inForce(tx) {
      const [version] = await policiesInForce(tx, 'early-warning')
      // Retried: it goes on as soon as somebody publishes one.
      if (!version) throw ApplicationFailure.retryable('No early-warning policy is in force.', 'NO_POLICY_IN_FORCE')
      const known = compiled.get(version.hash) ?? compile(version.document, { version: version.version })
      compiled.set(version.hash, known)
      return { id: version.document.id, version: version.version, hash: version.hash, compiled: known }
    },
  }
}
