import { toDate, toDay } from '@surety/credit'
import { serialDate } from '../reading/xlsx.ts'

/** The order in which a file writes dates with slashes; all else needs no asking. */
export const DATE_ORDERS = ['M/D/YYYY', 'D/M/YYYY'] as const
export type DateOrder = (typeof DATE_ORDERS)[number]

export type ParsedDate =
  | { readonly kind: 'date'; readonly date: string }
  | { readonly kind: 'no-such-day' }
  | { readonly kind: 'not-a-date' }
  | { readonly kind: 'two-digit-year' }
  /** Both orders are possible and none was given. */
  | { readonly kind: 'ambiguous' }

/** Reads one cell: 2020-01-22, 2020/1/22, 2020年1月22日, 20200122, `20200122.0`, 22-Jan-2020, an Excel serial, or D/M/YYYY and M/D/YYYY by order. */
export function parseDate(text: string, order: DateOrder | undefined): ParsedDate {
  const yearFirst = YEAR_FIRST.exec(text) ?? COMPACT.exec(text)
  if (yearFirst) return onDay(yearFirst[1]!, yearFirst[2]!, yearFirst[3]!)
  const slashed = SLASHED.exec(text)
  if (slashed) {
    const [, first, second, year] = slashed as unknown as [string, string, string, string]
    if (year.length === 2) return { kind: 'two-digit-year' }
    const written =
      order ?? (Number(first) > 12 ? 'D/M/YYYY' : Number(second) > 12 ? 'M/D/YYYY' : first === second ? 'M/D/YYYY' : undefined)
    if (!written) return { kind: 'ambiguous' }
    return written === 'M/D/YYYY' ? onDay(year, first, second) : onDay(year, second, first)
  }
  const named = NAMED.exec(text)
  if (named) {
    const month = MONTHS.indexOf(named[2]!.slice(0, 3).toLowerCase()) + 1
    return month === 0 ? { kind: 'not-a-date' } : onDay(named[3]!, String(month), named[1]!)
  }
  if (SERIAL.test(text)) return { kind: 'date', date: serialDate(Math.floor(Number(text))) }
  return { kind: 'not-a-date' }
}

/** What a cell tells about the order: day first, month first, either, or nothing. */
export function dateEvidence(text: string): DateOrder | 'either' | undefined {
  const slashed = SLASHED.exec(text)
  if (!slashed || slashed[3]!.length === 2) return undefined
  const first = Number(slashed[1])
  const second = Number(slashed[2])
  if (first > 12 && second <= 12) return 'D/M/YYYY'
  if (second > 12 && first <= 12) return 'M/D/YYYY'
  return first === second ? undefined : 'either'
}

const TIME = '(?:[T ]+\\d{1,2}:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?(?: ?[AP]M)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?'
const YEAR_FIRST = new RegExp(`^(\\d{4})(?:[-/.]|年)(\\d{1,2})(?:[-/.]|月)(\\d{1,2})日?${TIME}$`, 'i')
const COMPACT = /^((?:19|20|21)\d\d)(\d\d)(\d\d)(?:\.0+)?$/
const SLASHED = new RegExp(`^(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4}|\\d{2})${TIME}$`, 'i')
const NAMED = /^(\d{1,2})[- /]([a-z]{3,9})\.?[- /,]+(\d{4})$/i
// 1927 to 2119.
const SERIAL = /^[1-7]\d{4}(?:\.\d+)?$/
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

function onDay(year: string, month: string, day: string): ParsedDate {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const number = toDay(date)
  return Number.isNaN(number) || date < '1900-01-01' ? { kind: 'no-such-day' } : { kind: 'date', date: toDate(number) }
}
