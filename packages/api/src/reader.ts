import { asActor, type Actor, type Sql, type Tx } from '@surety/store'

/** Runs reads of one request for one actor. */
export type Reader = <T>(fn: (tx: Tx) => Promise<T>) => Promise<T>

/**
 * Reads that come while others are under way share their transaction; it ends as soon as nobody needs it.
 * So a request costs one transaction for each of its waves, and holds no connection while it computes or waits.
 */
export function createReader(sql: Sql, actor: Actor): Reader {
  let current: Shared | undefined
  return async fn => {
    const shared = current?.isOpen ? current : (current = share(sql, actor))
    shared.users += 1
    try {
      return await fn(await shared.tx)
    } finally {
      shared.users -= 1
      // One turn later: what this read resolved may ask for more at once.
      setImmediate(() => shared.users === 0 && shared.end())
    }
  }
}

interface Shared {
  readonly tx: Promise<Tx>
  isOpen: boolean
  users: number
  end(): void
}

function share(sql: Sql, actor: Actor): Shared {
  const begun = Promise.withResolvers<Tx>()
  const ended = Promise.withResolvers<void>()
  const shared: Shared = {
    tx: begun.promise,
    isOpen: true,
    users: 0,
    end() {
      shared.isOpen = false
      ended.resolve()
    },
  }
  asActor(sql, actor, async tx => {
    begun.resolve(tx)
    await ended.promise
  }).catch((error: unknown) => {
    // After a failed query nothing more can be read here; whoever asked has already been told.
    shared.isOpen = false
    begun.reject(error)
  })
  return shared
}
