import { createHash } from 'node:crypto'
import type { Tx } from './sql.ts'

export interface Blob {
  /** Hex. */
  readonly sha256: string
  readonly size: number
}

export class BlobTooLarge extends Error {
  readonly code = 'BLOB_TOO_LARGE'
  constructor(maxBytes: number) {
    super(`The content is larger than ${maxBytes} bytes.`)
  }
}

export class BlobNotFound extends Error {
  readonly code = 'BLOB_NOT_FOUND'
  constructor(sha256: string) {
    super(`There is no stored content with the SHA-256 ${sha256}.`)
  }
}

/** What comes out is not what went in. */
export class BlobDamaged extends Error {
  readonly code = 'BLOB_DAMAGED'
  constructor(sha256: string) {
    super(`The stored content ${sha256} is damaged; restore it from a backup or upload it again.`)
  }
}

/** Stores a stream in pieces of 1 MiB; the same content twice is stored once. Memory stays at one piece. */
export async function putBlob(tx: Tx, content: AsyncIterable<Uint8Array>, options: { readonly maxBytes?: number } = {}): Promise<Blob> {
  const hash = createHash('sha256')
  // The name of the content is known when it has passed; until then it lies where nobody else sees it.
  await tx`create temporary table blob_draft (number int, content bytea) on commit drop`
  let size = 0
  let chunks = 0
  for await (const piece of pieces(content)) {
    size += piece.length
    if (size > (options.maxBytes ?? Number.POSITIVE_INFINITY)) throw new BlobTooLarge(options.maxBytes!)
    hash.update(piece)
    await tx`insert into blob_draft (number, content) values (${chunks}, ${piece})`
    chunks += 1
  }
  const sha256 = hash.digest()
  const { count } =
    await tx`insert into blobs (sha256, size, chunks, created_at) values (${sha256}, ${size}, ${chunks}, ${tx.now}) on conflict do nothing`
  if (count === 1) await tx`insert into blob_chunks (sha256, number, content) select ${sha256}, number, content from blob_draft`
  await tx`drop table blob_draft`
  return { sha256: sha256.toString('hex'), size }
}

/** The content piece by piece; throws `BLOB_NOT_FOUND`, or `BLOB_DAMAGED` at the end when it is not what went in. */
export async function* readBlob(tx: Tx, sha256: string): AsyncGenerator<Uint8Array> {
  const [blob] = await tx<{ chunks: number }[]>`select chunks from blobs where sha256 = decode(${sha256}, 'hex')`
  if (!blob) throw new BlobNotFound(sha256)
  const hash = createHash('sha256')
  for (let number = 0; number < blob.chunks; number++) {
    const [chunk] = await tx<
      { content: Buffer }[]
    >`select content from blob_chunks where sha256 = decode(${sha256}, 'hex') and number = ${number}`
    if (!chunk) throw new BlobDamaged(sha256)
    hash.update(chunk.content)
    yield chunk.content
  }
  if (hash.digest('hex') !== sha256.toLowerCase()) throw new BlobDamaged(sha256)
}

export async function findBlob(tx: Tx, sha256: string): Promise<Blob | undefined> {
  const [row] = await tx<{ size: string }[]>`select size from blobs where sha256 = decode(${sha256}, 'hex')`
  return row && { sha256: sha256.toLowerCase(), size: Number(row.size) }
}

const PIECE = 1024 * 1024

async function* pieces(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = []
  let length = 0
  for await (const part of content) {
    let rest = part
    while (length + rest.length >= PIECE) {
      const fitting = rest.subarray(0, PIECE - length)
      yield Buffer.concat([...waiting, fitting])
      rest = rest.subarray(fitting.length)
      waiting = []
      length = 0
    }
    // Copied: the source may use its buffer again.
    if (rest.length > 0) waiting.push(Uint8Array.from(rest))
    length += rest.length
  }
  if (length > 0) yield Buffer.concat(waiting)
}
