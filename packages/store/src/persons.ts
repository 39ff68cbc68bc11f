import type { Tx } from './sql.ts'

/** A natural person, whatever logins they hold. */
export interface Person {
  readonly id: string
  readonly name: string
}

/** A person with a login, and what they may approve; for choosing one. */
export interface Peer extends Person {
  /** Null: approves nothing. */
  readonly authorityLevel: number | null
  /** Away today: who acts for them. */
  readonly substitute: string | null
}

export async function findPersons(tx: Tx, ids: readonly string[]): Promise<Map<string, Person>> {
  const rows = await tx<Person[]>`select id, name from persons where id = any (${ids as string[]}::bigint[])`
  return new Map(rows.map(row => [row.id, row]))
}

/** Colleagues with a login that works, in the actor's segments or the one named: those who approve first, the nearest level first. */
export async function listPeople(tx: Tx, { segmentId }: { readonly segmentId?: number } = {}): Promise<Peer[]> {
  return tx<Peer[]>`
    select p.id, p.name, max(r.authority_level) filter (where r.role = 'approver') as "authorityLevel",
      (select q.name from substitutions s join persons q on q.id = s.substitute_person_id
        where s.person_id = p.id and s.ended_at is null and s.from_at <= ${tx.now} and s.to_at > ${tx.now} order by s.id desc limit 1) as substitute
    from persons p join users u on u.person_id = p.id join user_roles r on r.user_id = u.id
    where u.status = 'active' and p.status = 'active' and ((select visible_segments()) is null or r.segment_id is null or r.segment_id = any ((select visible_segments())::int[])) ${segmentId === undefined ? tx`` : tx`and (r.segment_id is null or r.segment_id = ${segmentId})`}
    group by p.id order by (max(r.authority_level) filter (where r.role = 'approver')) nulls last, p.name, p.id`
}
