import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts'
import {
  applyImport,
  asActor,
  connect,
  createImport,
  createSegment,
  importErrors,
  stageImport,
  SYSTEM,
  type Import,
  type ImportError,
  type ImportRunOptions,
  type NewImport,
  type Sql,
} from '../../src/index.ts'

/** A database of one's own with one segment, and the short ways of importing that tests take. */
export interface Ground {
  readonly sql: Sql
  readonly database: TestDatabase
  readonly segmentId: number
  stage(content: string | Uint8Array, input?: Partial<NewImport>, options?: ImportRunOptions): Promise<Import>
  apply(imported: Import, options?: ImportRunOptions): Promise<Import>
  /** Stages and applies. */
  load(content: string | Uint8Array, input?: Partial<NewImport>): Promise<Import>
  errors(imported: Import): Promise<readonly ImportError[]>
  close(): Promise<void>
}

export async function createGround(): Promise<Ground> {
  const database = await createTestDatabase()
  const sql = connect(database.appUrl, { clock: () => new Date('2024-06-30T12:00:00Z') })
  const segment = await asActor(sql, SYSTEM, tx => createSegment(tx, { code: 'main', name: { en: 'Main', zh: '主板块' }, currency: 'CNY' }))
  const ground: Ground = {
    sql,
    database,
    segmentId: segment.id,
    async stage(content, input = {}, options) {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content
      const created = await asActor(sql, SYSTEM, tx =>
        createImport(tx, { fileName: 'file.csv', segmentId: segment.id, content: pieces(bytes), ...input }),
      )
      return stageImport(sql, SYSTEM, created.id, options)
    },
    apply: (imported, options) => applyImport(sql, SYSTEM, imported.id, options),
    async load(content, input) {
      const staged = await ground.stage(content, input)
      if (staged.status !== 'ready') throw new Error(`not ready but ${staged.status}: ${JSON.stringify(staged.error)}`)
      return ground.apply(staged)
    },
    async errors(imported) {
      const page = await asActor(sql, SYSTEM, tx => importErrors(tx, imported.id, { first: 500 }))
      return page.edges.map(({ node }) => node)
    },
    async close() {
      await sql.end()
      await database.drop()
    },
  }
  return ground
}

// Cut where it hurts: in the middle of characters, quotes and line ends.
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const size = bytes.length < 5000 ? 7 : 64 * 1024
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const SHARED = process.env['SURETY_SHARED_DATA'] ?? resolve(import.meta.dirname, '../../../../../shared/data')

/** A file of the shared data folder; undefined, with a word about it, where that folder is not. */
export function sharedFile(path: string): Buffer | undefined {
  const file = resolve(SHARED, path)
  if (existsSync(file)) return readFileSync(file)
  console.warn(`skipped: ${path} is not in the shared data folder (set SURETY_SHARED_DATA)`)
  return undefined
}
