import { parseMoney } from '@surety/credit'
import { setGrade } from './accounts.ts'
import { amountOf, amountOrNull } from './amounts.ts'
import { findApprovalOf } from './approval/approval.ts'
import { stepsOf } from './approval/chain.ts'
import { cancelOpenTasks } from './approval/cancel-tasks.ts'
import { closeApproval } from './approval/close-approval.ts'
import { standingOf } from './approval/standing.ts'
import { beginRound, startApproval, type Route } from './approval/start-approval.ts'
import { tellMaker } from './approval/tell-people.ts'
import { appendAudit } from './audit.ts'
import { customerMatches } from './customers.ts'
import { setLimit } from './limits.ts'
import { publishChange } from './live.ts'
import { enqueue } from './outbox.ts'
import { selectPage, type Fragment, type Page, type PageRequest, type Sort, type SortKey } from './page.ts'
import { notAllowed, NOT_FOUND, ok, type Issue, type Result } from './result.ts'
import type { Tx } from './sql.ts'

export const APPLICATION_STATUSES = ['submitted', 'in_approval', 'returned', 'approved', 'rejected', 'withdrawn'] as const
export type ApplicationStatus = (typeof APPLICATION_STATUSES)[number]

/** Somebody asks for a limit; policies judge it, people approve it. A round ends when it is closed or returned. */
export interface CreditApplication {
  readonly id: string
  readonly segmentId: number
  readonly customerId: string
  readonly accountId: string
  readonly requestedLimit: string
  readonly currency: string
  readonly requestedTermsDays: number | null
  readonly purpose: string | null
  readonly requestedBy: string
  readonly status: ApplicationStatus
  readonly assessmentId: string | null
  readonly recommendationId: string | null
  readonly authorityId: string | null
  readonly recommendedLimit: string | null
  readonly recommendedTermsDays: number | null
  readonly approvedLimit: string | null
  readonly approvedTermsDays: number | null
  readonly grade: string | null
  readonly score: number | null
  readonly levels: readonly number[] | null
  readonly currentLevel: number | null
  readonly round: number
  readonly version: number
  readonly submittedAt: Date
  readonly returnedAt: Date | null
  readonly closedAt: Date | null
  /** By the actor, now. */
  readonly canWithdraw: boolean
  readonly canResubmit: boolean
  /** Open and the actor's own: they may change its figures or take it back. */
  readonly canAmend: boolean
}

export interface ApplicationRequest {
  readonly requestedLimit: string
  readonly requestedTermsDays?: number | null
  readonly purpose?: string | null
}

export interface NewApplication extends ApplicationRequest {
  /** Chosen by the client; the same key twice is the same application. */
  readonly key: string
  readonly customerId: string
  readonly segmentId: number
}

export interface ApplicationFilter {
  readonly query?: string
  readonly statuses?: readonly ApplicationStatus[]
  readonly mine?: boolean
  readonly customerId?: string
}

export const APPLICATION_SORT_FIELDS = ['submittedAt', 'amount', 'customer', 'status'] as const
export type ApplicationSortField = (typeof APPLICATION_SORT_FIELDS)[number]

/** What the policies made of a round. */
export interface Assessment {
  readonly round: number
  readonly assessmentId: string
  readonly recommendationId?: string | null
  readonly authorityId?: string | null
  readonly recommendedLimit?: string | null
  readonly recommendedTermsDays?: number | null
  /** Becomes the grade of the account, whatever becomes of the application. */
  readonly grade?: string | null
  readonly score?: number | null
  readonly gradeValidTo?: string | null
  /** Authority levels to pass, lowest first; empty: none. */
  readonly levels: readonly number[]
  /** How the levels sign, and by which version; one signature each unless said. */
  readonly route?: Route
}

/** A returned application can be submitted again within so many days. */
export const RESUBMISSION_DAYS = 180

