import { createHash } from 'node:crypto'
import type { Checkpoint } from '@surety/credit'
import { canonicalJson, type Text } from '@surety/engine'
import { appendAudit } from '../audit.ts'
import { recordDecision } from '../decisions.ts'
import { endHold, FORCED, holdOrder, publishHold, setStandingReasons, type Hold } from '../holds.ts'
import { today, type Tx } from '../sql.ts'
import { documentOf, less, more, readAccounts, reservationOf, type AccountGround, type Amount, type OwnOrder } from './ground.ts'
import { judgeOrder, type Ground, type Judgement, type OrderAction, type OrderRule, type OrderToJudge } from './judge-order.ts'
import { orderPolicyInForce } from './policy-in-force.ts'

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
 * Checks an order against its account. The account, and the credit group that limits it, are locked from here to the end of the transaction, so
 * that of two orders that race for the last of a limit one sees the other's reservation.
 */
export async function checkOrder(tx: Tx, request: OrderCheckRequest): Promise<OrderCheckResult> {
  return (await checkOrders(tx, [request]))[0]!
}

/**
 * Checks orders of one segment one after the other, each seeing what those before it reserved, in as many questions as one takes. No two of them may
 * have one key or be about one order, and all or none are dry runs.
 */
export async function checkOrders(tx: Tx, requests: readonly OrderCheckRequest[]): Promise<OrderCheckResult[]> {
  const { segmentId, isDryRun } = requests[0]!
  // Not awaited one by one: they travel together, and are answered in turn, the locks first.
  const locks = isDryRun ? [] : lock(tx, segmentId, requests)
  const [accounts, pasts, policy] = await Promise.all([
    readAccounts(tx, segmentId, requests),
    readPasts(tx, segmentId, requests),
    orderPolicyInForce(tx),
    ...locks,
  ] as const)
  const results: OrderCheckResult[] = []
  const outcomes: Outcome[] = []
  for (const [place, request] of requests.entries()) {
    const account = accounts.get(request.customerNumber)
    const past = pasts[place]!
    const hash = hashOf(request)
    if (!account) results.push({ kind: 'noAccount' })
    else if (past.known && !isDryRun)
      results.push(
        past.known.hash === hash
          ? { kind: 'checked', answer: { ...past.known.response, id: past.known.id }, isRepeated: true }
          : { kind: 'mismatch' },
      )
    else if (!policy) results.push({ kind: 'noPolicy' })
    else {
      const outcome = await decide(tx, { account, own: past, policy }, request, past)
      if (outcome.reservation)
        take([...accounts.values()], account, past, { amount: outcome.reservation.amount, currency: request.currency })
      results.push({ kind: 'checked', answer: outcome.answer, isRepeated: false })
      outcomes.push({ ...outcome, request, account, past, place, hash })
    }
  }
  if (isDryRun || outcomes.length === 0) return results
  for (const [place, answer] of await write(tx, segmentId, outcomes)) results[place] = { kind: 'checked', answer, isRepeated: false }
  return results
}

/** Gives back what released orders reserved that never arrived; run it now and then. Gives back how many ended. */
export async function expireReservations(tx: Tx, atMost = 1000): Promise<number> {
  const { count } = await tx`
    update order_reservations set status = 'expired', ended_at = ${tx.now}
    where id in (select id from order_reservations where status = 'active' and expires_at <= ${tx.now} order by account_id, id limit ${atMost} for update skip locked)`
  return count
}

