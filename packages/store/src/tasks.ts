import { compareMoney, parseMoney } from '@surety/credit'
import type { Text } from '@surety/engine'
import { amountOf, amountOrNull } from './amounts.ts'
import { checkTerms, checkText, findApplication, lockApplication, requireUser, tellWorkflow } from './applications.ts'
import { appendAudit } from './audit.ts'
import { customerMatches } from './customers.ts'
import { groupBy } from './group.ts'
import { publishChange } from './live.ts'
import { selectPage, type Fragment, type Page, type PageRequest, type Sort, type SortKey } from './page.ts'
import { NOT_FOUND, ok, refusalOf, type Issue, type Refusal, type RefusalCode, type Result } from './result.ts'
import type { Tx } from './sql.ts'

export type TaskStatus = 'open' | 'done' | 'cancelled'
export type TaskOutcome = 'approve' | 'reject' | 'return'

/** One level of approval in a round of an application. */
export interface Task {
  readonly id: string
  readonly segmentId: number
  readonly kind: 'credit_application'
  readonly applicationId: string
  readonly customerId: string
  readonly round: number
  /** Position in the round, from 1. */
  readonly level: number
  readonly levelCount: number
  readonly authorityLevel: number
  readonly amount: string
  readonly currency: string
  /** Why the policy sends it here. */
  readonly reason: Text
  readonly status: TaskStatus
  readonly outcome: TaskOutcome | null
  readonly createdAt: Date
  readonly dueAt: Date
  readonly decidedAt: Date | null
  readonly version: number
  /** Why the actor can't decide it; null when they can. */
  readonly refusal: Refusal | null
}

export interface Vote {
  readonly taskId: string
  readonly userId: string
  readonly personId: string
  readonly person: string
  readonly outcome: TaskOutcome
  readonly limitAmount: string | null
  readonly currency: string
  readonly termsDays: number | null
  readonly comment: string | null
  readonly level: number
  readonly at: Date
}

/** Mine: open and for the actor to decide. Team: open in the actor's segments. Done: decided by the actor. */
export type TaskView = 'mine' | 'team' | 'done'

export interface TaskFilter {
  readonly query?: string
  readonly grades?: readonly string[]
  readonly statuses?: readonly TaskStatus[]
  readonly overdue?: boolean
}

export const TASK_SORT_FIELDS = ['dueAt', 'createdAt', 'amount', 'customer', 'grade'] as const
export type TaskSortField = (typeof TASK_SORT_FIELDS)[number]

export interface NewTask {
  readonly applicationId: string
  readonly round: number
  readonly level: number
  readonly levelCount: number
  readonly authorityLevel: number
  readonly amount: string
  readonly currency: string
  readonly reason: Text
  readonly dueAt: Date
}

export interface TaskDecision {
  readonly id: string
  /** As the client last saw it. */
  readonly version: number
  readonly outcome: TaskOutcome
  /** An approver may grant less than the amount of the task, or shorter terms. */
  readonly limit?: string | null
  readonly termsDays?: number | null
  /** Required to reject or return. */
  readonly comment?: string | null
}

export async function listTasks(
  tx: Tx,
  view: TaskView,
  filter: TaskFilter,
  sort: Sort<TaskSortField>,
  page: PageRequest,
): Promise<Page<Task>> {
  const { expression, type } = SORT_KEYS[sort.field](tx)
  const matched = tx`
    select * from (
      ${selectTasks(tx, tx`, t.id as page_id, ${expression} as page_key`)} join customers c on c.id = t.customer_id
      where ${VIEWS[view](tx)}
        ${filter.query?.trim() ? tx`and ${customerMatches(tx, filter.query)}` : tx``}
        ${filter.grades?.length ? tx`and a.grade = any (${filter.grades as string[]})` : tx``}
        ${filter.statuses?.length ? tx`and t.status = any (${filter.statuses as string[]})` : tx``}
        ${filter.overdue === undefined ? tx`` : tx`and (t.status = 'open' and t.due_at < ${tx.now}) = ${filter.overdue}`}
    ) listed ${view === 'mine' ? tx`where refusal is null` : tx``}`
  return selectPage<TaskRow, Task>(tx, matched, type, sort.descending ?? false, page, toTask)
}

