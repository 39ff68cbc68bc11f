import { isCurrency, minorUnits } from '@surety/credit'

/** An amount of the database, `1250.0000`, with the digits that its currency writes: `1250.00`. Further digits stay if they are not zero. */
export function amountOf(numeric: string, currency: string): string {
  const units = isCurrency(currency) ? minorUnits(currency) : 2
  const [whole = '0', decimals = ''] = numeric.split('.')
  const kept = decimals.replace(/0+$/, '').padEnd(units, '0')
  const text = kept === '' ? whole : `${whole}.${kept}`
  return /^-[0.]*$/.test(text) ? text.slice(1) : text
}

export function amountOrNull(numeric: string | null, currency: string): string | null {
  return numeric === null ? null : amountOf(numeric, currency)
}

/** The same number written one way: `1250.00` and `1250` are both `1250`. */
export function plainAmount(amount: string): string {
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount
}