export async function listApplications(
  tx: Tx,
  filter: ApplicationFilter,
  sort: Sort<ApplicationSortField>,
  page: PageRequest,
): Promise<Page<CreditApplication>> {
  const { expression, type } = SORT_KEYS[sort.field](tx)
  const matched = tx`
    ${selectApplications(tx, tx`, a.id as page_id, ${expression} as page_key`)} join customers c on c.id = a.customer_id
    where true
      ${filter.query?.trim() ? tx`and (${customerMatches(tx, filter.query)} or a.id::text = ${filter.query.trim()})` : tx``}
      ${filter.statuses?.length ? tx`and a.status = any (${filter.statuses as string[]})` : tx``}
      ${filter.mine ? tx`and maker.person_id = ${tx.actor.personId ?? null}` : tx``}
      ${filter.customerId === undefined ? tx`` : tx`and a.customer_id = ${filter.customerId}`}`
  return selectPage<ApplicationRow, CreditApplication>(tx, matched, type, sort.descending ?? false, page, row => toApplication(tx, row))
}

export async function findApplication(tx: Tx, id: string): Promise<CreditApplication | undefined> {
  return (await findApplications(tx, [id])).get(id)
}

export async function findApplications(tx: Tx, ids: readonly string[]): Promise<Map<string, CreditApplication>> {
  const rows = await tx<ApplicationRow[]>`${selectApplications(tx)} where a.id = any (${ids as string[]}::bigint[])`
  return new Map(rows.map(row => [row.id, toApplication(tx, row)]))
}

/** Needs an actor with a user, who becomes its maker. Tells the workflows. */
export async function submitApplication(tx: Tx, application: NewApplication): Promise<Result<CreditApplication>> {
  const userId = requireUser(tx)
  const key = `${userId}:${application.key}`
  const [account] = await tx<{ id: string; currency: string; status: string }[]>`
    select id, currency, status from credit_accounts where customer_id = ${application.customerId} and segment_id = ${application.segmentId}`
  if (!account) return NOT_FOUND
  const issues = checkRequest(application, account.currency)
  if (issues.length > 0) return { kind: 'invalid', issues }
  const [row] = await tx<{ id: string }[]>`
    insert into credit_applications (segment_id, customer_id, account_id, requested_limit, currency, requested_terms_days, purpose, requested_by, status, idempotency_key, submitted_at)
    values (${application.segmentId}, ${application.customerId}, ${account.id}, ${application.requestedLimit}, ${account.currency}, ${application.requestedTermsDays ?? null},
      ${application.purpose ?? null}, ${userId}, 'submitted', ${key}, ${tx.now})
    on conflict do nothing returning id`
  if (!row) {
    const [earlier] = await tx<{ id: string }[]>`select id from credit_applications where idempotency_key = ${key}`
    return earlier ? ok((await findApplication(tx, earlier.id))!) : notAllowed('APPLICATION_PENDING')
  }
  const submitted = (await findApplication(tx, row.id))!
  await record(tx, submitted, { action: 'application.submit', reason: application.purpose ?? null, after: requestOf(submitted) })
  await enqueue(tx, {
    topic: 'workflow',
    key: `application-${submitted.id}-submitted`,
    payload: { kind: 'applicationSubmitted', applicationId: submitted.id, segmentId: submitted.segmentId },
  })
  return ok(submitted)
}

