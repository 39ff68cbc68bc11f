import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiKeyActor } from '../api-keys.ts'
import { asActor, isConnectionLoss, type Actor, type Sql } from '../sql.ts'
import { checkOrders, type OrderCheckRequest, type OrderCheckResult } from './check-order.ts'

/** Where a program checks orders: those that wait for one transaction share the next. */
export interface OrderDesk {
  check(actor: Actor, request: OrderCheckRequest): Promise<OrderCheckResult>
}

/** The account was busy all the time that somebody waited; ask again with the same key. */
export class AccountBusy extends Error {
  readonly code = 'ACCOUNT_BUSY'
  constructor(options: ErrorOptions) {
    super('The account was locked by others all the time; ask again with the same key.', options)
  }
}

/** The API key on whose behalf it is was revoked. */
export class KeyRevoked extends Error {
  readonly code = 'KEY_REVOKED'
  constructor() {
    super('This API key was revoked.')
  }
}

/** So many transactions at a time, each a connection. */
const LANES = 2
const AT_MOST = 24
/** Below the second after which the database looks for deadlocks: who waits for a lock here gives way, so that nobody else is made to. */
const PATIENCE_MS = 800
/** With several accounts locked, giving way comes sooner. */
const PATIENCE_OF_MANY_MS = 100
const GIVE_UP_AFTER_MS = 20_000

/**
 * Checks that come while others are under way are decided together in one transaction, in the order in which they came: an account that many want
 * is locked once for all of them. What fails together is tried one by one, and a check whose connection was lost is asked again: its key tells
 * whether it had been answered.
 */
export function createOrderDesk(sql: Sql): OrderDesk {
  const waiting: Asked[] = []
  const atWork = new Set<string>()
  let lanes = 0
  const pump = (): void => {
    while (lanes < LANES) {
      const batch = nextBatch(waiting, atWork)
      if (batch.length === 0) return
      const accounts = new Set(batch.map(accountOf))
      for (const account of accounts) atWork.add(account)
      lanes += 1
      void answer(sql, batch).finally(() => {
        lanes -= 1
        for (const account of accounts) atWork.delete(account)
        pump()
      })
    }
  }
  return {
    check: (actor, request) =>
      new Promise((resolve, reject) => {
        waiting.push({ actor, request, since: performance.now(), resolve, reject })
        pump()
      }),
  }
}

interface Asked {
  readonly actor: Actor
  readonly request: OrderCheckRequest
  readonly since: number
  resolve(result: OrderCheckResult): void
  reject(error: unknown): void
}

// The oldest that can be worked at, and those that can go with it: on behalf of the same, with no key or order twice, and no account that is being worked at.
function nextBatch(waiting: Asked[], atWork: ReadonlySet<string>): Asked[] {
  const batch: Asked[] = []
  const keys = new Set<string>()
  let kind: string | undefined
  for (let place = 0; place < waiting.length && batch.length < AT_MOST;) {
    const asked = waiting[place]!
    const { source, orderNumber, key } = asked.request
    const own = [`order ${source} ${orderNumber}`, `key ${source} ${key}`]
    if (atWork.has(accountOf(asked)) || (kind !== undefined && kindOf(asked) !== kind) || own.some(name => keys.has(name))) {
      place += 1
      continue
    }
    kind = kindOf(asked)
    for (const name of own) keys.add(name)
    batch.push(asked)
    waiting.splice(place, 1)
  }
  return batch
}

function accountOf({ request: { segmentId, customerNumber } }: Asked): string {
  return `${segmentId} ${customerNumber}`
}

function kindOf({ actor, request }: Asked): string {
  return `${request.segmentId} ${request.isDryRun ?? false} ${actor.kind} ${actor.userId ?? keyOf(actor) ?? ''} ${actor.segments}`
}

function keyOf(actor: Actor): string | undefined {
  return (actor as Partial<ApiKeyActor>).keyId
}

async function answer(sql: Sql, batch: readonly Asked[]): Promise<void> {
  try {
    const results = await inOneTransaction(sql, batch)
    for (const [place, asked] of batch.entries()) asked.resolve(results[place]!)
  } catch (error) {
    if (batch.length > 1) {
      for (const asked of batch) await answer(sql, [asked])
      return
    }
    const [asked] = batch as [Asked]
    if (!isWorthAnother(error)) return asked.reject(error)
    if (performance.now() - asked.since > GIVE_UP_AFTER_MS)
      return asked.reject(isConnectionLoss(error) ? error : new AccountBusy({ cause: error }))
    await sleep(20 + Math.random() * 80)
    await answer(sql, batch)
  }
}

function inOneTransaction(sql: Sql, batch: readonly Asked[]): Promise<OrderCheckResult[]> {
  const { actor } = batch[0]!
  const keyId = keyOf(actor)
  return asActor(
    sql,
    actor,
    async tx => {
      // Asked in the same breath, so that programs may remember keys and a revoked one ends at once all the same.
      const key = keyId === undefined ? undefined : tx`select from api_keys where id = ${keyId} and revoked_at is null`.execute()
      const results = await checkOrders(
        tx,
        batch.map(({ request }) => request),
      )
      if (key && (await key).count === 0) throw new KeyRevoked()
      return results
    },
    {
      settings: {
        lock_timeout: String(batch.length > 1 ? PATIENCE_OF_MANY_MS : PATIENCE_MS),
        // The questions are long and always the same: planning them costs more than answering them.
        plan_cache_mode: 'force_generic_plan',
      },
    },
  )
}

// Locked too long, a deadlock, or somebody else was there first with the same key or order; or the connection was lost.
function isWorthAnother(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return isConnectionLoss(error) || ['55P03', '40P01', '40001', '23505'].includes(String(code))
}
