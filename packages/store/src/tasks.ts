import { compareMoney, parseMoney } from '@surety/credit'
import type { Text } from '@surety/engine'
import { amountOf, amountOrNull } from './amounts.ts'
import { checkTerms, checkText, findApplication, requireUser } from './applications.ts'
import { lockApproval, type Approval, type ApprovalKind, type SigningMode } from './approval/approval.ts'
import { candidatesOf } from './approval/candidates.ts'
import { loadRights, ownRefusal, principalOf, type Rights } from './approval/rights.ts'
import { returnApproval } from './approval/rework-approval.ts'
import { wakeApproval } from './approval/start-approval.ts'
import { SUBJECTS } from './approval/subjects/index.ts'
import { tally } from './approval/tally.ts'
import { appendAudit } from './audit.ts'
import { customerMatches } from './customers.ts'
import { groupBy } from './group.ts'
import { publishChange } from './live.ts'
import { selectPage, type Fragment, type Page, type PageRequest, type Sort, type SortKey } from './page.ts'
import { NOT_FOUND, ok, refusalOf, type Issue, type Refusal, type RefusalCode, type Result } from './result.ts'
import type { Tx } from './sql.ts'

export const TASK_STATUSES = ['open', 'done', 'cancelled'] as const
export type TaskStatus = (typeof TASK_STATUSES)[number]
export const TASK_OUTCOMES = ['approve', 'reject', 'return'] as const
export type TaskOutcome = (typeof TASK_OUTCOMES)[number]

export const TASK_PRIORITIES = [-1, 0, 1, 2] as const

/** Why somebody grants more than the policies recommend. */
export const OVERRIDE_REASONS = [
  'market_position',
  'new_information',
  'security_offered',
  'group_support',
  'strategic_customer',
  'seasonal_need',
  'data_error',
  'other',
] as const
export type OverrideReason = (typeof OVERRIDE_REASONS)[number]

/** One step of an approval, put before people. */
export interface Task {
  readonly id: string
  /** Null: the whole company. */
  readonly segmentId: number | null
  readonly kind: ApprovalKind
  readonly approvalId: string
  /** Of a credit application. */
  readonly applicationId: string | null
  readonly customerId: string | null
  readonly makerPersonId: string
  readonly maker: string
  readonly round: number
  /** Position in the round, from 1. */
  readonly level: number
  readonly levelCount: number
  readonly authorityLevel: number
  readonly amount: string | null
  readonly currency: string | null
  readonly grade: string | null
  /** Why the policy sends it here. */
  readonly reason: Text
  readonly mode: SigningMode
  /** Approvals that it takes. */
  readonly needed: number
  readonly rejections: number
  /** The version of the authority that it began with. */
  readonly policyId: string | null
  readonly policyVersion: number | null
  readonly status: TaskStatus
  readonly outcome: TaskOutcome | null
  /** From -1, low, to 2, urgent. */
  readonly priority: number
  readonly claimedBy: string | null
  readonly claimedAt: Date | null
  /** It is theirs alone. */
  readonly assignedTo: string | null
  /** Asked for an opinion, by whom; the task waits for it. */
  readonly delegatedTo: string | null
  readonly delegatedBy: string | null
  readonly followUpAt: Date | null
  readonly createdAt: Date
  readonly dueAt: Date
  readonly remindHalfAt: Date | null
  readonly remindLateAt: Date | null
  readonly reminders: number
  readonly escalations: number
  readonly escalatedAt: Date | null
  readonly nextEscalationAt: Date | null
  readonly decidedAt: Date | null
  readonly version: number
  /** For whom the actor would decide it as a substitute; null: with their own hand. */
  readonly onBehalfOf: string | null
  /** Why the actor can't decide it; null when they can. */
  readonly refusal: Refusal | null
}

export interface Vote {
  readonly taskId: string
  readonly userId: string
  readonly personId: string
  readonly person: string
  /** The name of whoever the vote was given for by a substitute. */
  readonly onBehalfOf: string | null
  readonly outcome: TaskOutcome
  readonly limitAmount: string | null
  readonly currency: string | null
  readonly termsDays: number | null
  readonly overrideReason: string | null
  readonly comment: string | null
  readonly level: number
  readonly at: Date
}

