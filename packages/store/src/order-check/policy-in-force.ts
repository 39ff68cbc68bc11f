import { compile, type CompiledPolicy } from '@surety/engine'
import { findPolicyVersions, type PolicyVersion } from '../policies.ts'
import type { Tx } from '../sql.ts'

/** A version in force, ready to decide. */
export interface OrderPolicy {
  readonly version: PolicyVersion
  readonly compiled: CompiledPolicy
}

/** The order-check policy that is in force; the first one by its id where there are several. */
export async function orderPolicyInForce(tx: Tx): Promise<OrderPolicy | undefined> {
  // The document stays where it is unless it is new to this process: it is long, and never changes.
  const [ref] = await tx<{ policy_id: string; version: number; hash: string }[]>`
    select v.policy_id, v.version, v.hash from policies p
    cross join lateral (select * from policy_versions v where v.policy_id = p.id and v.effective_from <= ${tx.now} order by v.effective_from desc, v.version desc limit 1) v
    where p.kind = 'order-check' order by p.id limit 1`
  if (!ref) return undefined
  const key = `${ref.policy_id} ${ref.version} ${ref.hash}`
  const known = shelf.get(key)
  if (known) return known
  const [version] = await findPolicyVersions(tx, [{ policyId: ref.policy_id, version: ref.version }])
  const made = { version: version!, compiled: compile(version!.document, { version: version!.version }) }
  shelf.set(key, made)
  return made
}

const shelf = new Map<string, OrderPolicy>()
