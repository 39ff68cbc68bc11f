import { asActor, connect, SYSTEM, type Sql } from '@surety/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createReader } from '../src/reader.ts'

describe('the reads of one request', () => {
  let database: TestDatabase
  let sql: Sql
  let transactions = 0
  beforeAll(async () => {
    database = await createTestDatabase()
    const pool = connect(database.appUrl, { max: 2 })
    sql = new Proxy(pool, {
      get(target, name, receiver) {
        if (name === 'begin') transactions += 1
        return Reflect.get(target, name, receiver)
      },
    })
  })
  afterAll(async () => {
    await sql.end({ timeout: 5 })
    await database.drop()
  })

  const counted = async (work: () => Promise<unknown>): Promise<number> => {
    const before = transactions
    await work()
    return transactions - before
  }

  it('share one transaction while they come together', async () => {
    const read = createReader(sql, SYSTEM)
    expect(await counted(() => Promise.all(Array.from({ length: 20 }, (_, index) => read(tx => tx`select ${index}::int`))))).toBe(1)
  })

  it('share it too when one asks for what the other resolved', async () => {
    const read = createReader(sql, SYSTEM)
    expect(
      await counted(async () => {
        for (let depth = 0; depth < 5; depth += 1) await read(tx => tx`select 1`)
      }),
    ).toBe(1)
  })

  it('give their connection back when nobody reads', async () => {
    const readers = Array.from({ length: 6 }, () => createReader(sql, SYSTEM))
    for (const read of readers) await read(tx => tx`select 1`)
    await new Promise(resolve => setTimeout(resolve, 20))
    // Two connections are all there are: were one held, the third reader would wait for ever.
    const held = await asActor(
      sql,
      SYSTEM,
      tx => tx`select 1 from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`,
    )
    expect(held).toHaveLength(0)
  })

  it('fail alone: the next read works', async () => {
    const read = createReader(sql, SYSTEM)
    await expect(read(tx => tx`select no_such_column`)).rejects.toThrow('no_such_column')
    await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
    expect(await read(tx => tx`select 1 as one`)).toMatchObject([{ one: 1 }])
  })

  it('tell who asked that the database is gone', async () => {
    const nowhere = connect('postgres://nobody@127.0.0.1:1/none', { max: 1 })
    await expect(createReader(nowhere, SYSTEM)(tx => tx`select 1`)).rejects.toThrow()
    await nowhere.end({ timeout: 0 })
  })
})
