import { appendAudit } from '../audit.ts'
import { endHold, findHold, publishHold, setStandingReasons, standingReasons, type Hold } from '../holds.ts'
import { asActor, SYSTEM, type Sql, type Tx } from '../sql.ts'
import { recordOrderDecision, reserveReleased, toJudge, type LockedAccount, type OrderCheckRequest } from './check-order.ts'
import { judgeOrder, readGround } from './judge-order.ts'

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

/** Looks at one hold again, changed or not. */
export async function reviewHold(
  tx: Tx,
  id: string,
  options: { readonly always?: boolean } = {},
): Promise<'released' | 'stands' | 'nothing'> {
  const locked = await lockHold(tx, id)
  if (!locked || locked.hold.status !== 'open' || (locked.changes === locked.reviewed && !options.always)) return 'nothing'
  const { hold, account, request, changes } = locked
  const ground = await readGround(tx, request)
  if (!ground) return 'nothing'
  const judgement = await judgeOrder(tx, ground, toJudge(request))
  if (judgement.action !== 'hold' && !hold.isForced) {
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
  // A person took responsibility for what is left, one by one.
  if (!hold.isForced && (await standingReasons(tx, hold.id)) === 0) {
    await reserveReleased(tx, account.id, request)
    await endHold(tx, hold, 'nobody', CLEARED)
    return 'released'
  }
  const decisionId = hasMoved ? await recordOrderDecision(tx, ground.account, request, judgement) : hold.decisionId
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

export type StoredRequest = OrderCheckRequest & { readonly askedByPerson?: string }

// The account alone is locked, as a check does: the hold's row comes last, after balances, so that nobody waits for each other crosswise.
export async function lockHold(
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
