import type { Tx } from '../sql.ts'
import type { Task } from '../tasks.ts'

/** Somebody who may decide a task, now. */
export interface Candidate {
  readonly userId: string
  readonly personId: string
  readonly name: string
  readonly authorityLevel: number
  /** Member: has to sign by name; added: a further signature; group: whoever comes first. */
  readonly as: 'group' | 'member' | 'added'
  readonly hasVoted: boolean
}

/** Those who may decide a task or already have, the nearest to its level first. */
export async function candidatesOf(tx: Tx, task: Pick<Task, 'id'>): Promise<Candidate[]> {
  const rows = await tx<CandidateRow[]>`
    select distinct on (p.id) p.id as person_id, p.name, u.id as user_id, r.level, coalesce(s.kind, 'group') as "as",
      exists (select from task_votes v where v.task_id = t.id and p.id in (v.person_id, v.on_behalf_of)) as has_voted
    from tasks t
    cross join lateral (
      select r.user_id, max(coalesce(r.authority_level, 0)) as level from user_roles r
      where r.role = 'approver' and (r.segment_id is null or r.segment_id = t.segment_id) group by r.user_id
    ) r
    join users u on u.id = r.user_id and u.status = 'active'
    join persons p on p.id = u.person_id and p.status = 'active'
    left join task_seats s on s.task_id = t.id and s.person_id = p.id
    where t.id = ${task.id} and p.id <> t.maker_person_id
      and (s.kind is not null or (t.mode in ('any', 'quorum') and r.level >= t.authority_level and (t.assigned_to is null or t.assigned_to = p.id)) or (t.escalations > 0 and r.level > t.authority_level))
      and not exists (select from approval_hands h where h.approval_id = t.approval_id and h.round = t.round and h.person_id = p.id and h.task_id <> t.id)
    order by p.id, r.level desc`
  return rows
    .map(({ user_id, person_id, name, level, as, has_voted }) => ({
      userId: user_id,
      personId: person_id,
      name,
      authorityLevel: level,
      as,
      hasVoted: has_voted,
    }))
    .toSorted((left, right) => left.authorityLevel - right.authorityLevel || Number(left.personId) - Number(right.personId))
}

interface CandidateRow {
  readonly person_id: string
  readonly name: string
  readonly user_id: string
  readonly level: number
  readonly as: Candidate['as']
  readonly has_voted: boolean
}