/** How many there are for the actor to decide. */
export async function countMyTasks(tx: Tx): Promise<number> {
  const [row] = await tx<{ count: string }[]>`select count(*) from (${selectTasks(tx)} where t.status = 'open') t where refusal is null`
  return Number(row!.count)
}

export async function findTask(tx: Tx, id: string): Promise<Task | undefined> {
  const [row] = await tx<TaskRow[]>`${selectTasks(tx)} where t.id = ${id}`
  return row && toTask(row)
}

/** In the order of rounds and levels. */
export async function tasksOf(tx: Tx, applicationIds: readonly string[]): Promise<Map<string, Task[]>> {
  const rows = await tx<
    TaskRow[]
  >`${selectTasks(tx)} where t.application_id = any (${applicationIds as string[]}::bigint[]) order by t.round, t.level`
  return groupBy(applicationIds, rows.map(toTask), ({ applicationId }) => applicationId)
}

export async function votesOf(tx: Tx, taskIds: readonly string[]): Promise<Map<string, Vote[]>> {
  const rows = await tx<VoteRow[]>`
    select v.*, p.name as person, t.level, t.currency from task_votes v join tasks t on t.id = v.task_id join persons p on p.id = v.person_id
    where v.task_id = any (${taskIds as string[]}::bigint[]) order by v.id`
  return groupBy(taskIds, rows.map(toVote), ({ taskId }) => taskId)
}

/** Opens the task of a round and level, or finds it; undefined when the application has moved on meanwhile. */
export async function openTask(tx: Tx, task: NewTask): Promise<Task | undefined> {
  const application = await lockApplication(tx, task.applicationId)
  if (!application || application.status !== 'in_approval' || application.round !== task.round) return undefined
  const [row] = await tx<{ id: string }[]>`
    insert into tasks (segment_id, kind, application_id, customer_id, round, level, level_count, authority_level, amount, currency, reason, created_at, due_at)
    values (${application.segmentId}, 'credit_application', ${task.applicationId}, ${application.customerId}, ${task.round}, ${task.level}, ${task.levelCount}, ${task.authorityLevel},
      ${task.amount}, ${task.currency}, ${tx.json(task.reason as never)}, ${tx.now}, ${task.dueAt})
    on conflict (application_id, round, level) do nothing returning id`
  if (row) {
    await tx`update credit_applications set current_level = ${task.level}, version = version + 1 where id = ${task.applicationId}`
    await appendAudit(tx, {
      action: 'task.open',
      entity: 'Task',
      entityId: row.id,
      segmentId: application.segmentId,
      after: {
        applicationId: task.applicationId,
        round: task.round,
        level: task.level,
        authorityLevel: task.authorityLevel,
        amount: task.amount,
        currency: task.currency,
        dueAt: task.dueAt,
      },
    })
    await publishChange(tx, { entity: 'Task', id: row.id, customerId: application.customerId, segmentId: application.segmentId })
  }
  const [opened] = await tx<
    TaskRow[]
  >`${selectTasks(tx)} where t.application_id = ${task.applicationId} and t.round = ${task.round} and t.level = ${task.level}`
  return toTask(opened!)
}

/**
 * The actor decides a task, all in this transaction: who may is asked anew, the first one wins, the vote and its trace are kept,
 * and the workflow is told. It works while no workflow runs.
 */
