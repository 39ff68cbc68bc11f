import { addDays, isTimeZone, momentOf } from '@surety/credit'
import { requireUser } from './applications.ts'
import { APPROVAL_KINDS, type ApprovalKind } from './approval/approval.ts'
import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import { notAllowed, NOT_FOUND, ok, type Issue, type Result } from './result.ts'
import type { Tx } from './sql.ts'

/** Who acts for whom while away. */
export interface Substitution {
  readonly id: string
  readonly personId: string
  readonly person: string
  readonly substitutePersonId: string
  readonly substitute: string
  /** Days, both included, in the time zone. */
  readonly from: string
  readonly to: string
  readonly timeZone: string
  /** Null: everything. */
  readonly kinds: readonly ApprovalKind[] | null
  readonly note: string | null
  readonly endedAt: Date | null
  readonly isInForce: boolean
}

export interface NewSubstitution {
  /** The actor's own absence unless an administrator says whose. */
  readonly personId?: string
  readonly substitutePersonId: string
  readonly from: string
  readonly to: string
  readonly timeZone: string
  readonly kinds?: readonly ApprovalKind[] | null
  readonly note?: string | null
}

/** Of everybody, or those in which the actor is one of the two; current and coming ones first. */
export async function listSubstitutions(tx: Tx, { mine }: { readonly mine: boolean }): Promise<Substitution[]> {
  const me = tx.actor.personId ?? null
  const rows = await tx<SubstitutionRow[]>`
    ${selectSubstitutions(tx)} ${mine ? tx`where ${me}::bigint in (s.person_id, s.substitute_person_id)` : tx``}
    order by (s.ended_at is null and s.to_at > ${tx.now}) desc, s.from_at, s.id`
  return rows.map(toSubstitution)
}

/**
 * Names who acts for somebody while they are away. There are no chains: a substitute who is away too is refused, and nobody passes on
 * what they hold for another.
 */
export async function substitute(tx: Tx, asked: NewSubstitution): Promise<Result<Substitution>> {
  const userId = requireUser(tx)
  const personId = asked.personId ?? tx.actor.personId!
  const issues = check(asked, personId)
  if (issues.length > 0) return { kind: 'invalid', issues }
  const [person] =
    await tx`select from users u join persons p on p.id = u.person_id where u.person_id = ${asked.substitutePersonId} and u.status = 'active' and p.status = 'active'`
  if (!person) return NOT_FOUND
  const fromAt = momentOf(asked.from, '00:00', asked.timeZone)
  const toAt = momentOf(addDays(asked.to, 1), '00:00', asked.timeZone)
  const [away] = await tx`
    select from substitutions where person_id = ${asked.substitutePersonId} and ended_at is null and from_at < ${toAt} and to_at > ${fromAt}`
  if (away) return notAllowed('SUBSTITUTE_AWAY')
  const [row] = await tx<{ id: string }[]>`
    insert into substitutions (person_id, substitute_person_id, from_date, to_date, time_zone, from_at, to_at, kinds, note, created_by, created_at)
    values (${personId}, ${asked.substitutePersonId}, ${asked.from}, ${asked.to}, ${asked.timeZone}, ${fromAt}, ${toAt}, ${(asked.kinds as string[] | null | undefined) ?? null}, ${asked.note?.trim() || null},
      ${userId}, ${tx.now}) returning id`
  const made = (await findSubstitution(tx, row!.id))!
  await record(tx, made, 'substitution.start')
  return ok(made)
}

/** Back early. */
export async function endSubstitution(tx: Tx, id: string, options: { readonly anybodys: boolean }): Promise<Result<Substitution>> {
  requireUser(tx)
  const before = await findSubstitution(tx, id)
  if (!before) return NOT_FOUND
  if (!options.anybodys && before.personId !== tx.actor.personId) return notAllowed('NOT_YOUR_ABSENCE')
  await tx`update substitutions set ended_at = ${tx.now} where id = ${id} and ended_at is null`
  const after = (await findSubstitution(tx, id))!
  if (before.endedAt === null) await record(tx, after, 'substitution.end')
  return ok(after)
}

/**
 * What somebody who leaves had on their desk goes on: claims end, what was theirs alone or waits for their opinion becomes the group's,
 * and a seat among those who sign together goes to the successor, or is given up where others still sign.
 */