/** The maker sends a returned application again; a new round begins. */
export async function resubmitApplication(
  tx: Tx,
  input: ApplicationRequest & { readonly id: string; readonly version: number; readonly comment: string },
): Promise<Result<CreditApplication>> {
  const before = await lockApplication(tx, input.id)
  if (!before) return NOT_FOUND
  if (before.version !== input.version) return { kind: 'conflict', current: before }
  if (before.status !== 'returned') return notAllowed('NOT_RETURNED')
  if (!(await isMaker(tx, before))) return notAllowed('NOT_YOURS')
  if (!before.canResubmit) return notAllowed('RESUBMISSION_TOO_LATE')
  const issues = [...checkRequest(input, before.currency), ...checkText(input.comment, 'comment')]
  if (issues.length > 0) return { kind: 'invalid', issues }
  const [pending] =
    await tx`select from credit_applications where account_id = ${before.accountId} and status in ('submitted', 'in_approval')`
  if (pending) return notAllowed('APPLICATION_PENDING')
  const after = await restart(tx, before, input)
  await record(tx, after, { action: 'application.resubmit', reason: input.comment, before: requestOf(before), after: requestOf(after) })
  await tellWorkflow(tx, after, `resubmitted-${after.round}`)
  return ok(after)
}

/**
 * The maker changes the figures of an open application: it is assessed again and its chain found anew. What was signed on figures at
 * least as high and the same grade stays signed; all other votes are void.
 */
export async function amendApplication(
  tx: Tx,
  input: ApplicationRequest & { readonly id: string; readonly version: number; readonly comment: string },
): Promise<Result<CreditApplication>> {
  const before = await lockApplication(tx, input.id)
  if (!before) return NOT_FOUND
  if (before.version !== input.version) return { kind: 'conflict', current: before }
  if (before.status !== 'submitted' && before.status !== 'in_approval') return notAllowed('APPLICATION_CLOSED')
  if (!(await isMaker(tx, before))) return notAllowed('NOT_YOURS')
  const issues = [...checkRequest(input, before.currency), ...checkText(input.comment, 'comment')]
  if (issues.length > 0) return { kind: 'invalid', issues }
  const approval = await findApprovalOf(tx, 'credit_application', input.id)
  if (approval) {
    await cancelOpenTasks(tx, approval.id)
    await tx`update approvals set amended_from = round where id = ${approval.id}`
  }
  const after = await restart(tx, before, input)
  await record(tx, after, { action: 'application.amend', reason: input.comment, before: requestOf(before), after: requestOf(after) })
  await tellWorkflow(tx, after, `amended-${after.round}`)
  return ok(after)
}

/** The maker takes an open application back to change it; nobody decides on it until it is submitted again. */
export async function recallApplication(
  tx: Tx,
  input: { readonly id: string; readonly version: number; readonly comment: string },
): Promise<Result<CreditApplication>> {
  const before = await lockApplication(tx, input.id)
  if (!before) return NOT_FOUND
  if (before.version !== input.version) return { kind: 'conflict', current: before }
  if (before.status !== 'submitted' && before.status !== 'in_approval') return notAllowed('APPLICATION_CLOSED')
  if (!(await isMaker(tx, before))) return notAllowed('NOT_YOURS')
  const issues = checkText(input.comment, 'comment')
  if (issues.length > 0) return { kind: 'invalid', issues }
  const after = await giveBack(tx, before, 'application.recall', input.comment)
  await tellWorkflow(tx, after, `recalled-${after.round}`)
  return ok(after)
}

/** The maker takes it back; open tasks are cancelled. */
export async function withdrawApplication(
  tx: Tx,
  input: { readonly id: string; readonly version: number; readonly reason: string },
): Promise<Result<CreditApplication>> {
  const before = await lockApplication(tx, input.id)
  if (!before) return NOT_FOUND
  if (before.version !== input.version) return { kind: 'conflict', current: before }
  if (!isOpen(before)) return notAllowed('APPLICATION_CLOSED')
  if (!before.canWithdraw) return notAllowed('NOT_YOURS')
  const issues = checkText(input.reason, 'reason')
  if (issues.length > 0) return { kind: 'invalid', issues }
  const after = await close(tx, before, 'withdrawn', { action: 'application.withdraw', reason: input.reason })
  await tellWorkflow(tx, after, 'withdrawn')
  return ok(after)
}

