import type { Text } from '@surety/engine'
import { appendAudit } from './audit.ts'
import { clearReasons, endHold, findHold, FORCED, publishHold, type Hold, type HoldRefusal } from './holds.ts'
import { reserveReleased, type OrderCheckRequest } from './order-check/check-order.ts'
import { lockHold, reviewHold } from './order-check/review-holds.ts'
import type { Tx } from './sql.ts'

export interface HoldRelease {
  readonly id: string
  /** As the client last saw it. */
  readonly version: number
  readonly reason: string
  /** Only these reasons; with the last of them the order goes. All of them unless said otherwise. */
  readonly codes?: readonly string[]
  /** The order keeps its place as any released order does; without, its source takes the step itself and asks again. */
  readonly withStep?: boolean
}

export type ReleaseResult =
  | { readonly kind: 'ok'; readonly value: Hold }
  /** Somebody was faster, or the figures moved. */
  | { readonly kind: 'conflict'; readonly current: Hold }
  | { readonly kind: 'refused'; readonly code: HoldRefusal; readonly message: Text }
  | { readonly kind: 'notFound' }

/** A person lets a held order go, or takes one of its reasons on themselves: an approver of its segment and level, and not who asked for it or held it. */
export async function releaseHold(tx: Tx, { id, version, reason, codes, withStep = true }: HoldRelease): Promise<ReleaseResult> {
  const locked = await lockHold(tx, id)
  if (!locked) return { kind: 'notFound' }
  const { hold, account, request } = locked
  if (hold.refusal) return { kind: 'refused', ...hold.refusal }
  if (hold.version !== version) return { kind: 'conflict', current: hold }
  if (codes && (await clearReasons(tx, hold, { codes, comment: reason })) > 0) {
    await tx`update holds set version = version + 1, updated_at = ${tx.now}, is_forced = is_forced and not ${codes.includes(FORCED)} where id = ${id}`
    await appendAudit(tx, {
      action: 'hold.clearReason',
      entity: 'Hold',
      entityId: id,
      segmentId: hold.segmentId,
      reason,
      after: { reasons: codes },
    })
    await publishHold(tx, id, hold)
    return { kind: 'ok', value: (await findHold(tx, id))! }
  }
  if (withStep) await reserveReleased(tx, account.id, request)
  await endHold(tx, hold, 'actor', reason, { withStep })
  return { kind: 'ok', value: (await findHold(tx, id))! }
}

/** Asks the policy again, now. Undefined when there is no such hold. */
export async function recheckHold(tx: Tx, id: string): Promise<Hold | undefined> {
  await reviewHold(tx, id, { always: true })
  return findHold(tx, id)
}

export interface ForcedHold {
  readonly accountId: string
  readonly source: string
  readonly orderNumber: string
  readonly amount: string
  readonly currency: string
  readonly reason: string
}

/** A person holds an order, whatever the policy says; only another person ends it. Undefined when there is no such account. */
export async function forceHold(
  tx: Tx,
  { accountId, source, orderNumber, amount, currency, reason }: ForcedHold,
): Promise<Hold | undefined> {
  const [account] = await tx<{ id: string; customer_id: string; segment_id: number; number: string }[]>`
    select a.id, a.customer_id, a.segment_id, c.number from credit_accounts a join customers c on c.id = a.customer_id where a.id = ${accountId} for no key update of a`
  if (!account) return undefined
  const request: OrderCheckRequest = {
    key: `forced:${orderNumber}`,
    segmentId: account.segment_id,
    customerNumber: account.number,
    source,
    orderNumber,
    amount,
    currency,
    checkpoint: 'entered',
  }
  const [row] = await tx<{ id: string }[]>`
    insert into holds (segment_id, account_id, customer_id, source, order_number, currency, amount, request, is_forced, forced_by, forced_by_person, created_at, updated_at)
    values (${account.segment_id}, ${account.id}, ${account.customer_id}, ${source}, ${orderNumber}, ${currency}, ${amount}, ${tx.json(request as never)}, true,
      ${tx.actor.userId ?? null}, ${tx.actor.personId ?? null}, ${tx.now}, ${tx.now})
    on conflict (segment_id, source, order_number) where status = 'open' do update set
      is_forced = true, forced_by = excluded.forced_by, forced_by_person = excluded.forced_by_person, version = holds.version + 1, updated_at = excluded.updated_at
    returning id`
  await tx`
    insert into hold_reasons (segment_id, hold_id, code, text, created_at) values (${account.segment_id}, ${row!.id}, ${FORCED}, ${tx.json({ en: reason, zh: reason })}, ${tx.now})
    on conflict (hold_id, code) where cleared_at is null do update set text = excluded.text`
  await appendAudit(tx, {
    action: 'hold.force',
    entity: 'Hold',
    entityId: row!.id,
    segmentId: account.segment_id,
    reason,
    after: { orderNumber, amount, currency },
  })
  await publishHold(tx, row!.id, { customerId: account.customer_id, segmentId: account.segment_id })
  return findHold(tx, row!.id)
}
