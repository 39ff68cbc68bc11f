import type { Sql } from './sql.ts'

/** A head of the chain, kept outside the database. */
export interface AuditAnchor {
  readonly sequence: number
  /** Hex. */
  readonly hash: string
}
export type AuditProblem = 'changed' | 'missing' | 'gap' | 'cut' | 'rewritten' | 'unqueued'
export type AuditVerification =
  | { readonly kind: 'intact'; readonly sealed: number; readonly unsealed: number; readonly head: AuditAnchor | null }
  | { readonly kind: 'broken'; readonly sequence: number; readonly entryId: string | null; readonly problem: AuditProblem; readonly message: { readonly en: string; readonly zh: string } }
/** Chains all entries that are not yet chained; says how many. */
export declare function sealAudit(sql: Sql): Promise<number>
export declare function verifyAudit(sql: Sql, options?: { readonly anchors?: readonly AuditAnchor[] }): Promise<AuditVerification>
export declare function headOfChain(sql: Sql): Promise<{ readonly sealed: number; readonly unsealed: number; readonly head: AuditAnchor | null }>
