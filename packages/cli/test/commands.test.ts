import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ageing, collectBooks, generateLedger, openItems } from '@surety/credit'
import { asActor, connect, createSegment, sealAudit, SYSTEM, type Sql } from '@surety/store'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { surety } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'surety-cli-'))
let database: TestDatabase
let sql: Sql
let here: Record<string, string>
beforeAll(async () => {
  database = await createTestDatabase()
  sql = connect(database.appUrl)
  here = { SURETY_DATABASE_URL: database.appUrl, SURETY_DATABASE_OWNER_URL: database.ownerUrl }
  await asActor(sql, SYSTEM, tx => createSegment(tx, { code: 'main', name: { en: 'Main', zh: '主板块' }, currency: 'CNY' }))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await sql.end()
  await database.drop()
})

describe('the command line', () => {
  test.each([
    ['help that is asked for is an answer', ['--help'], 0],
    ['help of a command too', ['import', '--help'], 0],
    ['no command at all is wrong usage', [], 2],
    ['so is an unknown command', ['improt'], 2],
    ['so is an unknown option', ['facts', '--custumer', '1'], 2],
    ['so is a missing option', ['facts'], 2],
    ['so is a day that is none', ['report', 'ageing', '--as-of', '2024-02-31'], 2],
    ['so is a database that nobody named', ['report', 'ageing'], 2],
    ['so is a file that is not there', ['import', 'nowhere.csv'], 2],
    ['so is a number out of bounds', ['generate', '--customers', '0', '--months', '3', '--out', join(folder, 'x')], 2],
  ])('%s', async (_, args, code) => {
    expect((await surety(args)).code).toBe(code)
  })

  test('a database that does not answer is a failure, in JSON too', async () => {
    const ran = await surety(['report', 'ageing', '--json'], { SURETY_DATABASE_URL: 'postgres://surety_app:x@127.0.0.1:1/surety' })
    expect(ran).toMatchObject({ code: 3, stderr: expect.stringContaining('npm start') })
    expect(ran.json()).toMatchObject({ error: { code: 'ECONNREFUSED' } })
  })

  test('migrations that are applied already are said to be', async () => {
    expect(await surety(['migrate'], here)).toMatchObject({ code: 0, stdout: 'up to date\n' })
  })
})

describe('import', () => {
  const file = join(folder, 'invoices.csv')
  const header = 'invoice_number,customer_number,customer_name,invoice_date,due_date,amount\n'

  test('a dry run shows and does nothing', async () => {
    writeFileSync(file, `${header}1001,0007,Acme,2024-01-10,2024-02-09,100.00\n`)
    const ran = await surety(['import', file, '--dry-run', '--json'], here)
    expect(ran.code).toBe(0)
    expect(ran.json()).toMatchObject({
      kind: 'invoices',
      status: 'dry-run',
      counts: { new: 1, newCustomers: 1 },
      changes: [
        { kind: 'customer', key: '0007' },
        { kind: 'new', key: '1001', after: { amount: '100' } },
      ],
    })
    expect((await surety(['report', 'ageing', '--json', '--as-of', '2024-03-01'], here)).json()).toEqual({ asOf: '2024-03-01', lines: [] })
  })

  test('rows that are right go in, rows that are wrong are findings', async () => {
    writeFileSync(
      file,
      `${header}1001,0007,Acme,2024-01-10,2024-02-09,100.00\n1002,0007,Acme,2024-01-10,2024-02-31,5\n1003,0007,Acme,2024-01-10,2024-02-09,=1+1\n`,
    )
    const errors = join(folder, 'errors.csv')
    const ran = await surety(['import', file, '--errors', errors], here)
    expect(ran.code).toBe(1)
    expect(ran.stdout).toContain('invoices: 3 rows: 1 new, 0 changed, 0 the same, 2 wrong; 1 new customers')
    expect(ran.stdout).toContain('row 3, due_date: "2024-02-31" in due_date: there is no such day. [NO_SUCH_DAY]')
    expect(readFileSync(errors, 'utf8')).toContain(`"'=1+1"`)
    expect((await surety(['import', file], { ...here, LANG: 'zh_CN.UTF-8' })).stdout).toContain('没有这一天')
  })

  test('a file that needs an answer asks, and --map gives it; standard input is a file too', async () => {
    const content = 'Nr,Kunde Nr,vom,bis,Betrag\n2001,0007,10.01.2024,09.02.2024,"1.250,50"\n'
    const asked = await surety(['import', '-', '--kind', 'invoices'], here, content)
    expect(asked).toMatchObject({ code: 1, stdout: expect.stringContaining('--map field=column') })
    const maps = ['number=Nr', 'customerNumber=Kunde Nr', 'issuedOn=vom', 'dueOn=bis', 'amount=Betrag'].flatMap(pair => ['--map', pair])
    const answered = await surety(['import', '-', '--kind', 'invoices', '--date-format', 'D/M/YYYY', '--json', ...maps], here, content)
    expect(answered.json()).toMatchObject({ status: 'applied', counts: { new: 1, totals: [{ amount: '1250.50', currency: 'CNY' }] } })
    expect(await surety(['import', '-', '--map', 'colour=Nr'], here, content)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there are'),
    })
  })

  test('facts and ageing read what came in, as of a day', async () => {
    const facts = await surety(['facts', '--customer', '0007', '--as-of', '2024-02-19', '--json'], here)
    expect(facts.json()).toMatchObject({
      customer: { number: '0007', name: 'Acme' },
      facts: { overdueAmount: { kind: 'known', value: '1350.50' }, overdueDays: { value: 10 } },
    })
    expect((await surety(['facts', '--customer', '0007', '--as-of', '2024-02-19'], here)).stdout).toMatch(/Overdue.*1350\.50/)
    expect((await surety(['report', 'ageing', '--as-of', '2024-02-19'], here)).stdout).toMatch(/CNY +0\.00 +1350\.50/)
    expect(await surety(['facts', '--customer', '7'], here)).toMatchObject({ code: 2, stderr: expect.stringContaining('no customer "7"') })
  })
})

