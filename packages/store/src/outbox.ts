import { asActor, SYSTEM, type Sql, type Tx } from './sql.ts'

/** What the workflows are told; whoever delivers it turns it into a start or a signal with a deterministic id. */
export type WorkflowMessage =
  | { readonly kind: 'applicationSubmitted'; readonly applicationId: string; readonly segmentId: number }
  | { readonly kind: 'applicationChanged'; readonly applicationId: string; readonly segmentId: number }
  | { readonly kind: 'approvalChanged'; readonly approvalId: string; readonly segmentId: number | null }
  | {
      readonly kind: 'importRequested'
      readonly importId: string
      readonly segmentId: number
      readonly step: 'stage' | 'apply'
      readonly version: number
    }
  | { readonly kind: 'policyPublished' | 'policyChanged'; readonly policyId: string; readonly version: number }
  | { readonly kind: 'policyImpactRequested'; readonly impactId: string }

export interface OutboxMessage {
  readonly id: string
  readonly key: string
  readonly payload: WorkflowMessage
  readonly attempts: number
}

export interface NewOutboxMessage {
  readonly topic: 'workflow'
  readonly key: string
  readonly payload: WorkflowMessage
}

/** Sends a message when the transaction commits; the same key twice is one message. */
export async function enqueue(tx: Tx, { topic, key, payload }: NewOutboxMessage): Promise<void> {
  await tx`
    insert into outbox (topic, key, payload, next_attempt_at, created_at) values (${topic}, ${key}, ${tx.json(payload)}, ${tx.now}, ${tx.now})
    on conflict do nothing`
  await tx`select pg_notify(${CHANNEL}, ${topic})`
}

/**
 * Hands due messages to `deliver` one after the other; each is marked delivered, or put off with growing delay when `deliver` rejects.
 * Any number of processes may do this at once: a message is claimed by one of them. One that dies in the middle delivers again,
 * so `deliver` has to bear a second time.
 */
export async function deliverDue(
  sql: Sql,
  topic: NewOutboxMessage['topic'],
  deliver: (message: OutboxMessage) => Promise<void>,
  options: { readonly batch?: number } = {},
): Promise<{ delivered: number; failed: number }> {
  return asActor(sql, SYSTEM, async tx => {
    const due = await tx<OutboxMessage[]>`
      select id, key, payload, attempts from outbox
      where topic = ${topic} and delivered_at is null and next_attempt_at <= ${tx.now}
      order by id limit ${options.batch ?? 20} for update skip locked`
    const delivered: string[] = []
    let failed = 0
    for (const message of due) {
      try {
        await deliver(message)
        delivered.push(message.id)
      } catch (error) {
        failed += 1
        const text = error instanceof Error ? error.message : String(error)
        const retryAt = new Date(sql.clock().getTime() + backoffMs(message.attempts))
        await tx`update outbox set attempts = attempts + 1, last_error = ${text.slice(0, 2000)}, next_attempt_at = ${retryAt} where id = ${message.id}`
      }
    }
    if (delivered.length > 0) {
      await tx`update outbox set attempts = attempts + 1, delivered_at = ${sql.clock()}, last_error = null where id = any (${delivered}::bigint[])`
    }
    return { delivered: delivered.length, failed }
  })
}

/** Messages that wait, and since when the oldest has. */
export async function outboxBacklog(sql: Sql): Promise<{ waiting: number; oldest: Date | null }> {
  return asActor(sql, SYSTEM, async tx => {
    const [row] = await tx<
      { waiting: string; oldest: Date | null }[]
    >`select count(*) as waiting, min(created_at) as oldest from outbox where delivered_at is null`
    return { waiting: Number(row!.waiting), oldest: row!.oldest }
  })
}

/** Calls `fn` when messages were committed somewhere, and once at the start. Poll as well, for those that were put off. */
export async function listenOutbox(sql: Sql, fn: () => void): Promise<{ stop(): Promise<void> }> {
  const { unlisten } = await sql.listen(CHANNEL, fn, fn)
  return { stop: unlisten }
}

const CHANNEL = 'surety_outbox'
const LONGEST_MS = 60_000

function backoffMs(attempts: number): number {
  return Math.min(LONGEST_MS, 500 * 2 ** Math.min(attempts, 12))
}
