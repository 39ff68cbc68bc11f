import type { Tx } from './sql.ts'
export interface Blob {
  /** Hex. */
  readonly sha256: string
  readonly size: number
}
/** Stores a stream in pieces of 1 MiB; the same content twice is stored once. */
export declare function putBlob(tx: Tx, content: AsyncIterable<Uint8Array>, options?: { readonly maxBytes?: number }): Promise<Blob>
/** The content piece by piece; throws `BLOB_NOT_FOUND` or, when what comes out is not what went in, `BLOB_DAMAGED`. */
export declare function readBlob(tx: Tx, sha256: string): AsyncGenerator<Uint8Array>
export declare function findBlob(tx: Tx, sha256: string): Promise<Blob | undefined>
