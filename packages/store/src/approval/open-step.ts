import { afterBusinessHours } from '@surety/credit'
import { appendAudit } from '../audit.ts'
import { calendarOf } from '../calendars.ts'
import { publishChange } from '../live.ts'
import type { Tx } from '../sql.ts'
import { findTask, type Task } from '../tasks.ts'
import type { Approval } from './approval.ts'
import { candidatesOf } from './candidates.ts'
import { tellPeople } from './tell-people.ts'

/** Puts a step of the chain before those who have the authority, with its deadline in their business hours. */
export async function openStep(tx: Tx, approval: Approval, level: number, at: Date): Promise<Task> {
  const step = approval.chain[level - 1]!
  const calendar = await calendarOf(tx, approval.segmentId)
  const after = (share: number): Date => afterBusinessHours(at, step.deadlineHours * share, calendar)
  const seats = step.mode === 'all' || step.mode === 'percent' ? await seatsOf(tx, approval, step.authorityLevel) : []
  const needed =
    step.mode === 'all'
      ? Math.max(1, seats.length)
      : step.mode === 'percent'
        ? Math.max(1, Math.ceil((seats.length * step.needed) / 100))
        : step.mode === 'any'
          ? 1
          : step.needed
  const dueAt = after(1)
  const [row] = await tx<{ id: string }[]>`
    insert into tasks (segment_id, kind, approval_id, application_id, customer_id, maker_person_id, round, level, level_count, authority_level, amount, currency, grade, reason,
      mode, needed, rejections, policy_id, policy_version, created_at, due_at, remind_half_at, remind_late_at, next_escalation_at)
    values (${approval.segmentId}, ${approval.kind}, ${approval.id}, ${approval.kind === 'credit_application' ? approval.subjectId : null}, ${approval.customerId}, ${approval.makerPersonId},
      ${approval.round}, ${level}, ${approval.chain.length}, ${step.authorityLevel}, ${approval.grantedAmount ?? approval.amount}, ${approval.currency}, ${approval.grade},
      ${tx.json(approval.reason as never)}, ${step.mode}, ${needed}, ${step.rejections}, ${approval.policyId}, ${approval.policyVersion}, ${tx.now}, ${dueAt},
      ${after(0.5)}, ${after(0.9)}, ${dueAt})
    returning id`
  for (const person of seats) {
    await tx`insert into task_seats (task_id, segment_id, person_id, kind, at) values (${row!.id}, ${approval.segmentId}, ${person}, 'member', ${tx.now})`
  }
  if (approval.kind === 'credit_application') {
    await tx`update credit_applications set current_level = ${level}, version = version + 1 where id = ${approval.subjectId}`
  }
  const task = (await findTask(tx, row!.id))!
  await appendAudit(tx, {
    action: 'task.open',
    entity: 'Task',
    entityId: task.id,
    segmentId: approval.segmentId,
    after: {
      approvalId: approval.id,
      applicationId: task.applicationId,
      round: task.round,
      level,
      authorityLevel: task.authorityLevel,
      mode: task.mode,
      needed: task.needed,
      amount: task.amount,
      currency: task.currency,
      dueAt: task.dueAt,
    },
  })
  await publishChange(tx, { entity: 'Task', id: task.id, customerId: approval.customerId, segmentId: approval.segmentId })
  await tellPeople(tx, 'task.assigned', task, await candidatesOf(tx, task))
  return task
}

/** Those who sign together: everybody whose authority is exactly of the level, or the next one above where there is nobody. */
async function seatsOf(tx: Tx, approval: Approval, authorityLevel: number): Promise<string[]> {
  const people = await tx<{ person_id: string; level: number }[]>`
    select u.person_id, max(r.authority_level) as level from user_roles r join users u on u.id = r.user_id join persons p on p.id = u.person_id
    where r.role = 'approver' and u.status = 'active' and p.status = 'active' and (r.segment_id is null or r.segment_id = ${approval.segmentId})
      and u.person_id <> ${approval.makerPersonId}
      and not exists (select from approval_hands h where h.approval_id = ${approval.id} and h.round = ${approval.round} and h.person_id = u.person_id)
    group by u.person_id having max(r.authority_level) >= ${authorityLevel}`
  const nearest = Math.min(...people.map(({ level }) => level))
  return people.filter(({ level }) => level === nearest).map(({ person_id }) => person_id)
}
