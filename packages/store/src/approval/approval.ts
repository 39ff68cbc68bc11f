import type { Text } from '@surety/engine'
import { amountOf, amountOrNull } from '../amounts.ts'
import { selectPage, type Fragment, type Page, type PageRequest } from '../page.ts'
import type { Tx } from '../sql.ts'

/** The matters that people sign. */
export const APPROVAL_KINDS = [
  'credit_application',
  'limit_change',
  'temporary_limit',
  'hold_release',
  'security_acceptance',
  'write_off',
  'policy_change',
] as const
export type ApprovalKind = (typeof APPROVAL_KINDS)[number]

export const APPROVAL_STATUSES = ['open', 'returned', 'approved', 'rejected', 'withdrawn'] as const
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number]

export const SIGNING_MODES = ['any', 'all', 'quorum', 'percent'] as const
export type SigningMode = (typeof SIGNING_MODES)[number]

/** One step of a chain: who signs, and how their votes are counted. */
export interface ApprovalStep {
  readonly authorityLevel: number
  readonly mode: SigningMode
  /** Quorum: so many votes; percent: such a share of those who sign by name. */
  readonly needed: number
  /** So many votes against reject. */
  readonly rejections: number
  /** Business hours. */
  readonly deadlineHours: number
  /** Signed in an earlier round on figures at least as high: that task. */
  readonly carriedFrom?: string
}

/** A matter that people sign, from the asking to its end. A round ends when it is closed or goes back. */
export interface Approval {
  readonly id: string
  readonly segmentId: number | null
  readonly kind: ApprovalKind
  readonly subjectId: string
  readonly customerId: string | null
  readonly title: Text
  readonly amount: string | null
  readonly currency: string | null
  readonly grade: string | null
  readonly request: Readonly<Record<string, unknown>>
  readonly purpose: string | null
  readonly makerPersonId: string
  readonly makerUserId: string | null
  readonly maker: string
  readonly round: number
  readonly status: ApprovalStatus
  /** Why nobody can be asked yet. */
  readonly blocked: string | null
  readonly policyId: string | null
  readonly policyVersion: number | null
  readonly chain: readonly ApprovalStep[]
  readonly overrideLevel: number | null
  readonly reason: Text
  readonly grantedAmount: string | null
  readonly grantedTermsDays: number | null
  readonly amendedFrom: number | null
  readonly version: number
  readonly startedAt: Date
  readonly returnedAt: Date | null
  readonly closedAt: Date | null
  /** How long its maker had it back. */
  readonly stoppedMs: number
  /** By the actor, now. */
  readonly isMine: boolean
}

export interface ApprovalFilter {
  readonly kinds?: readonly ApprovalKind[]
  readonly statuses?: readonly ApprovalStatus[]
  readonly customerId?: string
  readonly mine?: boolean
}

/** Newest first. */
export async function listApprovals(tx: Tx, filter: ApprovalFilter, page: PageRequest): Promise<Page<Approval>> {
  const matched = tx`
    ${selectApprovals(tx, tx`, a.id as page_id, a.id::numeric as page_key`)} where true
      ${filter.kinds?.length ? tx`and a.kind = any (${filter.kinds as string[]})` : tx``}
      ${filter.statuses?.length ? tx`and a.status = any (${filter.statuses as string[]})` : tx``}
      ${filter.customerId === undefined ? tx`` : tx`and a.customer_id = ${filter.customerId}`}
      ${filter.mine ? tx`and a.maker_person_id = ${tx.actor.personId ?? null}` : tx``}`
  return selectPage<ApprovalRow, Approval>(tx, matched, 'numeric', true, page, row => toApproval(tx, row))
}

export async function findApproval(tx: Tx, id: string): Promise<Approval | undefined> {
  return (await findApprovals(tx, [id])).get(id)
}

export async function findApprovals(tx: Tx, ids: readonly string[]): Promise<Map<string, Approval>> {
  const rows = await tx<ApprovalRow[]>`${selectApprovals(tx)} where a.id = any (${ids as string[]}::bigint[])`
  return new Map(rows.map(row => [row.id, toApproval(tx, row)]))
}

/** The newest one about a subject. */
export async function findApprovalOf(tx: Tx, kind: ApprovalKind, subjectId: string): Promise<Approval | undefined> {
  const [row] = await tx<
    ApprovalRow[]
  >`${selectApprovals(tx)} where a.kind = ${kind} and a.subject_id = ${subjectId} order by a.id desc limit 1`
  return row && toApproval(tx, row)
}

/** Takes the row for this transaction, so that acts on one approval have an order. */
export async function lockApproval(tx: Tx, id: string): Promise<Approval | undefined> {
  await tx`select from approvals where id = ${id} for update`
  return findApproval(tx, id)
}

interface ApprovalRow {
  readonly id: string
  readonly segment_id: number | null
  readonly kind: ApprovalKind
  readonly subject_id: string
  readonly customer_id: string | null
  readonly title: Text
  readonly amount: string | null
  readonly currency: string | null
  readonly grade: string | null
  readonly request: Record<string, unknown>
  readonly purpose: string | null
  readonly maker_person_id: string
  readonly maker_user_id: string | null
  readonly maker: string
  readonly round: number
  readonly status: ApprovalStatus
  readonly blocked: string | null
  readonly policy_id: string | null
  readonly policy_version: number | null
  readonly chain: ApprovalStep[]
  readonly override_level: number | null
  readonly reason: Text
  readonly granted_amount: string | null
  readonly granted_terms_days: number | null
  readonly amended_from: number | null
  readonly version: number
  readonly started_at: Date
  readonly returned_at: Date | null
  readonly closed_at: Date | null
  readonly stopped_ms: string
}

function selectApprovals(tx: Tx, further: Fragment = tx``): Fragment {
  return tx`select a.*, maker.name as maker ${further} from approvals a join persons maker on maker.id = a.maker_person_id`
}

function toApproval(tx: Tx, row: ApprovalRow): Approval {
  return {
    id: row.id,
    segmentId: row.segment_id,
    kind: row.kind,
    subjectId: row.subject_id,
    customerId: row.customer_id,
    title: row.title,
    amount: row.amount === null ? null : amountOf(row.amount, row.currency!),
    currency: row.currency,
    grade: row.grade,
    request: row.request,
    purpose: row.purpose,
    makerPersonId: row.maker_person_id,
    makerUserId: row.maker_user_id,
    maker: row.maker,
    round: row.round,
    status: row.status,
    blocked: row.blocked,
    policyId: row.policy_id,
    policyVersion: row.policy_version,
    chain: row.chain,
    overrideLevel: row.override_level,
    reason: row.reason,
    grantedAmount: row.currency === null ? null : amountOrNull(row.granted_amount, row.currency),
    grantedTermsDays: row.granted_terms_days,
    amendedFrom: row.amended_from,
    version: row.version,
    startedAt: row.started_at,
    returnedAt: row.returned_at,
    closedAt: row.closed_at,
    stoppedMs: Number(row.stopped_ms),
    isMine: tx.actor.personId !== undefined && row.maker_person_id === tx.actor.personId,
  }
}
