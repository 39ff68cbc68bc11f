import { describe, expect, test } from 'vitest'
import { createVocabulary, expressionProgram } from '../../src/feel/program.ts'
import { toText, type FeelValue, factReader } from '../../src/feel/values.ts'

const facts: Record<string, unknown> = {
  x: 5,
  income: 1200.5,
  name: 'Müller',
  flag: true,
  nothing: null,
  'monthly sales': 100,
  'sales-per-head': 7,
  应收账款: 88,
  loan: { amount: 1000, rate: 0.05, 'first payment': 12 },
  items: [
    { price: 3, kind: 'a' },
    { price: 8, kind: 'b' },
    { price: 5, kind: 'a' },
  ],
  scores: [3, 1, 2],
  today: '2025-03-31',
}
const read = (name: string) => (name === 'today' ? factReader({ type: 'date' }) : factReader(undefined))
const vocabulary = (nulls: 'feel' | 'unknown') =>
  createVocabulary<null>(Object.keys(facts), name => (Object.hasOwn(facts, name) ? () => read(name)(facts[name]) : undefined), nulls, [
    'first payment',
  ])

function evaluate(text: string, nulls: 'feel' | 'unknown' = 'feel'): FeelValue {
  const program = expressionProgram(text, vocabulary(nulls))
  expect(program.problems).toEqual([])
  return program.run(null, null)
}

describe('values of expressions', () => {
  test.each([
    // Arithmetic is exact decimal.
    ['0.1 + 0.2', '0.3'],
    ['1.005 * 1000', '1005'],
    ['12345678901234567.89 + 0.01', '12345678901234567.9'],
    ['1 / 3', '0.3333333333333333333333333333333333'],
    ['1 / 3 * 3', '1'],
    ['2 / 3 - 1 / 3 = 1 / 3', 'true'],
    ['(1 / 3) ** 2 > 0.1111', 'true'],
    ['10 / 0', 'null'],
    ['-2 ** 2', '4'],
    ['2 ** 3 ** 2', '64'],
    ['2 ** -3', '0.125'],
    ['-10--5', '-5'],
    ['(10+20)-(-5+3)', '32'],
    ['10 + null', 'null'],
    ['"a" + "b"', 'ab'],
    ['"a" + 1', 'null'],
    ['x - 1', '4'],
    // Names.
    ['monthly   sales * 2', '200'],
    ['sales-per-head + 1', '8'],
    ['应收账款 + 1', '89'],
    ['loan.amount * loan.rate', '50'],
    ['loan.first payment', '12'],
    ['items.price', '[3, 8, 5]'],
    ['`monthly sales`', '100'],
    // Logic is three-valued.
    ['true and null', 'null'],
    ['false and null', 'false'],
    ['null or true', 'true'],
    ['not(nothing)', 'null'],
    ['1 and true', 'null'],
    ['nothing > 3', 'null'],
    ['nothing = null', 'true'],
    ['"a" = 1', 'null'],
    ['1 < 2', 'true'],
    ['x between 1 and 5', 'true'],
    ['x in (1, 2, >4)', 'true'],
    ['x in [1..5)', 'false'],
    ['x in ]1..5]', 'true'],
    ['x in (5..9)', 'false'],
    ['x in [1, 5]', 'true'],
    ['if x > 3 then "high" else "low"', 'high'],
    ['if nothing > 3 then "high" else "low"', 'low'],
    // Lists and contexts.
    ['[1, 2, 3][2]', '2'],
    ['[1, 2, 3][-1]', '3'],
    ['[1, 2, 3][item > 1]', '[2, 3]'],
    ['items[kind = "a"].price', '[3, 5]'],
    ['sum(items[price > 3].price)', '13'],
    ['{a: 1, b: a + 1}.b', '2'],
    ['{a: 1}.c', 'null'],
    ['count([1, 2]) + count([])', '2'],
    ['for i in 1..3 return i * i', '[1, 4, 9]'],
    ['for i in scores, j in [1, 10] return i * j', '[3, 30, 1, 10, 2, 20]'],
    ['some s in scores satisfies s > 2', 'true'],
    ['every s in scores satisfies s > 2', 'false'],
    // Builtins.
    ['round half up(2.345, 2)', '2.35'],
    ['round half up(-2.5, 0)', '-3'],
    ['round half even(2.5, 0)', '2'],
    ['decimal(2.345, 2)', '2.34'],
    ['round down(-1.7, 0)', '-1'],
    ['round up(1.21, 1)', '1.3'],
    ['floor(-1.5)', '-2'],
    ['ceiling(1.25, 1)', '1.3'],
    ['round half up(1250, -2)', '1300'],
    ['modulo(-5, 3)', '1'],
    ['abs(-1)', '1'],
    ['sqrt(16)', '4'],
    ['min(scores)', '1'],
    ['max(1, 2, 3)', '3'],
    ['sum([0.1, 0.2])', '0.3'],
    ['mean(1, 2)', '1.5'],
    ['median(scores)', '2'],
    ['sum([])', 'null'],
    ['substring("foobar", 3)', 'obar'],
    ['substring("foobar", -2, 1)', 'a'],
    ['string length("横綱😀")', '3'],
    ['upper case(name)', 'MÜLLER'],
    ['contains(name, "ll")', 'true'],
    ['starts with(name, null)', 'null'],
    ['string(1.50)', '1.5'],
    ['string([1, "a"])', '[1, "a"]'],
    ['number("1,000.5", ",", ".")', '1000.5'],
    ['list contains([1, null], null)', 'true'],
    ['append([1], 2, 3)', '[1, 2, 3]'],
    ['concatenate([1], [2, 3])', '[1, 2, 3]'],
    ['index of([1, 2, 1], 1)', '[1, 3]'],
    ['distinct values([1, 2, 1])', '[1, 2]'],
    ['is defined(nothing)', 'false'],
    ['get or else(nothing, 7)', '7'],
    ['substring(string: "abc", start position: 2)', 'bc'],
    // Dates.
    ['date("2020-01-31") + duration("P1M")', '2020-02-29'],
    ['date("2020-03-01") - date("2020-02-01")', 'P29D'],
    ['date("2020-02-30")', 'null'],
    ['@"2020-02-29".month', '2'],
    ['years and months duration(date("2011-12-22"), date("2013-08-24"))', 'P1Y8M'],
    ['(today() - date("2025-01-01")).days', '89'],
    ['today - duration("P90D") < date("2025-01-01")', 'true'],
    ['date(2024, 2, 29) > @"2024-02-28"', 'true'],
    ['date and time("2020-01-01T10:00:00Z") < date and time("2020-01-01T12:00:00+01:00")', 'true'],
    ['duration("P1D") * 2', 'P2D'],
    ['time("10:30:00").hour', '10'],
  ])('%s is %s', (text, expected) => {
    expect(toText(evaluate(text))).toBe(expected)
  })

  test('full-width signs and digits from a Chinese keyboard mean the ASCII ones', () => {
    expect(evaluate('（ｘ＋１．５）＞＝６')).toBe(true)
    expect(evaluate('x ≥ 5 and x ≤ 5 and x ≠ 6')).toBe(true)
    expect(evaluate('sum（１，２、３）')).toBe(6)
    expect(evaluate('“Ａ，ｂ” = "Ａ，ｂ"')).toBe(true)
    expect(evaluate('“Ａ” = "A"')).toBe(false)
  })

  test('equality with a missing value is unknown to a policy, and false to FEEL', () => {
    expect(evaluate('nothing = "A"', 'unknown')).toBe(null)
    expect(evaluate('nothing = "A"', 'feel')).toBe(false)
    expect(evaluate('not(nothing = "A")', 'unknown')).toBe(null)
    expect(evaluate('nothing = null', 'unknown')).toBe(true)
    expect(evaluate('nothing in ("A", "B")', 'unknown')).toBe(null)
  })

  test('what we do not compile is interpreted', () => {
    const program = expressionProgram('matches(name, "^M.+r$") and x instance of number', vocabulary('feel'))
    expect(program.tree).toBeUndefined()
    expect(program.reads.toSorted()).toEqual(['name', 'x'])
    expect(program.run(null, null)).toBe(true)
    expect(evaluate('replace("abc", "b", "x")')).toBe('axc')
    expect(evaluate('(function(a) a * 2)(x)')).toBe(10)
    expect(toText(evaluate('sort([3, 1, 2], function(a, b) a < b)'))).toBe('[1, 2, 3]')
  })
})

