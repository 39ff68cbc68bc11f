import type { Language } from '../i18n/index.ts'

/** Formats are made once per language and options: making one costs more than using it a thousand times. */
export function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language}${JSON.stringify(options)}`
  let format = formats.get(key)
  if (!format) formats.set(key, (format = new Intl.NumberFormat(language, options)))
  return format
}

const formats = new Map<string, Intl.NumberFormat>()

/** A decimal string as `Intl` reads it exactly: no detour over a float. */
export const exact = (value: string | number): Intl.StringNumericLiteral | number => value as Intl.StringNumericLiteral

/** U+2212, as wide as a plus; a hyphen is neither. */
export const withMinus = (text: string): string => text.replace(/^(\D*)-/, '$1−')

/** Nothing to show is a dash: zero would be a claim. */
export const MISSING = '—'

type Numeric = string | number | null | undefined

export interface NumberFormatter {
  /** `1,234.5`; so many decimals at most, or exactly so many. */
  number(value: Numeric, decimals?: number | { readonly exactly: number }): string
  /** Percent in points, as the server sends it: `83.5%`. */
  percent(points: Numeric, decimals?: number): string
  /** A change of a rate, in points: `+1.23 个百分点`, `+1.23 pp`. */
  percentagePoints(points: Numeric, decimals?: number): string
  /** A share, 0..1; below 0.1 % in basis points. */
  ratio(share: Numeric): string
  /** With its sign, always: `+12`, `−3`. */
  signed(value: Numeric, decimals?: number): string
}

export function createNumberFormatter(language: Language): NumberFormatter {
  const format = (value: string | number, options: Intl.NumberFormatOptions): string =>
    withMinus(numberFormat(language, options).format(exact(value)))
  const isMissing = (value: Numeric): value is null | undefined | '' =>
    value === null || value === undefined || value === '' || Number.isNaN(Number(value))
  return {
    number: (value, decimals = 2) =>
      isMissing(value)
        ? MISSING
        : format(
            value,
            typeof decimals === 'number'
              ? { maximumFractionDigits: decimals }
              : { minimumFractionDigits: decimals.exactly, maximumFractionDigits: decimals.exactly },
          ),
    percent: (points, decimals = 1) =>
      isMissing(points) ? MISSING : `${format(points, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })}%`,
    percentagePoints: (points, decimals = 1) =>
      isMissing(points)
        ? MISSING
        : `${format(points, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, signDisplay: 'exceptZero' })}${language === 'zh-CN' ? ' 个百分点' : ' pp'}`,
    ratio: share => {
      if (isMissing(share)) return MISSING
      const number = Number(share)
      if (number !== 0 && Math.abs(number) < 0.001) return `${format(number * 10_000, { maximumSignificantDigits: 2 })} bp`
      return `${format(number * 100, { maximumSignificantDigits: 2 })}%`
    },
    signed: (value, decimals = 2) =>
      isMissing(value) ? MISSING : format(value, { maximumFractionDigits: decimals, signDisplay: 'exceptZero' }),
  }
}
