import { afterBusinessHours } from '@surety/credit'
import { appendAudit } from '../audit.ts'
import { calendarOf } from '../calendars.ts'
import { publishChange } from '../live.ts'
import type { Tx } from '../sql.ts'
import { findTask, type Task } from '../tasks.ts'
import { candidatesOf } from './candidates.ts'
import { tellPeople } from './tell-people.ts'

/** Business hours after which a task that nobody decides goes up the ladder once more. */
const ESCALATE_EVERY_HOURS = 8
const TOP_LEVEL = 9

/** Reminds at half and at nine tenths of the time, escalates when it is over; gives back when to look again. */
export async function remindOrEscalate(tx: Tx, taskId: string, at: Date): Promise<Date | null> {
  const task = (await findTask(tx, taskId))!
  if (task.nextEscalationAt !== null && at >= task.nextEscalationAt) return escalate(tx, task, at)
  const reached = [task.remindHalfAt, task.remindLateAt].filter(moment => moment !== null && at >= moment).length
  if (reached > task.reminders) {
    await tx`update tasks set reminders = ${reached} where id = ${task.id}`
    await record(tx, task, 'task.remind', { share: reached === 1 ? 50 : 90 })
    await tellPeople(tx, 'task.reminder', task, await waitedFor(tx, task), { occasion: reached })
  }
  const coming = [task.remindHalfAt, task.remindLateAt, task.nextEscalationAt].filter(moment => moment !== null && moment > at)
  return coming.length === 0 ? null : new Date(Math.min(...coming.map(moment => moment!.getTime())))
}

/** The level above is asked as well and may sign in place of who is silent; it stays open until people decide. */
async function escalate(tx: Tx, task: Task, at: Date): Promise<Date> {
  const calendar = await calendarOf(tx, task.segmentId)
  const next = afterBusinessHours(at, ESCALATE_EVERY_HOURS, calendar)
  const before = await waitedFor(tx, task)
  await tx`
    update tasks set escalations = escalations + 1, escalated_at = ${tx.now}, next_escalation_at = ${next}, priority = greatest(priority, 1), assigned_to = null, claimed_by = null, claimed_at = null,
      delegated_to = null, delegated_by = null, version = version + 1 where id = ${task.id}`
  const after = (await findTask(tx, task.id))!
  const level = Math.min(TOP_LEVEL, task.authorityLevel + after.escalations)
  await record(tx, task, 'task.escalate', { escalations: after.escalations, toLevel: level })
  const candidates = await waitedFor(tx, after)
  const above = candidates.filter(({ authorityLevel }) => authorityLevel >= level)
  await tellPeople(tx, 'task.escalated', after, above.length > 0 ? above : [...before, ...candidates], { occasion: after.escalations })
  return next
}

async function waitedFor(tx: Tx, task: Task) {
  return (await candidatesOf(tx, task)).filter(({ hasVoted }) => !hasVoted)
}

async function record(tx: Tx, task: Task, action: string, after: object): Promise<void> {
  await appendAudit(tx, { action, entity: 'Task', entityId: task.id, segmentId: task.segmentId, after })
  await publishChange(tx, { entity: 'Task', id: task.id, customerId: task.customerId, segmentId: task.segmentId })
}
