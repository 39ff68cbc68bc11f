import type { Policy, Text } from '@surety/engine'
import type { Tx } from './sql.ts'
export interface StoredPolicy {
  readonly id: string
  readonly kind: string
  readonly title: Text
}
export interface PolicyVersion {
  readonly policyId: string
  readonly version: number
  readonly hash: string
  readonly document: Policy
  readonly effectiveFrom: Date
  readonly publishedBy: string | null
  readonly publishedAt: Date
}
export interface PolicyRef {
  readonly policyId: string
  readonly version: number
}
export declare function listPolicies(tx: Tx): Promise<StoredPolicy[]>
export declare function findPolicy(tx: Tx, id: string): Promise<StoredPolicy | undefined>
/** Newest version first. */
export declare function versionsOf(tx: Tx, policyIds: readonly string[]): Promise<Map<string, PolicyVersion[]>>
export declare function findPolicyVersions(tx: Tx, refs: readonly PolicyRef[]): Promise<PolicyVersion[]>
/** Which version of a policy holds at a moment (now unless said otherwise). */
export declare function policyInForce(tx: Tx, policyId: string, at?: Date): Promise<PolicyVersion | undefined>
/** Of each policy of a kind the version in force, by id. */
export declare function policiesInForce(tx: Tx, kind: string, at?: Date): Promise<PolicyVersion[]>
/** Publishes the next version; the same content as the newest one is no new version. */
export declare function publishPolicy(tx: Tx, document: Policy, options?: { readonly effectiveFrom?: Date; readonly reason?: string }): Promise<PolicyVersion>
/** Publishes what the rules folder holds and the book does not; a version published by a person is never replaced. */
export declare function syncPolicies(tx: Tx, documents: readonly Policy[]): Promise<{ published: readonly PolicyRef[] }>
