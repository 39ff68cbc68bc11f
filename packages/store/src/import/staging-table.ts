import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Tx } from '../sql.ts'
import { copyLine, type StagedRow } from './staged-row.ts'

/** The name of the table in which the rows of an import wait. */
export function stagingTable(importId: string): string {
  return `staging.import_${BigInt(importId)}`
}

/** A fresh staging table, filled as rows come; nothing is kept back but one buffer. */
export async function createStagingTable(tx: Tx, importId: string): Promise<StagingWriter> {
  const table = tx(stagingTable(importId))
  await tx`drop table if exists ${table}`
  // Unlogged: a crash empties it, and then the file is read again.
  await tx`
    create unlogged table ${table} (
      row_number bigint not null,
      number text not null,
      customer_number text not null,
      customer_name text,
      on_day date,
      due_on date,
      currency text,
      amount numeric,
      open_amount numeric,
      terms text,
      settled_on date,
      settled_amount numeric,
      is_disputed boolean,
      invoice_number text,
      applied_amount numeric,
      applied_on date,
      closed_on date,
      cancelled_on date,
      details jsonb,
      content_hash bytea not null
    )`
  return new StagingWriter(await tx`copy ${table} from stdin`.writable())
}

export async function dropStagingTable(tx: Tx, importId: string): Promise<void> {
  await tx`drop table if exists ${tx(stagingTable(importId))}`
}

/** How many rows wait; undefined when there is no table. */
export async function countStaged(tx: Tx, importId: string): Promise<number | undefined> {
  const [found] = await tx<{ exists: boolean }[]>`select to_regclass(${stagingTable(importId)}) is not null as exists`
  if (!found?.exists) return undefined
  const [counted] = await tx<{ count: string }[]>`select count(*) from ${tx(stagingTable(importId))}`
  return Number(counted!.count)
}

export class StagingWriter {
  count = 0
  #lines = ''
  #failure: Error | undefined
  readonly #stream: Writable

  constructor(stream: Writable) {
    this.#stream = stream
    stream.on('error', error => {
      this.#failure ??= error
    })
  }

  /** Returns true when it is time to `flush`. */
  add(row: StagedRow): boolean {
    this.#lines += copyLine(row)
    this.count += 1
    return this.#lines.length >= BUFFER
  }

  async flush(): Promise<void> {
    if (this.#failure) throw this.#failure
    const lines = this.#lines
    this.#lines = ''
    if (lines !== '' && !this.#stream.write(lines)) await once(this.#stream, 'drain')
  }

  async finish(): Promise<void> {
    await this.flush()
    await new Promise<void>((resolve, reject) => {
      this.#stream.once('error', reject)
      this.#stream.end(resolve)
    })
  }

  /** Gives up: the database forgets what was copied, and the transaction with it. */
  abort(reason: Error): void {
    this.#stream.destroy(reason)
  }
}

const BUFFER = 256 * 1024
