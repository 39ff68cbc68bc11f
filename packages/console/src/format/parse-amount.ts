import { shiftDecimal } from './money.ts'

/**
 * What somebody typed or pasted as an amount, as an exact decimal string; undefined when it is none.
 *
 * Takes `12万`, `1.2亿`, `45.6M`, `1,234.50`, full-width digits and signs, and a currency in front or behind.
 */
export function parseAmount(input: string): string | undefined {
  const text = narrow(input)
    .replaceAll(/[\s,_']/g, '')
    .replace(CURRENCY, '')
    .replace(CURRENCY_BEHIND, '')
  const match = /^([+-]?)(\d*\.?\d+|\d+\.)(亿|万|千|百万|k|w|m|b)?$/i.exec(text)
  if (!match) return undefined
  const [, sign, digits = '', unit = ''] = match
  const value = shiftDecimal(digits.replace(/\.$/, ''), POWERS[unit.toLowerCase()] ?? 0)
  return sign === '-' && value !== '0' ? `-${value}` : value
}

const POWERS: Readonly<Record<string, number>> = { 亿: 8, 百万: 6, 万: 4, 千: 3, w: 4, k: 3, m: 6, b: 9 }
const CURRENCY = /^(?:[¥￥$€£]|[A-Za-z]{2}[¥$]|US\$|[A-Z]{3}(?=[\d.+-])|人民币)/
const CURRENCY_BEHIND = /(?:元|美元|欧元)$|(?<=[\d万亿kmb])(?:CNY|RMB|USD|EUR|GBP|JPY|HKD)$/i

function narrow(text: string): string {
  return text.normalize('NFKC').replaceAll('，', ',').replaceAll('。', '.').replaceAll(/[−–—]/g, '-').trim()
}