export async function decideTask(tx: Tx, decision: TaskDecision): Promise<Result<Task>> {
  const userId = requireUser(tx)
  await tx`select from tasks where id = ${decision.id} for update`
  const before = await findTask(tx, decision.id)
  if (!before) return NOT_FOUND
  if (before.status !== 'open' || before.version !== decision.version) return { kind: 'conflict', current: before }
  if (before.refusal) return { kind: 'notAllowed', refusal: before.refusal }
  const issues = await checkDecision(tx, decision, before)
  if (issues.length > 0) return { kind: 'invalid', issues }
  const granted =
    decision.outcome === 'approve'
      ? { limit: decision.limit ?? null, termsDays: decision.termsDays ?? null }
      : { limit: null, termsDays: null }
  const comment = decision.comment?.trim() || null
  await tx`
    insert into task_votes (segment_id, task_id, application_id, round, person_id, user_id, outcome, limit_amount, terms_days, comment, at)
    values (${before.segmentId}, ${before.id}, ${before.applicationId}, ${before.round}, ${tx.actor.personId!}, ${userId}, ${decision.outcome}, ${granted.limit}, ${granted.termsDays}, ${comment}, ${tx.now})`
  await tx`update tasks set status = 'done', outcome = ${decision.outcome}, decided_at = ${tx.now}, version = version + 1 where id = ${before.id}`
  if (granted.limit !== null || granted.termsDays !== null) {
    await tx`
      update credit_applications set approved_limit = coalesce(${granted.limit}::numeric, approved_limit), approved_terms_days = coalesce(${granted.termsDays}::int, approved_terms_days), version = version + 1
      where id = ${before.applicationId}`
  }
  await appendAudit(tx, {
    action: `task.${decision.outcome}`,
    entity: 'Task',
    entityId: before.id,
    segmentId: before.segmentId,
    reason: comment,
    before: { status: before.status, amount: before.amount, currency: before.currency },
    after: {
      status: 'done',
      outcome: decision.outcome,
      level: before.level,
      round: before.round,
      limit: granted.limit ?? before.amount,
      termsDays: granted.termsDays,
      applicationId: before.applicationId,
    },
  })
  await tellWorkflow(tx, { id: before.applicationId, segmentId: before.segmentId }, `decided-${before.round}-${before.level}`)
  await publishChange(tx, { entity: 'Task', id: before.id, customerId: before.customerId, segmentId: before.segmentId })
  await publishChange(tx, {
    entity: 'CreditApplication',
    id: before.applicationId,
    customerId: before.customerId,
    segmentId: before.segmentId,
  })
  return ok((await findTask(tx, before.id))!)
}

const VIEWS: Record<TaskView, (tx: Tx) => Fragment> = {
  mine: tx => tx`t.status = 'open'`,
  team: tx => tx`t.status = 'open'`,
  done: tx => tx`exists (select from task_votes v where v.task_id = t.id and v.person_id = ${tx.actor.personId ?? null})`,
}

const SORT_KEYS: Record<TaskSortField, (tx: Tx) => SortKey> = {
  dueAt: tx => ({ expression: tx`t.due_at`, type: 'timestamptz' }),
  createdAt: tx => ({ expression: tx`t.created_at`, type: 'timestamptz' }),
  amount: tx => ({ expression: tx`t.amount`, type: 'numeric' }),
  customer: tx => ({ expression: tx`c.name`, type: 'text' }),
  grade: tx => ({ expression: tx`a.grade`, type: 'text' }),
}

interface TaskRow {
  readonly id: string
  readonly segment_id: number
  readonly kind: Task['kind']
  readonly application_id: string
  readonly customer_id: string
  readonly round: number
  readonly level: number
  readonly level_count: number
  readonly authority_level: number
  readonly amount: string
  readonly currency: string
  readonly reason: Text
  readonly status: TaskStatus
  readonly outcome: TaskOutcome | null
  readonly created_at: Date
  readonly due_at: Date
  readonly decided_at: Date | null
  readonly version: number
  readonly refusal: RefusalCode | null
}

interface VoteRow {
  readonly task_id: string
  readonly user_id: string
  readonly person_id: string
  readonly person: string
  readonly outcome: TaskOutcome
  readonly limit_amount: string | null
  readonly currency: string
  readonly terms_days: number | null
  readonly comment: string | null
  readonly level: number
  readonly at: Date
}

