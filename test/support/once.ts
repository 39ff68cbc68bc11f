type Teardown = () => Promise<void>
interface Shared {
  users: number
  readonly ready: Promise<Teardown>
}

/** A set-up that many suites of one run name but that happens once; the last to leave takes it down. */
export function once(name: string, start: () => Promise<Teardown>): () => Promise<Teardown> {
  return async () => {
    const shared = (RUNNING[name] ??= { users: 0, ready: start() })
    shared.users += 1
    const teardown = await shared.ready
    return async () => {
      shared.users -= 1
      if (shared.users > 0) return
      delete RUNNING[name]
      await teardown()
    }
  }
}

// Kept on the global object: each suite loads its set-up through a module graph of its own.
const RUNNING = ((globalThis as { suretyTestGround?: Record<string, Shared> }).suretyTestGround ??= {})
