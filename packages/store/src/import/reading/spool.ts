import { open, rm, type FileHandle } from 'node:fs/promises'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file at hand for reading more than once and out of order, without holding it in memory. */
export interface SpooledFile {
  readonly handle: FileHandle
  readonly size: number
  chunks(options?: { readonly end?: number }): AsyncIterable<Buffer>
  close(): Promise<void>
}

/** Writes a stream to a temporary file that has no name any more, so that nothing stays behind whatever happens. */
export async function spool(content: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<SpooledFile> {
  const folder = await mkdtemp(join(tmpdir(), 'surety-import-'))
  const handle = await open(join(folder, 'file'), 'wx+', 0o600)
  try {
    await rm(folder, { recursive: true, force: true })
    let size = 0
    for await (const chunk of content) {
      signal?.throwIfAborted()
      await handle.write(chunk, 0, chunk.length, size)
      size += chunk.length
    }
    return { handle, size, chunks: ({ end } = {}) => readChunks(handle, Math.min(end ?? size, size)), close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

const CHUNK = 256 * 1024

async function* readChunks(handle: FileHandle, end: number): AsyncIterable<Buffer> {
  for (let position = 0; position < end;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, Math.min(CHUNK, end - position), position)
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
