import type { Result } from './result.ts'
import type { Tx } from './sql.ts'
/**
 * Runs `fn` once for a key of a source and remembers its answer; the same request again gets the same answer.
 * The same key with another request is a conflict.
 */
export declare function receiveOnce<T>(tx: Tx, request: { readonly source: string; readonly key: string; readonly segmentId: number; readonly body: string | Uint8Array }, fn: () => Promise<T>): Promise<Result<{ readonly response: T; readonly isRepeat: boolean }>>
