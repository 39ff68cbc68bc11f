import { isCurrency } from '@surety/credit'
import type { Text } from '@surety/engine'
import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import { selectPage, type Page, type PageRequest } from './page.ts'
import { today, type Tx } from './sql.ts'

export interface ExchangeRate {
  readonly from: string
  readonly to: string
  readonly on: string
  /** The price of one unit of `from` in `to`. */
  readonly rate: string
  readonly source: string
}

/** Stores rates; a newer word on the same pair and day takes the place of the earlier one. Gives back how many were new or other. */
export async function setExchangeRates(tx: Tx, rates: readonly ExchangeRate[]): Promise<number> {
  const last = new Map(rates.map(rate => [`${rate.from} ${rate.to} ${rate.on}`, rate]))
  const { count } = await tx`
    insert into exchange_rates (from_currency, to_currency, valid_on, rate, source)
    select "from", "to", "on", rate, source
    from jsonb_to_recordset(${tx.json([...last.values()] as never)}) as r ("from" text, "to" text, "on" date, rate numeric, source text)
    on conflict (from_currency, to_currency, valid_on) do update set rate = excluded.rate, source = excluded.source
    where exchange_rates.rate <> excluded.rate`
  if (count === 0) return 0
  const newest = rates.reduce((last, rate) => (rate.on > last.on ? rate : last))
  await appendAudit(tx, { action: 'exchangeRates.set', entity: 'ExchangeRates', entityId: newest.on, after: { changed: count, newest } })
  await publishChange(tx, { entity: 'ExchangeRates', id: newest.on, segmentId: null })
  return count
}

/** Newest day first. */
export async function listExchangeRates(tx: Tx, page: PageRequest): Promise<Page<ExchangeRate>> {
  const matched = tx`
    select x.*, row_number() over (order by valid_on, to_currency desc, from_currency desc) as page_id, row_number() over (order by valid_on, to_currency desc, from_currency desc)::numeric as page_key from exchange_rates x`
  return selectPage<RateRow, ExchangeRate>(tx, matched, 'numeric', true, page, toRate)
}

/** The rate that amounts convert at on a day: as stored, its inverse, or through the euro or another currency; undefined when none is known. */
export async function exchangeRate(tx: Tx, from: string, to: string, on: string = today(tx)): Promise<ExchangeRate | undefined> {
  const [row] = await tx<RateRow[]>`
    select from_currency, ${to}::text as to_currency, valid_on, rate, source from exchange_rates_into(${to}, ${on}::date) where from_currency = ${from}`
  return row && toRate(row)
}

export interface RateProblem {
  readonly line: number
  readonly column?: string
  readonly code: 'NOT_A_DATE' | 'UNKNOWN_CURRENCY' | 'NOT_A_RATE' | 'NO_RATES'
  readonly message: Text
}

/**
 * Rates as the European Central Bank writes them: a header of Date and currencies, then a line a day with the price of one euro; N/A and
 * empty cells are no rate. All that is wrong is told, and then nothing is taken.
 */
export function parseEuroRates(
  csv: string,
  source = 'ECB',
): { readonly kind: 'rates'; readonly rates: ExchangeRate[] } | { readonly kind: 'wrong'; readonly problems: RateProblem[] } {
  const [header = '', ...lines] = csv.replace(/^\uFEFF/, '').split(/\r?\n/)
  const columns = header.split(',').map(cell => cell.trim().replaceAll('"', ''))
  const problems: RateProblem[] = []
  const rates: ExchangeRate[] = []
  if (columns[0]?.toLowerCase() !== 'date')
    problems.push({ line: 1, code: 'NOT_A_DATE', message: { en: 'The first column must be Date.', zh: '第一列须为 Date。' } })
  for (const column of columns.slice(1))
    if (column !== '' && !/^[A-Z]{3}$/.test(column))
      problems.push({
        line: 1,
        column,
        code: 'UNKNOWN_CURRENCY',
        message: {
          en: `${JSON.stringify(column)} is no currency code; write USD.`,
          zh: `${JSON.stringify(column)} 不是货币代码，应写成 USD。`,
        },
      })
  if (problems.length > 0) return { kind: 'wrong', problems }
  for (const [index, text] of lines.entries()) {
    if (text.trim() === '') continue
    const line = index + 2
    const cells = text.split(',').map(cell => cell.trim().replaceAll('"', ''))
    const on = dayOf(cells[0] ?? '')
    if (on === undefined) {
      problems.push({
        line,
        column: 'Date',
        code: 'NOT_A_DATE',
        message: {
          en: `Line ${line}: ${JSON.stringify(cells[0])} is no day; write 2026-03-02.`,
          zh: `第 ${line} 行：${JSON.stringify(cells[0])} 不是日期，应写成 2026-03-02。`,
        },
      })
      continue
    }
    for (const [at, cell] of cells.entries()) {
      const to = columns[at]
      if (at === 0 || !to || cell === '' || cell === 'N/A') continue
      if (!/^\d{1,11}(\.\d{1,12})?$/.test(cell) || Number(cell) === 0)
        problems.push({
          line,
          column: to,
          code: 'NOT_A_RATE',
          message: {
            en: `Line ${line}, ${to}: ${JSON.stringify(cell)} is no rate; write 1.0825.`,
            zh: `第 ${line} 行 ${to}：${JSON.stringify(cell)} 不是汇率，应写成 1.0825。`,
          },
        })
      // Currencies that are no more, such as the mark, are in the long history; nothing here is owed in them.
      else if (isCurrency(to)) rates.push({ from: 'EUR', to, on, rate: cell, source })
    }
  }
  if (problems.length === 0 && rates.length === 0)
    problems.push({ line: 1, code: 'NO_RATES', message: { en: 'There is no rate in the file.', zh: '文件中没有汇率。' } })
  return problems.length > 0 ? { kind: 'wrong', problems } : { kind: 'rates', rates }
}

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']

// The daily file writes 02 March 2026, the history 2026-03-02.
function dayOf(text: string): string | undefined {
  const [, day = '', name = '', year = ''] = /^(\d{1,2}) ([A-Za-z]+) (\d{4})$/.exec(text) ?? []
  const month = MONTHS.indexOf(name.toLowerCase()) + 1
  const iso = month > 0 ? `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}` : text
  const moment = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? Date.parse(`${iso}T00:00:00Z`) : Number.NaN
  return Number.isNaN(moment) || !new Date(moment).toISOString().startsWith(iso) ? undefined : iso
}

interface RateRow {
  readonly from_currency: string
  readonly to_currency: string
  readonly valid_on: string
  readonly rate: string
  readonly source: string
}

function toRate({ from_currency, to_currency, valid_on, rate, source }: RateRow): ExchangeRate {
  return { from: from_currency, to: to_currency, on: valid_on, rate: rate.includes('.') ? rate.replace(/\.?0+$/, '') : rate, source }
}
