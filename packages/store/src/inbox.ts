import { createHash } from 'node:crypto'
import type { Tx } from './sql.ts'

export interface InboxRequest {
  /** Who sends: `api:7`. */
  readonly source: string
  /** Chosen by the sender. */
  readonly key: string
  readonly segmentId: number
  readonly body: string | Uint8Array
}

export type Received<T> =
  | { readonly kind: 'first' | 'repeated'; readonly response: T }
  /** The key was used for another request. */
  | { readonly kind: 'mismatch' }

/** Runs `fn` once for a key of a source and remembers its answer, which is JSON; the same request again gets the same answer. */
export async function receiveOnce<T>(tx: Tx, request: InboxRequest, fn: () => Promise<T>): Promise<Received<T>> {
  const hash = createHash('sha256').update(request.body).digest()
  // A second one waits here until the first has committed or given up.
  const [mine] = await tx`
    insert into inbox (source, key, segment_id, request_hash, received_at) values (${request.source}, ${request.key}, ${request.segmentId}, ${hash}, ${tx.now})
    on conflict (source, key) do nothing returning true`
  if (mine) {
    const response = await fn()
    await tx`update inbox set response = ${tx.json(response ?? null)} where source = ${request.source} and key = ${request.key}`
    return { kind: 'first', response }
  }
  const [known] = await tx<
    { request_hash: Buffer; response: T }[]
  >`select request_hash, response from inbox where source = ${request.source} and key = ${request.key}`
  return known?.request_hash.equals(hash) ? { kind: 'repeated', response: known.response } : { kind: 'mismatch' }
}
