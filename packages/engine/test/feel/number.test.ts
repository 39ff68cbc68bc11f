import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  add,
  compareNumbers,
  divide,
  type FeelNumber,
  multiply,
  numberToText,
  parseNumber,
  round,
  type Rounding,
  subtract,
  toDouble,
} from '../../src/feel/number.ts'

const Exact = Decimal.clone({ precision: 34, rounding: Decimal.ROUND_HALF_EVEN })
const decimals = fc.oneof(
  fc
    .tuple(fc.integer({ min: -10_000_000, max: 10_000_000 }), fc.integer({ min: 0, max: 8 }))
    .map(([count, places]) => new Exact(count).div(new Exact(10).pow(places)).toFixed()),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 6 }))
    .map(([count, places]) => new Exact(count.toString()).div(new Exact(10).pow(places)).toFixed()),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e20, max: 1e20 }).map(number => new Exact(number).toFixed()),
)

test('quick sums and products are the exact ones', () => {
  fc.assert(
    fc.property(decimals, decimals, (left, right) => {
      const a = parseNumber(left) as FeelNumber
      const b = parseNumber(right) as FeelNumber
      const expected = (value: Decimal): string => (value.isFinite() ? value.toFixed() : 'null')
      const text = (value: FeelNumber | null): string => (value === null ? 'null' : numberToText(value))
      expect(text(add(a, b))).toBe(expected(new Exact(left).plus(right)))
      expect(text(subtract(a, b))).toBe(expected(new Exact(left).minus(right)))
      expect(text(multiply(a, b))).toBe(expected(new Exact(left).times(right)))
      expect(text(divide(a, b))).toBe(new Exact(right).isZero() ? 'null' : expected(new Exact(left).div(right)))
      expect(Math.sign(compareNumbers(a, b))).toBe(new Exact(left).cmp(right))
    }),
    { numRuns: 3000, seed: 11 },
  )
})

const modes: readonly (readonly [Rounding, Decimal.Rounding])[] = [
  ['half-up', Decimal.ROUND_HALF_UP],
  ['half-down', Decimal.ROUND_HALF_DOWN],
  ['half-even', Decimal.ROUND_HALF_EVEN],
  ['up', Decimal.ROUND_UP],
  ['down', Decimal.ROUND_DOWN],
  ['floor', Decimal.ROUND_FLOOR],
  ['ceiling', Decimal.ROUND_CEIL],
]

test('chains of quotients are those of fractions, and round as they do', () => {
  const Wide = Decimal.clone({ precision: 120 })
  const small = fc
    .tuple(
      fc.integer({ min: -100_000, max: 100_000 }).filter(count => count !== 0),
      fc.integer({ min: 0, max: 4 }),
    )
    .map(([count, places]) => new Exact(count).div(new Exact(10).pow(places)).toFixed())
  fc.assert(
    fc.property(
      small,
      small,
      small,
      small,
      fc.integer({ min: 0, max: 4 }),
      fc.constantFrom(...modes),
      (a, b, c, d, places, [mode, expected]) => {
        const [x, y, z, w] = [a, b, c, d].map(text => parseNumber(text) as FeelNumber) as [FeelNumber, FeelNumber, FeelNumber, FeelNumber]
        const chain = add(multiply(divide(x, y) as FeelNumber, z) as FeelNumber, divide(w, y) as FeelNumber) as FeelNumber
        const fraction = new Wide(a).div(b).times(c).plus(new Wide(d).div(b)).toSignificantDigits(60)
        expect(toDouble(round(chain, places, mode) as FeelNumber)).toBe(fraction.toDecimalPlaces(places, expected).toNumber() + 0)
        expect(toDouble(chain)).toBe(fraction.toNumber() + 0)
      },
    ),
    { numRuns: 3000, seed: 12 },
  )
})

test.each([
  ['70.5', 0, 'half-up', 71],
  ['70.4', 0, 'half-up', 70],
  ['-70.5', 0, 'half-up', -71],
  ['2.5', 0, 'half-even', 2],
  ['1.005', 2, 'half-up', 1.01],
  ['1250', -2, 'half-up', 1300],
  ['-1.21', 1, 'up', -1.3],
  ['-1.29', 1, 'down', -1.2],
  ['-1.21', 1, 'floor', -1.3],
] as readonly (readonly [string, number, Rounding, number])[])('%s to %d decimals, %s, is %d', (text, places, mode, expected) => {
  expect(round(parseNumber(text) as FeelNumber, places, mode)).toBe(expected)
})
