import { randomBytes } from 'node:crypto'
import { appUrlOf } from '@surety/store'
import postgres from 'postgres'

export interface TestDatabase {
  /** Connects as the owner of the schema, whom no row-level rule binds. */
  readonly ownerUrl: string
  /** Connects as the programs do. */
  readonly appUrl: string
  drop(): Promise<void>
}

export const TEST_TEMPLATE = 'surety_test_template'
export const TEST_APP_PASSWORD = 'surety-test'

/** A migrated, empty database of one's own, usually one per test file: a clone of the template, made in a tenth of a second. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = required('SURETY_TEST_POSTGRES')
  const template = required('SURETY_TEST_TEMPLATE')
  const name = `surety_test_clone_${template.split('_').at(-1)}_${randomBytes(6).toString('hex')}`
  await asServerOwner(serverUrl, sql => sql`create database ${sql(name)} template ${sql(template)}`)
  const ownerUrl = withDatabase(serverUrl, name)
  return {
    ownerUrl,
    appUrl: appUrlOf(ownerUrl, TEST_APP_PASSWORD),
    drop: () => asServerOwner(serverUrl, sql => sql`drop database if exists ${sql(name)} with (force)`),
  }
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

async function asServerOwner(url: string, act: (sql: postgres.Sql) => PromiseLike<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await act(sql)
  } finally {
    await sql.end()
  }
}

function required(variable: string): string {
  const value = process.env[variable]
  if (value) return value
  throw new Error(
    `${variable} is not set: this suite’s vitest.config.ts does not say needs: ['postgres'], or the test was started without it.`,
  )
}
