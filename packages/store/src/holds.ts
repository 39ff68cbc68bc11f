import type { Text } from '@surety/engine'
import { amountOf } from './amounts.ts'
import { appendAudit } from './audit.ts'
import { customerMatches, escapeLike } from './customers.ts'
import { groupBy } from './group.ts'
import { publishChange } from './live.ts'
import { selectPage, type Fragment, type Page, type PageRequest, type Sort, type SortKey } from './page.ts'
import { policiesInForce } from './policies.ts'
import type { Tx } from './sql.ts'
import { findUsers, type User } from './users.ts'

export type HoldStatus = 'open' | 'released' | 'cancelled'

/** An order that is held back; its decision is its case, unless a person's word is. */
export interface Hold {
  readonly id: string
  readonly segmentId: number
  readonly accountId: string
  readonly customerId: string
  readonly source: string
  readonly orderNumber: string
  readonly currency: string
  readonly amount: string
  /** Null where a person held it and no check has come since. */
  readonly decisionId: string | null
  /** Placed by a person: only another person ends it. */
  readonly isForced: boolean
  readonly forcedBy: string | null
  /** The authority level that can release it; null: any. */
  readonly releaseLevel: number | null
  readonly status: HoldStatus
  /** Null also when it released itself, as the figures changed. */
  readonly releasedBy: string | null
  readonly releaseReason: string | null
  /** Whether the step that was blocked went with the release; null while it is open. */
  readonly releasedWithStep: boolean | null
  readonly releasedAt: Date | null
  readonly checkpoint: string | null
  /** Why the actor can't release it; null when they can. */
  readonly refusal: { readonly code: HoldRefusal; readonly message: Text } | null
  readonly version: number
  readonly createdAt: Date
}

export interface HoldReason {
  readonly holdId: string
  readonly code: string
  readonly text: Text
  /** The rule of the policy that says so. */
  readonly rule: string | null
  readonly clearedAt: Date | null
  /** Null while it stands, and where it cleared itself. */
  readonly clearedBy: string | null
  readonly clearComment: string | null
  readonly createdAt: Date
}

export type HoldRefusal = 'HOLD_CLOSED' | 'NOT_RELEASER' | 'LEVEL_TOO_LOW' | 'OWN_ORDER' | 'OWN_HOLD'

/** What a person says by holding an order themselves. */
export const FORCED = 'FORCED'

export interface HoldFilter {
  readonly statuses?: readonly HoldStatus[]
  readonly customerId?: string
  /** Words of the customer, or a part of the order's number. */
  readonly query?: string
  /** Codes: any of them stands (of a hold that is closed: stood). */
  readonly reasons?: readonly string[]
  readonly segmentIds?: readonly number[]
  /** Only those that the actor can release. */
  readonly mine?: boolean
}

export const HOLD_SORT_FIELDS = ['createdAt', 'amount', 'customer', 'releaseLevel'] as const
export type HoldSortField = (typeof HOLD_SORT_FIELDS)[number]

export async function listHolds(tx: Tx, filter: HoldFilter, sort: Sort<HoldSortField>, page: PageRequest): Promise<Page<Hold>> {
  const { expression, type } = SORT_KEYS[sort.field](tx)
  const { statuses, customerId, query, reasons, segmentIds, mine } = filter
  const matched = tx`
    select * from (
      ${selectHolds(tx, tx`, h.id as page_id, ${expression} as page_key`)} join customers c on c.id = h.customer_id where true
      ${statuses?.length ? tx`and h.status = any (${statuses as string[]})` : tx``}
      ${customerId ? tx`and h.customer_id = ${customerId}` : tx``}
      ${segmentIds?.length ? tx`and h.segment_id = any (${segmentIds as number[]}::int[])` : tx``}
      ${query?.trim() ? tx`and (${customerMatches(tx, query)} or h.order_number ilike ${`%${escapeLike(query.trim())}%`})` : tx``}
      ${
        reasons?.length
          ? tx`and exists (select from hold_reasons r where r.hold_id = h.id and r.code = any (${reasons as string[]}) and (h.status <> 'open' or r.cleared_at is null))`
          : tx``
      }
    ) listed ${mine ? tx`where refusal is null` : tx``}`
  return selectPage<HoldRow, Hold>(tx, matched, type, sort.descending ?? false, page, toHold)
}

