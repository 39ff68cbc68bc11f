import { describe, expect, test } from 'vitest'
import {
  ageing,
  ageingBucket,
  altman,
  altmanScore,
  altmanZone,
  availability,
  averageDaysDelinquent,
  bestPossibleDso,
  ceiAverageSales,
  ceiTotalSales,
  dso,
  dsoCountback,
  effectiveLimit,
  emergingMarketScore,
  gradeChange,
  instrumentValue,
  lateInterest,
  limitInForce,
  paymentIndex,
  PAYMENT_INDEX_ANCHORS,
  provisionOf,
  rollRates,
  statementRatios,
  weightedPaymentIndex,
  type BookStatement,
  type Instrument,
  type Limit,
  type Money,
} from '../src/index.ts'

const cny = (amount: string): Money => ({ amount, currency: 'CNY' })
const limit = (amount: string): Limit => ({ kind: 'amount', amount: cny(amount) })

describe('ageing', () => {
  test.each([
    [-5, 'not-due'],
    [0, 'not-due'],
    [1, '1-30'],
    [30, '1-30'],
    [31, '31-60'],
    [60, '31-60'],
    [61, '61-90'],
    [90, '61-90'],
    [91, 'over-90'],
  ])('%i days past due falls into %s', (days, bucket) => {
    expect(ageingBucket(days)).toBe(bucket)
  })

  test('currencies stay apart and totals close', () => {
    const [cad, usd] = ageing(
      [
        { dueDate: '2026-03-05', openAmount: '10.10', currency: 'USD' },
        { dueDate: '2026-03-04', openAmount: '0.20', currency: 'USD' },
        { dueDate: '2025-12-01', openAmount: '7', currency: 'CAD' },
      ],
      '2026-03-05',
    )
    expect(usd).toMatchObject({
      currency: 'USD',
      count: 2,
      total: '10.30',
      overdue: '0.20',
      buckets: { 'not-due': { count: 1, amount: '10.10' }, '1-30': { amount: '0.20' } },
    })
    expect(cad).toMatchObject({ currency: 'CAD', total: '7.00', buckets: { 'over-90': { count: 1, amount: '7.00' } } })
  })
})

describe('payment index', () => {
  test.each<readonly [number, number]>([...PAYMENT_INDEX_ANCHORS, [-45, 100], [-10, 85], [45, 45], [123, 19], [400, 1]])(
    '%i days late is %d',
    (days, index) => {
      expect(paymentIndex(days)).toBeCloseTo(index, 10)
    },
  )

  test('weighs by amount: 50k at 80, 30k at 50 and 20k at 40 make 63', () => {
    expect(
      weightedPaymentIndex([
        { index: 80, amount: 50_000 },
        { index: 50, amount: 30_000 },
        { index: 40, amount: 20_000 },
      ]),
    ).toBe(63)
    expect(weightedPaymentIndex([])).toBeUndefined()
  })
})

