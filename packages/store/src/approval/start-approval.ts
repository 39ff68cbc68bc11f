import type { Money } from '@surety/credit'
import type { Text } from '@surety/engine'
import { appendAudit } from '../audit.ts'
import { publishChange } from '../live.ts'
import { enqueue } from '../outbox.ts'
import { notAllowed, ok, type Result } from '../result.ts'
import type { Tx } from '../sql.ts'
import { findApproval, type Approval, type ApprovalKind, type ApprovalStep } from './approval.ts'
import { cancelOpenTasks } from './cancel-tasks.ts'
import { routeApproval } from './route-approval.ts'

export interface NewApproval {
  readonly kind: ApprovalKind
  /** What it is about: the account, the hold, the change of policy. */
  readonly subjectId: string
  /** Null: the whole company. */
  readonly segmentId: number | null
  readonly customerId?: string | null
  readonly amount?: Money | null
  readonly grade?: string | null
  readonly makerPersonId: string
  readonly makerUserId?: string | null
  /** What is asked for, as the subject's handler understands it. */
  readonly request?: object
  readonly purpose?: string | null
  readonly title?: Text
  /** Told to the policy that finds the chain, beside the kind, the amount and the customer's book. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>
  /** Found already, by a policy that the caller asked itself. */
  readonly route?: Route
  /** The same key twice is the same approval. */
  readonly key?: string
  /** The first, unless the subject counts rounds of its own. */
  readonly round?: number
}

export interface Route {
  readonly steps: readonly ApprovalStep[]
  readonly policyId?: string | null
  readonly policyVersion?: number | null
  readonly overrideLevel?: number | null
  readonly blocked?: string | null
  readonly reason: Text
}

/**
 * Puts a matter before those who have the authority: the chain comes from the policy in force and stays with the round.
 * The first task is opened by the workflow, which is told. A matter that is still being decided is not asked twice.
 */
export async function startApproval(tx: Tx, asked: NewApproval): Promise<Result<Approval>> {
  const route = asked.route ?? (await routeApproval(tx, asked))
  const [row] = await tx<{ id: string }[]>`
    insert into approvals (segment_id, kind, subject_id, customer_id, title, amount, currency, grade, request, purpose, maker_person_id, maker_user_id, round, policy_id, policy_version,
      chain, override_level, blocked, reason, idempotency_key, started_at)
    values (${asked.segmentId}, ${asked.kind}, ${asked.subjectId}, ${asked.customerId ?? null}, ${tx.json((asked.title ?? APPROVAL_TITLES[asked.kind]) as never)},
      ${asked.amount?.amount ?? null}, ${asked.amount?.currency ?? null}, ${asked.grade ?? null}, ${tx.json((asked.request ?? {}) as never)}, ${asked.purpose ?? null},
      ${asked.makerPersonId}, ${asked.makerUserId ?? null}, ${asked.round ?? 1}, ${route.policyId ?? null}, ${route.policyVersion ?? null}, ${tx.json(route.steps as never)},
      ${route.overrideLevel ?? null}, ${route.blocked ?? null}, ${tx.json(route.reason as never)}, ${asked.key ?? null}, ${tx.now})
    on conflict do nothing returning id`
  if (!row) {
    const [earlier] =
      asked.key === undefined ? [] : await tx<{ id: string }[]>`select id from approvals where idempotency_key = ${asked.key}`
    return earlier ? ok((await findApproval(tx, earlier.id))!) : notAllowed('APPROVAL_PENDING')
  }
  const started = (await findApproval(tx, row.id))!
  // An application tells of itself.
  if (asked.kind === 'credit_application') return ok(started)
  await recordApproval(tx, started, { action: 'approval.start', reason: asked.purpose ?? null, after: askedOf(started) })
  await wakeApproval(tx, started, 'started')
  return ok(started)
}

export interface NewRound {
  readonly amount?: Money | null
  readonly grade?: string | null
  readonly request?: object
  readonly purpose?: string | null
  readonly route: Route
}

/**
 * Begins the next round of an approval that came back or was amended. After an amendment the steps stay signed that were signed on
 * figures at least as high and the same grade; all other votes are void.
 */