// What the workflow records. Each is for a round, harmless when repeated, and gives back the application as it is then;
// one that was withdrawn or submitted anew meanwhile stays as it is, so its status and round tell what to do.

export async function recordAssessment(tx: Tx, applicationId: string, assessment: Assessment): Promise<CreditApplication> {
  const before = await requireApplication(tx, applicationId)
  if (before.status !== 'submitted' || before.round !== assessment.round) return before
  await tx`
    update credit_applications set
      status = 'in_approval', assessment_id = ${assessment.assessmentId}, recommendation_id = ${assessment.recommendationId ?? null}, authority_id = ${assessment.authorityId ?? null},
      recommended_limit = ${assessment.recommendedLimit ?? null}, recommended_terms_days = ${assessment.recommendedTermsDays ?? null},
      grade = ${assessment.grade ?? null}, score = ${assessment.score ?? null}, levels = ${assessment.levels as number[]}::int[], version = version + 1
    where id = ${applicationId}`
  if (assessment.grade) {
    await setGrade(tx, before.accountId, {
      grade: assessment.grade,
      score: assessment.score ?? null,
      validTo: assessment.gradeValidTo ?? null,
      decisionId: assessment.assessmentId,
    })
  }
  const after = (await findApplication(tx, applicationId))!
  const { round: _, route: __, ...findings } = assessment
  await record(tx, after, { action: 'application.assess', after: findings })
  await askLevels(tx, after, assessment.route ?? { steps: stepsOf(assessment.levels), reason: AMOUNT_NEEDS_APPROVAL })
  return after
}

export interface Approval {
  readonly round: number
  readonly reason: string
  readonly validTo?: string | null
  readonly nextReviewOn?: string | null
}

/** Puts the limit in force: that which the approvers granted, else the recommended one. Throws `NOT_YET_APPROVED` while a level of the round has not approved. */
export async function approveApplication(tx: Tx, applicationId: string, approval: Approval): Promise<CreditApplication> {
  const before = await requireApplication(tx, applicationId)
  if (before.status !== 'in_approval' || before.round !== approval.round) return before
  const asked = await findApprovalOf(tx, 'credit_application', applicationId)
  const standing = asked && (await standingOf(tx, asked))
  if (standing?.kind !== 'passed') throw new NotYetApproved(before)
  const votes = await tx<{ user_id: string }[]>`
    select v.user_id from task_votes v join tasks t on t.id = v.task_id where t.application_id = ${applicationId} and v.outcome = 'approve' order by v.id`
  const limit = before.approvedLimit ?? before.recommendedLimit ?? before.requestedLimit
  const termsDays = before.approvedTermsDays ?? before.recommendedTermsDays ?? before.requestedTermsDays
  await tx`update credit_applications set approved_limit = ${limit}, approved_terms_days = ${termsDays} where id = ${applicationId}`
  await setLimit(tx, {
    accountId: before.accountId,
    // Zero is no limit to speak of, and never one without bounds.
    kind: /[1-9]/.test(limit) ? 'amount' : 'none',
    amount: limit,
    paymentTermsDays: termsDays,
    validTo: approval.validTo ?? null,
    nextReviewOn: approval.nextReviewOn ?? null,
    reason: approval.reason,
    applicationId,
    decidedBy: votes.at(-1)?.user_id ?? null,
  })
  return close(tx, before, 'approved', {
    action: 'application.approve',
    reason: approval.reason,
    after: { approvedLimit: limit, approvedTermsDays: termsDays },
  })
}

/** Also closes one that was returned and never came back. */
export async function rejectApplication(
  tx: Tx,
  applicationId: string,
  { round, reason }: { readonly round: number; readonly reason: string },
): Promise<CreditApplication> {
  const before = await requireApplication(tx, applicationId)
  if (!isOpen(before) || before.round !== round) return before
  return close(tx, before, 'rejected', { action: 'application.reject', reason })
}

