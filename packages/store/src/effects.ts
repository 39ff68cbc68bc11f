import type { Tx } from './sql.ts'

/**
 * Runs `fn` in this transaction unless it was done under this key before; then its remembered result comes back. The result is JSON.
 * Two at once under one key: the second waits for the first.
 */
export async function once<T>(tx: Tx, key: string, fn: () => Promise<T>): Promise<T> {
  const { segments } = tx.actor
  const segmentId = segments !== '*' && segments.length === 1 ? segments[0]! : null
  await tx`select pg_advisory_xact_lock(hashtextextended(${key}, 5823003))`
  const [done] = await tx<{ result: T }[]>`select result from effects where key = ${key}`
  if (done) return done.result
  const result = await fn()
  await tx`insert into effects (key, segment_id, result, at) values (${key}, ${segmentId}, ${tx.json(result ?? null)}, ${tx.now})`
  return result
}