export async function findHold(tx: Tx, id: string): Promise<Hold | undefined> {
  const [row] = await tx<HoldRow[]>`${selectHolds(tx)} where h.id = ${id}`
  return row && toHold(row)
}

/** How many there are for the actor to release. */
export async function countMyHolds(tx: Tx): Promise<number> {
  const [row] = await tx<{ count: string }[]>`select count(*) from (${selectHolds(tx)} where h.status = 'open') h where refusal is null`
  return Number(row!.count)
}

/** Why orders are held now: each reason by its name in the policy in force, and how many orders it holds. */
export async function listHoldReasons(tx: Tx): Promise<{ code: string; title: Text; count: number }[]> {
  const rows = await tx<{ code: string; count: string }[]>`
    select r.code, count(*) from hold_reasons r join holds h on h.id = r.hold_id where h.status = 'open' and r.cleared_at is null group by 1 order by 2 desc, 1`
  const [policy] = await policiesInForce(tx, 'order-check')
  const titles = new Map<string, Text>([[FORCED, { en: 'Held by a person', zh: '人工拦截' }]])
  for (const step of policy?.document.steps ?? [])
    if (step.kind === 'rules')
      for (const { event, title } of step.rules) if (event.params?.reason && title) titles.set(event.params.reason.code, title)
  return rows.map(({ code, count }) => ({ code, title: titles.get(code) ?? { en: code, zh: code }, count: Number(count) }))
}

/** Who can release it now, the lowest sufficient level first. */
export async function releasersOf(tx: Tx, { id }: Pick<Hold, 'id'>): Promise<{ user: User; level: number }[]> {
  const rows = await tx<{ user_id: string; level: number }[]>`
    select r.user_id, max(coalesce(r.authority_level, 0)) as level
    from holds h join user_roles r on r.role = 'approver' and (r.segment_id is null or r.segment_id = h.segment_id) join users u on u.id = r.user_id
    where h.id = ${id} and u.status = 'active' and coalesce(r.authority_level, 0) >= coalesce(h.release_level, 1)
      and u.person_id::text is distinct from h.request ->> 'askedByPerson' and u.person_id is distinct from h.forced_by_person
    group by 1 order by 2, 1`
  const users = await findUsers(
    tx,
    rows.map(({ user_id }) => user_id),
  )
  return rows.flatMap(({ user_id, level }) => (users.has(user_id) ? [{ user: users.get(user_id)!, level }] : []))
}

/** Standing ones first, in the order in which they came. */
export async function reasonsOfHolds(tx: Tx, holdIds: readonly string[]): Promise<Map<string, HoldReason[]>> {
  const rows = await tx<
    ReasonRow[]
  >`select * from hold_reasons where hold_id = any (${holdIds as string[]}::bigint[]) order by cleared_at is not null, id`
  return groupBy(holdIds, rows.map(toReason), ({ holdId }) => holdId)
}

export interface NewHold {
  readonly segmentId: number
  readonly accountId: string
  readonly customerId: string
  readonly source: string
  readonly orderNumber: string
  readonly currency: string
  readonly amount: string
  /** What was asked, to be asked again. */
  readonly request: object
  readonly decisionId: string
  readonly releaseLevel: number | null
  readonly reasons: readonly NewHoldReason[]
}

export interface NewHoldReason {
  readonly code: string
  readonly text: Text
  readonly rule: string | null
}

/** Holds an order, or brings its open hold up to date. The account is locked by who calls. */
export async function holdOrder(tx: Tx, hold: NewHold): Promise<string> {
  const [row] = await tx<{ id: string }[]>`
    insert into holds (segment_id, account_id, customer_id, source, order_number, currency, amount, request, decision_id, release_level, created_at, updated_at)
    values (${hold.segmentId}, ${hold.accountId}, ${hold.customerId}, ${hold.source}, ${hold.orderNumber}, ${hold.currency}, ${hold.amount}, ${tx.json(hold.request as never)},
      ${hold.decisionId}, ${hold.releaseLevel}, ${tx.now}, ${tx.now})
    on conflict (segment_id, source, order_number) where status = 'open' do update set
      currency = excluded.currency, amount = excluded.amount, request = excluded.request, decision_id = excluded.decision_id, release_level = excluded.release_level,
      reviewed_changes = holds.changes, version = holds.version + 1, updated_at = excluded.updated_at
    returning id`
  await setStandingReasons(tx, row!.id, hold.segmentId, hold.reasons)
  await publishHold(tx, row!.id, hold)
  return row!.id
}