/** Back to its maker, who may submit it again. */
export async function returnApplication(
  tx: Tx,
  applicationId: string,
  { round, reason }: { readonly round: number; readonly reason: string },
): Promise<CreditApplication> {
  const before = await requireApplication(tx, applicationId)
  if ((before.status !== 'submitted' && before.status !== 'in_approval') || before.round !== round) return before
  return giveBack(tx, before, 'application.return', reason)
}

/** Takes the row for this transaction, so that acts on one application have an order. */
export async function lockApplication(tx: Tx, id: string): Promise<CreditApplication | undefined> {
  // The approval first, as those do who decide.
  await tx`select from approvals where kind = 'credit_application' and subject_id = ${id} for update`
  await tx`select from credit_applications where id = ${id} for update`
  return findApplication(tx, id)
}

/** Tells the workflow of an application to read it again; an act of the same name is told once. */
export async function tellWorkflow(tx: Tx, { id, segmentId }: Pick<CreditApplication, 'id' | 'segmentId'>, act: string): Promise<void> {
  await enqueue(tx, {
    topic: 'workflow',
    key: `application-${id}-${act}`,
    payload: { kind: 'applicationChanged', applicationId: id, segmentId },
  })
}

export class ApplicationNotFound extends Error {
  readonly code = 'APPLICATION_NOT_FOUND'
  constructor(id: string) {
    super(`Application ${id} does not exist or belongs to another segment.`)
  }
}

export class NotYetApproved extends Error {
  readonly code = 'NOT_YET_APPROVED'
  constructor({ id, levels, round }: CreditApplication) {
    super(`Application ${id} needs ${levels?.length ?? 0} levels to approve in round ${round}; not all of them have.`)
  }
}

/** An act that only a person can do was asked for by none. */
export class NobodyActing extends Error {
  readonly code = 'NOBODY_ACTING'
  constructor() {
    super('This is done by a user; the actor of the transaction has none.')
  }
}

export function requireUser(tx: Tx): string {
  const { userId, personId } = tx.actor
  if (userId === undefined || personId === undefined) throw new NobodyActing()
  return userId
}

const SORT_KEYS: Record<ApplicationSortField, (tx: Tx) => SortKey> = {
  submittedAt: tx => ({ expression: tx`a.submitted_at`, type: 'timestamptz' }),
  amount: tx => ({ expression: tx`a.requested_limit`, type: 'numeric' }),
  customer: tx => ({ expression: tx`c.name`, type: 'text' }),
  status: tx => ({
    expression: tx`array_position(${[...APPLICATION_STATUSES]}::text[], a.status)::numeric`,
    type: 'numeric',
  }),
}

interface ApplicationRow {
  readonly id: string
  readonly segment_id: number
  readonly customer_id: string
  readonly account_id: string
  readonly requested_limit: string
  readonly currency: string
  readonly requested_terms_days: number | null
  readonly purpose: string | null
  readonly requested_by: string
  readonly status: ApplicationStatus
  readonly assessment_id: string | null
  readonly recommendation_id: string | null
  readonly authority_id: string | null
  readonly recommended_limit: string | null
  readonly recommended_terms_days: number | null
  readonly approved_limit: string | null
  readonly approved_terms_days: number | null
  readonly grade: string | null
  readonly score: number | null
  readonly levels: number[] | null
  readonly current_level: number | null
  readonly round: number
  readonly version: number
  readonly submitted_at: Date
  readonly returned_at: Date | null
  readonly closed_at: Date | null
  readonly maker_person_id: string
}

function selectApplications(tx: Tx, further: Fragment = tx``): Fragment {
  return tx`select a.*, maker.person_id as maker_person_id ${further} from credit_applications a join users maker on maker.id = a.requested_by`
}

