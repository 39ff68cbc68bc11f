import { AGEING_BUCKETS } from '@surety/credit'
import type { AccountStatement } from '@surety/store'
import writeWorkbook from 'write-excel-file/node'
import type { StatementWords } from './statement-words.ts'

type Cell = {
  readonly value: string | number | Date
  readonly type: typeof String | typeof Number | typeof Date
  readonly [style: string]: unknown
} | null

/** A sheet a currency. What others wrote stays text: a name that begins with = is a name. */
export async function statementWorkbook(statements: readonly AccountStatement[], words: StatementWords): Promise<Buffer> {
  const sheets = statements.map(statement => ({
    sheet: statement.currency,
    data: rowsOf(statement, words),
    columns: [{ width: 13 }, { width: 16 }, { width: 24 }, { width: 13 }, { width: 18 }, { width: 18 }],
  }))
  const shown =
    sheets.length > 0
      ? sheets
      : [{ sheet: '-', data: [[text(words.title, { fontWeight: 'bold' })], [text(words.nothing)]], columns: [{ width: 40 }] }]
  return writeWorkbook(shown as never).toBuffer()
}

function rowsOf(statement: AccountStatement, words: StatementWords): Cell[][] {
  const { customer, currency, from, asOf, opening, closing, charged, paid, lines, ageing } = statement
  const format = moneyFormat(opening)
  const money = (amount: string, style: object = {}): Cell => ({ value: Number(amount), type: Number, format, ...style })
  const strong = { fontWeight: 'bold' } as const
  const total = { ...strong, topBorderStyle: 'thin' } as const
  return [
    [text(words.title, { ...strong, fontSize: 14 })],
    [text(words.customer), null, text(customer.name, strong)],
    [text(words.number), null, text(customer.number)],
    [text(words.period(from, asOf))],
    [text(words.currency), null, text(currency)],
    [],
    words.columns.map((column, index) => text(column, { ...strong, bottomBorderStyle: 'thin', align: index > 3 ? 'right' : 'left' })),
    [day(from), text(words.opening, strong), null, null, null, money(opening, strong)],
    ...lines.map(({ on, kind, number, dueOn, amount, balance }) => [
      day(on),
      text(words.kinds[kind]),
      text(number),
      dueOn === null ? null : day(dueOn),
      money(amount),
      money(balance),
    ]),
    [day(asOf), text(words.closing, total), null, null, null, money(closing, total)],
    [],
    [text(words.charged), null, null, null, money(charged)],
    [text(words.paid), null, null, null, money(paid)],
    ...(ageing
      ? [
          [],
          [text(words.ageing, strong)],
          ...AGEING_BUCKETS.map(bucket => [text(words.buckets[bucket]), null, null, null, money(ageing.buckets[bucket].amount)]),
          [text(words.total, total), null, null, null, money(ageing.total, total)],
          [text(words.unapplied), null, null, null, money(ageing.unapplied)],
        ]
      : []),
  ]
}

function text(value: string, style: object = {}): Cell {
  return { value, type: String, ...style }
}

function day(value: string): Cell {
  return { value: new Date(`${value}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd', align: 'left' }
}

function moneyFormat(amount: string): string {
  const decimals = amount.split('.')[1]?.length ?? 0
  return decimals === 0 ? '#,##0' : `#,##0.${'0'.repeat(decimals)}`
}
