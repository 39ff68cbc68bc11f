import { appendAudit } from './audit.ts'
import { selectPage, type Page, type PageRequest } from './page.ts'
import { NOT_FOUND, ok, type Result } from './result.ts'
import type { Sql, Tx } from './sql.ts'

export const WEBHOOK_EVENTS = [
  'hold.placed',
  'hold.released',
  'hold.cancelled',
  'limit.changed',
  'decision.made',
  'check.refused',
  'account.statusChanged',
  'reconciliation.finished',
] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

/** Whom a segment tells what happens. Secrets are kept sealed: who has the key of the house opens them. */
export interface Webhook {
  readonly id: string
  readonly segmentId: number
  readonly name: string
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly status: 'active' | 'disabled'
  readonly disabledReason: string | null
  /** In a row. */
  readonly failures: number
  /** Until when the secret before this one signs too. */
  readonly formerUntil: Date | null
  readonly createdAt: Date
  readonly version: number
}

export interface NewWebhook {
  readonly segmentId: number
  readonly name: string
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly sealedSecret: Buffer
}

/** One message to one receiver, with what came of it last. */
export interface WebhookDelivery {
  readonly id: string
  readonly webhookId: string
  readonly messageId: string
  readonly event: string
  readonly payload: unknown
  readonly status: 'waiting' | 'delivered' | 'failed'
  readonly attempts: number
  readonly nextAttemptAt: Date
  readonly deliveredAt: Date | null
  readonly responseStatus: number | null
  readonly lastError: string | null
  readonly durationMs: number | null
  readonly createdAt: Date
}

/** A message that is due, with all that sending it takes. */
export interface DueDelivery {
  readonly id: string
  readonly segmentId: number
  readonly messageId: string
  readonly payload: unknown
  readonly attempts: number
  readonly url: string
  /** The newest first. */
  readonly sealedSecrets: readonly Buffer[]
}

export interface DeliveryOutcome {
  readonly kind: 'delivered' | 'failed'
  readonly status?: number | undefined
  readonly error?: string | undefined
  readonly durationMs: number
}

/** After so many failures in a row a receiver is left alone until somebody turns it on again. */
export const DISABLE_AFTER = 20
/** Attempts of one message: the last of them about three days after the first. */
export const MOST_ATTEMPTS = 12

export async function createWebhook(tx: Tx, { segmentId, name, url, events, sealedSecret }: NewWebhook): Promise<Webhook> {
  const [row] = await tx<Row[]>`
    insert into webhooks (segment_id, name, url, events, secret, created_by, created_at, updated_at)
    values (${segmentId}, ${name}, ${url}, ${events as string[]}, ${sealedSecret}, ${tx.actor.userId ?? null}, ${tx.now}, ${tx.now}) returning *`
  const made = toWebhook(row!)
  await appendAudit(tx, { action: 'webhook.create', entity: 'Webhook', entityId: made.id, segmentId, after: { name, url, events } })
  return made
}

export async function listWebhooks(tx: Tx): Promise<Webhook[]> {
  return (await tx<Row[]>`select * from webhooks order by id`).map(toWebhook)
}

export async function findWebhook(tx: Tx, id: string): Promise<Webhook | undefined> {
  const [row] = await tx<Row[]>`select * from webhooks where id = ${id}`
  return row && toWebhook(row)
}

export interface WebhookChange {
  readonly id: string
  readonly version: number
  readonly name?: string | undefined
  readonly url?: string | undefined
  readonly events?: readonly WebhookEvent[] | undefined
  readonly isActive?: boolean | undefined
}

/** Changes a webhook; turned on again it begins with a clean slate. */
export async function changeWebhook(tx: Tx, change: WebhookChange): Promise<Result<Webhook>> {
  const [row] = await tx<Row[]>`select * from webhooks where id = ${change.id} for update`
  if (!row) return NOT_FOUND
  if (row.version !== change.version) return { kind: 'conflict', current: toWebhook(row) }
  const status = change.isActive === undefined ? row.status : change.isActive ? 'active' : 'disabled'
  const [changed] = await tx<Row[]>`
    update webhooks set name = ${change.name ?? row.name}, url = ${change.url ?? row.url}, events = ${(change.events as string[] | undefined) ?? row.events}, status = ${status},
      disabled_reason = ${status === 'active' ? null : (row.disabled_reason ?? 'by hand')}, failures = ${change.isActive ? 0 : row.failures}, version = version + 1, updated_at = ${tx.now}
    where id = ${change.id} returning *`
  const after = toWebhook(changed!)
  await appendAudit(tx, {
    action: 'webhook.change',
    entity: 'Webhook',
    entityId: after.id,
    segmentId: after.segmentId,
    before: told(toWebhook(row)),
    after: told(after),
  })
  return ok(after)
}

