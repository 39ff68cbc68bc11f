import { selectPage, type Page, type PageRequest } from './page.ts'
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
  /** Everything about a customer: its accounts, applications and tasks too. */
  readonly customerId?: string
  /** Everything about an application: its tasks too. */
  readonly applicationId?: string
  /** Everything about an approval: its tasks too. */
  readonly approvalId?: string
}

/** Writes who did what, when and why, in the transaction that does it. */
export async function appendAudit(tx: Tx, entry: NewAuditEntry): Promise<void> {
  const { kind, userId, personId } = tx.actor
  await tx`
    insert into audit_entries (at, actor_kind, user_id, person_id, action, entity, entity_id, segment_id, reason, before, after, key)
    values (${tx.now}, ${kind}, ${userId ?? null}, ${personId ?? null}, ${entry.action}, ${entry.entity}, ${entry.entityId}, ${entry.segmentId ?? null},
      ${entry.reason ?? null}, ${jsonOrNull(tx, entry.before)}, ${jsonOrNull(tx, entry.after)}, ${entry.key ?? null})
    on conflict do nothing`
}

/** Newest first. */
export async function listAudit(tx: Tx, filter: AuditFilter, page: PageRequest): Promise<Page<AuditEntry>> {
  const matched = tx`
    select e.*, e.id as page_id, e.id::numeric as page_key from audit_entries e where true
      ${filter.entity ? tx`and e.entity = ${filter.entity}` : tx``}
      ${filter.entityId ? tx`and e.entity_id = ${filter.entityId}` : tx``}
      ${filter.userId ? tx`and e.user_id = ${filter.userId}` : tx``}
      ${filter.action ? tx`and e.action = ${filter.action}` : tx``}
      ${filter.from ? tx`and e.at >= ${filter.from}::date` : tx``}
      ${filter.to ? tx`and e.at < ${filter.to}::date + 1` : tx``}
      ${filter.customerId ? ofCustomer(tx, filter.customerId) : tx``}
      ${filter.applicationId ? ofApplication(tx, filter.applicationId) : tx``}
      ${filter.approvalId ? ofApproval(tx, filter.approvalId) : tx``}`
  const found = await selectPage<AuditRow, AuditEntry>(tx, matched, 'numeric', true, page, toEntry)
  const hashes = await hashesOf(
    tx,
    found.edges.map(({ node }) => node.id),
  )
  return { ...found, edges: found.edges.map(({ cursor, node }) => ({ cursor, node: { ...node, hash: hashes.get(node.id) ?? null } })) }
}

interface AuditRow {
  readonly id: string
  readonly at: Date
  readonly actor_kind: AuditEntry['actorKind']
  readonly user_id: string | null
  readonly action: string
  readonly entity: string
  readonly entity_id: string
  readonly segment_id: number | null
  readonly reason: string | null
  readonly before: unknown
  readonly after: unknown
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: row.at,
    actorKind: row.actor_kind,
    userId: row.user_id,
    action: row.action,
    entity: row.entity,
    entityId: row.entity_id,
    segmentId: row.segment_id,
    reason: row.reason,
    before: row.before,
    after: row.after,
    hash: null,
  }
}

function ofCustomer(tx: Tx, customerId: string) {
  return tx`and (e.entity, e.entity_id) in (
    select 'Customer', ${customerId}::text
    union all select 'CreditAccount', id::text from credit_accounts where customer_id = ${customerId}
    union all select 'CreditApplication', id::text from credit_applications where customer_id = ${customerId}
    union all select 'Approval', id::text from approvals where customer_id = ${customerId}
    union all select 'Hold', id::text from holds where customer_id = ${customerId}
    union all select 'Security', p.security_id::text from security_parts p join credit_accounts a on a.id = p.account_id where a.customer_id = ${customerId}
    union all select 'Task', id::text from tasks where customer_id = ${customerId})`
}

function ofApplication(tx: Tx, applicationId: string) {
  return tx`and (e.entity, e.entity_id) in (
    select 'CreditApplication', ${applicationId}::text
    union all select 'Task', id::text from tasks where application_id = ${applicationId})`
}

function ofApproval(tx: Tx, approvalId: string) {
  return tx`and (e.entity, e.entity_id) in (
    select 'Approval', ${approvalId}::text
    union all select 'CreditApplication', subject_id from approvals where id = ${approvalId} and kind = 'credit_application'
    union all select 'Task', id::text from tasks where approval_id = ${approvalId})`
}

async function hashesOf(tx: Tx, entryIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx<
    { entry_id: string; hash: string }[]
  >`select entry_id, encode(hash, 'hex') as hash from audit_chain where entry_id = any (${entryIds as string[]}::bigint[])`
  return new Map(rows.map(({ entry_id, hash }) => [entry_id, hash]))
}

function jsonOrNull(tx: Tx, value: unknown) {
  return value === undefined || value === null ? null : tx.json(value as never)
}
