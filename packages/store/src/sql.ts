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

// So that what is stuck, or was left by a program that died, holds nothing for ever; in milliseconds.
const TIMEOUTS = { statement_timeout: 600_000, lock_timeout: 120_000, idle_in_transaction_session_timeout: 600_000 }

/** Opens a pool; nothing is connected until the first query. Close it with `sql.end()`. */
export function connect(url: string, options: ConnectOptions = {}): Sql {
  const sql = postgres(url, {
    max: options.max ?? 10,
    onnotice: ({ message }) => options.onNotice?.(message ?? ''),
    connection: { application_name: options.applicationName ?? 'surety', TimeZone: 'UTC', ...TIMEOUTS },
    // Dates without a time stay text: a Date would drag a time zone in.
    types: { day: { to: 1082, from: [1082], serialize: (value: string) => value, parse: (value: string): string => value } },
  })
  return Object.assign(sql, { clock: options.clock ?? (() => new Date()) })
}

export interface ActorOptions {
  /** The moment to work at; the clock's unless said otherwise. */
  readonly at?: Date
  /** `snapshot`: all queries see the database as it was at the first one. */
  readonly isolation?: 'snapshot'
  /** Settings of the database for this transaction alone. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Runs `fn` in one transaction that sees and records what the actor may; it commits when `fn` fulfils. */
export async function asActor<T>(sql: Sql, actor: Actor, fn: (tx: Tx) => Promise<T>, options: ActorOptions = {}): Promise<T> {
  const now = options.at ?? sql.clock()
  const mode = options.isolation === 'snapshot' ? 'isolation level repeatable read' : ''
  const settings = {
    'surety.segments': actor.segments === '*' ? '*' : actor.segments.join(','),
    // What triggers write is dated by the same clock.
    'surety.now': now.toISOString(),
    ...options.settings,
  }
  const state = { isOver: false }
  const run = sql.begin(mode, begun => {
    // Not awaited: it travels with the first question, and when it fails the transaction does.
    void begun`select ${Object.entries(settings).map(([name, value], index) => begun`${index === 0 ? begun`` : begun`, `}set_config(${name}, ${value}, true)`)}`.execute()
    return fn(Object.assign(untilOver(begun, state), { actor, now })).then(
      value => (state.isOver ? NEVER : { value }),
      (error: unknown) => {
        if (isConnectionLoss(error)) state.isOver = true
        // The connection is gone and the transaction with it: a rollback said now would reach whoever has the connection next.
        if (state.isOver) return NEVER
        throw error
      },
    )
  })
  try {
    return (await run).value
  } finally {
    state.isOver = true
  }
}

/** Whether the connection to the database was lost: what was under way is undone, or done without an answer. */
export function isConnectionLoss(error: unknown): boolean {
  return LOSSES.has(String((error as { code?: unknown } | null)?.code))
}

const LOSSES: ReadonlySet<string> = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ERR_STREAM_DESTROYED',
  // terminated by an administrator, crashed, starting up, idle for too long inside a transaction
  '57P01',
  '57P02',
  '57P03',
  '25P03',
  '08003',
  '08006',
])

// Settled by the loss of the connection, which the pool tells by itself.
const NEVER = new Promise<never>(() => {})

class TransactionOver extends Error {
  readonly code = 'TRANSACTION_OVER'
  constructor() {
    super('This transaction has ended, by its own end or by the loss of its connection; nothing more can be asked in it.')
  }
}

// The pool's own transaction goes on asking over a connection that is gone, and breaks it for those who come after.
function untilOver(begun: postgres.TransactionSql<StoreTypes>, state: { readonly isOver: boolean }): postgres.TransactionSql<StoreTypes> {
  const refuse = (): void => {
    if (state.isOver) throw new TransactionOver()
  }
  return new Proxy(begun, {
    apply(target, self, args) {
      refuse()
      return Reflect.apply<unknown, unknown[], unknown>(target as never, self, args)
    },
    get(target, name, self) {
      if (name === 'unsafe' || name === 'savepoint') refuse()
      return Reflect.get(target, name, self) as unknown
    },
  })
}

/** The day, in UTC, on which a transaction works. */
export function today(tx: Tx): string {
  return tx.now.toISOString().slice(0, 10)
}