/** The order will not come: what it reserved is free again, and nothing holds it. False when there was nothing of it. */
export async function cancelOrder(tx: Tx, order: Pick<OrderCheckRequest, 'segmentId' | 'source' | 'orderNumber'>): Promise<boolean> {
  const { count } =
    await tx`update order_reservations set status = 'cancelled', ended_at = ${tx.now} where status = 'active' and ${ofOrder(tx, order)}`
  const holds = await tx<{ id: string; customer_id: string; segment_id: number }[]>`
    update holds set status = 'cancelled', released_at = ${tx.now}, version = version + 1, updated_at = ${tx.now} where status = 'open' and ${ofOrder(tx, order)} returning id, customer_id, segment_id`
  for (const { id, customer_id, segment_id } of holds) {
    await setStandingReasons(tx, id, segment_id, [])
    await appendAudit(tx, { action: 'hold.cancel', entity: 'Hold', entityId: id, segmentId: segment_id, after: { status: 'cancelled' } })
    await publishHold(tx, id, { customerId: customer_id, segmentId: segment_id })
  }
  return count > 0 || holds.length > 0
}

/** Keeps a place for an order that was held and is free now. Its account is locked by who calls. */
export async function reserveReleased(tx: Tx, accountId: string, request: OrderCheckRequest): Promise<void> {
  const [past] = await readPasts(tx, request.segmentId, [request])
  const reservation = reservationFor(tx, request, past!)
  if (!reservation) return
  await replace(tx, [past!])
  await tx`
    insert into order_reservations (segment_id, account_id, order_number, source, currency, amount, expires_at, created_at)
    values (${request.segmentId}, ${accountId}, ${request.orderNumber}, ${request.source}, ${request.currency}, ${reservation.amount}, ${reservation.expiresAt}, ${tx.now})`
}

