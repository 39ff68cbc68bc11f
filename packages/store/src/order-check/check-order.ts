import { createHash } from 'node:crypto'
import type { Checkpoint } from '@surety/credit'
import { canonicalJson } from '@surety/engine'
import { amountOf } from '../amounts.ts'
import { recordDecision } from '../decisions.ts'
import { endHold, holdOrder, type Hold } from '../holds.ts'
import { today, type Tx } from '../sql.ts'
import { judgeOrder, readGround, type Judgement, type OrderAction, type OrderRule, type OrderToJudge } from './judge-order.ts'

export interface OrderCheckRequest {
  /** Chosen by who asks: the same request again is the same check. A dry run needs none. */
  readonly key: string
  readonly segmentId: number
  readonly customerNumber: string
  /** The books that the order is in, or will come from. */
  readonly source: string
  readonly orderNumber: string
  readonly amount: string
  readonly currency: string
  readonly checkpoint: Checkpoint
  readonly termsDays?: number
  readonly discountPercent?: number
  readonly agreedDiscountPercent?: number
  readonly isPrepaid?: boolean
  /** Says what would happen and leaves nothing behind. */
  readonly isDryRun?: boolean
  /** How long a released order keeps its place before it arrives; 7 days unless said otherwise. */
  readonly reserveForDays?: number
}

export interface OrderCheckAnswer {
  /** Null for a dry run. */
  readonly id: string | null
  readonly action: OrderAction
  readonly orderNumber: string
  /** The currency of the account, in which the figures below are. */
  readonly currency: string
  readonly limit: { readonly kind: string; readonly amount: string | null }
  /** Without this order; null where the limit is no amount or a rate is missing. */
  readonly availableBefore: string | null
  /** Once it is released. */
  readonly availableAfter: string | null
  readonly rules: readonly OrderRule[]
  /** Who can release it; null when nothing holds it. */
  readonly release: { readonly level: number; readonly role: string | null } | null
  readonly reservedUntil: string | null
  readonly holdId: string | null
  readonly policy: { readonly id: string; readonly version: number }
}

export type OrderCheckResult =
  | { readonly kind: 'checked'; readonly answer: OrderCheckAnswer; readonly isRepeated: boolean }
  /** The key was used for another request. */
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'noAccount' }
  | { readonly kind: 'noPolicy' }

const RESERVE_FOR_DAYS = 7

/**
 * Checks an order against its account. The account is locked from here to the end of the transaction, so that of two orders that
 * race for the last of a limit one sees the other's reservation.
 */
export async function checkOrder(tx: Tx, request: OrderCheckRequest): Promise<OrderCheckResult> {
  const [account] = await tx<LockedAccount[]>`
    select a.id, a.customer_id, a.segment_id from credit_accounts a
    where a.segment_id = ${request.segmentId} and a.customer_id = (select id from customers where number = ${request.customerNumber})
    ${request.isDryRun ? tx`` : tx`for no key update of a`}`
  if (!account) return { kind: 'noAccount' }
  const hash = hashOf(request)
  const [known, past, ground] = await Promise.all([
    findCheck(tx, request),
    readPast(tx, request),
    readGround(tx, account.id, { source: request.source, number: request.orderNumber }),
  ])
  if (known && !request.isDryRun)
    return known.request_hash.equals(hash)
      ? { kind: 'checked', answer: { ...known.response, id: known.id }, isRepeated: true }
      : { kind: 'mismatch' }
  if (!ground) return { kind: 'noPolicy' }
  const judged = await judgeOrder(tx, ground, toJudge(request, past))
  const judgement = past.letThrough ? letThrough(judged) : judged
  const reserving = judgement.action !== 'hold' && !request.isPrepaid ? unreserved(request, past) : '0'
  const expiresAt = new Date(tx.now.getTime() + (request.reserveForDays ?? RESERVE_FOR_DAYS) * DAY_MS)
  const answer: OrderCheckAnswer = {
    ...describe(judgement, request),
    reservedUntil: Number(reserving) > 0 ? expiresAt.toISOString() : null,
  }
  if (request.isDryRun) return { kind: 'checked', answer, isRepeated: false }
  if (judgement.action === 'hold') {
    const holdId = await hold(tx, account, request, judgement)
    return written(tx, account, request, hash, { ...answer, holdId }, judgement, null)
  }
  const reservation = Number(reserving) > 0 ? { amount: reserving, expiresAt } : null
  if (past.hasReservation)
    await tx`update order_reservations set status = 'replaced', ended_at = ${tx.now} where status = 'active' and ${ofOrder(tx, request)}`
  const checked = await written(tx, account, request, hash, answer, judgement, reservation)
  if (past.openHold) await endHold(tx, past.openHold, 'nobody', CLEARED)
  return checked
}

/** Gives back what released orders reserved that never arrived; run it now and then. Gives back how many ended. */
export async function expireReservations(tx: Tx, atMost = 1000): Promise<number> {
  const { count } = await tx`
    update order_reservations set status = 'expired', ended_at = ${tx.now}
    where id in (select id from order_reservations where status = 'active' and expires_at <= ${tx.now} order by account_id, id limit ${atMost} for update skip locked)`
  return count
}

