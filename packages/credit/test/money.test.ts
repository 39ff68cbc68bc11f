import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addMoney,
  compareMoney,
  convertMoney,
  CURRENCIES,
  CurrencyMismatch,
  minorUnits,
  multiplyMoney,
  parseMoney,
  roundMoney,
  subtractMoney,
  sumMoney,
  type Money,
} from '../src/index.ts'

const cny = (amount: string): Money => ({ amount, currency: 'CNY' })

describe('money', () => {
  test('adds what floating point cannot', () => {
    expect(addMoney(cny('0.1'), cny('0.2'))).toEqual(cny('0.3'))
    expect(compareMoney(addMoney(cny('0.10'), cny('0.20')), cny('0.3'))).toBe(0)
  })

  test('sums are exact in any order and a sum taken back leaves zero', () => {
    const amounts = fc.array(
      fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }).map(minor =>
        cny(
          `${minor < 0n ? '-' : ''}${String(minor < 0n ? -minor : minor)
            .padStart(3, '0')
            .replace(/(..)$/, '.$1')}`,
        ),
      ),
    )
    fc.assert(
      fc.property(amounts, list => {
        const total = sumMoney('CNY', list)
        expect(compareMoney(total, sumMoney('CNY', list.toReversed()))).toBe(0)
        expect(compareMoney(list.reduce(subtractMoney, total), cny('0'))).toBe(0)
      }),
    )
  })

  test.each([
    ['2.345', 'half-up', '2.35'],
    ['-2.345', 'half-up', '-2.35'],
    ['2.345', 'half-even', '2.34'],
    ['2.341', 'up', '2.35'],
    ['2.349', 'down', '2.34'],
    ['-0.001', 'half-up', '0.00'],
  ] as const)('%s rounds %s to %s', (amount, rounding, expected) => {
    expect(roundMoney(cny(amount), rounding)).toEqual(cny(expected))
  })

  test('rounds to the minor unit of the currency', () => {
    expect(roundMoney({ amount: '12.5', currency: 'JPY' }).amount).toBe('13')
    expect(roundMoney({ amount: '12.5', currency: 'KWD' }).amount).toBe('12.500')
  })

  test('the table of currencies has three-letter codes, each once', () => {
    expect(CURRENCIES.every(code => /^[A-Z]{3}$/.test(code))).toBe(true)
    expect(new Set(CURRENCIES).size).toBe(CURRENCIES.length)
    expect(['CNY', 'JPY', 'KWD', 'CLF'].map(minorUnits)).toEqual([2, 0, 3, 4])
  })

  test('currencies never mix by accident', () => {
    expect(() => addMoney(cny('1'), { amount: '1', currency: 'USD' })).toThrow(CurrencyMismatch)
    expect(convertMoney({ amount: '100', currency: 'USD' }, 'CNY', '7.1234')).toEqual(cny('712.34'))
  })

  test('products keep every digit until they are rounded', () => {
    expect(multiplyMoney(cny('100'), '0.333').amount).toBe('33.3')
  })

  test.each([
    ['1250', 'CNY', '1250.00'],
    [' 0012.5 ', 'CNY', '12.50'],
    ['-3.10', 'CNY', '-3.10'],
    ['-0.00', 'CNY', '0.00'],
    ['100', 'JPY', '100'],
    ['1.2300000', 'CNY', '1.23'],
  ])('reads %j in %s as %s', (text, currency, amount) => {
    expect(parseMoney(text, currency)).toEqual({ kind: 'money', money: { amount, currency } })
  })

  test.each([
    ['', 'CNY', 'NO_AMOUNT'],
    ['1,250.00', 'CNY', 'NOT_AN_AMOUNT'],
    ['1e5', 'CNY', 'NOT_AN_AMOUNT'],
    ['12', 'RMB', 'UNKNOWN_CURRENCY'],
    ['1.234', 'CNY', 'TOO_MANY_DECIMALS'],
    ['0.5', 'JPY', 'TOO_MANY_DECIMALS'],
    ['9'.repeat(16), 'CNY', 'AMOUNT_TOO_LARGE'],
  ])('refuses %j in %s: %s', (text, currency, code) => {
    expect(parseMoney(text, currency)).toMatchObject({ kind: 'problem', code })
  })
})
