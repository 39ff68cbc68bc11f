import type { Fragment } from '../page.ts'
import type { Tx } from '../sql.ts'
import type { ApprovalKind } from './approval.ts'

/** A person's authority as it is now: the level in all segments and in each; -1 where they approve nothing. */
interface Hand {
  readonly personId: string
  readonly everywhere: number
  readonly segments: readonly { readonly segmentId: number; readonly level: number }[]
}

interface Principal extends Hand {
  /** Null: everything. */
  readonly kinds: readonly ApprovalKind[] | null
}

/** What the actor may decide: with their own hand, and for whom else they may lend it today. */
export interface Rights {
  readonly own: Hand
  readonly principals: readonly Principal[]
}

/** Read anew whenever somebody acts or looks. */
export async function loadRights(tx: Tx): Promise<Rights> {
  const { userId, personId } = tx.actor
  const grants = await tx<GrantRow[]>`
    select 'own' as side, ${personId ?? null}::bigint as person_id, null::text[] as kinds, r.segment_id, coalesce(r.authority_level, 0) as level
    from user_roles r join users u on u.id = r.user_id where u.id = ${userId ?? null}::bigint and u.status = 'active' and r.role = 'approver'
    union all
    select 'principal', s.person_id, s.kinds, r.segment_id, coalesce(r.authority_level, 0)
    from substitutions s join users u on u.person_id = s.person_id and u.status = 'active' join user_roles r on r.user_id = u.id and r.role = 'approver'
    where s.substitute_person_id = ${personId ?? null}::bigint and s.ended_at is null and s.from_at <= ${tx.now} and s.to_at > ${tx.now}`
  const absent = new Map<string, GrantRow[]>()
  for (const grant of grants) {
    if (grant.side === 'principal') absent.set(grant.person_id, [...(absent.get(grant.person_id) ?? []), grant])
  }
  return {
    own: handOf(
      personId ?? '0',
      grants.filter(({ side }) => side === 'own'),
    ),
    principals: [...absent].map(([principal, rows]) => ({
      ...handOf(principal, rows),
      kinds: rows.some(({ kinds }) => kinds === null) ? null : rows.flatMap(({ kinds }) => kinds ?? []),
    })),
  }
}

/** Why the actor can't decide a task `t` with their own hand; null when they can. */
export function ownRefusal(tx: Tx, { own }: Rights): Fragment {
  return refusalOfHand(tx, own)
}

/** For whom the actor may decide a task `t` as a substitute; null: for nobody. Both hands have to be free and both to have the authority. */
export function principalOf(tx: Tx, { own, principals }: Rights): Fragment {
  if (principals.length === 0) return tx`null::bigint`
  const cases = principals.map(
    principal => tx`
      when ${principal.kinds === null ? tx`true` : tx`t.kind = any (${principal.kinds as string[]})`} and (${refusalOfHand(tx, principal)}) is null then ${principal.personId}::bigint`,
  )
  return tx`case
    when t.maker_person_id = ${own.personId}::bigint or ${hasHandIn(tx, own)} or ${levelOf(tx, own)} < t.authority_level then null
    ${cases}
  end`
}

// Compared with what is known beforehand, so that a list of many tasks asks no further table row by row.
function refusalOfHand(tx: Tx, hand: Hand): Fragment {
  const seated = tx`t.id in (select task_id from task_seats where person_id = ${hand.personId}::bigint)`
  const added = tx`t.id in (select task_id from task_seats where person_id = ${hand.personId}::bigint and kind = 'added')`
  return tx`case
    when t.status <> 'open' then 'TASK_CLOSED'
    when ${levelOf(tx, hand)} < 0 then 'NOT_APPROVER'
    when ${levelOf(tx, hand)} < t.authority_level and not (${added}) then 'AUTHORITY_TOO_LOW'
    when t.maker_person_id = ${hand.personId}::bigint then 'OWN_APPLICATION'
    when ${hasHandIn(tx, hand)} then 'ALREADY_VOTED'
    when t.delegated_to is not null then 'WAITS_FOR_OPINION'
    when t.claimed_by <> ${hand.personId}::bigint and not (${seated}) then 'CLAIMED_BY_ANOTHER'
    when t.assigned_to <> ${hand.personId}::bigint and not (${seated}) then 'ASSIGNED_TO_ANOTHER'
    when t.mode in ('all', 'percent') and not (${seated}) and not (t.escalations > 0 and ${levelOf(tx, hand)} > t.authority_level) then 'NOT_A_SIGNATORY'
  end`
}

function hasHandIn(tx: Tx, { personId }: Hand): Fragment {
  return tx`(t.approval_id, t.round) in (select approval_id, round from approval_hands where person_id = ${personId}::bigint)`
}

function levelOf(tx: Tx, { everywhere, segments }: Hand): Fragment {
  if (segments.length === 0) return tx`${everywhere}::int`
  const cases = segments.map(({ segmentId, level }) => tx`when ${segmentId}::int then ${level}::int`)
  return tx`greatest(${everywhere}::int, case t.segment_id ${cases} else -1 end)`
}

interface GrantRow {
  readonly side: 'own' | 'principal'
  readonly person_id: string
  readonly kinds: ApprovalKind[] | null
  readonly segment_id: number | null
  readonly level: number
}

function handOf(personId: string, grants: readonly GrantRow[]): Hand {
  const everywhere = grants.filter(({ segment_id }) => segment_id === null).map(({ level }) => level)
  return {
    personId,
    everywhere: Math.max(-1, ...everywhere),
    segments: grants.flatMap(({ segment_id, level }) => (segment_id === null ? [] : [{ segmentId: segment_id, level }])),
  }
}