export async function beginRound(tx: Tx, before: Approval, round: number, asked: NewRound): Promise<Approval> {
  await cancelOpenTasks(tx, before.id)
  const amount = asked.amount === undefined ? before.amount : (asked.amount?.amount ?? null)
  const grade = asked.grade === undefined ? before.grade : asked.grade
  const steps = before.amendedFrom === null ? asked.route.steps : await carrySigned(tx, before, round, asked.route.steps, amount, grade)
  const stopped = before.status === 'returned' && before.returnedAt ? Math.max(0, tx.now.getTime() - before.returnedAt.getTime()) : 0
  await tx`
    update approvals set status = 'open', round = ${round}, amount = ${amount}, currency = ${asked.amount?.currency ?? before.currency}, grade = ${grade},
      request = ${tx.json((asked.request ?? before.request) as never)}, purpose = ${asked.purpose ?? before.purpose}, chain = ${tx.json(steps as never)},
      policy_id = ${asked.route.policyId ?? null}, policy_version = ${asked.route.policyVersion ?? null}, override_level = ${asked.route.overrideLevel ?? null},
      blocked = ${asked.route.blocked ?? null}, reason = ${tx.json(asked.route.reason as never)}, granted_amount = null, granted_terms_days = null, amended_from = null, rework_until = null,
      stopped_ms = stopped_ms + ${stopped}, version = version + 1
    where id = ${before.id}`
  return (await findApproval(tx, before.id))!
}

/** Tells the workflow of an approval to look again; an act of the same name is told once. */
export async function wakeApproval(tx: Tx, { id, kind, subjectId, segmentId }: Approval, act: string): Promise<void> {
  if (kind === 'credit_application') {
    await enqueue(tx, {
      topic: 'workflow',
      key: `application-${subjectId}-${act}`,
      payload: { kind: 'applicationChanged', applicationId: subjectId, segmentId: segmentId! },
    })
  } else {
    await enqueue(tx, { topic: 'workflow', key: `approval-${id}-${act}`, payload: { kind: 'approvalChanged', approvalId: id, segmentId } })
  }
}

/** Writes an act on an approval into the record and tells who watches. */
export async function recordApproval(
  tx: Tx,
  { id, customerId, segmentId }: Approval,
  act: { readonly action: string; readonly reason?: string | null; readonly before?: unknown; readonly after?: unknown },
): Promise<void> {
  await appendAudit(tx, { ...act, entity: 'Approval', entityId: id, segmentId })
  await publishChange(tx, { entity: 'Approval', id, customerId, segmentId })
}

export const APPROVAL_TITLES: Readonly<Record<ApprovalKind, Text>> = {
  credit_application: { en: 'Credit application', zh: '授信申请' },
  limit_change: { en: 'Limit and terms change', zh: '额度与账期调整' },
  temporary_limit: { en: 'Temporary limit', zh: '临时额度' },
  hold_release: { en: 'Release of a held order', zh: '放行被拦截订单' },
  security_acceptance: { en: 'Acceptance of a security', zh: '担保接受' },
  write_off: { en: 'Write-off', zh: '坏账核销' },
  policy_change: { en: 'Policy change', zh: '策略变更' },
}

async function carrySigned(
  tx: Tx,
  { id, amendedFrom, segmentId }: Approval,
  round: number,
  steps: readonly ApprovalStep[],
  amount: string | null,
  grade: string | null,
): Promise<readonly ApprovalStep[]> {
  const signed = await tx<{ id: string; authority_level: number; mode: string }[]>`
    select t.id, t.authority_level, t.mode from tasks t
    where t.approval_id = ${id} and t.round = ${amendedFrom} and t.status = 'done' and t.outcome = 'approve' and t.grade is not distinct from ${grade}
      and (t.amount is null or ${amount}::numeric is null or t.amount >= ${amount}::numeric) order by t.level`
  const carried = steps.map(step => {
    const task = signed.find(({ authority_level, mode }) => authority_level >= step.authorityLevel && mode === step.mode)
    if (task) signed.splice(signed.indexOf(task), 1)
    return task ? { ...step, carriedFrom: task.id } : step
  })
  const taskIds = carried.flatMap(({ carriedFrom }) => carriedFrom ?? [])
  // Hands that signed a carried step have signed in this round too.
  await tx`
    insert into approval_hands (approval_id, round, person_id, segment_id, task_id)
    select ${id}, ${round}, person_id, ${segmentId}, task_id from approval_hands where approval_id = ${id} and round = ${amendedFrom} and task_id = any (${taskIds}::bigint[])
    on conflict do nothing`
  return carried
}

function askedOf({ kind, subjectId, amount, currency, request, chain, blocked }: Approval) {
  return {
    kind,
    subjectId,
    amount,
    currency,
    request,
    levels: chain.map(({ authorityLevel }) => authorityLevel),
    ...(blocked && { blocked }),
  }
}