/** Mine: open and for the actor to decide or to say their opinion on. Team: open in the actor's segments. Done: decided by the actor. */
export type TaskView = 'mine' | 'team' | 'done'

export interface TaskFilter {
  readonly query?: string
  readonly kinds?: readonly ApprovalKind[]
  readonly grades?: readonly string[]
  readonly statuses?: readonly TaskStatus[]
  readonly overdue?: boolean
  readonly dueBefore?: string
  readonly dueAfter?: string
  readonly amountFrom?: string
  readonly amountTo?: string
  readonly currency?: string
  readonly segmentId?: number
  readonly customerId?: string
  readonly priorities?: readonly number[]
  readonly claimed?: 'me' | 'nobody' | 'somebody'
  /** Put off by the team until later; left out of `mine` unless asked for. */
  readonly postponed?: boolean
  readonly escalated?: boolean
  readonly delegated?: boolean
}

export const TASK_SORT_FIELDS = ['dueAt', 'createdAt', 'amount', 'customer', 'grade', 'priority'] as const
export type TaskSortField = (typeof TASK_SORT_FIELDS)[number]

export interface TaskDecision {
  readonly id: string
  /** As the client last saw it. */
  readonly version: number
  readonly outcome: TaskOutcome
  /** An approver may grant less than the amount of the task, or shorter terms. */
  readonly limit?: string | null
  readonly termsDays?: number | null
  /** Required to grant more than was recommended. */
  readonly overrideReason?: OverrideReason | null
  /** Required to reject or return, and to override. */
  readonly comment?: string | null
}

export async function listTasks(
  tx: Tx,
  view: TaskView,
  filter: TaskFilter,
  sort: Sort<TaskSortField>,
  page: PageRequest,
): Promise<Page<Task>> {
  const rights = await loadRights(tx)
  const { expression, type } = SORT_KEYS[sort.field](tx)
  const matched = tx`
    ${selectTasks(tx, rights, tx`, t.id as page_id, ${expression} as page_key`)} ${fromTasks(tx)} where ${VIEWS[view](tx, rights, filter)} ${conditions(tx, filter)}`
  const counted = tx`select count(*) from tasks t ${needsCustomer(filter) ? tx`left join customers c on c.id = t.customer_id` : tx``} where ${VIEWS[view](tx, rights, filter)} ${conditions(tx, filter)}`
  return selectPage<TaskRow, Task>(tx, matched, type, sort.descending ?? false, page, toTask, {
    counted,
    isNullable: sort.field !== 'dueAt' && sort.field !== 'createdAt' && sort.field !== 'priority',
  })
}

export interface TaskCounts {
  readonly mine: number
  readonly overdue: number
  readonly dueToday: number
  readonly claimed: number
  readonly delegated: number
  readonly postponed: number
  readonly team: number
}

/** How many there are in each corner of the actor's list. */
export async function countTasks(tx: Tx, filter: TaskFilter = {}): Promise<TaskCounts> {
  const rights = await loadRights(tx)
  const [row] = await tx<Record<keyof TaskCounts, string>[]>`
    select count(*) filter (where is_mine and not is_later) as mine, count(*) filter (where is_mine and due_at < ${tx.now}) as overdue,
      count(*) filter (where is_mine and due_at >= ${tx.now} and due_at < ${tx.now}::timestamptz + interval '24 hours') as "dueToday",
      count(*) filter (where claimed_by = ${tx.actor.personId ?? null}::bigint) as claimed, count(*) filter (where delegated_to = ${tx.actor.personId ?? null}::bigint) as delegated,
      count(*) filter (where is_mine and is_later) as postponed, count(*) as team
    from (
      select t.due_at, t.claimed_by, t.delegated_to, (${isMine(tx, rights)}) as is_mine, coalesce(t.follow_up_at > ${tx.now}, false) as is_later
      from tasks t ${needsCustomer(filter) ? tx`left join customers c on c.id = t.customer_id` : tx``} where t.status = 'open' ${conditions(tx, filter)}
    ) counted`
  return Object.fromEntries(Object.entries(row!).map(([key, count]) => [key, Number(count)])) as unknown as TaskCounts
}

/** How many there are for the actor to decide. */
export async function countMyTasks(tx: Tx): Promise<number> {
  const rights = await loadRights(tx)
  const [row] = await tx<{ count: string }[]>`select count(*) from tasks t where ${VIEWS.mine(tx, rights, {})}`
  return Number(row!.count)
}

