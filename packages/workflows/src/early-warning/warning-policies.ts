import type { Tx, WarningPolicy } from '@surety/store'
import { createPolicyShelf } from '../activities/policy-shelf.ts'

/** The early-warning policy in force, compiled once per version. */
export function createWarningPolicies(): { inForce(tx: Tx): Promise<WarningPolicy> } {
  const policies = createPolicyShelf()
  return {
    async inForce(tx) {
      const { version, compiled } = (await policies.inForce(tx, ['early-warning']))['early-warning']
      return { id: version.document.id, version: version.version, hash: version.hash, compiled }
    },
  }
}
