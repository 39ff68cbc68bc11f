/** Minor units (whole, of a currency with two decimals) as a decimal string. */
export function decimalText(minor: number): string {
  const absolute = Math.abs(minor)
  const cents = absolute % 100
  return `${minor < 0 ? '-' : ''}${(absolute - cents) / 100}.${cents < 10 ? '0' : ''}${cents}`
}