/** The order will not come: what it reserved is free again. False when nothing was reserved. */
export async function cancelReservation(tx: Tx, order: Pick<OrderCheckRequest, 'segmentId' | 'source' | 'orderNumber'>): Promise<boolean> {
  const { count } =
    await tx`update order_reservations set status = 'cancelled', ended_at = ${tx.now} where status = 'active' and ${ofOrder(tx, order)}`
  return count > 0
}

/** Keeps a place for an order that was held and is free now. Its account is locked by who calls. */
export async function reserveReleased(tx: Tx, accountId: string, request: OrderCheckRequest): Promise<void> {
  if (request.isPrepaid) return
  const reserving = unreserved(request, await readPast(tx, request))
  if (Number(reserving) <= 0) return
  const expiresAt = new Date(tx.now.getTime() + (request.reserveForDays ?? RESERVE_FOR_DAYS) * DAY_MS)
  await tx`update order_reservations set status = 'replaced', ended_at = ${tx.now} where status = 'active' and ${ofOrder(tx, request)}`
  await tx`
    insert into order_reservations (segment_id, account_id, order_number, source, currency, amount, expires_at, created_at)
    values (${request.segmentId}, ${accountId}, ${request.orderNumber}, ${request.source}, ${request.currency}, ${reserving}, ${expiresAt}, ${tx.now})`
}

/** What is asked of the policy when a request is looked at again. */
export function toJudge(request: OrderCheckRequest, past: Pick<Past, 'lastCheckedOn'> = {}): OrderToJudge {
  const { source, orderNumber, amount, currency, checkpoint, termsDays, discountPercent, agreedDiscountPercent, isPrepaid } = request
  return {
    source,
    number: orderNumber,
    amount: { amount, currency },
    checkpoint,
    ...(termsDays !== undefined && { termsDays }),
    ...(discountPercent !== undefined && { discountPercent }),
    ...(agreedDiscountPercent !== undefined && { agreedDiscountPercent }),
    ...(isPrepaid !== undefined && { isPrepaid }),
    ...(past.lastCheckedOn !== undefined && { lastCheckedOn: past.lastCheckedOn }),
  }
}

/** The case of a hold: what the policy saw and said. */
export async function recordOrderDecision(
  tx: Tx,
  account: LockedAccount,
  request: OrderCheckRequest,
  { policy, facts, decision }: Judgement,
): Promise<string> {
  const known = Object.entries(facts).filter(([key]) => key in (policy.document.facts ?? {}))
  const { id } = await recordDecision(tx, {
    segmentId: account.segment_id,
    customerId: account.customer_id,
    kind: 'order-check',
    policyId: policy.policyId,
    policyVersion: policy.version,
    policyHash: policy.hash,
    asOf: today(tx),
    facts: Object.fromEntries(known.flatMap(([key, fact]) => (fact.kind === 'known' ? [[key, fact.value]] : []))),
    sources: Object.fromEntries(
      known.map(([key, fact]) => [
        key,
        fact.kind === 'known' ? { source: fact.source, asOf: fact.asOf } : { source: fact.source, missing: fact.reason },
      ]),
    ),
    result: decision,
    subject: `order:${request.source}:${request.orderNumber}`,
  })
  return id
}

export interface LockedAccount {
  readonly id: string
  readonly customer_id: string
  readonly segment_id: number
}

const DAY_MS = 86_400_000
const CLEARED = 'Checked again: nothing holds it any more.'

async function findCheck(tx: Tx, { segmentId, source, key }: OrderCheckRequest) {
  const [known] = await tx<{ id: string; request_hash: Buffer; response: OrderCheckAnswer }[]>`
    select id, request_hash, response from order_checks where segment_id = ${segmentId} and source = ${source} and key = ${key}`
  return known
}

/** What is known of an order from before. */
interface Past {
  /** Only while what was released then covers what is asked now. */
  readonly lastCheckedOn?: string
  /** A person released this order, at this amount or more. */
  readonly letThrough: boolean
  readonly openHold: Pick<Hold, 'id' | 'segmentId' | 'customerId'> | undefined
  readonly hasReservation: boolean
  /** What of it is in the books already, in its currency. */
  readonly arrived: string
}