describe('generate', () => {
  const options = ['--customers', '25', '--months', '12', '--seed', 'x', '--end-date', '2024-06-30']

  test('the same options write the same files, which import reads to the same ageing', async () => {
    const [left, right] = [join(folder, 'left'), join(folder, 'right')]
    for (const out of [left, right]) expect((await surety(['generate', ...options, '--out', out])).code).toBe(0)
    const files = ['customers', 'orders', 'invoices', 'credit-notes', 'payments', 'statements']
    const other = await createTestDatabase()
    const there = { SURETY_DATABASE_URL: other.appUrl }
    const otherSql = connect(other.appUrl)
    try {
      await asActor(otherSql, SYSTEM, tx => createSegment(tx, { code: 'main', name: { en: 'Main', zh: '主板块' }, currency: 'CNY' }))
      for (const name of files) {
        expect(readFileSync(join(left, `${name}.csv`), 'utf8')).toBe(readFileSync(join(right, `${name}.csv`), 'utf8'))
        const ran = await surety(['import', join(left, `${name}.csv`), '--json'], there)
        expect([name, ran.json()]).toMatchObject([name, { kind: name.replace('-', '_'), status: 'applied', counts: { wrong: 0 } }])
      }
      const books = [...collectBooks(generateLedger({ customers: 25, months: 12, seed: 'x', endDate: '2024-06-30' }), 'CNY')]
      const expected = ageing(
        books.flatMap(book =>
          openItems(book, '2024-06-30').map(({ document, openAmount }) => ({
            dueDate: document.dueDate,
            currency: document.currency,
            openAmount,
          })),
        ),
        '2024-06-30',
      )
      expect((await surety(['report', 'ageing', '--as-of', '2024-06-30', '--json'], there)).json()).toMatchObject({ lines: expected })
    } finally {
      await otherSql.end()
      await other.drop()
    }
    expect(await surety(['generate', ...options, '--out', left])).toMatchObject({ code: 2, stderr: expect.stringContaining('not empty') })
  })

  test('everything, one record a line, goes to standard output', async () => {
    const ran = await surety(['generate', ...options, '--format', 'ndjson', '--out', '-'])
    const kinds = new Set(
      ran.stdout
        .trim()
        .split('\n')
        .map(line => (JSON.parse(line) as { kind: string }).kind),
    )
    expect([...kinds]).toEqual(expect.arrayContaining(['rate', 'customer', 'document', 'payment', 'application', 'grade', 'limit']))
  })
})

describe('the demo company', () => {
  test('is seeded once: people of each role, policies, customers with their history', async () => {
    const first = await surety(['seed-demo', '--customers', '20', '--months', '6', '--json'], here)
    expect(first.json()).toMatchObject({ kind: 'seeded', customers: 20, graded: 20 })
    expect(await surety(['seed-demo', '--customers', '20', '--months', '6'], here)).toMatchObject({ code: 0, stdout: 'already there\n' })
    const lines = (await surety(['report', 'ageing', '--segment', 'east', '--json'], here)).json() as { lines: unknown[] }
    expect(lines.lines.length).toBeGreaterThan(0)
    expect(await surety(['report', 'ageing', '--segment', 'atlantis'], here)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there are main, north'),
    })
  })
})

describe('verify-audit', () => {
  test('finds the log intact, and broken once somebody has been at it', async () => {
    await sealAudit(sql)
    const intact = await surety(['verify-audit', '--json'], here)
    expect(intact.code).toBe(0)
    expect(intact.json()).toMatchObject({ kind: 'intact' })
    const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
    await owner.begin(async tx => {
      await tx`set local session_replication_role = replica`
      await tx`update audit_entries set reason = 'tampered' where id = (select min(id) from audit_entries)`
    })
    await owner.end()
    const broken = await surety(['verify-audit'], here)
    expect(broken).toMatchObject({ code: 1, stdout: expect.stringContaining('broken at 1') })
  })
})
