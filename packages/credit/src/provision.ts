import { Decimal } from './money.ts'

/** Expected credit loss of a provision matrix: balance × rate, summed exactly and not rounded. Rates are fractions. */
export function provisionOf(lines: readonly { readonly balance: string; readonly rate: string }[]): string {
  return lines.reduce((total, { balance, rate }) => total.plus(new Decimal(balance).times(rate)), new Decimal(0)).toFixed()
}

/**
 * Loss rates of a roll-rate matrix: what remained unpaid in the end ÷ what once reached the bucket.
 * Kept with all their digits, because rounding them moves the allowance.
 */
export function rollRates(bucketBalances: readonly string[], unpaid: string): string[] {
  return bucketBalances.map(balance => (new Decimal(balance).isZero() ? '0' : new Decimal(unpaid).div(balance).toFixed()))
}