export async function findTask(tx: Tx, id: string): Promise<Task | undefined> {
  return (await findTasks(tx, [id])).get(id)
}

export async function findTasks(tx: Tx, ids: readonly string[]): Promise<Map<string, Task>> {
  const rows = await tx<
    TaskRow[]
  >`${selectTasks(tx, await loadRights(tx))} ${fromTasks(tx)} where t.id = any (${ids as string[]}::bigint[])`
  return new Map(rows.map(row => [row.id, toTask(row)]))
}

/** Of applications, in the order of rounds and levels. */
export async function tasksOf(tx: Tx, applicationIds: readonly string[]): Promise<Map<string, Task[]>> {
  const rows = await tx<
    TaskRow[]
  >`${selectTasks(tx, await loadRights(tx))} ${fromTasks(tx)} where t.application_id = any (${applicationIds as string[]}::bigint[]) order by t.round, t.level, t.id`
  return groupBy(applicationIds, rows.map(toTask), ({ applicationId }) => applicationId!)
}

/** In the order of rounds and levels. */
export async function tasksOfApprovals(tx: Tx, approvalIds: readonly string[]): Promise<Map<string, Task[]>> {
  const rows = await tx<
    TaskRow[]
  >`${selectTasks(tx, await loadRights(tx))} ${fromTasks(tx)} where t.approval_id = any (${approvalIds as string[]}::bigint[]) order by t.round, t.level, t.id`
  return groupBy(approvalIds, rows.map(toTask), ({ approvalId }) => approvalId)
}

export async function votesOf(tx: Tx, taskIds: readonly string[]): Promise<Map<string, Vote[]>> {
  const rows = await tx<VoteRow[]>`
    select v.*, p.name as person, principal.name as principal, t.level, t.currency from task_votes v join tasks t on t.id = v.task_id join persons p on p.id = v.person_id
      left join persons principal on principal.id = v.on_behalf_of
    where v.task_id = any (${taskIds as string[]}::bigint[]) order by v.id`
  return groupBy(taskIds, rows.map(toVote), ({ taskId }) => taskId)
}

/**
 * The actor votes on a task, all in this transaction: who may is asked anew for them and for whom they stand in, the vote and its trace
 * are kept, and when the votes decide the task it closes and the workflow is told. It works while no workflow runs.
 */
export async function decideTask(tx: Tx, decision: TaskDecision): Promise<Result<Task>> {
  const userId = requireUser(tx)
  const locked = await lockTask(tx, decision.id)
  if (!locked) return NOT_FOUND
  const { task: before, approval } = locked
  if (before.status !== 'open' || before.version !== decision.version) return { kind: 'conflict', current: before }
  if (before.refusal) return { kind: 'notAllowed', refusal: before.refusal }
  const wrong = await checkDecision(tx, decision, before, approval)
  if (wrong) return wrong
  const voted = await SUBJECTS[approval.kind].vote?.(tx, approval, decision)
  if (voted && voted.kind !== 'ok') return voted.kind === 'conflict' ? { kind: 'conflict', current: before } : voted
  const isApproval = decision.outcome === 'approve'
  const limit = isApproval ? (decision.limit ?? null) : null
  const termsDays = isApproval ? (decision.termsDays ?? null) : null
  const comment = decision.comment?.trim() || null
  await tx`
    insert into task_votes (segment_id, task_id, approval_id, application_id, round, person_id, user_id, on_behalf_of, outcome, limit_amount, terms_days, override_reason, comment, on_amount, on_grade, at)
    values (${before.segmentId}, ${before.id}, ${before.approvalId}, ${before.applicationId}, ${before.round}, ${tx.actor.personId!}, ${userId}, ${before.onBehalfOf}, ${decision.outcome},
      ${limit}, ${termsDays}, ${isApproval ? (decision.overrideReason ?? null) : null}, ${comment}, ${before.amount}, ${before.grade}, ${tx.now})`
  const outcome = await countVotes(tx, before)
  if (outcome !== null) await closeTask(tx, before, outcome)
  await appendAudit(tx, {
    action: `task.${decision.outcome}`,
    entity: 'Task',
    entityId: before.id,
    segmentId: before.segmentId,
    reason: comment,
    before: { status: before.status, amount: before.amount, currency: before.currency },
    after: {
      status: outcome === null ? 'open' : 'done',
      outcome: decision.outcome,
      level: before.level,
      round: before.round,
      limit: limit ?? before.amount,
      termsDays,
      approvalId: before.approvalId,
      applicationId: before.applicationId,
      ...(before.onBehalfOf && { onBehalfOf: before.onBehalfOf }),
      ...(decision.overrideReason && isApproval && { overrideReason: decision.overrideReason }),
    },
  })
  if (outcome === 'return') await giveBack(tx, approval, comment!)
  if (outcome !== null) await wakeApproval(tx, approval, `decided-${before.round}-${before.level}`)
  await publishTask(tx, before)
  return ok((await findTask(tx, before.id))!)
}

