import type { Language } from '../i18n/index.ts'
import { MISSING } from './number.ts'

type Moment = string | Date | null | undefined

export interface DateFormatter {
  /** A day for tables, ISO in both languages: `2026-03-05`. A day has no time zone. */
  date(day: Moment): string
  /** Shorter, where the year goes without saying: `03-05` in the year of `now`, else the whole. */
  shortDate(day: Moment, now: Date): string
  /** For prose: `2026年3月5日`, `5 Mar 2026`. */
  longDate(day: Moment): string
  /** For headings: with the day of the week. */
  fullDate(day: Moment): string
  /** A moment for tables, in the reader's time zone: `2026-03-05 22:07`. */
  dateTime(moment: Moment): string
  /** For prose: `2026年3月5日 22:07`, `5 Mar 2026, 22:07`. */
  longDateTime(moment: Moment): string
  /** With offset, where it must be beyond doubt: `2026-03-05 22:07:31 UTC+8`. */
  exactTime(moment: Moment): string
  time(moment: Moment): string
  /** `3小时前`, `3 hours ago`; from a week on, the day. */
  relative(moment: Moment, now: Date): string
  /** How long, in the largest unit that fits: `12 分钟`, `3 days`. */
  duration(milliseconds: number): string
}

export function createDateFormatter(language: Language): DateFormatter {
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const long = new Intl.DateTimeFormat(LOCALE[language], { year: 'numeric', month: language === 'en' ? 'short' : 'long', day: 'numeric' })
  const full = new Intl.DateTimeFormat(LOCALE[language], {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    weekday: language === 'en' ? 'long' : 'short',
  })
  const clock = new Intl.DateTimeFormat(LOCALE[language], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const given = (moment: Moment, write: (date: Date) => string): string => {
    if (moment === null || moment === undefined || moment === '') return MISSING
    const date = toDate(moment)
    return Number.isNaN(date.getTime()) ? MISSING : write(date)
  }
  const date = (day: Moment): string => given(day, isoDay)
  const between = language === 'en' ? ', ' : ' '
  return {
    date,
    shortDate: (day, now) => given(day, when => (when.getFullYear() === now.getFullYear() ? isoDay(when).slice(5) : isoDay(when))),
    longDate: day => given(day, when => long.format(when)),
    fullDate: day => given(day, when => full.format(when).replace(/日(?=周)/, '日 ')),
    dateTime: moment => given(moment, when => `${isoDay(when)} ${clock.format(when)}`),
    longDateTime: moment => given(moment, when => long.format(when) + between + clock.format(when)),
    exactTime: moment => given(moment, when => `${isoDay(when)} ${clock.format(when)}:${pad(when.getSeconds())} ${offsetOf(when)}`),
    time: moment => given(moment, when => clock.format(when)),
    relative: (moment, now) =>
      given(moment, when => {
        const distance = when.getTime() - now.getTime()
        if (Math.abs(distance) >= 7 * DAY) return isoDay(when)
        const [unit, size] = UNITS.find(([, length]) => Math.abs(distance) >= length) ?? ['second', 1000]
        return unit === 'second' ? relative.format(0, 'second') : relative.format(Math.trunc(distance / size), unit)
      }),
    duration: milliseconds => {
      const [unit, size] = UNITS.find(([, length]) => Math.abs(milliseconds) >= length) ?? ['minute', 60_000]
      return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 }).format(
        Math.max(Math.trunc(Math.abs(milliseconds) / size), 0),
      )
    },
  }
}

/** Days are taken at local midnight, so that no time zone moves them. */
export const toDate = (moment: string | Date): Date =>
  moment instanceof Date ? moment : new Date(/^\d{4}-\d{2}-\d{2}$/.test(moment) ? `${moment}T00:00:00` : moment)

/** The local day of a moment: `2026-03-05`. */
export const isoDay = (date: Date): string => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`

const LOCALE = { 'zh-CN': 'zh-CN', en: 'en-GB' } as const
const DAY = 86_400_000
const UNITS = [
  ['day', DAY],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

const pad = (number: number): string => String(number).padStart(2, '0')

function offsetOf(date: Date): string {
  const minutes = -date.getTimezoneOffset()
  const hours = Math.trunc(minutes / 60)
  const rest = Math.abs(minutes % 60)
  return `UTC${hours < 0 ? '−' : '+'}${Math.abs(hours)}${rest ? `:${pad(rest)}` : ''}`
}
