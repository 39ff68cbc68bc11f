import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, describe, expect, it } from 'vitest'
import { withDatabase } from '../../../test/support/database.ts'
import { asActor, connect, dumpSchema, migrate, pendingMigrations, SYSTEM } from '../src/index.ts'
import { useWorld } from './support.ts'

const world = useWorld()
const made: string[] = []
const OWN = join(import.meta.dirname, '../migrations')

async function emptyDatabase(): Promise<string> {
  const name = `surety_test_clone_${process.pid}_migrate${made.length}`
  await onServer(sql => sql`create database ${sql(name)}`)
  made.push(name)
  return withDatabase(process.env['SURETY_TEST_POSTGRES']!, name)
}

async function onServer(act: (sql: postgres.Sql) => PromiseLike<unknown>): Promise<void> {
  const sql = postgres(process.env['SURETY_TEST_POSTGRES']!, { max: 1, onnotice: () => {} })
  await act(sql)
  await sql.end()
}

function folderWith(...files: [name: string, text: string][]): string {
  const folder = mkdtempSync(join(tmpdir(), 'surety-migrations-'))
  for (const [name, text] of files) writeFileSync(join(folder, name), text)
  return folder
}

afterAll(async () => {
  for (const name of made) await onServer(sql => sql`drop database if exists ${sql(name)} with (force)`)
})

describe('migrate', () => {
  it('applies every file once, whoever starts at the same time', async () => {
    const url = await emptyDatabase()
    const runs = await Promise.all(Array.from({ length: 4 }, () => migrate(url)))
    const files = readdirSync(OWN)
      .filter(name => name.endsWith('.sql'))
      .toSorted()
    expect(runs.flatMap(({ applied }) => applied)).toEqual(files)
    expect((await migrate(url)).applied).toEqual([])
  })

  it('refuses a file that changed after it was applied, and one that is gone', async () => {
    const url = await emptyDatabase()
    const folder = folderWith(['000001-a.sql', 'create table a (id int);'], ['000002-b.sql', 'create table b (id int);'])
    await migrate(url, { folder })
    writeFileSync(join(folder, '000001-a.sql'), 'create table a (id bigint);')
    await expect(migrate(url, { folder })).rejects.toThrow(/000001-a.sql changed after it was applied/)
    rmSync(join(folder, '000002-b.sql'))
    writeFileSync(join(folder, '000001-a.sql'), 'create table a (id int);')
    await expect(migrate(url, { folder })).rejects.toMatchObject({ code: 'MIGRATION_MISMATCH' })
  })

  it('takes a failing file back whole and names it', async () => {
    const url = await emptyDatabase()
    const folder = folderWith(['000001-a.sql', 'create table a (id int); select 1/0;'])
    await expect(migrate(url, { folder })).rejects.toThrow(/000001-a.sql failed and was taken back: division by zero/)
    const sql = postgres(url, { max: 1 })
    expect(await sql`select to_regclass('a') as a`).toEqual([{ a: null }])
    await sql.end()
  })

  it('applies what was written meanwhile, and refuses two of one number and a name without one', async () => {
    const url = await emptyDatabase()
    const folder = folderWith(['000001-a.sql', 'create table a (id int);'], ['000004-d.sql', 'create table d (id int);'])
    expect((await migrate(url, { folder })).applied).toEqual(['000001-a.sql', '000004-d.sql'])
    writeFileSync(join(folder, '000003-c.sql'), 'create table c (id int);')
    expect((await migrate(url, { folder })).applied).toEqual(['000003-c.sql'])
    await expect(migrate(url, { folder: folderWith(['000001-a.sql', ''], ['000001-b.sql', '']) })).rejects.toThrow(/two migrations 000001/)
    await expect(migrate(url, { folder: folderWith(['first.sql', '']) })).rejects.toThrow(/should be called/)
  })

  it('gives the application a role that owns nothing', async () => {
    const sql = connect(world.appUrl)
    await expect(sql`create table mine (id int)`).rejects.toThrow(/permission denied/)
    await expect(sql`alter table customers disable row level security`).rejects.toThrow(/must be owner/)
    await expect(asActor(sql, SYSTEM, tx => tx`delete from audit_entries`)).rejects.toThrow(/permission denied|append-only/)
    expect(await pendingMigrations(sql)).toEqual([])
    await sql.end()
  })
})

describe('schema.sql', () => {
  it('is what the migrations make (run vitest with -u after a new migration)', async () => {
    await expect(await dumpSchema(world.ownerUrl)).toMatchFileSnapshot('../schema.sql')
  })

  it('is the same text for the same schema', async () => {
    const url = await emptyDatabase()
    const folder = mkdtempSync(join(tmpdir(), 'surety-migrations-'))
    cpSync(OWN, folder, { recursive: true })
    await migrate(url, { folder })
    expect(await dumpSchema(url)).toBe(await dumpSchema(world.ownerUrl))
  })
})