describe('mistakes', () => {
  const problems = (text: string) => expressionProgram(text, vocabulary('unknown')).problems

  test('an unknown name is reported with its place and the name that was probably meant', () => {
    expect(problems('x + incom')).toMatchObject([
      { code: 'UNKNOWN_FACT', at: 4, message: { en: expect.stringContaining('"income"') as string } },
    ])
    expect(problems('sort(itemz, function(a, b) a < b)')).toMatchObject([
      { code: 'UNKNOWN_FACT', message: { en: expect.stringContaining('"items"') as string } },
    ])
    expect(problems('fooo(x)')).toMatchObject([{ code: 'UNKNOWN_FUNCTION', at: 0 }])
  })

  test.each([
    ['1 +', 3],
    ['(1', 2],
    ['"abc', 0],
    ['x in [1..', 9],
    ['if x then 1', 11],
    ['1 2', 2],
    ['', 0],
  ])('%s does not parse', (text, at) => {
    expect(problems(text)).toMatchObject([{ code: 'FEEL_SYNTAX', at }])
  })

  test('hostile texts neither hang nor overflow', () => {
    expect(problems('('.repeat(10_000))).toHaveLength(1)
    expect(problems('-'.repeat(10_000))).toHaveLength(1)
    expect(problems(`1${'+1'.repeat(9000)}`)).toHaveLength(1)
    expect(problems('x'.repeat(30_000))).toHaveLength(1)
    expect(problems('matches(name, "(a+)+$")')).toHaveLength(1)
    expect(evaluate('for a in 1..1000, b in 1..1000, c in 1..1000 return a')).toBe(null)
    expect(evaluate('count(for a in 1..1000000000 return a)')).toBe(null)
    expect(evaluate('9 ** 9 ** 9 ** 9 ** 9')).toBe(null)
    expect(evaluate('{constructor: 1}.__proto__')).toBe(null)
    expect(evaluate('loan.constructor')).toBe(null)
  })
})
