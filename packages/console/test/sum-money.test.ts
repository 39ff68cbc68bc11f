import { expect, it } from 'vitest'
import { sumMoney } from '../src/features/tasks/sum-money.ts'

it('sums amounts exactly, one sum a currency', () => {
  expect(
    sumMoney([
      { amount: '0.1', currency: 'CNY' },
      { amount: '9007199254740993.25', currency: 'CNY' },
      { amount: '-12.5', currency: 'EUR' },
      { amount: '0.2', currency: 'CNY' },
    ]),
  ).toEqual([
    { amount: '9007199254740993.55', currency: 'CNY' },
    { amount: '-12.5', currency: 'EUR' },
  ])
  expect(sumMoney([])).toEqual([])
})
