export interface Amount {
  readonly amount: string
  readonly currency: string
}

/** What amounts come to, exactly; one sum a currency, in the order in which they first appear. */
export function sumMoney(amounts: readonly Amount[]): Amount[] {
  const sums = new Map<string, bigint>()
  for (const { amount, currency } of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + toUnits(amount))
  return [...sums].map(([currency, units]) => ({ amount: fromUnits(units), currency }))
}

/** The ledger keeps four digits after the point. */
const PLACES = 4

function toUnits(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.')
  const units = BigInt(whole + fraction.slice(0, PLACES).padEnd(PLACES, '0'))
  return amount.startsWith('-') ? -units : units
}

function fromUnits(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(PLACES + 1, '0')
  const fraction = digits.slice(-PLACES).replace(/0+$/, '')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -PLACES)}${fraction && `.${fraction}`}`
}