export async function releaseWorkOf(tx: Tx, personId: string, options: { readonly successorPersonId?: string } = {}): Promise<number> {
  const successor = options.successorPersonId ?? null
  const tasks = await tx<{ id: string; customer_id: string | null; segment_id: number | null }[]>`
    update tasks t set claimed_by = case when claimed_by = ${personId} then null else claimed_by end, claimed_at = case when claimed_by = ${personId} then null else claimed_at end,
      assigned_to = case when assigned_to = ${personId} then ${successor}::bigint else assigned_to end,
      delegated_by = case when delegated_to = ${personId} then null else delegated_by end, delegated_to = case when delegated_to = ${personId} then null else delegated_to end,
      version = version + 1
    where t.status = 'open' and (${personId} in (t.claimed_by, t.assigned_to, t.delegated_to, t.delegated_by)
      or exists (select from task_seats s where s.task_id = t.id and s.person_id = ${personId}))
    returning id, customer_id, segment_id`
  for (const task of tasks) {
    await tx`update tasks set delegated_to = null, delegated_by = null where id = ${task.id} and delegated_by = ${personId}`
    const [seat] = await tx<{ kind: string }[]>`
      delete from task_seats where task_id = ${task.id} and person_id = ${personId} and not exists (select from task_votes v where v.task_id = ${task.id} and ${personId} in (v.person_id, v.on_behalf_of)) returning kind`
    if (seat && successor !== null) {
      await tx`
        insert into task_seats (task_id, segment_id, person_id, kind, at) select id, segment_id, ${successor}, ${seat.kind}, ${tx.now} from tasks where id = ${task.id}
        on conflict do nothing`
    } else if (seat?.kind === 'member') {
      // Nobody is left out of the count: whoever is above signs in the empty seat.
      await tx`update tasks set escalations = greatest(escalations, 1), escalated_at = coalesce(escalated_at, ${tx.now}) where id = ${task.id}`
    }
    await appendAudit(tx, {
      action: 'task.move',
      entity: 'Task',
      entityId: task.id,
      segmentId: task.segment_id,
      after: { from: personId, to: successor },
    })
    await publishChange(tx, { entity: 'Task', id: task.id, customerId: task.customer_id, segmentId: task.segment_id })
  }
  await tx`update substitutions set ended_at = ${tx.now} where ended_at is null and ${personId} in (person_id, substitute_person_id)`
  return tasks.length
}

async function findSubstitution(tx: Tx, id: string): Promise<Substitution | undefined> {
  const [row] = await tx<SubstitutionRow[]>`${selectSubstitutions(tx)} where s.id = ${id}`
  return row && toSubstitution(row)
}

interface SubstitutionRow {
  readonly id: string
  readonly person_id: string
  readonly person: string
  readonly substitute_person_id: string
  readonly substitute: string
  readonly from_date: string
  readonly to_date: string
  readonly time_zone: string
  readonly kinds: ApprovalKind[] | null
  readonly note: string | null
  readonly ended_at: Date | null
  readonly is_in_force: boolean
}

function selectSubstitutions(tx: Tx) {
  return tx`
    select s.*, p.name as person, q.name as substitute, s.ended_at is null and s.from_at <= ${tx.now} and s.to_at > ${tx.now} as is_in_force
    from substitutions s join persons p on p.id = s.person_id join persons q on q.id = s.substitute_person_id`
}

function toSubstitution(row: SubstitutionRow): Substitution {
  return {
    id: row.id,
    personId: row.person_id,
    person: row.person,
    substitutePersonId: row.substitute_person_id,
    substitute: row.substitute,
    from: row.from_date,
    to: row.to_date,
    timeZone: row.time_zone,
    kinds: row.kinds,
    note: row.note,
    endedAt: row.ended_at,
    isInForce: row.is_in_force,
  }
}

function check({ from, to, timeZone, kinds, substitutePersonId }: NewSubstitution, personId: string): Issue[] {
  const issues: Issue[] = []
  const isDay = (day: string): boolean => /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day))
  if (!isDay(from)) issues.push({ path: ['from'], code: 'NOT_A_DAY', message: { en: 'Say the first day.', zh: '请填写开始日期。' } })
  if (!isDay(to) || to < from)
    issues.push({
      path: ['to'],
      code: 'BAD_PERIOD',
      message: { en: 'The last day is not before the first one.', zh: '结束日期不得早于开始日期。' },
    })
  if (!isTimeZone(timeZone)) {
    issues.push({
      path: ['timeZone'],
      code: 'UNKNOWN_TIME_ZONE',
      message: { en: `${timeZone} is no time zone; say one such as Asia/Shanghai.`, zh: `${timeZone} 不是有效时区，例如 Asia/Shanghai。` },
    })
  }
  if (substitutePersonId === personId)
    issues.push({ path: ['substitute'], code: 'SAME_PERSON', message: { en: 'Name somebody else.', zh: '请指定其他人。' } })
  if (kinds?.some(kind => !APPROVAL_KINDS.includes(kind)))
    issues.push({ path: ['kinds'], code: 'UNKNOWN_KIND', message: { en: 'There is no such kind of task.', zh: '没有此类任务。' } })
  return issues
}

async function record(tx: Tx, { id, personId, substitutePersonId, from, to, kinds }: Substitution, action: string): Promise<void> {
  await appendAudit(tx, { action, entity: 'Substitution', entityId: id, after: { personId, substitutePersonId, from, to, kinds } })
  await publishChange(tx, { entity: 'Substitution', id, segmentId: null })
}