/** What is asked of the policy when a request is looked at again. */
export function toJudge(request: OrderCheckRequest, past: Pick<Past, 'lastCheckedOn'> = {}): OrderToJudge {
  const { amount, currency, checkpoint, termsDays, discountPercent, agreedDiscountPercent, isPrepaid } = request
  return {
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
  account: Pick<AccountGround, 'customerId' | 'segmentId'>,
  request: OrderCheckRequest,
  { policy, facts, decision }: Judgement,
): Promise<string> {
  const known = Object.entries(facts).filter(([key]) => key in (policy.document.facts ?? {}))
  const { id } = await recordDecision(tx, {
    segmentId: account.segmentId,
    customerId: account.customerId,
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

// Groups before accounts and each in the order of their ids, by all who lock them: so that two that meet wait and don't deadlock.
// Reading comes after it, in statements of its own: one that waits for a lock and reads besides would read what was so before it waited.
function lock(tx: Tx, segmentId: number, requests: readonly OrderCheckRequest[]): readonly Promise<unknown>[] {
  const numbers = [...new Set(requests.map(({ customerNumber }) => customerNumber))]
  return [
    tx`
      select g.id from credit_groups g
      where g.segment_id = ${segmentId} and g.code in (select group_code from customers where number = any (${numbers}) and group_code is not null)
      order by g.id for no key update`.execute(),
    tx`
      select a.id from credit_accounts a where a.segment_id = ${segmentId} and a.customer_id in (select id from customers where number = any (${numbers}))
      order by a.id for no key update`.execute(),
  ]
}

/** What is known of an order from before. */
interface Past extends OwnOrder {
  /** The answer to the same key. */
  readonly known: { readonly id: string; readonly hash: string; readonly response: OrderCheckAnswer } | null
  /** Only while what was released then covers what is asked now. */
  readonly lastCheckedOn?: string
  /** Why it was held when a person released it, at this amount or more, and nothing has ended it since. */
  readonly letThrough: readonly string[] | null
  readonly openHold: OpenHold | null
}

interface OpenHold extends Pick<Hold, 'id' | 'segmentId' | 'customerId'> {
  /** What the person said who placed it. */
  readonly forced: Text | null
}

async function readPasts(tx: Tx, segmentId: number, requests: readonly OrderCheckRequest[]): Promise<Past[]> {
  const list = (of: (request: OrderCheckRequest) => string): string[] => requests.map(of)
  const rows = await tx<PastRow[]>`
    select ${documentOf(tx, segmentId)} as document, ${reservationOf(tx, segmentId)} as reservation,
      (select jsonb_build_object('id', k.id::text, 'hash', encode(k.request_hash, 'hex'), 'response', k.response)
        from order_checks k where k.segment_id = ${segmentId} and k.source = o.source and k.key = o.key) as known,
      (select k.checked_at from order_checks k where k.segment_id = ${segmentId} and k.source = o.source and k.order_number = o.number and k.action <> 'hold' and k.currency = o.currency
        and not exists (select from documents d where d.number = o.number and d.source = o.source and d.type = 'order' and d.segment_id = ${segmentId} and d.reopened_at > k.checked_at)
        order by k.id desc limit 1) as released_at,
      (select jsonb_build_object('id', h.id::text, 'segmentId', h.segment_id, 'customerId', h.customer_id::text, 'forced',
          case when h.is_forced then (select text from hold_reasons r where r.hold_id = h.id and r.code = ${FORCED} and r.cleared_at is null) end)
        from holds h where h.status = 'open' and h.segment_id = ${segmentId} and h.source = o.source and h.order_number = o.number) as open_hold,
      (select (select coalesce(jsonb_agg(code), '[]') from hold_reasons r where r.hold_id = h.id)
        from holds h where h.account_id = (select a.id from credit_accounts a join customers c on c.id = a.customer_id where c.number = o.customer and a.segment_id = ${segmentId})
          and h.segment_id = ${segmentId} and h.source = o.source and h.order_number = o.number
          and h.status = 'released' and h.released_by_person is not null and h.currency = o.currency and h.amount >= o.amount
          and not exists (select from order_reservations r where r.segment_id = ${segmentId} and r.source = o.source and r.order_number = o.number
            and r.status in ('cancelled', 'expired') and r.ended_at >= h.released_at)
          and not exists (select from documents d where d.number = o.number and d.source = o.source and d.type = 'order' and d.segment_id = ${segmentId}
            and (d.closed_on is not null or d.cancelled_on is not null or d.reopened_at > h.released_at))
        order by h.id desc limit 1) as let_through
    from unnest(${list(({ key }) => key)}::text[], ${list(({ source }) => source)}::text[], ${list(({ orderNumber }) => orderNumber)}::text[], ${list(({ currency }) => currency)}::text[],
      ${list(({ amount }) => amount)}::numeric[], ${list(({ customerNumber }) => customerNumber)}::text[]) with ordinality as o (key, source, number, currency, amount, customer, place)
    order by place`
  return rows.map(({ document, reservation, known, released_at, open_hold, let_through }, place): Past => {
    const { amount, currency } = requests[place]!
    const kept = [document?.isOpen ? document : null, reservation?.hasRunOut === false ? reservation : null].filter(
      part => part?.currency === currency,
    )
    const isCovered = released_at !== null && !open_hold && sum(kept.map(part => part!.amount)) >= toMinor(amount)
    return {
      document,
      reservation,
      known,
      openHold: open_hold,
      letThrough: open_hold ? null : let_through,
      ...(isCovered && { lastCheckedOn: released_at.toISOString().slice(0, 10) }),
    }
  })
}

interface PastRow extends OwnOrder {
  readonly known: Past['known']
  readonly released_at: Date | null
  readonly open_hold: OpenHold | null
  readonly let_through: readonly string[] | null
}

function ofOrder(tx: Tx, { segmentId, source, orderNumber }: Pick<OrderCheckRequest, 'segmentId' | 'source' | 'orderNumber'>) {
  return tx`segment_id = ${segmentId} and source = ${source} and order_number = ${orderNumber}`
}

interface Decided {
  readonly answer: OrderCheckAnswer
  readonly judgement: Judgement
  readonly reservation: Reservation | null
}

interface Outcome extends Decided {
  readonly request: OrderCheckRequest
  readonly account: AccountGround
  readonly past: Past
  readonly place: number
  readonly hash: string
}

interface Reservation {
  readonly amount: string
  readonly expiresAt: Date
}

async function decide(tx: Tx, ground: Ground, request: OrderCheckRequest, past: Past): Promise<Decided> {
  const judgement = standing(await judgeOrder(tx, ground, toJudge(request, past)), past)
  const reservation = judgement.action === 'hold' ? null : reservationFor(tx, request, past)
  const { action, currency, limit, availableBefore, availableAfter, rules, release, policy } = judgement
  return {
    judgement,
    reservation,
    answer: {
      id: null,
      action,
      orderNumber: request.orderNumber,
      currency,
      limit,
      availableBefore,
      availableAfter,
      rules,
      release,
      reservedUntil: reservation?.expiresAt.toISOString() ?? null,
      holdId: null,
      policy: { id: policy.policyId, version: policy.version },
    },
  }
}

// What people have said of the order goes before what the policy says: what they hold is held, and what they released is held again only
// when its value rises, or its risk: a reason that they did not see.
function standing(judgement: Judgement, { letThrough, openHold }: Past): Judgement {
  const { action, rules, release } = judgement
  if (openHold?.forced) {
    const forced: OrderRule = { code: FORCED, rule: null, effect: 'holds', text: openHold.forced, numbers: {}, releaseLevel: null }
    return { ...judgement, action: 'hold', rules: [forced, ...rules], release: release ?? { level: 1, role: null } }
  }
  const isLetThrough =
    action === 'hold' && letThrough !== null && rules.every(({ code, effect }) => effect !== 'holds' || letThrough.includes(code))
  return isLetThrough
    ? { ...judgement, action: 'warn', release: null, rules: rules.map(rule => ({ ...rule, effect: 'warns' })) }
    : judgement
}

// What of the order is not in the books yet.
function reservationFor(
  tx: Tx,
  { amount, currency, isPrepaid, reserveForDays }: OrderCheckRequest,
  { document }: OwnOrder,
): Reservation | null {
  const arrived = document?.isOpen && document.currency === currency ? toMinor(document.amount) : 0n
  const left = toMinor(amount) - arrived
  if (isPrepaid || left <= 0n) return null
  return {
    amount: `${left / SCALE}.${String(left % SCALE).padStart(4, '0')}`,
    expiresAt: new Date(tx.now.getTime() + (reserveForDays ?? RESERVE_FOR_DAYS) * DAY_MS),
  }
}

const SCALE = 10_000n

function toMinor(amount: string): bigint {
  const [whole = '0', decimals = ''] = amount.split('.')
  return BigInt(whole + decimals.padEnd(4, '0').slice(0, 4))
}

function sum(amounts: readonly string[]): bigint {
  return amounts.reduce((total, amount) => total + toMinor(amount), 0n)
}

// Those that are checked after it in the same batch see what it reserves, in its account and in its group.
function take(accounts: readonly AccountGround[], account: AccountGround, { reservation }: OwnOrder, reserves: Amount): void {
  const before = reservation && !reservation.hasRunOut ? [reservation] : []
  const change = (amounts: readonly Amount[]): Amount[] => more(less(amounts, before), reserves)
  account.reserved = change(account.reserved)
  for (const peer of accounts)
    if (peer !== account && peer.groupCode !== null && peer.groupCode === account.groupCode) peer.groupExposure = change(peer.groupExposure)
}

// Reservations first: whoever writes documents takes their balances before it looks at holds, and so do we.
async function write(tx: Tx, segmentId: number, outcomes: readonly Outcome[]): Promise<[place: number, OrderCheckAnswer][]> {
  const reserving = outcomes.filter(({ reservation }) => reservation !== null)
  const released = outcomes.filter(({ answer }) => answer.action !== 'hold')
  const saying: (Promise<unknown> | undefined)[] = [
    replace(
      tx,
      released.map(({ past }) => past),
    ),
  ]
  if (reserving.length > 0) saying.push(reserve(tx, segmentId, reserving))
  const answers = new Map<number, OrderCheckAnswer>()
  for (const outcome of outcomes) {
    const { answer, place, request, account, judgement } = outcome
    answers.set(place, answer.action === 'hold' ? { ...answer, holdId: await hold(tx, account, request, judgement) } : answer)
  }
  const writing = tx<{ id: string; key: string; source: string }[]>`
    insert into order_checks (segment_id, account_id, key, request_hash, source, order_number, checkpoint, currency, amount, action, reservation_id, policy_id, policy_version, response, checked_at)
    select ${segmentId}, account, key, decode(hash, 'hex'), source, number, checkpoint, currency, amount, response ->> 'action',
      (select id from order_reservations r where reserves and r.status = 'active' and r.segment_id = ${segmentId} and r.source = n.source and r.order_number = n.number),
      response #>> '{policy,id}', (response #>> '{policy,version}')::int, response, ${tx.now}
    from jsonb_to_recordset(${tx.json(
      outcomes.map(({ request, account, place, hash, reservation }) => ({
        account: account.id,
        key: request.key,
        hash,
        source: request.source,
        number: request.orderNumber,
        checkpoint: request.checkpoint,
        currency: request.currency,
        amount: request.amount,
        reserves: reservation !== null,
        response: answers.get(place),
      })) as never,
    )}) as n (account bigint, key text, hash text, source text, number text, checkpoint text, currency text, amount numeric, reserves boolean, response jsonb)
    returning id, key, source`.execute()
  saying.push(writing)
  // Queries that travel together are as good as promises.
  await Promise.all(saying as readonly PromiseLike<unknown>[])
  for (const { past } of released) if (past.openHold) await endHold(tx, past.openHold, 'nobody', CLEARED)
  const ids = new Map((await writing).map(({ id, key, source }) => [`${source} ${key}`, id]))
  return outcomes.map(({ place, request }) => [place, { ...answers.get(place)!, id: ids.get(`${request.source} ${request.key}`)! }])
}

// An order reserves once: what it had reserved makes room for what it reserves now.
function replace(tx: Tx, pasts: readonly OwnOrder[]): Promise<unknown> | undefined {
  const ids = pasts.flatMap(({ reservation }) => (reservation ? [reservation.id] : []))
  if (ids.length === 0) return undefined
  return tx`update order_reservations set status = 'replaced', ended_at = ${tx.now} where status = 'active' and id = any (${ids}::bigint[])`.execute()
}

function reserve(tx: Tx, segmentId: number, outcomes: readonly Outcome[]): Promise<unknown> {
  return tx`
    insert into order_reservations (segment_id, account_id, order_number, source, currency, amount, expires_at, created_at)
    select ${segmentId}, account, number, source, currency, amount, expires, ${tx.now}
    from unnest(${outcomes.map(({ account }) => account.id)}::bigint[], ${outcomes.map(({ request }) => request.orderNumber)}::text[], ${outcomes.map(({ request }) => request.source)}::text[],
      ${outcomes.map(({ request }) => request.currency)}::text[], ${outcomes.map(({ reservation }) => reservation!.amount)}::numeric[],
      ${outcomes.map(({ reservation }) => reservation!.expiresAt.toISOString())}::timestamptz[]) as n (account, number, source, currency, amount, expires)`.execute()
}

async function hold(tx: Tx, account: AccountGround, request: OrderCheckRequest, judgement: Judgement): Promise<string> {
  const decisionId = await recordOrderDecision(tx, account, request, judgement)
  return holdOrder(tx, {
    segmentId: account.segmentId,
    accountId: account.id,
    customerId: account.customerId,
    source: request.source,
    orderNumber: request.orderNumber,
    currency: request.currency,
    amount: request.amount,
    request: { ...request, ...(tx.actor.personId && { askedByPerson: tx.actor.personId }) },
    decisionId,
    releaseLevel: judgement.release?.level ?? null,
    reasons: judgement.rules.filter(({ effect, code }) => effect === 'holds' && code !== FORCED),
  })
}

function hashOf({ isDryRun: _, key: _key, ...asked }: OrderCheckRequest): string {
  return createHash('sha256').update(canonicalJson(asked)).digest('hex')
}
