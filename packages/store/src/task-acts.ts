import { checkText, requireUser } from './applications.ts'
import type { Approval } from './approval/approval.ts'
import { candidatesOf } from './approval/candidates.ts'
import { tellPeople } from './approval/tell-people.ts'
import { appendAudit } from './audit.ts'
import { notAllowed, NOT_FOUND, ok, type Result } from './result.ts'
import type { Tx } from './sql.ts'
import { findTask, lockTask, publishTask, TASK_PRIORITIES, type Task } from './tasks.ts'

/** What one may do with a task beside deciding it. Each is in the record, with who, when and why. */

interface TaskAct {
  readonly id: string
  /** As the client last saw it. */
  readonly version: number
}

/** The actor takes a task that any of several could decide, so that nobody else starts on it. */
export async function claimTask(tx: Tx, act: TaskAct): Promise<Result<Task>> {
  return actOn(tx, act, async task => {
    if (task.mode !== 'any') return notAllowed('NOT_CLAIMABLE')
    if (task.refusal) return { kind: 'notAllowed', refusal: task.refusal }
    await tx`update tasks set claimed_by = ${tx.actor.personId!}, claimed_at = ${tx.now}, version = version + 1 where id = ${task.id}`
    return done(tx, task, 'task.claim')
  })
}

/** Back to the group: by whoever took it, or by a higher level where they are away. */
export async function releaseTask(tx: Tx, act: TaskAct): Promise<Result<Task>> {
  return actOn(tx, act, async task => {
    if (task.claimedBy === null) return ok(task)
    if (task.claimedBy !== tx.actor.personId && !(await isAbove(tx, task))) return notAllowed('NOT_CLAIMED')
    await tx`update tasks set claimed_by = null, claimed_at = null, version = version + 1 where id = ${task.id}`
    return done(tx, task, 'task.release', { after: { claimedBy: task.claimedBy } })
  })
}

/** It becomes the task of somebody else who has the authority; null gives it back to the group. */
export async function reassignTask(
  tx: Tx,
  act: TaskAct & { readonly to: string | null; readonly comment?: string | null },
): Promise<Result<Task>> {
  return actOn(tx, act, async task => {
    if (!mayManage(tx, task) && !(await isAbove(tx, task))) return { kind: 'notAllowed', refusal: task.refusal! }
    if (act.to !== null && !(await canDecide(tx, task, act.to))) return notAllowed('NOT_SUITABLE')
    await tx`update tasks set assigned_to = ${act.to}, claimed_by = null, claimed_at = null, delegated_to = null, delegated_by = null, version = version + 1 where id = ${task.id}`
    const result = await done(tx, task, 'task.reassign', { reason: act.comment, before: { to: task.assignedTo }, after: { to: act.to } })
    if (act.to !== null) await tell(tx, task, act.to, act.comment)
    return result
  })
}

/** Asks somebody for their opinion; the task waits for it, and is then the actor's again. Whoever asked for the matter is not asked. */
export async function delegateTask(
  tx: Tx,
  act: TaskAct & { readonly to: string; readonly comment?: string | null },
): Promise<Result<Task>> {
  return actOn(tx, act, async task => {
    if (task.refusal) return { kind: 'notAllowed', refusal: task.refusal }
    if (act.to === tx.actor.personId || act.to === task.makerPersonId || !(await isActive(tx, act.to))) return notAllowed('NOT_SUITABLE')
    await tx`update tasks set delegated_to = ${act.to}, delegated_by = ${tx.actor.personId!}, version = version + 1 where id = ${task.id}`
    const result = await done(tx, task, 'task.delegate', { reason: act.comment, after: { to: act.to } })
    await tell(tx, task, act.to, act.comment)
    return result
  })
}

/** The opinion that was asked for: it goes into the discussion, and the task back to whoever asked. They may also take it back themselves. */
export async function resolveTask(tx: Tx, act: TaskAct & { readonly comment: string }): Promise<Result<Task>> {
  return actOn(tx, act, async (task, approval) => {
    const me = tx.actor.personId!
    if (task.delegatedTo === null || (task.delegatedTo !== me && task.delegatedBy !== me)) return notAllowed('NOT_DELEGATED_TO_YOU')
    const issues = checkText(act.comment, 'comment')
    if (issues.length > 0) return { kind: 'invalid', issues }
    const asker = task.delegatedBy!
    await tx`update tasks set delegated_to = null, delegated_by = null, version = version + 1 where id = ${task.id}`
    await say(tx, approval, task, task.delegatedTo === me ? 'opinion' : 'comment', act.comment)
    const result = await done(tx, task, 'task.resolve', { reason: act.comment })
    if (asker !== me) await tell(tx, task, asker, act.comment, 'task.comment')
    return result
  })
}

