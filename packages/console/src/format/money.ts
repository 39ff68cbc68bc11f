import type { Language } from '../i18n/index.ts'
import { MISSING, exact, numberFormat, withMinus } from './number.ts'

type Amount = string | number | null | undefined

export interface MoneyFormatter {
  /** With its currency, to the minor unit: `¥1,234,567.50`, `CNY 1,234,567.50`. For prose and for single figures. */
  money(amount: Amount, currency: string): string
  /** Bare digits to the minor unit, for cells below a header that names the currency. */
  amount(amount: Amount, currency: string): string
  /** Bare digits in the unit of `tableUnit`: `1,234.6` 万元, `12,346` CNY k. */
  scaled(amount: Amount): string
  /** What `scaled` counts in: `万元`, `万美元`, `CNY k`. Without a currency: `万`, `k`. */
  tableUnit(currency?: string): string
  /** The currency by itself, for a header above exact amounts: `元`, `CNY`. */
  currencyUnit(currency: string): string
  /** Short, bare: `1.23亿`, `4,560万`; `123.46M`, `45.6M`. */
  compact(amount: Amount): string
  /** Short, with its currency: `¥1.23亿`, `CNY 123.46M`. */
  compactMoney(amount: Amount, currency: string): string
}

export function createMoneyFormatter(language: Language): MoneyFormatter {
  const isChinese = language === 'zh-CN'
  const isMissing = (amount: Amount): amount is null | undefined | '' => amount === null || amount === undefined || amount === ''
  const digits = (amount: string | number, options: Intl.NumberFormatOptions): string =>
    withMinus(numberFormat(language, options).format(exact(amount)))

  const bare = (amount: Amount, currency: string): string => {
    if (isMissing(amount)) return MISSING
    const decimals = minorUnits(currency)
    return digits(amount, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  }
  // CLDR's own compact form prints `¥4560.00万` for zh-CN with a currency, and leaves out the separators.
  const compact = (amount: Amount): string => {
    if (isMissing(amount)) return MISSING
    const size = Math.abs(Number(amount))
    const step = (isChinese ? CHINESE_STEPS : ENGLISH_STEPS).find(({ power }) => size >= 10 ** power * 0.99995)
    if (!step) return digits(amount, { maximumFractionDigits: size < 100 ? 2 : 0 })
    const scaled = shiftDecimal(String(amount), -step.power)
    return digits(scaled, { maximumFractionDigits: Math.abs(Number(scaled)) < 1000 ? 2 : 0 }) + step.suffix
  }
  const withCurrency = (text: string, currency: string): string => {
    if (text === MISSING) return text
    const sign = text.startsWith('−') ? '−' : ''
    const mark = isChinese ? symbolOf(currency) : `${currency} `
    return `${sign}${mark}${text.slice(sign.length)}`
  }

  return {
    amount: bare,
    money: (amount, currency) => withCurrency(bare(amount, currency), currency),
    scaled: amount =>
      isMissing(amount)
        ? MISSING
        : isChinese
          ? digits(shiftDecimal(String(amount), -4), { minimumFractionDigits: 1, maximumFractionDigits: 1 })
          : digits(shiftDecimal(String(amount), -3), { maximumFractionDigits: 0 }),
    tableUnit: currency =>
      isChinese ? `万${currency === undefined ? '' : chineseName(currency)}` : currency === undefined ? 'k' : `${currency} k`,
    currencyUnit: currency => (isChinese ? chineseName(currency) : currency),
    compact,
    compactMoney: (amount, currency) => withCurrency(compact(amount), currency),
  }
}

/** Moves the decimal point, exactly: `shiftDecimal('12.5', 4)` is `125000`. */
export function shiftDecimal(decimal: string, places: number): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(decimal)
  if (!match) return String(Number(decimal) * 10 ** places)
  const [, sign, whole = '', fraction = ''] = match
  const all = whole + fraction
  const point = whole.length + places
  const padded = point < 0 ? '0'.repeat(-point) + all : all.padEnd(point, '0')
  const at = Math.max(point, 0)
  const left = padded.slice(0, at).replace(/^0+(?=\d)/, '') || '0'
  const right = padded.slice(at).replace(/0+$/, '')
  return `${sign === '-' ? '-' : ''}${left}${right && `.${right}`}`
}

const CHINESE_STEPS = [
  { power: 8, suffix: '亿' },
  { power: 4, suffix: '万' },
] as const
const ENGLISH_STEPS = [
  { power: 9, suffix: 'B' },
  { power: 6, suffix: 'M' },
  { power: 3, suffix: 'k' },
] as const

function minorUnits(currency: string): number {
  try {
    return numberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return 2
  }
}

function symbolOf(currency: string): string {
  try {
    const symbol =
      numberFormat('zh-CN', { style: 'currency', currency })
        .formatToParts(0)
        .find(({ type }) => type === 'currency')?.value ?? currency
    return /^[A-Z]{3}$/.test(symbol) ? `${symbol} ` : symbol
  } catch {
    return `${currency} `
  }
}

function chineseName(currency: string): string {
  if (currency === 'CNY') return '元'
  try {
    return currencyNames.of(currency) ?? currency
  } catch {
    return currency
  }
}

const currencyNames = new Intl.DisplayNames('zh-CN', { type: 'currency' })
