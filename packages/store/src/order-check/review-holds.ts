import type { Text } from '@surety/engine'
import { appendAudit } from '../audit.ts'
import { endHold, findHold, publishHold, setStandingReasons, type Hold } from '../holds.ts'
import { asActor, SYSTEM, type Sql, type Tx } from '../sql.ts'
import { recordOrderDecision, reserveReleased, toJudge, type LockedAccount, type OrderCheckRequest } from './check-order.ts'
import { judgeOrder, readGround } from './judge-order.ts'

export interface HoldRelease {
  readonly id: string
  /** As the client last saw it. */
  readonly version: number
  readonly reason: string
}

export type HoldRefusal = 'HOLD_CLOSED' | 'NOT_RELEASER' | 'LEVEL_TOO_LOW' | 'OWN_ORDER'

export type ReleaseResult =
  | { readonly kind: 'ok'; readonly value: Hold }
  /** Somebody was faster, or the figures moved. */
  | { readonly kind: 'conflict'; readonly current: Hold }
  | { readonly kind: 'refused'; readonly code: HoldRefusal; readonly message: Text }
  | { readonly kind: 'notFound' }

/** A person lets a held order go: an approver of its segment and level, and not who asked for it. It keeps its place as any released order does. */
export async function releaseHold(tx: Tx, { id, version, reason }: HoldRelease): Promise<ReleaseResult> {
  const locked = await lockHold(tx, id)
  if (!locked) return { kind: 'notFound' }
  const { hold, account, request } = locked
  const refusal = await refusalOfRelease(tx, hold, request)
  if (refusal) return { kind: 'refused', code: refusal, message: REFUSALS[refusal] }
  if (hold.version !== version) return { kind: 'conflict', current: hold }
  await reserveReleased(tx, account.id, request)
  await endHold(tx, hold, 'actor', reason)
  return { kind: 'ok', value: (await findHold(tx, id))! }
}

/** Why the actor can't release an open hold; undefined when they can. */
async function refusalOfRelease(tx: Tx, hold: Hold, { askedByPerson }: StoredRequest): Promise<HoldRefusal | undefined> {
  if (hold.status !== 'open') return 'HOLD_CLOSED'
  const { userId, personId } = tx.actor
  const [grant] = await tx<{ level: number | null }[]>`
    select max(authority_level) as level from user_roles where user_id = ${userId ?? null} and role = 'approver' and (segment_id is null or segment_id = ${hold.segmentId}) having count(*) > 0`
  if (!grant) return 'NOT_RELEASER'
  if (askedByPerson !== undefined && askedByPerson === personId) return 'OWN_ORDER'
  if ((grant.level ?? 0) < (hold.releaseLevel ?? 1)) return 'LEVEL_TOO_LOW'
  return undefined
}

const REFUSALS: Readonly<Record<HoldRefusal, Text>> = {
  HOLD_CLOSED: { en: 'This order is not held any more.', zh: '该订单已不再被拦截。' },
  NOT_RELEASER: { en: 'Only approvers of this segment can release orders.', zh: '只有本业务板块的审批人可以放行订单。' },
  LEVEL_TOO_LOW: { en: 'Releasing this order needs a higher authority level.', zh: '放行该订单需要更高的审批权限级别。' },
  OWN_ORDER: { en: 'You asked for this order yourself; somebody else has to release it.', zh: '该订单由您本人提交，须由他人放行。' },
}

/**
 * Looks again at holds whose account changed since; those that nothing holds any more are released, of the others reasons come and go.
 * Any number of processes may do this at once; each hold in a transaction of its own.
 */
export async function reviewHolds(sql: Sql, options: { readonly atMost?: number } = {}): Promise<{ reviewed: number; released: number }> {
  const due = await asActor(
    sql,
    SYSTEM,
    tx => tx<{ id: string }[]>`
    select id from holds where status = 'open' and changes > reviewed_changes order by id limit ${options.atMost ?? 100}`,
  )
  const counts = { reviewed: 0, released: 0 }
  for (const { id } of due) {
    const outcome = await asActor(sql, SYSTEM, tx => reviewHold(tx, id))
    if (outcome !== 'nothing') counts.reviewed += 1
    if (outcome === 'released') counts.released += 1
  }
  return counts
}

/** Calls `fn` when something changed that may clear a hold, and once at the start. Poll as well. */
export async function listenHolds(sql: Sql, fn: () => void): Promise<{ stop(): Promise<void> }> {
  const { unlisten } = await sql.listen('surety_holds', fn, fn)
  return { stop: unlisten }
}

async function reviewHold(tx: Tx, id: string): Promise<'released' | 'stands' | 'nothing'> {
  const locked = await lockHold(tx, id)
  if (!locked || locked.hold.status !== 'open' || locked.changes === locked.reviewed) return 'nothing'
  const { hold, account, request, changes } = locked
  const ground = await readGround(tx, account.id, { source: request.source, number: request.orderNumber })
  if (!ground) return 'nothing'
  const judgement = await judgeOrder(tx, ground, toJudge(request))
  if (judgement.action !== 'hold') {
    await reserveReleased(tx, account.id, request)
    await endHold(tx, hold, 'nobody', CLEARED)
    return 'released'
  }
  const hasMoved = await setStandingReasons(
    tx,
    hold.id,
    hold.segmentId,
    judgement.rules.filter(({ effect }) => effect === 'holds'),
  )
  const decisionId = hasMoved ? await recordOrderDecision(tx, account, request, judgement) : hold.decisionId
  await tx`
    update holds set reviewed_changes = ${changes}, decision_id = ${decisionId}, release_level = ${judgement.release?.level ?? null},
      version = version + ${hasMoved ? 1 : 0}::int, updated_at = ${tx.now} where id = ${hold.id}`
  if (hasMoved) {
    await appendAudit(tx, {
      action: 'hold.review',
      entity: 'Hold',
      entityId: hold.id,
      segmentId: hold.segmentId,
      after: { reasons: judgement.rules.map(({ code }) => code) },
    })
    await publishHold(tx, hold.id, hold)
  }
  return 'stands'
}

const CLEARED = 'Nothing holds it any more.'

type StoredRequest = OrderCheckRequest & { readonly askedByPerson?: string }

// The account alone is locked, as a check does: the hold's row comes last, after balances, so that nobody waits for each other crosswise.
async function lockHold(
  tx: Tx,
  id: string,
): Promise<{ hold: Hold; account: LockedAccount; request: StoredRequest; changes: string; reviewed: string } | undefined> {
  const [account] = await tx<LockedAccount[]>`
    select a.id, a.customer_id, a.segment_id from credit_accounts a where a.id = (select account_id from holds where id = ${id}) for no key update of a`
  if (!account) return undefined
  const [row] = await tx<
    { request: StoredRequest; changes: string; reviewed_changes: string }[]
  >`select request, changes, reviewed_changes from holds where id = ${id}`
  return { hold: (await findHold(tx, id))!, account, request: row!.request, changes: row!.changes, reviewed: row!.reviewed_changes }
}