/** One decision on several tasks, each by itself: what came of each. */
export async function decideTasks(
  tx: Tx,
  tasks: readonly { readonly id: string; readonly version: number }[],
  decision: Pick<TaskDecision, 'outcome' | 'comment'>,
): Promise<{ readonly id: string; readonly result: Result<Task> }[]> {
  const results = []
  // In one order whoever decides, so that two who decide the same tasks don't wait for each other.
  for (const { id, version } of tasks.toSorted((left, right) => Number(left.id) - Number(right.id))) {
    results.push({ id, result: await decideTask(tx, { id, version, ...decision }) })
  }
  return results
}

/** Takes the approval of a task and the task for this transaction, in the order in which everybody takes them. */
export async function lockTask(tx: Tx, id: string): Promise<{ task: Task; approval: Approval } | undefined> {
  const [known] = await tx<{ approval_id: string }[]>`select approval_id from tasks where id = ${id}`
  if (!known) return undefined
  const approval = await lockApproval(tx, known.approval_id)
  await tx`select from tasks where id = ${id} for update`
  const task = await findTask(tx, id)
  return task && approval && { task, approval }
}

export async function publishTask(tx: Tx, { id, applicationId, approvalId, customerId, segmentId }: Task): Promise<void> {
  await publishChange(tx, { entity: 'Task', id, customerId, segmentId })
  if (applicationId !== null) await publishChange(tx, { entity: 'CreditApplication', id: applicationId, customerId, segmentId })
  else await publishChange(tx, { entity: 'Approval', id: approvalId, customerId, segmentId })
}

/** What the votes given so far make of a task; null while it stays open. */
async function countVotes(tx: Tx, task: Task): Promise<TaskOutcome | null> {
  const votes = await tx<{ holder: string; outcome: TaskOutcome }[]>`
    select coalesce(on_behalf_of, person_id) as holder, outcome from task_votes where task_id = ${task.id} order by id`
  const added = await tx<{ person_id: string }[]>`select person_id from task_seats where task_id = ${task.id} and kind = 'added'`
  const isContested = votes.some(({ outcome }) => outcome === 'reject')
  const stillToVote = isContested
    ? (await candidatesOf(tx, task)).filter(({ hasVoted, as }) => !hasVoted && as !== 'added').length
    : Number.POSITIVE_INFINITY
  return tally({ needed: task.needed, rejections: task.rejections, added: added.map(({ person_id }) => person_id) }, votes, stillToVote)
}

async function closeTask(tx: Tx, task: Task, outcome: TaskOutcome): Promise<void> {
  await tx`
    update tasks set status = 'done', outcome = ${outcome}, decided_at = ${tx.now}, claimed_by = null, claimed_at = null, delegated_to = null, delegated_by = null, version = version + 1
    where id = ${task.id}`
  if (outcome !== 'approve') return
  // Several sign: the least that any of them granted.
  const [granted] = await tx<{ limit: string | null; terms: number | null }[]>`
    select min(limit_amount) as limit, min(terms_days) as terms from task_votes where task_id = ${task.id} and outcome = 'approve'`
  const { limit, terms } = granted!
  if (limit === null && terms === null) return
  await tx`
    update approvals set granted_amount = coalesce(${limit}::numeric, granted_amount), granted_terms_days = coalesce(${terms}::int, granted_terms_days), version = version + 1
    where id = ${task.approvalId}`
  if (task.applicationId === null) return
  await tx`
    update credit_applications set approved_limit = coalesce(${limit}::numeric, approved_limit), approved_terms_days = coalesce(${terms}::int, approved_terms_days), version = version + 1
    where id = ${task.applicationId}`
}

