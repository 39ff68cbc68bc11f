import { describe, expect, test } from 'vitest'
import {
  ageing,
  findIndustry,
  GLOSSARY,
  INDUSTRIES,
  industryRisk,
  isFinancialIndustry,
  isSocialCreditCode,
  type AgeingBucket,
} from '../src/index.ts'
import { parseCsv } from '../src/csv-text.ts'
import { socialCreditCode } from '../src/registration-number.ts'

describe('industries', () => {
  test('hold all divisions of both classifications, each once and in both languages', () => {
    expect(INDUSTRIES.filter(({ scheme }) => scheme === 'GB/T 4754')).toHaveLength(97)
    expect(INDUSTRIES.filter(({ scheme }) => scheme === 'NACE')).toHaveLength(88)
    expect(new Set(INDUSTRIES.map(({ scheme, code }) => `${scheme} ${code}`)).size).toBe(185)
    expect(
      INDUSTRIES.every(
        ({ code, label, sectionLabel, risk }) =>
          /^[A-U]\d\d$/.test(code) && label.en && label.zh && sectionLabel.zh && ['low', 'mid', 'high'].includes(risk),
      ),
    ).toBe(true)
  })

  test.each([
    ['C29', 'C29'],
    ['29', 'C29'],
    ['C2911', 'C29'],
    ['2911', 'C29'],
  ])('%s is found under %s', (code, expected) => {
    expect(findIndustry({ scheme: 'GB/T 4754', code })?.code).toBe(expected)
  })

  test('a letter that does not belong to the division finds nothing', () => {
    expect(findIndustry({ scheme: 'GB/T 4754', code: 'A29' })).toBeUndefined()
    expect(findIndustry({ scheme: 'GB/T 4754', code: '' })).toBeUndefined()
    expect(industryRisk({ scheme: 'NACE', code: 'C22' })).toBe('mid')
  })

  test('financial firms are section J here and K there', () => {
    expect([
      isFinancialIndustry({ scheme: 'GB/T 4754', code: 'J66' }),
      isFinancialIndustry({ scheme: 'NACE', code: 'K64' }),
      isFinancialIndustry({ scheme: 'NACE', code: 'J62' }),
    ]).toEqual([true, true, false])
  })
})

test('the glossary explains each term once in both languages', () => {
  expect(new Set(GLOSSARY.map(({ id }) => id)).size).toBe(GLOSSARY.length)
  expect(new Set(GLOSSARY.map(({ term }) => term.zh)).size).toBe(GLOSSARY.length)
  expect(GLOSSARY.every(({ term, meaning }) => term.en && term.zh && meaning.en && meaning.zh)).toBe(true)
})

describe('unified social credit codes', () => {
  test('check themselves', () => {
    const code = socialCreditCode('370200', 'MA3C4D5E')
    expect(isSocialCreditCode(code)).toBe(true)
    for (const at of [2, 9, 16, 17])
      expect(isSocialCreditCode(code.slice(0, at) + (code[at] === '7' ? '8' : '7') + code.slice(at + 1))).toBe(false)
    expect(isSocialCreditCode('91370200MA3C4D5')).toBe(false)
  })
})

declare global {
  interface ImportMeta {
    glob<T>(pattern: string, options: { eager: true; import: string; query?: string }): Record<string, T>
  }
}

describe('the open items of a real ledger', () => {
  const [items] = Object.values(
    import.meta.glob<string>('../../../../shared/data/highradius-open-invoices/*.csv', { eager: true, import: 'default', query: '?raw' }),
  )
  const [reference] = Object.values(
    import.meta.glob<Reference>('../../../../shared/data/highradius-open-invoices/reference_ageing_*.json', {
      eager: true,
      import: 'default',
    }),
  )

  interface Reference {
    readonly as_of: string
    readonly buckets: Readonly<Record<string, { readonly n: number; readonly amount: number }>>
  }

  const BUCKETS: Readonly<Record<AgeingBucket, string>> = {
    'not-due': 'not due',
    '1-30': '1-30',
    '31-60': '31-60',
    '61-90': '61-90',
    'over-90': '90+',
  }

  test.skipIf(items === undefined || reference === undefined)(
    'age to the reference to the cent, per currency (skipped where the shared data folder is missing)',
    () => {
      const [header, ...rows] = parseCsv(items!)
      const column = (name: string): number => header!.cells.indexOf(name)
      const [due, currency, amount] = [column('due_in_date'), column('invoice_currency'), column('total_open_amount')]
      const lines = ageing(
        rows.map(({ cells }) => ({ dueDate: cells[due]!, currency: cells[currency]!, openAmount: cells[amount]! })),
        reference!.as_of,
      )
      const aged = Object.fromEntries(
        lines.flatMap(line =>
          Object.entries(line.buckets).map(([bucket, cell]) => [
            `${line.currency}|${BUCKETS[bucket as AgeingBucket]}`,
            { n: cell.count, amount: Number(cell.amount) },
          ]),
        ),
      )
      expect(aged).toEqual(reference!.buckets)
    },
  )
})
