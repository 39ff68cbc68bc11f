import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import type { Sql } from './sql.ts'

export interface MigrateOptions {
  /** Sets the password of the application role `surety_app`. */
  readonly appPassword?: string
  readonly log?: (line: string) => void
  /** Where the numbered files are; the package's own unless said otherwise. */
  readonly folder?: string | URL
}

/** The role that programs connect as. It owns nothing, so row-level security binds it. */
const APP_ROLE = 'surety_app'

/**
 * Brings the schema up to date. Each file runs in a transaction of its own and once; processes that start at the
 * same time wait for each other. A file that was applied may never change or go away.
 */
export async function migrate(ownerUrl: string, options: MigrateOptions = {}): Promise<{ applied: readonly string[] }> {
  const files = readMigrations(options.folder ?? OWN_FOLDER)
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {}, connection: { application_name: 'surety-migrate', TimeZone: 'UTC' } })
  try {
    await sql`select pg_advisory_lock(${LOCK})`
    await ensureAppRole(sql, options.appPassword)
    await sql`create table if not exists schema_migrations (
      name text primary key,
      sha256 text not null,
      applied_at timestamptz not null default now()
    )`
    const due = unapplied(files, await sql<AppliedRow[]>`select name, sha256 from schema_migrations order by name`)
    for (const file of due) {
      await sql
        .begin(async tx => {
          await tx.unsafe(file.text)
          await tx`insert into schema_migrations (name, sha256) values (${file.name}, ${file.sha256})`
        })
        .catch((cause: unknown) => {
          throw new MigrationFailed(file.name, cause)
        })
      options.log?.(file.name)
    }
    return { applied: due.map(({ name }) => name) }
  } finally {
    // Ends the session, and with it the lock.
    await sql.end()
  }
}

/** Migrations that this release brings and the database lacks; empty when the schema is current. */
export async function pendingMigrations(sql: Sql): Promise<readonly string[]> {
  const [table] = await sql<{ known: boolean }[]>`select to_regclass('public.schema_migrations') is not null as known`
  const applied = table?.known ? await sql<AppliedRow[]>`select name, sha256 from schema_migrations order by name` : []
  return unapplied(readMigrations(OWN_FOLDER), applied).map(({ name }) => name)
}

/** The address of the same database for the application role. */
export function appUrlOf(ownerUrl: string, appPassword: string): string {
  const url = new URL(ownerUrl)
  url.username = APP_ROLE
  url.password = encodeURIComponent(appPassword)
  return url.href
}

export class MigrationFailed extends Error {
  readonly code = 'MIGRATION_FAILED'
  constructor(name: string, cause: unknown) {
    super(`Migration ${name} failed and was taken back: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** The files on disk are not those that made this database. */
export class MigrationMismatch extends Error {
  readonly code = 'MIGRATION_MISMATCH'
}

interface MigrationFile {
  readonly name: string
  readonly text: string
  readonly sha256: string
}

interface AppliedRow {
  readonly name: string
  readonly sha256: string
}

const OWN_FOLDER = new URL('../migrations/', import.meta.url)
const LOCK = '5823001'

function readMigrations(folder: string | URL): MigrationFile[] {
  const base = typeof folder === 'string' ? `${folder}/` : folder
  const names = readdirSync(base)
    .filter(name => name.endsWith('.sql'))
    .toSorted()
  const numbers = new Set<string>()
  for (const name of names) {
    const number = /^(\d{6})-[a-z0-9-]+\.sql$/.exec(name)?.[1]
    if (number === undefined)
      throw new MigrationMismatch(`Migration ${name} should be called 000001-what-it-does.sql, with a number of its own.`)
    if (numbers.has(number)) throw new MigrationMismatch(`There are two migrations ${number}; the later one needs the next number.`)
    numbers.add(number)
  }
  return names.map(name => {
    const text = readFileSync(typeof base === 'string' ? base + name : new URL(name, base), 'utf8')
    return { name, text, sha256: createHash('sha256').update(text).digest('hex') }
  })
}

function unapplied(files: readonly MigrationFile[], applied: readonly AppliedRow[]): MigrationFile[] {
  const byName = new Map(files.map(file => [file.name, file]))
  for (const { name, sha256 } of applied) {
    const file = byName.get(name)
    if (!file)
      throw new MigrationMismatch(
        `This database was made with migration ${name}, which this release does not have. Use the release that made it, or a newer one.`,
      )
    if (file.sha256 !== sha256)
      throw new MigrationMismatch(
        `Migration ${name} changed after it was applied (sha256 ${sha256.slice(0, 12)}… then, ${file.sha256.slice(0, 12)}… now). Restore the file and put the change into a new one.`,
      )
  }
  // Numbers may have gaps: what was written at the same time as something else may be applied after it.
  const known = new Set(applied.map(({ name }) => name))
  return files.filter(({ name }) => !known.has(name))
}

// Roles belong to the whole server, and the lock only to one database, so two first starts on one server may meet here.
async function ensureAppRole(sql: postgres.Sql, password: string | undefined): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const [role] = await sql`select from pg_roles where rolname = ${APP_ROLE}`
      if (!role) await sql.unsafe(`create role ${APP_ROLE} login nosuperuser nocreatedb nocreaterole nobypassrls`)
      // Many short questions at once, the longest about some ten thousand accounts: without room they would spill to disk,
      // and compiling or dividing one among processes costs more than it gives.
      for (const setting of ["work_mem = '32MB'", 'jit = off', 'max_parallel_workers_per_gather = 0'])
        await sql.unsafe(`alter role ${APP_ROLE} set ${setting}`)
      if (password !== undefined) {
        const [statement] = await sql<
          { text: string }[]
        >`select format('alter role %I password %L', ${APP_ROLE}::text, ${password}::text) as text`
        await sql.unsafe(statement!.text)
      }
      return
    } catch (error) {
      const isRace =
        error instanceof postgres.PostgresError &&
        (['42710', '23505'].includes(error.code) || error.message.includes('tuple concurrently updated'))
      if (!isRace || attempt === 20) throw error
      await sleep(20 * attempt)
    }
  }
}