function toApplication(tx: Tx, row: ApplicationRow): CreditApplication {
  const isOwn = tx.actor.personId !== undefined && row.maker_person_id === tx.actor.personId
  const returnedForMs = row.returned_at ? tx.now.getTime() - row.returned_at.getTime() : Number.POSITIVE_INFINITY
  return {
    id: row.id,
    segmentId: row.segment_id,
    customerId: row.customer_id,
    accountId: row.account_id,
    requestedLimit: amountOf(row.requested_limit, row.currency),
    currency: row.currency,
    requestedTermsDays: row.requested_terms_days,
    purpose: row.purpose,
    requestedBy: row.requested_by,
    status: row.status,
    assessmentId: row.assessment_id,
    recommendationId: row.recommendation_id,
    authorityId: row.authority_id,
    recommendedLimit: amountOrNull(row.recommended_limit, row.currency),
    recommendedTermsDays: row.recommended_terms_days,
    approvedLimit: amountOrNull(row.approved_limit, row.currency),
    approvedTermsDays: row.approved_terms_days,
    grade: row.grade,
    score: row.score,
    levels: row.levels,
    currentLevel: row.current_level,
    round: row.round,
    version: row.version,
    submittedAt: row.submitted_at,
    returnedAt: row.returned_at,
    closedAt: row.closed_at,
    canWithdraw: isOwn && isOpen(row),
    canAmend: isOwn && (row.status === 'submitted' || row.status === 'in_approval'),
    canResubmit: isOwn && row.status === 'returned' && returnedForMs <= RESUBMISSION_DAYS * 86_400_000,
  }
}

function isOpen({ status }: Pick<CreditApplication, 'status'>): boolean {
  return status === 'submitted' || status === 'in_approval' || status === 'returned'
}

async function isMaker(tx: Tx, { requestedBy }: CreditApplication): Promise<boolean> {
  const [maker] = await tx<{ person_id: string }[]>`select person_id from users where id = ${requestedBy}`
  return maker!.person_id === tx.actor.personId
}

async function requireApplication(tx: Tx, id: string): Promise<CreditApplication> {
  const application = await lockApplication(tx, id)
  if (!application) throw new ApplicationNotFound(id)
  return application
}

/** A new round with other figures. */
async function restart(tx: Tx, before: CreditApplication, input: ApplicationRequest): Promise<CreditApplication> {
  await tx`
    update credit_applications set
      requested_limit = ${input.requestedLimit}, requested_terms_days = ${input.requestedTermsDays ?? null}, purpose = ${input.purpose ?? before.purpose},
      status = 'submitted', round = round + 1, assessment_id = null, recommendation_id = null, authority_id = null, recommended_limit = null, recommended_terms_days = null,
      approved_limit = null, approved_terms_days = null, grade = null, score = null, levels = null, current_level = null, version = version + 1, submitted_at = ${tx.now}
    where id = ${before.id}`
  return (await findApplication(tx, before.id))!
}

/** Puts the round of an assessed application before its levels. */
async function askLevels(tx: Tx, application: CreditApplication, route: Route): Promise<void> {
  const amount = { amount: application.requestedLimit, currency: application.currency }
  const asked = { amount, grade: application.grade, purpose: application.purpose, route }
  const known = await findApprovalOf(tx, 'credit_application', application.id)
  if (known) {
    await beginRound(tx, known, application.round, asked)
    return
  }
  const [maker] = await tx<{ person_id: string }[]>`select person_id from users where id = ${application.requestedBy}`
  await startApproval(tx, {
    ...asked,
    kind: 'credit_application',
    subjectId: application.id,
    segmentId: application.segmentId,
    customerId: application.customerId,
    makerPersonId: maker!.person_id,
    makerUserId: application.requestedBy,
    round: application.round,
    key: `application:${application.id}`,
  })
}