async function giveBack(tx: Tx, approval: Approval, reason: string): Promise<void> {
  if (approval.kind === 'credit_application') await SUBJECTS.credit_application.giveBack!(tx, approval, reason)
  else await returnApproval(tx, approval, reason)
}

const VIEWS: Record<TaskView, (tx: Tx, rights: Rights, filter: TaskFilter) => Fragment> = {
  mine: (tx, rights, { postponed }) =>
    tx`t.status = 'open' and (${isMine(tx, rights)}) ${postponed === undefined ? tx`and (t.follow_up_at is null or t.follow_up_at <= ${tx.now})` : tx``}`,
  team: tx => tx`t.status = 'open'`,
  done: tx => tx`t.id in (select v.task_id from task_votes v where v.person_id = ${tx.actor.personId ?? null})`,
}

function isMine(tx: Tx, rights: Rights): Fragment {
  const forOthers = rights.principals.length === 0 ? tx`` : tx`or (${principalOf(tx, rights)}) is not null`
  return tx`(${ownRefusal(tx, rights)}) is null ${forOthers} or t.delegated_to = ${tx.actor.personId ?? null}::bigint`
}

function needsCustomer({ query }: TaskFilter): boolean {
  return Boolean(query?.trim())
}

function conditions(tx: Tx, filter: TaskFilter): Fragment {
  const me = tx.actor.personId ?? null
  return tx`
    ${filter.query?.trim() ? tx`and (${customerMatches(tx, filter.query)} or t.id::text = ${filter.query.trim().replace(/^#/, '')})` : tx``}
    ${filter.kinds?.length ? tx`and t.kind = any (${filter.kinds as string[]})` : tx``}
    ${filter.grades?.length ? tx`and t.grade = any (${filter.grades as string[]})` : tx``}
    ${filter.statuses?.length ? tx`and t.status = any (${filter.statuses as string[]})` : tx``}
    ${filter.overdue === undefined ? tx`` : tx`and (t.status = 'open' and t.due_at < ${tx.now}) = ${filter.overdue}`}
    ${filter.dueBefore === undefined ? tx`` : tx`and t.due_at < ${filter.dueBefore}::timestamptz`}
    ${filter.dueAfter === undefined ? tx`` : tx`and t.due_at >= ${filter.dueAfter}::timestamptz`}
    ${filter.amountFrom === undefined ? tx`` : tx`and t.amount >= ${filter.amountFrom}::numeric`}
    ${filter.amountTo === undefined ? tx`` : tx`and t.amount <= ${filter.amountTo}::numeric`}
    ${filter.currency === undefined ? tx`` : tx`and t.currency = ${filter.currency}`}
    ${filter.segmentId === undefined ? tx`` : tx`and t.segment_id = ${filter.segmentId}`}
    ${filter.customerId === undefined ? tx`` : tx`and t.customer_id = ${filter.customerId}`}
    ${filter.priorities?.length ? tx`and t.priority = any (${filter.priorities as number[]})` : tx``}
    ${filter.claimed === 'me' ? tx`and t.claimed_by = ${me}` : filter.claimed === 'nobody' ? tx`and t.claimed_by is null` : filter.claimed === 'somebody' ? tx`and t.claimed_by is not null` : tx``}
    ${filter.postponed === undefined ? tx`` : tx`and coalesce(t.follow_up_at > ${tx.now}, false) = ${filter.postponed}`}
    ${filter.escalated === undefined ? tx`` : tx`and (t.escalations > 0) = ${filter.escalated}`}
    ${filter.delegated === undefined ? tx`` : tx`and (t.delegated_to is not null) = ${filter.delegated}`}`
}

const SORT_KEYS: Record<TaskSortField, (tx: Tx) => SortKey> = {
  dueAt: tx => ({ expression: tx`t.due_at`, type: 'timestamptz' }),
  createdAt: tx => ({ expression: tx`t.created_at`, type: 'timestamptz' }),
  amount: tx => ({ expression: tx`t.amount`, type: 'numeric' }),
  customer: tx => ({ expression: tx`c.name`, type: 'text' }),
  grade: tx => ({ expression: tx`t.grade`, type: 'text' }),
  priority: tx => ({ expression: tx`t.priority::numeric`, type: 'numeric' }),
}

interface TaskRow {
  readonly id: string
  readonly segment_id: number | null
  readonly kind: ApprovalKind
  readonly approval_id: string
  readonly application_id: string | null
  readonly customer_id: string | null
  readonly maker_person_id: string
  readonly maker: string
  readonly round: number
  readonly level: number
  readonly level_count: number
  readonly authority_level: number
  readonly amount: string | null
  readonly currency: string | null
  readonly grade: string | null
  readonly reason: Text
  readonly mode: SigningMode
  readonly needed: number
  readonly rejections: number
  readonly policy_id: string | null
  readonly policy_version: number | null
  readonly status: TaskStatus
  readonly outcome: TaskOutcome | null
  readonly priority: number
  readonly claimed_by: string | null
  readonly claimed_at: Date | null
  readonly assigned_to: string | null
  readonly delegated_to: string | null
  readonly delegated_by: string | null
  readonly follow_up_at: Date | null
  readonly created_at: Date
  readonly due_at: Date
  readonly remind_half_at: Date | null
  readonly remind_late_at: Date | null
  readonly reminders: number
  readonly escalations: number
  readonly escalated_at: Date | null
  readonly next_escalation_at: Date | null
  readonly decided_at: Date | null
  readonly version: number
  readonly own_refusal: RefusalCode | null
  readonly principal_id: string | null
}

interface VoteRow {
  readonly task_id: string
  readonly user_id: string
  readonly person_id: string
  readonly person: string
  readonly principal: string | null
  readonly outcome: TaskOutcome
  readonly limit_amount: string | null
  readonly currency: string | null
  readonly terms_days: number | null
  readonly override_reason: string | null
  readonly comment: string | null
  readonly level: number
  readonly at: Date
}

// Who may decide is said by the rights and nowhere else: lists, buttons and the act itself all read these columns.
function selectTasks(tx: Tx, rights: Rights, further: Fragment = tx``): Fragment {
  return tx`select t.*, maker.name as maker, ${ownRefusal(tx, rights)} as own_refusal, ${principalOf(tx, rights)} as principal_id ${further}`
}

function fromTasks(tx: Tx): Fragment {
  return tx`from tasks t join persons maker on maker.id = t.maker_person_id left join customers c on c.id = t.customer_id`
}

function toTask(row: TaskRow): Task {
  const refusal = row.own_refusal !== null && row.principal_id === null ? refusalOf(row.own_refusal) : null
  return {
    id: row.id,
    segmentId: row.segment_id,
    kind: row.kind,
    approvalId: row.approval_id,
    applicationId: row.application_id,
    customerId: row.customer_id,
    makerPersonId: row.maker_person_id,
    maker: row.maker,
    round: row.round,
    level: row.level,
    levelCount: row.level_count,
    authorityLevel: row.authority_level,
    amount: row.amount === null ? null : amountOf(row.amount, row.currency!),
    currency: row.currency,
    grade: row.grade,
    reason: row.reason,
    mode: row.mode,
    needed: row.needed,
    rejections: row.rejections,
    policyId: row.policy_id,
    policyVersion: row.policy_version,
    status: row.status,
    outcome: row.outcome,
    priority: row.priority,
    claimedBy: row.claimed_by,
    claimedAt: row.claimed_at,
    assignedTo: row.assigned_to,
    delegatedTo: row.delegated_to,
    delegatedBy: row.delegated_by,
    followUpAt: row.follow_up_at,
    createdAt: row.created_at,
    dueAt: row.due_at,
    remindHalfAt: row.remind_half_at,
    remindLateAt: row.remind_late_at,
    reminders: row.reminders,
    escalations: row.escalations,
    escalatedAt: row.escalated_at,
    nextEscalationAt: row.next_escalation_at,
    decidedAt: row.decided_at,
    version: row.version,
    onBehalfOf: row.own_refusal === null ? null : row.principal_id,
    refusal,
  }
}

function toVote(row: VoteRow): Vote {
  return {
    taskId: row.task_id,
    userId: row.user_id,
    personId: row.person_id,
    person: row.person,
    onBehalfOf: row.principal,
    outcome: row.outcome,
    limitAmount: row.currency === null ? null : amountOrNull(row.limit_amount, row.currency),
    currency: row.currency,
    termsDays: row.terms_days,
    overrideReason: row.override_reason,
    comment: row.comment,
    level: row.level,
    at: row.at,
  }
}

type Wrong = Extract<Result<Task>, { kind: 'invalid' | 'notAllowed' }>

async function checkDecision(tx: Tx, decision: TaskDecision, task: Task, approval: Approval): Promise<Wrong | undefined> {
  if (decision.outcome !== 'approve') return resultOf(checkText(decision.comment, 'comment'))
  const issues = [...checkLimit(decision, task), ...(await checkGrantedTerms(tx, decision, task))]
  if (issues.length > 0 || decision.limit === undefined || decision.limit === null) return resultOf(issues)
  return checkOverride(tx, decision, task, approval)
}

function checkLimit({ limit }: TaskDecision, { amount, currency }: Task): Issue[] {
  if (limit === undefined || limit === null) return []
  if (amount === null || currency === null) {
    return [{ path: ['limit'], code: 'NO_AMOUNT', message: { en: 'There is no amount to grant here.', zh: '此事项没有可批准的金额。' } }]
  }
  const parsed = parseMoney(limit, currency)
  if (parsed.kind === 'problem') return [{ path: ['limit'], code: parsed.code, message: parsed.message }]
  if (compareMoney(parsed.money, { amount: '0', currency }) > 0 && compareMoney(parsed.money, { amount, currency }) <= 0) return []
  return [
    {
      path: ['limit'],
      code: 'LIMIT_OUT_OF_RANGE',
      message: {
        en: `Grant more than zero and at most ${amount} ${currency}; for more, return it for rework.`,
        zh: `批准额度须大于零且不超过 ${amount} ${currency}；如需更高，请退回修改。`,
      },
    },
  ]
}

async function checkGrantedTerms(tx: Tx, { termsDays }: TaskDecision, task: Task): Promise<Issue[]> {
  if (termsDays === undefined || termsDays === null) return []
  const issues = checkTerms(termsDays, 'termsDays')
  const application = task.applicationId === null ? undefined : await findApplication(tx, task.applicationId)
  const longest = Math.max(application?.requestedTermsDays ?? 0, application?.recommendedTermsDays ?? 0)
  if (longest > 0 && termsDays > longest) {
    issues.push({
      path: ['termsDays'],
      code: 'TERMS_TOO_LONG',
      message: { en: `At most ${longest} days were asked for or recommended.`, zh: `申请或建议的账期最长为 ${longest} 天。` },
    })
  }
  return issues
}

/** More than the policies recommend takes a reason of the catalogue, words, and the authority to override. */
async function checkOverride(tx: Tx, decision: TaskDecision, task: Task, approval: Approval): Promise<Wrong | undefined> {
  const application = task.applicationId === null ? undefined : await findApplication(tx, task.applicationId)
  if (!application || application.recommendedLimit === null || Number(decision.limit) <= Number(application.recommendedLimit))
    return undefined
  if (decision.overrideReason === undefined || decision.overrideReason === null) {
    // Asked for where the policy gives the right to override to somebody; elsewhere the level itself is the authority.
    if (approval.overrideLevel === null) return undefined
    return resultOf([
      {
        path: ['overrideReason'],
        code: 'OVERRIDE_REASON_REQUIRED',
        message: {
          en: `More than the recommended ${application.recommendedLimit} ${application.currency} needs a reason.`,
          zh: `高于建议额度 ${application.recommendedLimit} ${application.currency}，须注明原因。`,
        },
      },
    ])
  }
  const issues = checkText(decision.comment, 'comment')
  if (issues.length > 0) return resultOf(issues)
  if (approval.overrideLevel === null) return undefined
  const [own] = await tx<{ level: number }[]>`
    select coalesce(max(authority_level), 0) as level from user_roles where user_id = ${tx.actor.userId!} and role = 'approver' and (segment_id is null or segment_id = ${task.segmentId})`
  return own!.level >= approval.overrideLevel ? undefined : { kind: 'notAllowed', refusal: refusalOf('OVERRIDE_TOO_HIGH') }
}

function resultOf(issues: Issue[]): Wrong | undefined {
  return issues.length > 0 ? { kind: 'invalid', issues } : undefined
}
