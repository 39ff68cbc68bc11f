import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  applyImport,
  approveImport,
  asActor,
  cancelImport,
  createImport,
  errorsCsv,
  findImport,
  stageImport,
  SYSTEM,
  type Import,
} from '../../src/index.ts'
import { createGround, type Ground } from './support.ts'
import { workbookParts, zip } from './zip.ts'

let ground: Ground
beforeAll(async () => {
  ground = await createGround()
})
afterAll(() => ground.close())

const HEADER = 'invoice_number,customer_number,customer_name,invoice_date,due_date,currency,amount\n'
const line = (
  number: string,
  over: { customer?: string; name?: string; date?: string; due?: string; currency?: string; amount?: string } = {},
): string =>
  `${number},${over.customer ?? 'C1'},${over.name ?? 'Acme Ltd'},${over.date ?? '2024-01-15'},${over.due ?? '2024-02-14'},${over.currency ?? 'CNY'},${over.amount ?? '100.00'}\n`

async function bookOf(prefix: string): Promise<string[]> {
  const rows = await asActor(
    ground.sql,
    SYSTEM,
    tx => tx<{ number: string }[]>`select number from documents where number like ${`${prefix}%`} order by number`,
  )
  return rows.map(({ number }) => number)
}

async function csvOf(imported: Import, language: 'en' | 'zh-CN' = 'en'): Promise<string> {
  return asActor(ground.sql, SYSTEM, async tx => {
    let text = ''
    for await (const piece of errorsCsv(tx, imported.id, language)) text += piece
    return text
  })
}

describe('files that can not be read', () => {
  test('bytes of no encoding are refused, with the place', async () => {
    const bytes = Buffer.concat([
      Buffer.from(HEADER + line('A1')),
      Buffer.from('A2,C1,M\xfcller GmbH,2024-01-15,2024-02-14,CNY,1\n', 'latin1'),
    ])
    expect(await ground.stage(bytes)).toMatchObject({
      status: 'failed',
      error: { code: 'WRONG_ENCODING', message: { en: expect.stringContaining('line 3') } },
    })
  })

  test('a chosen encoding that is wrong is refused, with the place', async () => {
    const bytes = iconv.encode(HEADER + line('A1', { name: '青岛泓砺' }), 'gb18030')
    expect(await ground.stage(bytes, { format: { encoding: 'utf-8' } })).toMatchObject({
      status: 'failed',
      error: { code: 'WRONG_ENCODING', message: { zh: expect.stringContaining('第 2 行') } },
    })
  })

  test('a file cut off in the middle of a character is refused', async () => {
    const bytes = Buffer.from(HEADER + line('A1') + 'A2,C1,青')
    expect(await ground.stage(bytes.subarray(0, -1))).toMatchObject({ status: 'failed', error: { code: 'WRONG_ENCODING' } })
  })

  test('a truncated workbook is refused', async () => {
    const whole = zip(workbookParts('<row r="1"><c r="A1" t="inlineStr"><is><t>invoice number</t></is></c></row>'))
    for (const length of [100, Math.round(whole.length / 2), whole.length - 5]) {
      expect(await ground.stage(whole.subarray(0, length), { fileName: 'cut.xlsx' })).toMatchObject({
        status: 'failed',
        error: { code: 'BROKEN_WORKBOOK' },
      })
    }
  })

  test('a workbook whose sheet ends early is refused', async () => {
    const parts = workbookParts('')
    parts['xl/worksheets/sheet1.xml'] = '<worksheet><sheetData><row r="1"><c r="A1"'
    expect(await ground.stage(zip(parts))).toMatchObject({ status: 'failed', error: { code: 'BROKEN_WORKBOOK' } })
  })

  test('a zip bomb is refused before it unpacks', async () => {
    const parts: Record<string, string | Uint8Array> = workbookParts('')
    parts['xl/worksheets/sheet1.xml'] = Buffer.alloc(300 * 1024 ** 2, ' ')
    const bomb = zip(parts)
    expect(bomb.length).toBeLessThan(1024 ** 2)
    const before = process.memoryUsage.rss()
    expect(await ground.stage(bomb)).toMatchObject({ status: 'failed', error: { code: 'ARCHIVE_TOO_LARGE' } })
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 ** 2)
  })

  test('a zip bomb that lies about its size is refused while it unpacks', async () => {
    const parts: Record<string, string | Uint8Array> = workbookParts('')
    parts['xl/worksheets/sheet1.xml'] = Buffer.alloc(100 * 1024 ** 2, ' ')
    const bomb = zip(parts, { claimedSize: (name, size) => (name.includes('sheet1') ? 1000 : size) })
    expect(await ground.stage(bomb)).toMatchObject({ status: 'failed', error: { code: 'ARCHIVE_TOO_LARGE' } })
  })

  test.each([
    ['an encrypted workbook', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]), 'ENCRYPTED_OR_OLD_EXCEL'],
    ['a zip of something else', zip({ 'readme.txt': 'hello' }), 'NOT_A_WORKBOOK'],
    ['a PDF called .csv', Buffer.from('%PDF-1.7 …'), 'NOT_A_TABLE'],
    ['a web page called .xls', Buffer.from('<html><table><tr><td>1</td></tr></table></html>'), 'NOT_A_TABLE'],
    ['nothing at all', Buffer.alloc(0), 'EMPTY_FILE'],
    ['bytes called .csv', Buffer.alloc(4000, 0), 'BINARY_FILE'],
    ['a header without rows', Buffer.from(HEADER), 'NO_ROWS'],
    ['a quote that never closes', Buffer.from(`${HEADER}${line('A1')}"A2,C1\n${line('A3')}`), 'UNCLOSED_QUOTE'],
    [
      'an XML that declares entities',
      zip({ ...workbookParts(''), 'xl/worksheets/sheet1.xml': '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>' }),
      'BROKEN_WORKBOOK',
    ],
  ])('%s is refused and says what to do', async (_, bytes, code) => {
    const staged = await ground.stage(bytes)
    expect(staged).toMatchObject({ status: 'failed', error: { code } })
    expect(staged.error!.message.zh).toMatch(/[\u4e00-\u9fff]/)
  })

  test('a workbook called .csv is read as what it is', async () => {
    const row = (number: number, ...cells: string[]): string =>
      `<row r="${number}">${cells.map(cell => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`
    const staged = await ground.stage(zip(workbookParts(row(1, ...HEADER.trim().split(',')) + row(2, ...line('W1').trim().split(',')))), {
      fileName: 'list.csv',
    })
    expect(staged).toMatchObject({ status: 'ready', format: { kind: 'xlsx', sheet: 'Sheet1', sheets: ['Sheet1'] }, counts: { new: 1 } })
  })
})

