import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import writeExcelFile from 'write-excel-file/node'
import { CsvReader, detectDelimiter } from '../../src/import/reading/csv.ts'
import { spool } from '../../src/import/reading/spool.ts'
import { openTable, type TableFormat } from '../../src/import/reading/table.ts'
import { workbookParts, zip } from './zip.ts'

async function read(bytes: Uint8Array, chosen: Partial<TableFormat> = {}): Promise<{ format: TableFormat; rows: (readonly string[])[] }> {
  const file = await spool(
    (async function* () {
      yield bytes
    })(),
  )
  try {
    const table = await openTable(file, chosen)
    const rows: (readonly string[])[] = []
    for await (const batch of table.rows()) for (const { cells } of batch) rows.push(cells)
    return { format: table.format, rows }
  } finally {
    await file.close()
  }
}

describe('CSV', () => {
  const cell = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('', '"', '""', 'a,b', 'x\ny', 'x\r\ny', '北京', ' ', '0012'))
  const quote = (text: string): string => (/["\n\r,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

  test('is read as an independent parser reads it, however it is cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(), { maxLength: 8 }),
        (rows, lineEnd, cuts) => {
          fc.pre(rows.every(cells => cells.every(text => !text.includes('\0'))))
          const text = rows.map(cells => cells.map(quote).join(',')).join(lineEnd) + lineEnd
          const expected = parse(text, { relaxColumnCount: true, recordDelimiter: [lineEnd], relaxQuotes: true })
          const at = [0, ...cuts.map(cut => cut % (text.length + 1)).toSorted((left, right) => left - right), text.length]
          const reader = new CsvReader(',')
          const got = [...at.slice(1).flatMap((end, index) => reader.push(text.slice(at[index], end))), ...reader.end()].map(
            ({ cells }) => [...cells],
          )
          expect(got).toEqual(expected)
        },
      ),
      { numRuns: 500 },
    )
  })

  test.each([
    [',', 'a,b,c\n1,"2;3",4\n'],
    [';', 'a;b;c\n1,5;2,5;3\n2,5;1,0;4\n'],
    ['\t', 'a\tb, c\n1\t2, 3\n'],
    ['|', 'a|b\n1|2,3\n'],
    [';', 'sep=;\na;b,c\n'],
    [',', 'only one column\n1\n2\n'],
  ])('is delimited by %j where its rows agree on that', (delimiter, text) => {
    expect(detectDelimiter(text)).toBe(delimiter)
  })

  const text = 'number,名称\n0012,青岛泓砺科技有限公司\n0013,Müller & Söhne\n'
  test.each([
    ['utf-8', Buffer.from(text), 'utf-8'],
    ['utf-8 with a mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
    ['utf-16le with a mark', iconv.encode(text, 'utf-16le', { addBOM: true }), 'utf-16le'],
    ['utf-16be with a mark', iconv.encode(text, 'utf-16be', { addBOM: true }), 'utf-16be'],
    ['utf-16le without', iconv.encode(text, 'utf-16le'), 'utf-16le'],
    ['utf-16be without', iconv.encode(text, 'utf-16be'), 'utf-16be'],
  ])('in %s is understood', async (_, bytes, encoding) => {
    expect(await read(bytes)).toEqual({
      format: { kind: 'csv', encoding, delimiter: ',' },
      rows: [
        ['number', '名称'],
        ['0012', '青岛泓砺科技有限公司'],
        ['0013', 'Müller & Söhne'],
      ],
    })
  })

  test('in GB18030 is understood, rare characters too; Western accents are not taken for it', async () => {
    const chinese = '编号,名称\n1,青岛泓砺科技有限公司\n2,𠮷林\n'
    expect(await read(iconv.encode(chinese, 'gb18030'))).toMatchObject({
      format: { encoding: 'gb18030' },
      rows: [
        ['编号', '名称'],
        ['1', '青岛泓砺科技有限公司'],
        ['2', '𠮷林'],
      ],
    })
    const western = iconv.encode('number,name\n1,Müller & Söhne\n', 'windows-1252')
    await expect(read(western)).rejects.toMatchObject({ code: 'WRONG_ENCODING', message: expect.stringContaining('line 2') })
    expect((await read(western, { encoding: 'windows-1252' })).rows[1]).toEqual(['1', 'Müller & Söhne'])
  })

  test('of many pieces keeps characters whole', async () => {
    const long = `a,b\n${Array.from({ length: 40_000 }, (_, index) => `${index},客户${index}有限公司`).join('\n')}\n`
    const { rows } = await read(Buffer.from(long))
    expect(rows).toHaveLength(40_001)
    expect(rows[33_333]).toEqual(['33332', '客户33332有限公司'])
  })
})

describe('a workbook', () => {
  test('as programs write it is read: text, numbers, dates, several sheets', async () => {
    const bytes = await writeExcelFile([
      {
        sheet: 'Data',
        data: [
          ['number', 'name', 'amount', 'date', 'open'],
          ['0012', '青岛泓砺', 1250.1, new Date(Date.UTC(2024, 1, 29)), true],
          ['0013', 'A & <B>', -0.3, null, false],
        ] as never,
        dateFormat: 'yyyy-mm-dd',
      },
      {
        sheet: 'Other',
        data: [
          ['x', 'y'],
          [1, 2],
        ] as never,
      },
    ] as never).toBuffer()
    expect(await read(bytes)).toEqual({
      format: { kind: 'xlsx', sheet: 'Data', sheets: ['Data', 'Other'] },
      rows: [
        ['number', 'name', 'amount', 'date', 'open'],
        ['0012', '青岛泓砺', '1250.1', '2024-02-29', 'true'],
        ['0013', 'A & <B>', '-0.3', '', 'false'],
      ],
    })
    expect((await read(bytes, { sheet: 'Other' })).rows).toEqual([
      ['x', 'y'],
      ['1', '2'],
    ])
    await expect(read(bytes, { sheet: 'None' })).rejects.toMatchObject({
      code: 'NO_SUCH_SHEET',
      message: expect.stringContaining('Data, Other'),
    })
  })

  test('keeps long numbers whole and drops what floating point adds', async () => {
    const cells =
      '<c r="A1"><v>1.930571429E9</v></c><c r="B1"><v>8734.7099999999991</v></c><c r="D1" s="1"><v>43861</v></c><c r="E1" t="s"><v>1</v></c><c r="F1" t="str"><f>A1</f><v>text</v></c><c r="G1" s="2"><v>0.1</v></c>'
    const bytes = zip(workbookParts(`<row r="3">${cells}</row>`, ['zero', 'shared &amp; kept']))
    expect((await read(bytes)).rows).toEqual([['1930571429', '8734.71', '', '2020-01-31', 'shared & kept', 'text', '0.1']])
  })
})