describe('Altman', () => {
  test('the published ratios give Z 2.70, in the grey zone', () => {
    const score = altmanScore('z', { x1: 0.34, x2: 0.15, x3: 0, x4: 0.8, x5: 1.6 })
    expect(score.toFixed(2)).toBe('2.70')
    expect(altmanZone('z', score)).toBe('grey')
    expect(altmanScore('z', { x1: 0.1, x2: 0.2, x3: 0.13, x4: 0.65, x5: 0.95 })).toBeCloseTo(2.169, 9)
  })

  test.each([
    ['z', 1.8, 'distress'],
    ['z', 1.81, 'grey'],
    ['z', 2.99, 'grey'],
    ['z', 3, 'safe'],
    ['z-prime', 1.23, 'grey'],
    ['z-prime', 2.9, 'grey'],
    ['z-prime', 2.91, 'safe'],
    ['z-double-prime', 1.09, 'distress'],
    ['z-double-prime', 1.1, 'grey'],
    ['z-double-prime', 2.6, 'grey'],
    ['z-double-prime', 2.61, 'safe'],
  ] as const)('%s of %d is %s', (model, score, zone) => {
    expect(altmanZone(model, score)).toBe(zone)
  })

  const statement: BookStatement = {
    id: 'FS',
    date: '2026-03-01',
    periodEnd: '2025-12-31',
    periodMonths: 12,
    currency: 'CNY',
    currentAssets: '660',
    currentLiabilities: '320',
    totalAssets: '1000',
    totalLiabilities: '500',
    retainedEarnings: '150',
    ebit: '80',
    equity: '500',
    revenue: '1600',
  }

  test('a statement gives Z′ and Z″, and Z only with a market value', () => {
    const usual = { isFinancialFirm: false }
    const prime = altman('z-prime', statement, usual)
    expect(prime.kind === 'score' && prime.score).toBeCloseTo(0.717 * 0.34 + 0.847 * 0.15 + 3.107 * 0.08 + 0.42 * 1 + 0.998 * 1.6, 10)
    const doublePrime = altman('z-double-prime', statement, usual)
    expect(doublePrime.kind === 'score' && doublePrime.score).toBeCloseTo(6.56 * 0.34 + 3.26 * 0.15 + 6.72 * 0.08 + 1.05, 10)
    expect(emergingMarketScore(1)).toBe(4.25)
    expect(altman('z', statement, usual)).toEqual({ kind: 'refused', reason: 'NOT_REPORTED' })
    expect(altman('z', { ...statement, marketCapitalisation: '800' }, usual).kind).toBe('score')
  })

  test.each([
    [{ totalAssets: '0' }, { isFinancialFirm: false }, 'ASSETS_NOT_POSITIVE'],
    [{ totalLiabilities: '0' }, { isFinancialFirm: false }, 'NO_LIABILITIES'],
    [{ periodMonths: 6 }, { isFinancialFirm: false }, 'NOT_A_YEAR'],
    [{}, { isFinancialFirm: true }, 'FINANCIAL_FIRM'],
    [{}, { isFinancialFirm: false, ageDays: 541, maximumAgeDays: 540 }, 'STALE'],
  ])('%j with %j is refused: %s', (change, circumstances, reason) => {
    expect(altman('z-prime', { ...statement, ...change }, circumstances)).toEqual({ kind: 'refused', reason })
  })

  test('ratios have no value where their divisor is zero or less', () => {
    expect(statementRatios(statement)).toMatchObject({ currentRatio: 2.0625, debtRatio: 50 })
    expect(statementRatios({ ...statement, equity: '-5', netIncome: '-20' }).returnOnEquity).toBeUndefined()
    expect(statementRatios({ ...statement, currentLiabilities: '0' }).currentRatio).toBeUndefined()
  })
})

describe('portfolio figures', () => {
  test('DSO, its best possible value and the days delinquent', () => {
    expect(dso(50_000, 150_000, 365)).toBeCloseTo(121.67, 2)
    expect(bestPossibleDso(30_000, 150_000, 365)).toBeCloseTo(73, 10)
    expect(averageDaysDelinquent(121.67, 73)).toBeCloseTo(48.67, 10)
    expect(dso(1, 0, 365)).toBeUndefined()
  })

  test('DSO counted back takes whole months first', () => {
    const months = [100_000, 80_000, 70_000].map(sales => ({ sales, days: 30 }))
    expect(dsoCountback(212_000, months)).toBeCloseTo(73.714286, 6)
    expect(dsoCountback(251_000, months)).toBeUndefined()
    expect(dsoCountback(0, months)).toBe(0)
  })

  test('the collection effectiveness index says which sales it means', () => {
    const period = { beginningReceivables: 6200, creditSales: 10_890, endingReceivables: 6340, endingCurrentReceivables: 3590 }
    expect(ceiAverageSales(period, 3)).toBeCloseTo(55.929487, 6)
    expect(ceiTotalSales(period)).toBeCloseTo(79.62963, 5)
    expect(
      ceiTotalSales({
        beginningReceivables: 100_000,
        creditSales: 1_000_000,
        endingReceivables: 120_000,
        endingCurrentReceivables: 100_000,
      }),
    ).toBe(98)
  })

  test('provision matrices keep their rates unrounded', () => {
    const matrix = (balances: readonly string[], rates: readonly string[]): string =>
      provisionOf(balances.map((balance, at) => ({ balance, rate: rates[at]! })))
    expect(matrix(['15000000', '7500000', '4000000', '2500000', '1000000'], ['0.003', '0.016', '0.036', '0.066', '0.106'])).toBe('580000')
    expect(matrix(['15000', '7500', '4000', '2500'], ['0.005', '0.022', '0.027', '0.045'])).toBe('460.5')
    const rates = rollRates(['100000', '50000', '23000', '8000', '2000'], '2000')
    expect(rates.slice(0, 2)).toEqual(['0.02', '0.04'])
    expect(Number(matrix(['300000', '140000', '60000', '23000', '5000'], rates))).toBeCloseTo(27_567.391304, 6)
  })

  test('100 for 15 days at 10 % costs 0.41, and with a fee of 10 comes to 110.41', () => {
    expect(lateInterest(cny('100'), 10, 15)).toEqual(cny('0.41'))
  })
})