describe('rows that are wrong', () => {
  test('a cell of ten million characters makes its row wrong and nothing else', async () => {
    const staged = await ground.stage(
      HEADER +
        line('B1') +
        line('B2', { name: 'x'.repeat(10_000_000) }) +
        line('B3', { name: `"${'""y'.repeat(4_000_000)}"` }) +
        line('B4'),
    )
    expect(staged).toMatchObject({ status: 'ready', counts: { rows: 4, new: 2, wrong: 2 } })
    expect(await ground.errors(staged)).toMatchObject([
      { row: 3, column: 'customer_name', code: 'CELL_TOO_LONG', message: { en: expect.stringContaining('10000000 characters') } },
      { row: 4, column: 'customer_name', code: 'CELL_TOO_LONG' },
    ])
    await ground.apply(staged)
    expect(await bookOf('B')).toEqual(['B1', 'B4'])
  })

  test('a cell of ten million characters in a workbook likewise', async () => {
    const row = (number: number, ...cells: string[]): string =>
      `<row r="${number}">${cells.map(cell => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`
    const cells = (number: string, name: string): string[] => line(number, { name }).trim().split(',')
    const staged = await ground.stage(
      zip({
        ...workbookParts(
          row(1, ...HEADER.trim().split(',')) + row(2, ...cells('BX1', 'x'.repeat(10_000_000))) + row(3, ...cells('BX2', 'Acme')),
        ),
      }),
    )
    // Ten million equal letters shrink like a bomb, but not to the size of one.
    expect(staged).toMatchObject({ status: 'ready', counts: { rows: 2, new: 1, wrong: 1 } })
  })

  test('one number with two contents names both rows, and neither is taken', async () => {
    const staged = await ground.stage(HEADER + line('D1') + line('D2') + line('D1', { amount: '120.00' }) + line('D2'))
    expect(staged.counts).toMatchObject({ rows: 4, new: 1, same: 1, wrong: 2 })
    expect(await ground.errors(staged)).toMatchObject([
      { row: 2, code: 'DUPLICATE', value: 'D1', message: { en: expect.stringContaining('row 4'), zh: expect.stringContaining('第 4 行') } },
      { row: 4, code: 'DUPLICATE', value: 'D1', message: { en: expect.stringContaining('row 2') } },
    ])
    await ground.apply(staged)
    expect(await bookOf('D')).toEqual(['D2'])
  })

  test.each([
    ['a negative invoice', line('E1', { amount: '-5.00' }), 'NEGATIVE_INVOICE', 'amount', /credit note/],
    ['the 31st of February', line('E1', { date: '2024-02-31' }), 'NO_SUCH_DAY', 'invoice_date', /no such day/],
    ['31/02', line('E1', { date: '31/02/2024' }), 'NO_SUCH_DAY', 'invoice_date', /no such day/],
    ['an unknown currency', line('E1', { currency: 'XYZ' }), 'UNKNOWN_CURRENCY', 'currency', /ISO 4217/],
    [
      'a customer that nobody knows',
      line('E1', { customer: 'C404', name: '' }),
      'UNKNOWN_CUSTOMER',
      'customer_number',
      /import customers first/,
    ],
    ['words for an amount', line('E1', { amount: 'a lot' }), 'NOT_AN_AMOUNT', 'amount', /1250\.00/],
    ['more decimals than the currency has', line('E1', { amount: '1.005' }), 'TOO_MANY_DECIMALS', 'amount', /CNY has \(2\)/],
    ['decimals in yen', line('E1', { currency: 'JPY', amount: '10.50' }), 'TOO_MANY_DECIMALS', 'amount', /JPY/],
    ['more money than there is', line('E1', { amount: '1234567890123456' }), 'AMOUNT_TOO_LARGE', 'amount', /15 digits/],
    ['a number that a spreadsheet has rounded', line('1.93057E+12'), 'ROUNDED_NUMBER', 'invoice_number', /format the column as text/],
    ['a year of two digits', line('E1', { date: '13/01/24' }), 'TWO_DIGIT_YEAR', 'invoice_date', /four digits/],
    ['no number', line(''), 'EMPTY', 'invoice_number', /is empty/],
    ['no due date', line('E1', { due: '' }), 'NO_DUE_DATE', 'due_date', /payment terms/],
    ['a cell too many', `E1,C1,Acme, Inc,2024-01-15,2024-02-14,CNY,1.00\n`, 'TOO_MANY_CELLS', null, /8 cells/],
    ['text after a quote', `E1,C1,"Acme" Ltd,2024-01-15,2024-02-14,CNY,1.00\n`, 'TEXT_AFTER_QUOTE', 'customer_name', /double quotes/],
    ['a NUL', line('E1', { name: 'Ac\0me' }), 'CONTROL_CHARACTER', 'customer_name', /control character/],
  ])('%s is an error of its row', async (_, bad, code, column, message) => {
    const staged = await ground.stage(HEADER + line('E0', { date: '2024-01-15' }) + bad)
    expect(staged).toMatchObject({ status: 'ready', counts: { rows: 2, wrong: 1 } })
    const [error, ...others] = await ground.errors(staged)
    expect(others).toEqual([])
    expect(error).toMatchObject({ row: 3, code, column })
    expect(error!.message.en).toMatch(message)
    expect(error!.message.zh).toMatch(/[\u4e00-\u9fff]/)
  })

  test('dates that could be either are asked about, and the answer is remembered for the next such file', async () => {
    const ambiguous =
      'Rechnung,customer_number,customer_name,invoice_date,due_date,amount\nF1,C1,Acme,3/4/2024,5/6/2024,1\nF2,C1,Acme,1/2/2024,7/8/2024,2\n'.replace(
        'Rechnung',
        'invoice_number',
      )
    const staged = await ground.stage(ambiguous)
    expect(staged).toMatchObject({
      status: 'uploaded',
      error: { code: 'AMBIGUOUS_DATES', message: { en: expect.stringContaining('"3/4/2024" in invoice_date') } },
    })
    const chosen = await ground.stage(ambiguous, { format: { dateFormat: 'D/M/YYYY' } })
    await ground.apply(chosen)
    const next = await ground.stage(ambiguous.replaceAll('F', 'G'))
    expect(next).toMatchObject({ status: 'ready', format: { dateFormat: 'D/M/YYYY' } })
    const [row] = await asActor(ground.sql, SYSTEM, tx => tx`select issued_on, due_on from documents where number = 'F1'`)
    expect(row).toEqual({ issued_on: '2024-04-03', due_on: '2024-06-05' })
  })

  test('amounts that could be thousands are asked about', async () => {
    const staged = await ground.stage(
      'Invoice no;Customer no;Customer;Issued;Due;Total\nH1;C1;Acme;2024-01-01;2024-02-01;1.234\nH2;C1;Acme;2024-01-01;2024-02-01;5.678\n',
    )
    expect(staged).toMatchObject({ status: 'uploaded', error: { code: 'AMBIGUOUS_AMOUNTS' } })
  })

  test('a cell that begins with = is data in the book and harmless in the list of errors', async () => {
    const formula = '=HYPERLINK("http://x","y")'
    const quoted = `"${formula.replaceAll('"', '""')}"`
    const staged = await ground.stage(
      HEADER +
        line('I1', { customer: 'C9', name: quoted }) +
        line(quoted, { amount: '-1' }) +
        line('+1', { amount: '-1' }) +
        line('@x', { date: '=1+1' }),
    )
    expect(staged.counts).toMatchObject({ new: 1, wrong: 3 })
    await ground.apply(staged)
    const [customer] = await asActor(ground.sql, SYSTEM, tx => tx`select name from customers where number = 'C9'`)
    expect(customer).toEqual({ name: formula })
    const csv = await csvOf(staged)
    expect(csv).toMatch(/^\ufeffrow,column,code,message,value\r\n/)
    expect(csv).toContain(`"'=1+1"`)
    expect(csv.split(/[\r\n,]+/).filter(cell => /^"?[=+@]/.test(cell))).toEqual([])
    expect(await csvOf(staged, 'zh-CN')).toMatch(/^\ufeff行,列,代码/)
  })

  test('more errors than are kept are counted', async () => {
    const rows = Array.from({ length: 10_300 }, (_, index) => line(`J${index}`, { amount: '-1' })).join('')
    const staged = await ground.stage(HEADER + rows + line('JX'))
    expect(staged.counts).toMatchObject({ rows: 10_301, new: 1, wrong: 10_300 })
    expect(await csvOf(staged)).toMatch(/MORE,and 300 more rows,\r\n$/)
  })
})

describe('at the same time', () => {
  test('two imports into one segment take turns, and each document is in the book once', async () => {
    const content = HEADER + Array.from({ length: 3000 }, (_, index) => line(`K${index}`)).join('')
    const [left, right] = await Promise.all([ground.stage(content), ground.stage(content)])
    const applied = await Promise.all([ground.apply(left), ground.apply(right)])
    expect(applied.map(({ status }) => status)).toEqual(['applied', 'applied'])
    expect(applied.map(({ counts }) => counts!.new).toSorted((a, b) => a - b)).toEqual([0, 3000])
    expect(await bookOf('K')).toHaveLength(3000)
  })

  test('one import applied by two workers is applied once', async () => {
    const staged = await ground.stage(HEADER + line('L1') + line('L2'))
    const applied = await Promise.all([applyImport(ground.sql, SYSTEM, staged.id), applyImport(ground.sql, SYSTEM, staged.id)])
    expect(applied.every(({ status }) => status === 'applied')).toBe(true)
    const [entries] = await asActor(
      ground.sql,
      SYSTEM,
      tx =>
        tx`select count(*)::int as count from audit_entries where entity = 'Import' and entity_id = ${staged.id} and action = 'import.apply'`,
    )
    expect(entries).toEqual({ count: 1 })
  })

  test('an import cancelled while it is read leaves nothing', async () => {
    const created = await asActor(ground.sql, SYSTEM, tx =>
      createImport(tx, { fileName: 'slow.csv', segmentId: ground.segmentId, content: endless('M', 400_000) }),
    )
    let isCancelled = false
    const staging = stageImport(ground.sql, SYSTEM, created.id, {
      onProgress: () => {
        if (isCancelled) return
        isCancelled = true
        void asActor(ground.sql, SYSTEM, tx => cancelImport(tx, created.id))
      },
    })
    expect(await staging).toMatchObject({ status: 'cancelled' })
    expect(await bookOf('M')).toEqual([])
    expect(await leftovers(created.id)).toBe(false)
  })

  test('an import cancelled while it is applied leaves nothing', async () => {
    const staged = await ground.stage(HEADER + Array.from({ length: 150_000 }, (_, index) => line(`N${index}`)).join(''))
    const applying = applyImport(ground.sql, SYSTEM, staged.id)
    await asActor(ground.sql, SYSTEM, tx => cancelImport(tx, staged.id))
    expect(await applying).toMatchObject({ status: 'cancelled' })
    expect(await bookOf('N')).toEqual([])
    expect(await leftovers(staged.id)).toBe(false)
  })

  test('an aborted apply leaves the book as it was and can be run again', async () => {
    const staged = await ground.stage(HEADER + Array.from({ length: 60_000 }, (_, index) => line(`O${index}`)).join(''))
    await expect(applyImport(ground.sql, SYSTEM, staged.id, { signal: AbortSignal.timeout(1) })).rejects.toThrow(/abort/i)
    expect(await bookOf('O')).toEqual([])
    expect(await applyImport(ground.sql, SYSTEM, staged.id)).toMatchObject({ status: 'applied', counts: { new: 60_000 } })
    expect(await applyImport(ground.sql, SYSTEM, staged.id)).toMatchObject({ status: 'applied', counts: { new: 60_000 } })
    expect(await bookOf('O')).toHaveLength(60_000)
  })

  test('a staging table emptied by a crash is read anew before it is applied', async () => {
    const staged = await ground.stage(HEADER + line('P1') + line('P2'))
    await asActor(ground.sql, SYSTEM, tx => tx`truncate ${tx(`staging.import_${staged.id}`)}`)
    expect(await ground.apply(staged)).toMatchObject({ status: 'applied', counts: { new: 2 } })
    expect(await bookOf('P')).toEqual(['P1', 'P2'])
  })

  test('what was ready is approved by version, once', async () => {
    const staged = await ground.stage(HEADER + line('Q1'))
    expect(await asActor(ground.sql, SYSTEM, tx => approveImport(tx, { id: staged.id, version: staged.version + 1 }))).toMatchObject({
      kind: 'conflict',
    })
    expect(await asActor(ground.sql, SYSTEM, tx => approveImport(tx, staged))).toMatchObject({ kind: 'ok', value: { status: 'applying' } })
    expect(await asActor(ground.sql, SYSTEM, tx => approveImport(tx, staged))).toMatchObject({ kind: 'conflict' })
    expect(await ground.apply(staged)).toMatchObject({ status: 'applied' })
    expect(await asActor(ground.sql, SYSTEM, tx => cancelImport(tx, staged.id))).toMatchObject({ kind: 'conflict' })
  })

  test('an import of another segment is not there', async () => {
    const staged = await ground.stage(HEADER + line('R1'))
    const stranger = { kind: 'user', segments: [ground.segmentId + 1] } as const
    expect(await asActor(ground.sql, stranger, tx => findImport(tx, staged.id))).toBeUndefined()
    await expect(applyImport(ground.sql, stranger, staged.id)).rejects.toMatchObject({ code: 'IMPORT_NOT_FOUND' })
  })
})

async function leftovers(importId: string): Promise<boolean> {
  const [row] = await asActor(
    ground.sql,
    SYSTEM,
    tx => tx<{ exists: boolean }[]>`select to_regclass(${`staging.import_${importId}`}) is not null as exists`,
  )
  return row!.exists
}

async function* endless(prefix: string, rows: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from(HEADER)
  for (let from = 0; from < rows; from += 1000)
    yield Buffer.from(Array.from({ length: 1000 }, (_, index) => line(`${prefix}${from + index}`)).join(''))
}
