import { Decimal, roundMoney, type Money } from './money.ts'

/** Interest on a late amount: outstanding × rate (% a year) / 100 / 365 × days, rounded to the minor unit. */
export function lateInterest(outstanding: Money, ratePercent: number, daysLate: number): Money {
  const amount = new Decimal(outstanding.amount).times(ratePercent).times(daysLate).div(36_500)
  return roundMoney({ amount: amount.toFixed(), currency: outstanding.currency })
}