/**
 * Those that are gone are cleared, those that are new are added, the others stand as they are: what a person took responsibility for does not come
 * back, and what a person said stands. Tells whether anything moved.
 */
export async function setStandingReasons(tx: Tx, holdId: string, segmentId: number, reasons: readonly NewHoldReason[]): Promise<boolean> {
  const codes = [...reasons.map(({ code }) => code), FORCED]
  const cleared = await tx`
    update hold_reasons set cleared_at = ${tx.now} where hold_id = ${holdId} and cleared_at is null and not (code = any (${codes}))`
  const added = await tx`
    insert into hold_reasons (segment_id, hold_id, code, text, rule, created_at)
    select ${segmentId}, ${holdId}, code, text, rule, ${tx.now} from jsonb_to_recordset(${tx.json(reasons as never)}) as r (code text, text jsonb, rule text)
    where not exists (select from hold_reasons w where w.hold_id = ${holdId} and w.code = r.code and w.cleared_by_person is not null)
    on conflict (hold_id, code) where cleared_at is null do nothing`
  return cleared.count + added.count > 0
}

/** The actor takes responsibility for reasons, all that stand or those of these codes; gives back how many stand still. */
export async function clearReasons(
  tx: Tx,
  hold: Pick<Hold, 'id'>,
  { codes, comment }: { readonly codes?: readonly string[]; readonly comment: string },
): Promise<number> {
  await tx`
    update hold_reasons set cleared_at = ${tx.now}, cleared_by = ${tx.actor.userId ?? null}, cleared_by_person = ${tx.actor.personId ?? null}, clear_comment = ${comment}
    where hold_id = ${hold.id} and cleared_at is null ${codes ? tx`and code = any (${codes as string[]})` : tx``}`
  return standingReasons(tx, hold.id)
}

export async function standingReasons(tx: Tx, holdId: string): Promise<number> {
  const [row] = await tx<{ count: string }[]>`select count(*) from hold_reasons where hold_id = ${holdId} and cleared_at is null`
  return Number(row!.count)
}

/** Ends an open hold, whose account is locked; its reasons are cleared with it. By nobody: it ended itself, as the figures changed. */
export async function endHold(
  tx: Tx,
  hold: Pick<Hold, 'id' | 'segmentId' | 'customerId'>,
  by: 'actor' | 'nobody',
  reason: string,
  options: { readonly withStep?: boolean } = {},
): Promise<void> {
  const { userId, personId } = by === 'actor' ? tx.actor : NOBODY
  const withStep = options.withStep ?? true
  if (by === 'actor') await clearReasons(tx, hold, { comment: reason })
  else await setStandingReasons(tx, hold.id, hold.segmentId, [])
  await tx`
    update holds set status = 'released', released_at = ${tx.now}, released_by = ${userId ?? null}, released_by_person = ${personId ?? null}, release_reason = ${reason},
      released_with_step = ${withStep}, version = version + 1, updated_at = ${tx.now}
    where id = ${hold.id} and status = 'open'`
  await appendAudit(tx, {
    action: 'hold.release',
    entity: 'Hold',
    entityId: hold.id,
    segmentId: hold.segmentId,
    reason,
    after: { status: 'released', withStep },
  })
  await publishHold(tx, hold.id, hold)
}

export async function publishHold(
  tx: Tx,
  id: string,
  { customerId, segmentId }: { readonly customerId: string; readonly segmentId: number },
): Promise<void> {
  await publishChange(tx, { entity: 'Hold', id, customerId, segmentId })
}

const NOBODY: Pick<Tx['actor'], 'userId' | 'personId'> = {}