/** 加签: asks for one more signature, which has to be there before the step is done. It counts beside those that the policy asks for. */
export async function addSignatory(
  tx: Tx,
  act: TaskAct & { readonly person: string; readonly comment?: string | null },
): Promise<Result<Task>> {
  return actOn(tx, act, async task => {
    if (task.refusal && task.refusal.code !== 'ALREADY_VOTED') return { kind: 'notAllowed', refusal: task.refusal }
    if (!(await canSign(tx, task, act.person))) return notAllowed('NOT_SUITABLE')
    const { count } = await tx`
      insert into task_seats (task_id, segment_id, person_id, kind, added_by, comment, at)
      values (${task.id}, ${task.segmentId}, ${act.person}, 'added', ${tx.actor.personId!}, ${act.comment?.trim() || null}, ${tx.now}) on conflict do nothing`
    if (count === 0) return notAllowed('NOT_SUITABLE')
    await tx`update tasks set version = version + 1 where id = ${task.id}`
    const result = await done(tx, task, 'task.addSignatory', { reason: act.comment, after: { person: act.person } })
    await tell(tx, task, act.person, act.comment)
    return result
  })
}

/** Comes back to the list at that moment; its deadline stays. */
export async function postponeTask(tx: Tx, act: TaskAct & { readonly until: string | null }): Promise<Result<Task>> {
  return actOn(tx, act, async task => {
    if (task.refusal) return { kind: 'notAllowed', refusal: task.refusal }
    if (act.until !== null && new Date(act.until) <= tx.now) {
      return {
        kind: 'invalid',
        issues: [
          { path: ['until'], code: 'IN_THE_PAST', message: { en: 'Choose a moment that is still to come.', zh: '请选择将来的时间。' } },
        ],
      }
    }
    await tx`update tasks set follow_up_at = ${act.until}, version = version + 1 where id = ${task.id}`
    return done(tx, task, 'task.postpone', { after: { until: act.until } })
  })
}

export async function prioritiseTask(tx: Tx, act: TaskAct & { readonly priority: number }): Promise<Result<Task>> {
  return actOn(tx, act, async task => {
    if (!mayManage(tx, task) && !(await isAbove(tx, task))) return { kind: 'notAllowed', refusal: task.refusal! }
    if (!TASK_PRIORITIES.includes(act.priority as never)) {
      return {
        kind: 'invalid',
        issues: [
          {
            path: ['priority'],
            code: 'UNKNOWN_PRIORITY',
            message: { en: 'From -1, low, to 2, urgent.', zh: '取值从 -1（低）到 2（紧急）。' },
          },
        ],
      }
    }
    await tx`update tasks set priority = ${act.priority}, version = version + 1 where id = ${task.id}`
    return done(tx, task, 'task.prioritise', { before: { priority: task.priority }, after: { priority: act.priority } })
  })
}

/** Says something in the discussion of a matter: any colleague of the segment may. Those who are in it are told. */
export async function discussTask(tx: Tx, { id, text }: { readonly id: string; readonly text: string }): Promise<Result<Task>> {
  requireUser(tx)
  const locked = await lockTask(tx, id)
  if (!locked) return NOT_FOUND
  const issues = checkText(text, 'text')
  if (issues.length > 0) return { kind: 'invalid', issues }
  const { task, approval } = locked
  await say(tx, approval, task, 'comment', text)
  const result = await done(tx, task, 'task.discuss', { reason: text })
  const others = await tx<{ user_id: string }[]>`
    select distinct u.id as user_id from users u where u.status = 'active' and u.person_id <> ${tx.actor.personId!}
      and (u.id = ${approval.makerUserId} or u.person_id in (select person_id from approval_comments where approval_id = ${approval.id}) or u.person_id in (${task.claimedBy}, ${task.assignedTo}, ${task.delegatedBy}))`
  const [comment] = await tx<{ id: string; name: string }[]>`
    select c.id, p.name from approval_comments c join persons p on p.id = c.person_id where c.approval_id = ${approval.id} order by c.id desc limit 1`
  await tellPeople(
    tx,
    'task.comment',
    task,
    others.map(({ user_id }) => ({ userId: user_id })),
    { from: comment!.name, comment: text, occasion: comment!.id },
  )
  return result
}