describe('limits', () => {
  const none: Limit = { kind: 'none' }
  const unlimited: Limit = { kind: 'unlimited' }

  test.each<[string, Limit | undefined, Limit | undefined, Limit | undefined]>([
    ['the lower of the two: own', limit('10000'), limit('15000'), limit('10000')],
    ['the lower of the two: group', limit('20000'), limit('15000'), limit('15000')],
    ['none stays none', none, limit('15000'), none],
    ['unlimited stays unlimited inside a group', unlimited, limit('15000'), unlimited],
    ['not set takes the group’s', undefined, limit('15000'), limit('15000')],
    ['no group', limit('10000'), undefined, limit('10000')],
    ['a group without credit', limit('10000'), none, none],
    ['an unlimited group', limit('10000'), unlimited, limit('10000')],
    ['nothing decided', undefined, undefined, undefined],
  ])('%s', (_, own, group, expected) => {
    expect(effectiveLimit(own, group)).toEqual(expected)
  })

  test('a temporary limit counts on its days and then returns by itself', () => {
    const temporary = { limit: limit('900'), from: '2026-03-01', until: '2026-03-31' }
    expect(['2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01'].map(day => limitInForce(limit('500'), temporary, day))).toEqual([
      limit('500'),
      limit('900'),
      limit('900'),
      limit('500'),
    ])
  })

  const guarantee: Instrument = {
    type: 'guarantee',
    effect: 'raises-limit',
    value: cny('50000'),
    percentage: 50,
    effectiveFrom: '2026-01-01',
    expiresOn: '2026-12-31',
  }
  const insurance: Instrument = {
    type: 'insurance',
    effect: 'reduces-exposure',
    value: cny('2400000'),
    percentage: 90,
    effectiveFrom: '2026-01-01',
  }

  test('a guarantee of 50 000 at 50 % lifts 100 000 to 125 000', () => {
    const room = availability({ limit: limit('100000'), exposure: cny('0'), instruments: [guarantee], asOf: '2026-03-05' })
    expect(room).toMatchObject({ capacity: cny('125000'), available: cny('125000'), utilisation: 0 })
  })

  test('the customer of the mocks: 300 and 100 guaranteed against 550 of which 216 are insured leaves 66', () => {
    const room = availability({
      limit: limit('3000000'),
      exposure: cny('5500000'),
      instruments: [{ ...guarantee, value: cny('2000000') }, insurance],
      asOf: '2026-03-05',
    })
    expect(room).toMatchObject({ countedExposure: cny('3340000'), capacity: cny('4000000'), available: cny('660000'), utilisation: 83.5 })
  })

  test('insurance takes exposure off and never adds to the limit', () => {
    expect(availability({ limit: limit('100'), exposure: cny('40'), instruments: [insurance], asOf: '2026-03-05' }).available).toEqual(
      cny('100'),
    )
  })

  test('instruments count within their dates and up to their cap', () => {
    expect(instrumentValue(guarantee, '2027-01-01').amount).toBe('0')
    expect(instrumentValue(guarantee, '2026-12-31').amount).toBe('25000.00')
    expect(instrumentValue({ ...guarantee, cap: cny('20000') }, '2026-12-31')).toEqual(cny('20000'))
  })

  test('unlimited has no utilisation and none has nothing available', () => {
    expect(availability({ limit: unlimited, exposure: cny('9'), instruments: [], asOf: '2026-03-05' })).not.toHaveProperty('utilisation')
    expect(availability({ limit: none, exposure: cny('9'), instruments: [], asOf: '2026-03-05' })).toMatchObject({ available: cny('-9') })
  })

  test('a better grade is a rise', () => {
    expect([gradeChange('C', 'A'), gradeChange('B', 'C')]).toEqual([2, -1])
  })
})
