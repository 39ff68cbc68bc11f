import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asActor, connect, createSegment, SYSTEM, takeRecords, type Sql } from '@surety/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { surety } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'surety-reconcile-'))
let database: TestDatabase
let sql: Sql
let here: Record<string, string>
beforeAll(async () => {
  database = await createTestDatabase()
  sql = connect(database.appUrl)
  here = { SURETY_DATABASE_URL: database.appUrl, SURETY_DATABASE_OWNER_URL: database.ownerUrl }
  await asActor(sql, SYSTEM, async tx => {
    const { id } = await createSegment(tx, { code: 'main', name: { en: 'Main', zh: '主板块' }, currency: 'CNY' })
    const invoice = { customerNumber: 'C1', customerName: 'Acme', issuedOn: '2026-01-05', dueOn: '2026-02-04', amount: '100' }
    await takeRecords(tx, {
      kind: 'invoices',
      segmentId: id,
      source: 'erp',
      name: 'test',
      records: [
        { ...invoice, number: 'I-1' },
        { ...invoice, number: 'I-2' },
      ],
    })
  })
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await sql.end()
  await database.drop()
})

const write = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

describe('reconcile', () => {
  test('an extract that agrees is fine, one that does not names what differs', async () => {
    const header = 'type,number,customerNumber,currency,openAmount\n'
    const same = write('same.csv', `${header}invoice,I-1,C1,CNY,100\ninvoice,"I-2",C1,CNY,100.00\n`)
    expect((await surety(['reconcile', '--extract', same, '--source', 'erp'], here)).code).toBe(0)
    const other = write('other.csv', `${header}invoice,I-1,C1,CNY,90\n`)
    const ran = await surety(['reconcile', '--extract', other, '--source', 'erp'], here)
    expect(ran.code).toBe(1)
    expect(ran.stdout).toContain('amount-differs: invoice I-1 of customer C1, CNY ours 100.00, theirs 90.00')
    expect(ran.stdout).toContain('missing-there: invoice I-2')
  })

  test('the ledger against its documents', async () => {
    expect((await surety(['reconcile', '--json'], here)).json()).toMatchObject({ kind: 'ledger', findingCount: 0 })
  })

  test.each([
    ['a file that is not there', 'nowhere.csv', undefined, 'There is no file'],
    ['a missing column', 'columns.csv', 'type,number\n', 'lacks the columns customerNumber, currency, openAmount'],
    [
      'an amount that is none',
      'amount.csv',
      'type,number,customerNumber,currency,openAmount\ninvoice,1,C1,CNY,"1,5"\n',
      'line 2: openAmount is "1,5"',
    ],
  ])('%s is wrong usage', async (_what, name, text, message) => {
    const file = text === undefined ? join(folder, name) : write(name, text)
    const ran = await surety(['reconcile', '--extract', file], here)
    expect(ran.code).toBe(2)
    expect(ran.stderr).toContain(message)
  })
})

describe('rates import', () => {
  test('takes a file of the central bank, once, and none that has something wrong', async () => {
    const file = write('rates.csv', 'Date, USD, JPY, \n02 March 2026, 1.0825, N/A, \n01 March 2026, 1.08, 163.2, \n')
    expect((await surety(['rates', 'import', file, '--json'], here)).json()).toEqual({ rates: 3, changed: 3 })
    expect((await surety(['rates', 'import', file, '--json'], here)).json()).toEqual({ rates: 3, changed: 0 })
    const ran = await surety(['rates', 'import', write('wrong.csv', 'Date,USD\n2026-03-04,1.1\n2026-03-05,one\n')], here)
    expect(ran.code).toBe(1)
    expect(ran.stdout).toContain('Line 3, USD: "one" is no rate; write 1.0825.')
  })
})

describe('webhooks', () => {
  test('are none at first', async () => {
    expect((await surety(['webhooks', '--json'], here)).json()).toEqual([])
  })
})