async function actOn(
  tx: Tx,
  { id, version }: TaskAct,
  act: (task: Task, approval: Approval) => Promise<Result<Task>>,
): Promise<Result<Task>> {
  requireUser(tx)
  const locked = await lockTask(tx, id)
  if (!locked) return NOT_FOUND
  if (locked.task.version !== version) return { kind: 'conflict', current: locked.task }
  if (locked.task.status !== 'open') return notAllowed('TASK_CLOSED')
  return act(locked.task, locked.approval)
}

async function done(
  tx: Tx,
  task: Task,
  action: string,
  act: { readonly reason?: string | null | undefined; readonly before?: unknown; readonly after?: unknown } = {},
): Promise<Result<Task>> {
  await appendAudit(tx, {
    action,
    entity: 'Task',
    entityId: task.id,
    segmentId: task.segmentId,
    reason: act.reason?.trim() || null,
    before: act.before,
    after: act.after,
  })
  await publishTask(tx, task)
  return ok((await findTask(tx, task.id))!)
}

async function say(tx: Tx, { id, segmentId }: Approval, task: Task, kind: 'comment' | 'opinion', text: string): Promise<void> {
  await tx`
    insert into approval_comments (segment_id, approval_id, task_id, person_id, kind, text, at) values (${segmentId}, ${id}, ${task.id}, ${tx.actor.personId!}, ${kind}, ${text.trim()}, ${tx.now})`
}

async function tell(
  tx: Tx,
  task: Task,
  personId: string,
  comment: string | null | undefined,
  template: 'task.assigned' | 'task.comment' = 'task.assigned',
) {
  const people = await tx<
    { user_id: string }[]
  >`select id as user_id from users where person_id = ${personId} and status = 'active' order by id limit 1`
  const [me] = await tx<{ name: string }[]>`select name from persons where id = ${tx.actor.personId!}`
  await tellPeople(
    tx,
    template,
    task,
    people.map(({ user_id }) => ({ userId: user_id })),
    { from: me!.name, comment: comment ?? null, occasion: `v${task.version}` },
  )
}

function mayManage(tx: Tx, { refusal, claimedBy, assignedTo, delegatedBy }: Task): boolean {
  const me = tx.actor.personId!
  return refusal === null || claimedBy === me || assignedTo === me || delegatedBy === me
}

/** Whether the actor's authority is above the task's, so that they may sort out what lies with others. */
async function isAbove(tx: Tx, task: Task): Promise<boolean> {
  const [row] = await tx<{ level: number }[]>`
    select coalesce(max(r.authority_level), 0) as level from user_roles r join users u on u.id = r.user_id
    where u.id = ${tx.actor.userId!} and u.status = 'active' and r.role = 'approver' and (r.segment_id is null or r.segment_id = ${task.segmentId})`
  return row!.level > task.authorityLevel && task.makerPersonId !== tx.actor.personId
}

/** Whether a person could decide the task were it theirs. */
async function canDecide(tx: Tx, task: Task, personId: string): Promise<boolean> {
  // Who is assigned now does not matter to who could be.
  await tx`update tasks set assigned_to = null where id = ${task.id}`
  return (await candidatesOf(tx, task)).some(candidate => candidate.personId === personId && !candidate.hasVoted)
}

/** A further signature is an approver's of the segment, of whatever level, who neither asked for it nor signed in this round. */
async function canSign(tx: Tx, task: Task, personId: string): Promise<boolean> {
  const [row] = await tx`
    select from users u join user_roles r on r.user_id = u.id join persons p on p.id = u.person_id
    where u.person_id = ${personId} and u.status = 'active' and p.status = 'active' and r.role = 'approver' and (r.segment_id is null or r.segment_id = ${task.segmentId})
      and u.person_id <> ${task.makerPersonId} and u.person_id <> ${tx.actor.personId!}
      and not exists (select from approval_hands h where h.approval_id = ${task.approvalId} and h.round = ${task.round} and h.person_id = u.person_id)`
  return row !== undefined
}

async function isActive(tx: Tx, personId: string): Promise<boolean> {
  const [row] =
    await tx`select from users u join persons p on p.id = u.person_id where u.person_id = ${personId} and u.status = 'active' and p.status = 'active'`
  return row !== undefined
}