/** A new secret; the one before signs too until `formerUntil`. */
export async function rotateWebhookSecret(
  tx: Tx,
  {
    id,
    version,
    sealedSecret,
    formerUntil,
  }: { readonly id: string; readonly version: number; readonly sealedSecret: Buffer; readonly formerUntil: Date },
): Promise<Result<Webhook>> {
  const [row] = await tx<Row[]>`select * from webhooks where id = ${id} for update`
  if (!row) return NOT_FOUND
  if (row.version !== version) return { kind: 'conflict', current: toWebhook(row) }
  const [changed] = await tx<Row[]>`
    update webhooks set former_secret = secret, former_until = ${formerUntil}, secret = ${sealedSecret}, version = version + 1, updated_at = ${tx.now} where id = ${id} returning *`
  await appendAudit(tx, {
    action: 'webhook.rotateSecret',
    entity: 'Webhook',
    entityId: id,
    segmentId: row.segment_id,
    after: { formerUntil },
  })
  return ok(toWebhook(changed!))
}

/** Newest first. */
export async function listWebhookDeliveries(tx: Tx, webhookId: string, page: PageRequest): Promise<Page<WebhookDelivery>> {
  const matched = tx`select d.*, d.id as page_id, d.id::numeric as page_key from webhook_deliveries d where d.webhook_id = ${webhookId}`
  return selectPage<DeliveryRow, WebhookDelivery>(tx, matched, 'numeric', true, page, toDelivery)
}

/** Sends a message again, such as after the receiver was mended. */
export async function resendWebhookDelivery(tx: Tx, id: string): Promise<Result<WebhookDelivery>> {
  const [row] = await tx<DeliveryRow[]>`
    update webhook_deliveries set status = 'waiting', next_attempt_at = ${tx.now}, attempts = 0 where id = ${id} and status <> 'waiting' returning *`
  if (row) {
    await appendAudit(tx, {
      action: 'webhook.resend',
      entity: 'Webhook',
      entityId: row.webhook_id,
      segmentId: row.segment_id,
      after: { messageId: row.message_id },
    })
    await tx`select pg_notify(${CHANNEL}, '')`
    return ok(toDelivery(row))
  }
  const [waiting] = await tx<DeliveryRow[]>`select * from webhook_deliveries where id = ${id}`
  return waiting ? { kind: 'conflict', current: toDelivery(waiting) } : NOT_FOUND
}

/** Says to all who listen for one event that they are heard; for trying out a receiver. */
export async function pingWebhook(tx: Tx, id: string): Promise<Result<WebhookDelivery>> {
  const [row] = await tx<DeliveryRow[]>`
    insert into webhook_deliveries (segment_id, webhook_id, message_id, event, payload, next_attempt_at, created_at)
    select segment_id, id, 'msg_' || replace(gen_random_uuid()::text, '-', ''), 'ping', jsonb_build_object('type', 'ping', 'timestamp', ${tx.now.toISOString()}::text, 'data', jsonb_build_object('webhookId', id::text)), ${tx.now}, ${tx.now}
    from webhooks where id = ${id} returning *`
  if (!row) return NOT_FOUND
  await tx`select pg_notify(${CHANNEL}, '')`
  return ok(toDelivery(row))
}

/** Takes messages that are due, for `leaseMs`: whoever dies with them leaves them to others after that. The caller sees all segments. */
export async function claimWebhookDeliveries(
  tx: Tx,
  { atMost, leaseMs }: { readonly atMost: number; readonly leaseMs: number },
): Promise<DueDelivery[]> {
  const rows = await tx<DueRow[]>`
    with due as (
      select d.id from webhook_deliveries d join webhooks w on w.id = d.webhook_id
      where d.status = 'waiting' and d.next_attempt_at <= ${tx.now} and w.status = 'active' order by d.next_attempt_at, d.id limit ${atMost} for update of d skip locked
    )
    update webhook_deliveries d set attempts = d.attempts + 1, next_attempt_at = ${new Date(tx.now.getTime() + leaseMs)}
    from due, webhooks w where d.id = due.id and w.id = d.webhook_id
    returning d.id, d.segment_id, d.message_id, d.payload, d.attempts, w.url, w.secret, case when w.former_until > ${tx.now} then w.former_secret end as former_secret`
  return rows.map(row => ({
    id: row.id,
    segmentId: row.segment_id,
    messageId: row.message_id,
    payload: row.payload,
    attempts: row.attempts,
    url: row.url,
    sealedSecrets: row.former_secret ? [row.secret, row.former_secret] : [row.secret],
  }))
}