async function readPast(tx: Tx, request: OrderCheckRequest): Promise<Past> {
  const [row] = await tx<PastRow[]>`
    select
      (select coalesce(sum(amount), 0) from order_reservations where status = 'active' and expires_at > ${tx.now} and currency = ${request.currency} and ${ofOrder(tx, request)}) as reserved,
      exists (select from order_reservations where status = 'active' and ${ofOrder(tx, request)}) as has_reservation,
      (select coalesce(sum(amount), 0) from documents d where d.type = 'order' and d.segment_id = ${request.segmentId} and d.source = ${request.source} and d.number = ${request.orderNumber}
        and d.currency = ${request.currency} and d.cancelled_on is null and d.closed_on is null) as arrived,
      (select max(checked_at) from order_checks where action <> 'hold' and currency = ${request.currency} and ${ofOrder(tx, request)}) as released_at,
      (select jsonb_build_object('id', id::text, 'segmentId', segment_id, 'customerId', customer_id::text) from holds where status = 'open' and ${ofOrder(tx, request)}) as open_hold,
      exists (select from holds where status = 'released' and released_by_person is not null and currency = ${request.currency} and amount >= ${request.amount} and ${ofOrder(tx, request)}) as let_through`
  const { reserved, has_reservation, arrived, released_at, open_hold, let_through } = row!
  const isCovered = released_at !== null && !open_hold && Number(reserved) + Number(arrived) >= Number(request.amount)
  return {
    ...(isCovered && { lastCheckedOn: released_at.toISOString().slice(0, 10) }),
    letThrough: let_through && !open_hold,
    openHold: open_hold ?? undefined,
    hasReservation: has_reservation,
    arrived,
  }
}

interface PastRow {
  readonly reserved: string
  readonly has_reservation: boolean
  readonly arrived: string
  readonly released_at: Date | null
  readonly open_hold: Pick<Hold, 'id' | 'segmentId' | 'customerId'> | null
  readonly let_through: boolean
}

function ofOrder(tx: Tx, { segmentId, source, orderNumber }: Pick<OrderCheckRequest, 'segmentId' | 'source' | 'orderNumber'>) {
  return tx`segment_id = ${segmentId} and source = ${source} and order_number = ${orderNumber}`
}

// What a person has released is checked again only when its value rises.
function letThrough(judgement: Judgement): Judgement {
  return judgement.action === 'hold'
    ? { ...judgement, action: 'warn', release: null, rules: judgement.rules.map(rule => ({ ...rule, effect: 'warns' })) }
    : judgement
}

function unreserved({ amount, currency }: OrderCheckRequest, { arrived }: Past): string {
  const [asked, there] = [toMinor(amount), toMinor(amountOf(arrived, currency))]
  const left = asked - there
  return left > 0n ? `${left / SCALE}.${String(left % SCALE).padStart(4, '0')}` : '0'
}

const SCALE = 10_000n

function toMinor(amount: string): bigint {
  const [whole = '0', decimals = ''] = amount.split('.')
  return BigInt(whole + decimals.padEnd(4, '0').slice(0, 4))
}

function describe(
  { action, currency, limit, availableBefore, availableAfter, rules, release, policy }: Judgement,
  { orderNumber }: OrderCheckRequest,
): OrderCheckAnswer {
  return {
    id: null,
    action,
    orderNumber,
    currency,
    limit,
    availableBefore,
    availableAfter,
    rules,
    release,
    reservedUntil: null,
    holdId: null,
    policy: { id: policy.policyId, version: policy.version },
  }
}

async function hold(tx: Tx, account: LockedAccount, request: OrderCheckRequest, judgement: Judgement): Promise<string> {
  const decisionId = await recordOrderDecision(tx, account, request, judgement)
  return holdOrder(tx, {
    segmentId: account.segment_id,
    accountId: account.id,
    customerId: account.customer_id,
    source: request.source,
    orderNumber: request.orderNumber,
    currency: request.currency,
    amount: request.amount,
    request: { ...request, ...(tx.actor.personId && { askedByPerson: tx.actor.personId }) },
    decisionId,
    releaseLevel: judgement.release?.level ?? null,
    reasons: judgement.rules.filter(({ effect }) => effect === 'holds'),
  })
}

// One statement: the reservation, if any, and the check that made it.
async function written(
  tx: Tx,
  account: LockedAccount,
  request: OrderCheckRequest,
  hash: Buffer,
  answer: OrderCheckAnswer,
  { policy }: Judgement,
  reservation: { readonly amount: string; readonly expiresAt: Date } | null,
): Promise<OrderCheckResult> {
  const [row] = await tx<{ id: string }[]>`
    with reserved as (
      insert into order_reservations (segment_id, account_id, order_number, source, currency, amount, expires_at, created_at)
      select ${account.segment_id}::int, ${account.id}::bigint, ${request.orderNumber}, ${request.source}, ${request.currency}, ${reservation?.amount ?? '1'}::numeric, ${reservation?.expiresAt ?? tx.now}::timestamptz, ${tx.now}::timestamptz
      where ${reservation !== null}
      returning id
    )
    insert into order_checks (segment_id, account_id, key, request_hash, source, order_number, checkpoint, currency, amount, action, reservation_id, policy_id, policy_version, response, checked_at)
    values (${account.segment_id}, ${account.id}, ${request.key}, ${hash}, ${request.source}, ${request.orderNumber}, ${request.checkpoint}, ${request.currency}, ${request.amount}, ${answer.action},
      (select id from reserved), ${policy.policyId}, ${policy.version}, ${tx.json(answer as never)}, ${tx.now})
    returning id`
  return { kind: 'checked', answer: { ...answer, id: row!.id }, isRepeated: false }
}

function hashOf({ isDryRun: _, key: _key, ...asked }: OrderCheckRequest): Buffer {
  return createHash('sha256').update(canonicalJson(asked)).digest()
}
