import { Refused } from './problem.ts'

/** Deliveries that are taken in at the same time. */
export const DELIVERIES = 4
/** One holds its idempotency key, its import and its progress, each on a connection. */
export const BULK_CONNECTIONS = DELIVERIES * 3

/** Runs work so many at a time; a few more wait, and who comes then is told to come back. */
export function createTurns(limit: number, maxWaiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async work => {
    if (running >= limit) {
      if (waiting.length >= maxWaiting)
        throw new Refused(503, 'BUSY', {
          en: 'Too much is being taken in at once; try again in a moment.',
          zh: '同时接收的数据过多，请稍后重试。',
        })
      await new Promise<void>(resolve => waiting.push(resolve))
    } else {
      running += 1
    }
    try {
      return await work()
    } finally {
      // A turn passes on to who waits, or is free.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