/** Notes what came of an attempt: done, to be tried again later, or given up; a receiver that fails too often is turned off. */
export async function recordWebhookAttempt(tx: Tx, id: string, outcome: DeliveryOutcome): Promise<void> {
  const isDelivered = outcome.kind === 'delivered'
  const [row] = await tx<
    { webhook_id: string; attempts: number; segment_id: number }[]
  >`select webhook_id, attempts, segment_id from webhook_deliveries where id = ${id} for update`
  if (!row) return
  const isOver = !isDelivered && row.attempts >= MOST_ATTEMPTS
  await tx`
    update webhook_deliveries set status = ${isDelivered ? 'delivered' : isOver ? 'failed' : 'waiting'}, delivered_at = ${isDelivered ? tx.now : null}, response_status = ${outcome.status ?? null},
      last_error = ${outcome.error?.slice(0, 1000) ?? null}, duration_ms = ${Math.round(outcome.durationMs)}, next_attempt_at = ${new Date(tx.now.getTime() + backoffMs(row.attempts))}
    where id = ${id}`
  const [hook] = await tx<{ failures: number; status: string }[]>`
    update webhooks set failures = ${isDelivered ? 0 : tx`failures + 1`} where id = ${row.webhook_id} returning failures, status`
  if (hook && hook.failures >= DISABLE_AFTER && hook.status === 'active') {
    const reason = `${hook.failures} failures in a row; the last: ${outcome.error ?? outcome.status ?? 'unknown'}`.slice(0, 500)
    await tx`update webhooks set status = 'disabled', disabled_reason = ${reason}, version = version + 1, updated_at = ${tx.now} where id = ${row.webhook_id}`
    await appendAudit(tx, { action: 'webhook.disable', entity: 'Webhook', entityId: row.webhook_id, segmentId: row.segment_id, reason })
  }
}

/** Calls `fn` when a message was queued, and once at the start. Poll as well, for those that were put off. */
export async function listenWebhooks(sql: Sql, fn: () => void): Promise<{ stop(): Promise<void> }> {
  const { unlisten } = await sql.listen(CHANNEL, fn, fn)
  return { stop: unlisten }
}

const CHANNEL = 'surety_webhooks'
const DAY_MS = 86_400_000

/** 5 s, 25 s, 2 min, 10 min, 52 min, 4 h, then once in half a day. */
function backoffMs(attempts: number): number {
  return Math.min(DAY_MS / 2, 1000 * 5 ** Math.max(1, attempts))
}

function told({ name, url, events, status }: Webhook): object {
  return { name, url, events, status }
}

interface Row {
  readonly id: string
  readonly segment_id: number
  readonly name: string
  readonly url: string
  readonly events: WebhookEvent[]
  readonly status: Webhook['status']
  readonly disabled_reason: string | null
  readonly failures: number
  readonly former_until: Date | null
  readonly created_at: Date
  readonly version: number
}

function toWebhook(row: Row): Webhook {
  return {
    id: row.id,
    segmentId: row.segment_id,
    name: row.name,
    url: row.url,
    events: row.events,
    status: row.status,
    disabledReason: row.disabled_reason,
    failures: row.failures,
    formerUntil: row.former_until,
    createdAt: row.created_at,
    version: row.version,
  }
}

interface DueRow {
  readonly id: string
  readonly segment_id: number
  readonly message_id: string
  readonly payload: unknown
  readonly attempts: number
  readonly url: string
  readonly secret: Buffer
  readonly former_secret: Buffer | null
}

interface DeliveryRow {
  readonly id: string
  readonly segment_id: number
  readonly webhook_id: string
  readonly message_id: string
  readonly event: string
  readonly payload: unknown
  readonly status: WebhookDelivery['status']
  readonly attempts: number
  readonly next_attempt_at: Date
  readonly delivered_at: Date | null
  readonly response_status: number | null
  readonly last_error: string | null
  readonly duration_ms: number | null
  readonly created_at: Date
}

function toDelivery(row: DeliveryRow): WebhookDelivery {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    messageId: row.message_id,
    event: row.event,
    payload: row.payload,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    deliveredAt: row.delivered_at,
    responseStatus: row.response_status,
    lastError: row.last_error,
    durationMs: row.duration_ms,
    createdAt: row.created_at,
  }
}