const REFUSALS: Readonly<Record<HoldRefusal, Text>> = {
  HOLD_CLOSED: { en: 'This order is not held any more.', zh: '该订单已不再被拦截。' },
  NOT_RELEASER: { en: 'Only approvers of this segment can release orders.', zh: '只有本业务板块的审批人可以放行订单。' },
  LEVEL_TOO_LOW: { en: 'Releasing this order needs a higher authority level.', zh: '放行该订单需要更高的审批权限级别。' },
  OWN_ORDER: { en: 'You asked for this order yourself; somebody else has to release it.', zh: '该订单由您本人提交，须由他人放行。' },
  OWN_HOLD: { en: 'You held this order yourself; somebody else has to release it.', zh: '该订单由您本人拦截，须由他人放行。' },
}

const SORT_KEYS: Readonly<Record<HoldSortField, (tx: Tx) => SortKey>> = {
  createdAt: tx => ({ expression: tx`h.created_at`, type: 'timestamptz' }),
  amount: tx => ({ expression: tx`h.amount`, type: 'numeric' }),
  customer: tx => ({ expression: tx`c.name`, type: 'text' }),
  releaseLevel: tx => ({ expression: tx`h.release_level::numeric`, type: 'numeric' }),
}

// With why the actor can't release each of them.
function selectHolds(tx: Tx, more: Fragment = tx``): Fragment {
  const { userId, personId } = tx.actor
  return tx`
    select h.*, h.request ->> 'checkpoint' as checkpoint,
      case
        when h.status <> 'open' then 'HOLD_CLOSED'
        when g.level is null then 'NOT_RELEASER'
        when h.request ->> 'askedByPerson' = ${personId ?? null}::text then 'OWN_ORDER'
        when h.forced_by_person = ${personId ?? null}::bigint then 'OWN_HOLD'
        when g.level < coalesce(h.release_level, 1) then 'LEVEL_TOO_LOW'
      end as refusal ${more}
    from holds h
    left join lateral (
      select max(coalesce(r.authority_level, 0)) as level from user_roles r
      where r.user_id = ${userId ?? null}::bigint and r.role = 'approver' and (r.segment_id is null or r.segment_id = h.segment_id)
    ) g on true`
}

interface HoldRow {
  readonly id: string
  readonly segment_id: number
  readonly account_id: string
  readonly customer_id: string
  readonly source: string
  readonly order_number: string
  readonly currency: string
  readonly amount: string
  readonly decision_id: string | null
  readonly is_forced: boolean
  readonly forced_by: string | null
  readonly release_level: number | null
  readonly status: HoldStatus
  readonly released_by: string | null
  readonly release_reason: string | null
  readonly released_with_step: boolean | null
  readonly released_at: Date | null
  readonly checkpoint: string | null
  readonly refusal: HoldRefusal | null
  readonly version: number
  readonly created_at: Date
}

function toHold(row: HoldRow): Hold {
  return {
    id: row.id,
    segmentId: row.segment_id,
    accountId: row.account_id,
    customerId: row.customer_id,
    source: row.source,
    orderNumber: row.order_number,
    currency: row.currency,
    amount: amountOf(row.amount, row.currency),
    decisionId: row.decision_id,
    isForced: row.is_forced,
    forcedBy: row.forced_by,
    releaseLevel: row.release_level,
    status: row.status,
    releasedBy: row.released_by,
    releaseReason: row.release_reason,
    releasedWithStep: row.released_with_step,
    releasedAt: row.released_at,
    checkpoint: row.checkpoint,
    refusal: row.refusal && { code: row.refusal, message: REFUSALS[row.refusal] },
    version: row.version,
    createdAt: row.created_at,
  }
}

interface ReasonRow {
  readonly hold_id: string
  readonly code: string
  readonly text: Text
  readonly rule: string | null
  readonly cleared_at: Date | null
  readonly cleared_by: string | null
  readonly clear_comment: string | null
  readonly created_at: Date
}

function toReason(row: ReasonRow): HoldReason {
  return {
    holdId: row.hold_id,
    code: row.code,
    text: row.text,
    rule: row.rule,
    clearedAt: row.cleared_at,
    clearedBy: row.cleared_by,
    clearComment: row.clear_comment,
    createdAt: row.created_at,
  }
}