async function giveBack(tx: Tx, before: CreditApplication, action: string, reason: string): Promise<CreditApplication> {
  const approval = await findApprovalOf(tx, 'credit_application', before.id)
  if (approval) {
    await cancelOpenTasks(tx, approval.id)
    await tx`update approvals set status = 'returned', returned_at = ${tx.now}, version = version + 1 where id = ${approval.id}`
    if (action === 'application.return') await tellMaker(tx, approval, 'task.returned', { outcome: '', comment: reason })
  }
  await tx`update credit_applications set status = 'returned', returned_at = ${tx.now}, current_level = null, version = version + 1 where id = ${before.id}`
  const after = (await findApplication(tx, before.id))!
  await record(tx, after, { action, reason, before: { status: before.status }, after: { status: after.status } })
  return after
}

async function close(
  tx: Tx,
  before: CreditApplication,
  status: 'approved' | 'rejected' | 'withdrawn',
  act: { action: string; reason: string; after?: object },
): Promise<CreditApplication> {
  const approval = await findApprovalOf(tx, 'credit_application', before.id)
  if (approval) await closeApproval(tx, approval, status)
  await tx`update credit_applications set status = ${status}, closed_at = ${tx.now}, current_level = null, version = version + 1 where id = ${before.id}`
  const after = (await findApplication(tx, before.id))!
  await record(tx, after, { ...act, before: { status: before.status }, after: { status, ...act.after } })
  return after
}

const AMOUNT_NEEDS_APPROVAL = { en: 'The amount needs approval', zh: '金额须经审批' }

async function record(
  tx: Tx,
  application: CreditApplication,
  act: { action: string; reason?: string | null; before?: unknown; after: unknown },
): Promise<void> {
  await appendAudit(tx, { ...act, entity: 'CreditApplication', entityId: application.id, segmentId: application.segmentId })
  await publishChange(tx, {
    entity: 'CreditApplication',
    id: application.id,
    customerId: application.customerId,
    segmentId: application.segmentId,
  })
}

function requestOf({ requestedLimit, currency, requestedTermsDays, purpose, round }: CreditApplication) {
  return { requestedLimit, currency, requestedTermsDays, purpose, round }
}

function checkRequest({ requestedLimit, requestedTermsDays, purpose }: ApplicationRequest, currency: string): Issue[] {
  const parsed = parseMoney(requestedLimit, currency)
  const issues: Issue[] = []
  if (parsed.kind === 'problem') issues.push({ path: ['requestedLimit'], code: parsed.code, message: parsed.message })
  else if (!/[1-9]/.test(parsed.money.amount) || parsed.money.amount.startsWith('-')) {
    issues.push({
      path: ['requestedLimit'],
      code: 'NOT_POSITIVE',
      message: { en: 'A limit that is asked for is above zero.', zh: '申请额度必须大于零。' },
    })
  }
  if (requestedTermsDays !== undefined && requestedTermsDays !== null) issues.push(...checkTerms(requestedTermsDays, 'requestedTermsDays'))
  if (purpose && purpose.length > LONGEST_TEXT) issues.push(tooLong('purpose'))
  return issues
}

export function checkTerms(days: number, field: string): Issue[] {
  if (Number.isInteger(days) && days >= 0 && days <= 365) return []
  return [
    {
      path: [field],
      code: 'TERMS_OUT_OF_RANGE',
      message: { en: 'Payment terms are a whole number of days from 0 to 365.', zh: '账期应为 0 到 365 之间的整数天。' },
    },
  ]
}

export function checkText(text: string | null | undefined, field: string): Issue[] {
  if (!text?.trim()) return [{ path: [field], code: 'REQUIRED', message: { en: 'Say why in a few words.', zh: '请简要说明原因。' } }]
  return text.length > LONGEST_TEXT ? [tooLong(field)] : []
}

const LONGEST_TEXT = 4000

function tooLong(field: string): Issue {
  return { path: [field], code: 'TOO_LONG', message: { en: `At most ${LONGEST_TEXT} characters.`, zh: `最多 ${LONGEST_TEXT} 个字符。` } }
}
