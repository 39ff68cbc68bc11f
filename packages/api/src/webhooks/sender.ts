import {
  asActor,
  claimWebhookDeliveries,
  listenWebhooks,
  recordWebhookAttempt,
  SYSTEM,
  type DeliveryOutcome,
  type DueDelivery,
  type Sql,
} from '@surety/store'
import { refuseForbidden } from './receiver-address.ts'
import type { Seal } from './seal.ts'
import { signatureHeaders } from './sign.ts'

const TIMEOUT_MS = 15_000
const LEASE_MS = 60_000
const POLL_MS = 2000
const AT_ONCE = 10

export interface WebhookSender {
  /** Sends what is due now; for those who don't want to wait. */
  send(): Promise<number>
  /** Ends when what is under way is done. */
  close(): Promise<void>
}

/**
 * Sends webhook messages as they are queued and again later when they fail. Any number of programs may do this at once; each message is
 * sent at least once, and receivers tell a repetition by its id.
 */
export function createWebhookSender(sql: Sql, seal: Seal, onProblem: (problem: unknown) => void): WebhookSender {
  let isAsked = false
  let isClosed = false
  let running: Promise<void> | undefined
  const look = (): void => {
    isAsked = true
    running ??= run().finally(() => (running = undefined))
  }
  const run = async (): Promise<void> => {
    while (isAsked && !isClosed) {
      isAsked = false
      try {
        if ((await sendDue(sql, seal)) > 0) isAsked = true
      } catch (error) {
        onProblem(error)
      }
    }
  }
  const listening = listenWebhooks(sql, look)
  listening.catch(onProblem)
  const poll = setInterval(look, POLL_MS)
  poll.unref()
  return {
    send: () => sendDue(sql, seal),
    async close() {
      isClosed = true
      clearInterval(poll)
      await listening.then(({ stop }) => stop()).catch(() => {})
      await running
    },
  }
}

async function sendDue(sql: Sql, seal: Seal): Promise<number> {
  const due = await asActor(sql, SYSTEM, tx => claimWebhookDeliveries(tx, { atMost: AT_ONCE, leaseMs: LEASE_MS }))
  await Promise.all(
    due.map(async delivery => {
      const outcome = await attempt(delivery, seal, sql.clock())
      await asActor(sql, SYSTEM, tx => recordWebhookAttempt(tx, delivery.id, outcome))
    }),
  )
  return due.length
}

async function attempt({ url, messageId, payload, sealedSecrets }: DueDelivery, seal: Seal, now: Date): Promise<DeliveryOutcome> {
  const began = performance.now()
  const done = (outcome: Omit<DeliveryOutcome, 'durationMs'>): DeliveryOutcome => ({ ...outcome, durationMs: performance.now() - began })
  try {
    const body = JSON.stringify(payload)
    const secrets = sealedSecrets.map(secret => seal.open(secret))
    await refuseForbidden(url)
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'surety-webhooks', ...signatureHeaders(secrets, messageId, now, body) },
      // A receiver that moved says so to people; following it could lead anywhere.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.body?.cancel()
    return response.ok
      ? done({ kind: 'delivered', status: response.status })
      : done({ kind: 'failed', status: response.status, error: `answered ${response.status}` })
  } catch (error) {
    return done({ kind: 'failed', error: describe(error) })
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error ? `${error.message}: ${cause.message || (cause as { code?: string }).code}` : error.message
}
