export const DECIMAL_SEPARATORS = ['.', ','] as const
export type DecimalSeparator = (typeof DECIMAL_SEPARATORS)[number]

/** Reads an amount with grouping, currency signs, brackets or a trailing minus into plain notation; undefined when it is none. */
export function parseAmount(text: string, separator: DecimalSeparator): string | undefined {
  if (separator === '.' && PLAIN.test(text)) return normal(text)
  let digits = text.normalize('NFKC').replace(NOISE, '')
  let sign = ''
  if (/^\(.*\)$/.test(digits)) {
    sign = '-'
    digits = digits.slice(1, -1)
  } else if (/^[^-]+-$/.test(digits)) {
    sign = '-'
    digits = digits.slice(0, -1)
  } else if (/^[-+]/.test(digits)) {
    sign = digits[0] === '-' ? '-' : ''
    digits = digits.slice(1)
  }
  const grouping = separator === '.' ? GROUPED_BY_COMMA : GROUPED_BY_POINT
  if (!grouping.test(digits) || !/\d/.test(digits)) return undefined
  digits = separator === '.' ? digits.replaceAll(',', '') : digits.replaceAll('.', '').replace(',', '.')
  return normal(`${sign}${digits}`)
}

/** What a cell tells about the decimal separator: which one, `either` when `1,234` may be a thousand or one, or nothing. */
export function separatorEvidence(text: string): DecimalSeparator | 'either' | undefined {
  const digits = text
    .normalize('NFKC')
    .replace(NOISE, '')
    .replace(/^[-+(]|[-)]$/g, '')
  if (!/^[\d.,]+$/.test(digits)) return undefined
  const point = digits.lastIndexOf('.')
  const comma = digits.lastIndexOf(',')
  if (point !== -1 && comma !== -1) return point > comma ? '.' : ','
  const at = Math.max(point, comma)
  if (at === -1) return undefined
  const separator = point === -1 ? ',' : '.'
  const other = point === -1 ? '.' : ','
  if (digits.indexOf(separator) !== at) return other
  if (digits.length - at - 1 !== 3 || at > 3 || digits.startsWith('0')) return separator
  return 'either'
}

/** Plain notation without leading zeros and without zeros after the last decimal, so that equal amounts look equal. */
function normal(text: string): string {
  const [, sign = '', whole = '0', decimals = ''] = /^([-+]?)0*(\d*?)(?:\.(\d*?)0*)?$/.exec(text) ?? []
  const digits = `${whole || '0'}${decimals && `.${decimals}`}`
  return sign === '-' && digits !== '0' ? `-${digits}` : digits
}

const PLAIN = /^-?\d+(?:\.\d+)?$/
const NOISE = /[\s'’_¥￥$€£元]|(?:CNY|RMB|USD|EUR|GBP|HKD|JPY|CAD)/gi
const GROUPED_BY_COMMA = /^(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d+)?$/
const GROUPED_BY_POINT = /^(?:\d+|\d{1,3}(?:\.\d{3})+)?(?:,\d+)?$/
