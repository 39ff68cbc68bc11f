import type { Page, PageRequest } from './page.ts'
import type { Tx } from './sql.ts'

export interface NewAuditEntry {
  /** A verb on the entity: `application.submit`. */
  readonly action: string
  readonly entity: string
  readonly entityId: string
  readonly segmentId?: number | null
  readonly reason?: string | null
  readonly before?: unknown
  readonly after?: unknown
  /** Makes a retried act one entry. */
  readonly key?: string
}
export interface AuditEntry {
  readonly id: string
  readonly at: Date
  readonly actorKind: 'user' | 'system' | 'api'
  readonly userId: string | null
  readonly action: string
  readonly entity: string
  readonly entityId: string
  readonly segmentId: number | null
  readonly reason: string | null
  readonly before: unknown
  readonly after: unknown
  /** Hex; null until sealed. */
  readonly hash: string | null
}
export interface AuditFilter {
  readonly entity?: string
  readonly entityId?: string
  readonly userId?: string
  readonly action?: string
  /** Days in UTC, both included. */
  readonly from?: string
  readonly to?: string
  /** Everything about a customer: its accounts, applications, tasks and limits too. */
  readonly customerId?: string
  /** Everything about an application: its tasks, votes and limit too. */
  readonly applicationId?: string
}
export declare function appendAudit(tx: Tx, entry: NewAuditEntry): Promise<void>
/** Newest first. */
export declare function listAudit(tx: Tx, filter: AuditFilter, page: PageRequest): Promise<Page<AuditEntry>>
