import postgres from 'postgres'

/** A pool of connections as the application role, and the clock that everything written through it is dated by. */
export type Sql = postgres.Sql<StoreTypes> & { readonly clock: () => Date }

/** A transaction on behalf of somebody; made by `asActor`. */
export type Tx = postgres.TransactionSql<StoreTypes> & {
  readonly actor: Actor
  /** The moment that the transaction works at; everything that it writes carries it. */
  readonly now: Date
}

/** For whom the store works: what they may see, and whom the record names. */
export interface Actor {
  readonly kind: 'user' | 'system' | 'api'
  readonly userId?: string
  readonly personId?: string
  /** `*`: every segment. */
  readonly segments: readonly number[] | '*'
  /** What the doors grant them; the store does not read it. */
  readonly scopes?: readonly string[]
}

/** Background work that belongs to nobody and sees everything. */
export const SYSTEM: Actor = { kind: 'system', segments: '*' }

type StoreTypes = { day: string }

export interface ConnectOptions {
  /** Connections at most; 10 unless said otherwise. */
  readonly max?: number
  readonly clock?: () => Date
  readonly applicationName?: string
  readonly onNotice?: (message: string) => void
}

/** Opens a pool; nothing is connected until the first query. Close it with `sql.end()`. */
export function connect(url: string, options: ConnectOptions = {}): Sql {
  const sql = postgres(url, {
    max: options.max ?? 10,
    onnotice: ({ message }) => options.onNotice?.(message ?? ''),
    connection: { application_name: options.applicationName ?? 'surety', TimeZone: 'UTC' },
    // Dates without a time stay text: a Date would drag a time zone in.
    types: { day: { to: 1082, from: [1082], serialize: (value: string) => value, parse: (value: string): string => value } },
  })
  return Object.assign(sql, { clock: options.clock ?? (() => new Date()) })
}

export interface ActorOptions {
  /** `snapshot`: all queries see the database as it was at the first one. */
  readonly isolation?: 'snapshot'
}

/** Runs `fn` in one transaction that sees and records what the actor may; it commits when `fn` fulfils. */
export async function asActor<T>(sql: Sql, actor: Actor, fn: (tx: Tx) => Promise<T>, options: ActorOptions = {}): Promise<T> {
  const now = sql.clock()
  const mode = options.isolation === 'snapshot' ? 'isolation level repeatable read' : ''
  const result = await sql.begin(mode, async begun => {
    // What triggers write is dated by the same clock.
    await begun`select set_config('surety.segments', ${actor.segments === '*' ? '*' : actor.segments.join(',')}, true), set_config('surety.now', ${now.toISOString()}, true)`
    return { value: await fn(Object.assign(begun, { actor, now })) }
  })
  return (result as { value: T }).value
}

/** The day, in UTC, on which a transaction works. */
export function today(tx: Tx): string {
  return tx.now.toISOString().slice(0, 10)
}