// Who may decide is said here and nowhere else: lists, buttons and the act itself all read this column.
function selectTasks(tx: Tx, further: Fragment = tx``): Fragment {
  const userId = tx.actor.userId ?? null
  const personId = tx.actor.personId ?? null
  const grants = tx`select from user_roles r join users u on u.id = r.user_id
    where r.user_id = ${userId}::bigint and u.status = 'active' and r.role = 'approver' and (r.segment_id is null or r.segment_id = t.segment_id)`
  return tx`
    select t.*, case
        when t.status <> 'open' then 'TASK_CLOSED'
        when not exists (${grants}) then 'NOT_APPROVER'
        when not exists (${grants} and r.authority_level >= t.authority_level) then 'AUTHORITY_TOO_LOW'
        when maker.person_id = ${personId}::bigint then 'OWN_APPLICATION'
        when exists (select from task_votes v where v.application_id = t.application_id and v.round = t.round and v.person_id = ${personId}::bigint) then 'ALREADY_VOTED'
      end as refusal ${further}
    from tasks t join credit_applications a on a.id = t.application_id join users maker on maker.id = a.requested_by`
}

function toTask(row: TaskRow): Task {
  return {
    id: row.id,
    segmentId: row.segment_id,
    kind: row.kind,
    applicationId: row.application_id,
    customerId: row.customer_id,
    round: row.round,
    level: row.level,
    levelCount: row.level_count,
    authorityLevel: row.authority_level,
    amount: amountOf(row.amount, row.currency),
    currency: row.currency,
    reason: row.reason,
    status: row.status,
    outcome: row.outcome,
    createdAt: row.created_at,
    dueAt: row.due_at,
    decidedAt: row.decided_at,
    version: row.version,
    refusal: row.refusal && refusalOf(row.refusal),
  }
}

function toVote(row: VoteRow): Vote {
  return {
    taskId: row.task_id,
    userId: row.user_id,
    personId: row.person_id,
    person: row.person,
    outcome: row.outcome,
    limitAmount: amountOrNull(row.limit_amount, row.currency),
    currency: row.currency,
    termsDays: row.terms_days,
    comment: row.comment,
    level: row.level,
    at: row.at,
  }
}

async function checkDecision(tx: Tx, { outcome, limit, termsDays, comment }: TaskDecision, task: Task): Promise<Issue[]> {
  if (outcome !== 'approve') return checkText(comment, 'comment')
  const issues: Issue[] = []
  if (limit !== undefined && limit !== null) {
    const parsed = parseMoney(limit, task.currency)
    if (parsed.kind === 'problem') issues.push({ path: ['limit'], code: parsed.code, message: parsed.message })
    else if (compareMoney(parsed.money, { amount: '0', currency: task.currency }) <= 0 || compareMoney(parsed.money, task) > 0) {
      issues.push({
        path: ['limit'],
        code: 'LIMIT_OUT_OF_RANGE',
        message: {
          en: `Grant more than zero and at most ${task.amount} ${task.currency}; for more, return it for rework.`,
          zh: `批准额度须大于零且不超过 ${task.amount} ${task.currency}；如需更高，请退回修改。`,
        },
      })
    }
  }
  if (termsDays !== undefined && termsDays !== null) {
    issues.push(...checkTerms(termsDays, 'termsDays'))
    const application = await findApplication(tx, task.applicationId)
    const longest = Math.max(application?.requestedTermsDays ?? 0, application?.recommendedTermsDays ?? 0)
    if (longest > 0 && termsDays > longest) {
      issues.push({
        path: ['termsDays'],
        code: 'TERMS_TOO_LONG',
        message: { en: `At most ${longest} days were asked for or recommended.`, zh: `申请或建议的账期最长为 ${longest} 天。` },
      })
    }
  }
  return issues
}
