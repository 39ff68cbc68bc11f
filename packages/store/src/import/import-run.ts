import type { Text } from '@surety/engine'
import { publishChange } from '../live.ts'
import { asActor, type Actor, type Sql, type Tx } from '../sql.ts'
import { findImport, toImport, type Import, type ImportRow } from './import.ts'
import { dropStagingTable } from './staging-table.ts'

export interface ImportRunOptions {
  /** Stops between two batches of rows; nothing of the step remains. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ImportProgress) => void
}

export interface ImportProgress {
  readonly phase: 'reading' | 'checking' | 'waiting' | 'applying'
  readonly rowsDone: number
  readonly rowsTotal: number | null
}

/** No import has this number, or none that the actor sees. */
export class ImportNotFound extends Error {
  readonly code = 'IMPORT_NOT_FOUND'
  constructor(id: string) {
    super(`There is no import ${id}.`)
  }
}

/** Somebody else is reading or applying the same import at this moment. */
export class ImportBusy extends Error {
  readonly code = 'IMPORT_BUSY'
  constructor(id: string) {
    super(`Import ${id} is being worked on by another process; wait for it to end.`)
  }
}

/** What both steps of an import share: claiming it, telling how far it is, hearing that it is cancelled. */
export class ImportRun {
  readonly sql: Sql
  readonly importId: string
  readonly options: ImportRunOptions
  /** The import was admitted to a segment; the numbers in it may be known in others, so the work sees all. */
  readonly everywhere: Actor
  #toldAt = 0

  constructor(sql: Sql, actor: Actor, importId: string, options: ImportRunOptions) {
    this.sql = sql
    this.importId = importId
    this.options = options
    this.everywhere = { ...actor, segments: '*' }
    this.#actor = actor
  }
  readonly #actor: Actor

  async begin(
    status: 'staging' | 'applying',
    from: readonly string[],
  ): Promise<{ kind: 'begun'; row: ImportRow } | { kind: 'over'; import: Import }> {
    return asActor(this.sql, this.#actor, async tx => {
      if (!(await findImport(tx, this.importId))) throw new ImportNotFound(this.importId)
      const [row] = await tx<ImportRow[]>`select * from imports where id = ${this.importId} for update`
      if (row!.cancel_requested && !['applied', 'failed'].includes(row!.status)) return { kind: 'over', import: await this.#cancelled(tx) }
      if (!from.includes(row!.status)) return { kind: 'over', import: toImport(row!) }
      await tx`update imports set status = ${status}, rows_done = 0, error = null where id = ${this.importId}`
      await publishChange(tx, { entity: 'Import', id: this.importId, segmentId: row!.segment_id })
      return { kind: 'begun', row: row! }
    })
  }

  /** One worker at a time; held until the transaction ends, however it ends. */
  async claim(tx: Tx): Promise<void> {
    const [lock] = await tx<
      { held: boolean }[]
    >`select pg_try_advisory_xact_lock(${IMPORT_LOCK}, ${Number(BigInt(this.importId) % 2_147_483_647n)}) as held`
    if (!lock!.held) throw new ImportBusy(this.importId)
  }

  /** Tells how far it is, on a connection of its own so that others see it, and throws when somebody cancelled. */
  async step(phase: ImportProgress['phase'], rowsDone: number, rowsTotal: number | null): Promise<void> {
    this.options.signal?.throwIfAborted()
    const now = performance.now()
    if (now - this.#toldAt < 500) return
    this.#toldAt = now
    this.options.onProgress?.({ phase, rowsDone, rowsTotal })
    const isCancelled = await asActor(this.sql, this.everywhere, async tx => {
      const [row] = await tx<{ cancel_requested: boolean; segment_id: number }[]>`
        update imports set rows_done = ${rowsDone}, rows_total = ${rowsTotal} where id = ${this.importId} returning cancel_requested, segment_id`
      await publishChange(tx, { entity: 'Import', id: this.importId, segmentId: row!.segment_id })
      return row!.cancel_requested
    })
    if (isCancelled) throw new Cancelled()
  }

  async ask(code: string, message: Text): Promise<Import> {
    return this.#end('uploaded', { code, ...message })
  }

  async fail(code: string, message: Text): Promise<Import> {
    return this.#end('failed', { code, ...message })
  }

  /** What an error in the middle means: a cancellation ends the import, anything else is the caller's to try again. */
  async endBy(error: unknown): Promise<Import> {
    if (!(error instanceof Cancelled)) throw error
    return asActor(this.sql, this.everywhere, tx => this.#cancelled(tx))
  }

  async #cancelled(tx: Tx): Promise<Import> {
    await dropStagingTable(tx, this.importId)
    const [row] = await tx<
      ImportRow[]
    >`update imports set status = 'cancelled', counts = '{}', preview = '[]' where id = ${this.importId} returning *`
    await publishChange(tx, { entity: 'Import', id: this.importId, segmentId: row!.segment_id })
    return toImport(row!)
  }

  async #end(status: 'uploaded' | 'failed', error: { code: string; en: string; zh: string }): Promise<Import> {
    return asActor(this.sql, this.everywhere, async tx => {
      await dropStagingTable(tx, this.importId)
      const [row] = await tx<ImportRow[]>`
        update imports set status = ${status}, error = ${tx.json(error)}, counts = '{}', preview = '[]' where id = ${this.importId} returning *`
      await publishChange(tx, { entity: 'Import', id: this.importId, segmentId: row!.segment_id })
      return toImport(row!)
    })
  }
}

const IMPORT_LOCK = 58_230_021

class Cancelled extends Error {}
