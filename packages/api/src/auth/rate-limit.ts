export interface RateLimit {
  /** Counts one more; false when it is one too many. */
  take(key: string, now: number): boolean
}

/** So many in a window, per key. Kept by each process for itself: what must hold across processes, such as a locked account, is in Postgres. */
export function createRateLimit(limit: number, windowMs: number): RateLimit {
  let windows = new Map<string, { count: number; endsAt: number }>()
  return {
    take(key, now) {
      if (windows.size > MAX_KEYS) windows = new Map([...windows].filter(([, window]) => window.endsAt > now))
      const current = windows.get(key)
      const window = current && current.endsAt > now ? current : { count: 0, endsAt: now + windowMs }
      window.count += 1
      windows.set(key, window)
      return window.count <= limit
    },
  }
}

const MAX_KEYS = 10_000
