import { describe, expect, it } from 'vitest'
import { createDateFormatter, isoDay } from '../src/format/date.ts'
import { formatList } from '../src/format/list.ts'
import { createMoneyFormatter, shiftDecimal } from '../src/format/money.ts'
import { createNumberFormatter } from '../src/format/number.ts'
import { parseAmount } from '../src/format/parse-amount.ts'

const AMOUNTS = [
  '0',
  '5.5',
  '999.99',
  '9999',
  '9999.999',
  '12345',
  '1234567.5',
  '45600000',
  '123456789.01',
  '486200000',
  '-1234.5',
  '123456789012345678.91',
]

describe.each(['zh-CN', 'en'] as const)('money in %s', language => {
  const format = createMoneyFormatter(language)

  it('reads as agreed', () => {
    expect(
      AMOUNTS.map(amount => [
        amount,
        format.money(amount, 'CNY'),
        format.scaled(amount),
        format.compact(amount),
        format.compactMoney(amount, 'CNY'),
      ]),
    ).toMatchSnapshot()
  })

  it('writes each currency with its own minor units, and none that it does not know', () => {
    expect(
      ['CNY', 'USD', 'EUR', 'JPY', 'KWD', 'XXQ', 'nonsense'].map(currency => [
        format.money('1234.5', currency),
        format.tableUnit(currency),
        format.currencyUnit(currency),
      ]),
    ).toMatchSnapshot()
  })

  it('shows a missing amount as a dash, never as zero', () => {
    expect([
      format.money(null, 'CNY'),
      format.scaled(undefined),
      format.compact(null),
      format.amount('', 'CNY'),
      format.compactMoney(null, 'CNY'),
    ]).toEqual(['—', '—', '—', '—', '—'])
  })
})

describe.each(['zh-CN', 'en'] as const)('numbers in %s', language => {
  const format = createNumberFormatter(language)

  it('reads as agreed', () => {
    expect({
      number: format.number('1234567.891'),
      exactly: format.number(5, { exactly: 2 }),
      percent: format.percent(83.456),
      change: format.percentagePoints(1.234, 2),
      fall: format.percentagePoints(-0.1, 2),
      ratio: format.ratio(0.03456),
      tiny: format.ratio(0.00042),
      signed: [format.signed(12), format.signed(-3.25), format.signed(0)],
      missing: [format.number(null), format.percent(undefined), format.signed(null), format.number(Number.NaN)],
    }).toMatchSnapshot()
  })
})

describe.each(['zh-CN', 'en'] as const)('dates in %s', language => {
  const format = createDateFormatter(language)
  const now = new Date(2026, 2, 5, 22, 7)

  it('reads as agreed', () => {
    expect({
      date: format.date('2026-03-05'),
      short: [format.shortDate('2026-03-05', now), format.shortDate('2025-12-11', now)],
      long: format.longDate('2026-03-05'),
      full: format.fullDate('2026-03-05'),
      dateTime: format.dateTime(now),
      longDateTime: format.longDateTime(now),
      time: format.time(now),
      relative: [0, 12 * 60_000, 3 * 3_600_000, 30 * 3_600_000, -2 * 86_400_000, 8 * 86_400_000].map(ago =>
        format.relative(new Date(now.getTime() - ago), now),
      ),
      duration: [12 * 60_000, 5 * 3_600_000, 3 * 86_400_000, 10].map(format.duration),
      missing: [format.date(null), format.date('not a day'), format.relative(undefined, now)],
    }).toMatchSnapshot()
  })

  it('keeps a day the same day in every time zone', () => {
    expect(format.date('2026-01-01')).toBe('2026-01-01')
    expect(isoDay(new Date(2026, 0, 1, 0, 0, 0))).toBe('2026-01-01')
  })
})

it('joins lists as each language does', () => {
  expect(formatList('zh-CN', ['甲', '乙', '丙'], 'disjunction')).toBe('甲、乙或丙')
  expect(formatList('en', ['A', 'B', 'C'], 'disjunction')).toBe('A, B, or C')
})

it.each([
  ['12万', '120000'],
  ['1.2亿', '120000000'],
  ['１，２３４．５', '1234.5'],
  ['￥1,234.50', '1234.5'],
  ['CNY 45.6M', '45600000'],
  ['CN¥12', '12'],
  ['380 万元', '3800000'],
  ['250k', '250000'],
  ['1.2b', '1200000000'],
  ['−5', '-5'],
  ['.5', '0.5'],
  ['007', '7'],
  ['0.1234567890123456789万', '1234.567890123456789'],
  ['', undefined],
  ['twelve', undefined],
  ['1.2.3', undefined],
  ['12万亿x', undefined],
  ['=1+1', undefined],
])('reads %j as an amount of %s', (typed, amount) => {
  expect(parseAmount(typed)).toBe(amount)
})

it.each([
  ['12.5', 4, '125000'],
  ['12.5', -4, '0.00125'],
  ['-1234567.5', -4, '-123.45675'],
  ['0', -4, '0'],
  ['0.10', 0, '0.1'],
])('moves the point of %s by %d places', (decimal, places, expected) => {
  expect(shiftDecimal(decimal, places)).toBe(expected)
})
