import type { Text } from '@surety/engine'
import { addDays, dayOf, toDate, toDay } from './day.ts'

/** When people of a region work. */
export interface BusinessCalendar {
  readonly region: string
  readonly name: Text
  readonly timeZone: string
  /** From and to, in local time, in order. */
  readonly hours: readonly (readonly [string, string])[]
  /** Of the week, Monday is 1. */
  readonly weekdays: readonly number[]
  /** Days off that would be working days. */
  readonly holidays: ReadonlyMap<string, Text>
  /** Weekend days that are worked all the same. */
  readonly workdays: ReadonlySet<string>
}

export interface CalendarException {
  readonly day: string
  readonly isWorking: boolean
  readonly name: Text
}

export const CALENDAR_REGIONS = ['CN', 'EU', 'US'] as const
export type CalendarRegion = (typeof CALENDAR_REGIONS)[number]

/** The calendar of a region with a company's own days laid over it; that of China for a region that none is known of. */
export function businessCalendar(region: string, exceptions: readonly CalendarException[] = []): BusinessCalendar {
  const base = CALENDARS[isRegion(region) ? region : 'CN']
  if (exceptions.length === 0) return base
  const holidays = new Map(base.holidays)
  const workdays = new Set(base.workdays)
  for (const { day, isWorking, name } of exceptions) {
    if (isWorking) {
      holidays.delete(day)
      workdays.add(day)
    } else {
      workdays.delete(day)
      holidays.set(day, name)
    }
  }
  return { ...base, holidays, workdays }
}

export function isBusinessDay({ weekdays, holidays, workdays }: BusinessCalendar, day: string): boolean {
  if (workdays.has(day)) return true
  return !holidays.has(day) && weekdays.includes(weekdayOf(day))
}

/** The moment at which so many business hours have passed; at once for none, within business hours. */
export function afterBusinessHours(from: Date, hours: number, calendar: BusinessCalendar): Date {
  let leftMs = hours * HOUR_MS
  const start = localDay(from, calendar.timeZone)
  for (let ahead = 0; ahead < LONGEST_DAYS; ahead += 1) {
    const day = addDays(start, ahead)
    if (!isBusinessDay(calendar, day)) continue
    for (const [opens, closes] of calendar.hours) {
      const begin = Math.max(momentOf(day, opens, calendar.timeZone).getTime(), from.getTime())
      const end = momentOf(day, closes, calendar.timeZone).getTime()
      if (end < begin) continue
      if (leftMs <= end - begin) return new Date(begin + leftMs)
      leftMs -= end - begin
    }
  }
  throw new NoBusinessHours(calendar.region, hours)
}

/** Business hours between two moments; 0 when the second is the earlier one. */
export function businessHoursBetween(from: Date, to: Date, calendar: BusinessCalendar): number {
  let ms = 0
  const last = localDay(to, calendar.timeZone)
  for (let day = localDay(from, calendar.timeZone); day <= last; day = addDays(day, 1)) {
    if (!isBusinessDay(calendar, day)) continue
    for (const [opens, closes] of calendar.hours) {
      const begin = Math.max(momentOf(day, opens, calendar.timeZone).getTime(), from.getTime())
      const end = Math.min(momentOf(day, closes, calendar.timeZone).getTime(), to.getTime())
      ms += Math.max(0, end - begin)
    }
  }
  return ms / HOUR_MS
}

/** The moment that clocks of a time zone show so; the later one where they show it twice, the one an hour on where they skip it. */
export function momentOf(day: string, time: string, timeZone: string): Date {
  const wanted = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`)
  const first = wanted - offsetMs(wanted, timeZone)
  return new Date(wanted - offsetMs(first, timeZone))
}

/** The day that a time zone's calendars show at a moment. */
export function localDay(moment: Date, timeZone: string): string {
  return toDate(Math.floor((moment.getTime() + offsetMs(moment.getTime(), timeZone)) / DAY_MS))
}

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name)
    return true
  } catch {
    return false
  }
}

class NoBusinessHours extends Error {
  readonly code = 'NO_BUSINESS_HOURS'
  constructor(region: string, hours: number) {
    super(`The calendar of ${region} has no ${hours} business hours within ten years; give it working days and hours.`)
  }
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const LONGEST_DAYS = 3660
const MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5]

const CALENDARS: Readonly<Record<CalendarRegion, BusinessCalendar>> = {
  CN: {
    region: 'CN',
    name: { en: 'China', zh: '中国' },
    timeZone: 'Asia/Shanghai',
    hours: [
      ['09:00', '12:00'],
      ['13:00', '18:00'],
    ],
    weekdays: MONDAY_TO_FRIDAY,
    // As the State Council announced them for 2025 and 2026.
    holidays: spans([
      ['2025-01-01', '2025-01-01', { en: 'New Year', zh: '元旦' }],
      ['2025-01-28', '2025-02-04', { en: 'Spring Festival', zh: '春节' }],
      ['2025-04-04', '2025-04-06', { en: 'Qingming', zh: '清明节' }],
      ['2025-05-01', '2025-05-05', { en: 'Labour Day', zh: '劳动节' }],
      ['2025-05-31', '2025-06-02', { en: 'Dragon Boat Festival', zh: '端午节' }],
      ['2025-10-01', '2025-10-08', { en: 'National Day and Mid-Autumn', zh: '国庆节、中秋节' }],
      ['2026-01-01', '2026-01-03', { en: 'New Year', zh: '元旦' }],
      ['2026-02-15', '2026-02-23', { en: 'Spring Festival', zh: '春节' }],
      ['2026-04-04', '2026-04-06', { en: 'Qingming', zh: '清明节' }],
      ['2026-05-01', '2026-05-05', { en: 'Labour Day', zh: '劳动节' }],
      ['2026-06-19', '2026-06-21', { en: 'Dragon Boat Festival', zh: '端午节' }],
      ['2026-09-25', '2026-09-27', { en: 'Mid-Autumn', zh: '中秋节' }],
      ['2026-10-01', '2026-10-07', { en: 'National Day', zh: '国庆节' }],
    ]),
    workdays: new Set([
      '2025-01-26',
      '2025-02-08',
      '2025-04-27',
      '2025-09-28',
      '2025-10-11',
      '2026-01-04',
      '2026-02-14',
      '2026-02-28',
      '2026-05-09',
      '2026-09-20',
      '2026-10-10',
    ]),
  },
  EU: {
    region: 'EU',
    name: { en: 'Euro area (TARGET)', zh: '欧元区（TARGET）' },
    timeZone: 'Europe/Berlin',
    hours: [['09:00', '17:00']],
    weekdays: MONDAY_TO_FRIDAY,
    holidays: yearly(year => {
      const easter = easterSunday(year)
      return [
        [`${year}-01-01`, { en: 'New Year', zh: '元旦' }],
        [addDays(easter, -2), { en: 'Good Friday', zh: '耶稣受难日' }],
        [addDays(easter, 1), { en: 'Easter Monday', zh: '复活节星期一' }],
        [`${year}-05-01`, { en: 'Labour Day', zh: '劳动节' }],
        [`${year}-12-25`, { en: 'Christmas', zh: '圣诞节' }],
        [`${year}-12-26`, { en: 'Boxing Day', zh: '节礼日' }],
      ]
    }),
    workdays: new Set(),
  },
  US: {
    region: 'US',
    name: { en: 'United States', zh: '美国' },
    timeZone: 'America/New_York',
    hours: [['09:00', '17:00']],
    weekdays: MONDAY_TO_FRIDAY,
    holidays: yearly(year => [
      [observed(`${year}-01-01`), { en: 'New Year', zh: '元旦' }],
      [nthWeekday(year, 1, 1, 3), { en: 'Martin Luther King Day', zh: '马丁·路德·金日' }],
      [nthWeekday(year, 2, 1, 3), { en: 'Presidents’ Day', zh: '总统日' }],
      [addDays(nthWeekday(year, 6, 1, 1), -7), { en: 'Memorial Day', zh: '阵亡将士纪念日' }],
      [observed(`${year}-06-19`), { en: 'Juneteenth', zh: '六月节' }],
      [observed(`${year}-07-04`), { en: 'Independence Day', zh: '独立日' }],
      [nthWeekday(year, 9, 1, 1), { en: 'Labor Day', zh: '劳动节' }],
      [nthWeekday(year, 10, 1, 2), { en: 'Columbus Day', zh: '哥伦布日' }],
      [observed(`${year}-11-11`), { en: 'Veterans Day', zh: '退伍军人节' }],
      [nthWeekday(year, 11, 4, 4), { en: 'Thanksgiving', zh: '感恩节' }],
      [observed(`${year}-12-25`), { en: 'Christmas', zh: '圣诞节' }],
    ]),
    workdays: new Set(),
  },
}

function isRegion(region: string): region is CalendarRegion {
  return CALENDAR_REGIONS.includes(region as CalendarRegion)
}

function weekdayOf(day: string): number {
  // 1970-01-01 was a Thursday.
  return ((toDay(day) + 3) % 7) + 1
}

function spans(listed: readonly (readonly [string, string, Text])[]): ReadonlyMap<string, Text> {
  const days = new Map<string, Text>()
  for (const [from, to, name] of listed) for (let day = from; day <= to; day = addDays(day, 1)) days.set(day, name)
  return days
}

function yearly(holidaysOf: (year: number) => readonly (readonly [string, Text])[]): ReadonlyMap<string, Text> {
  const years = Array.from({ length: 16 }, (_, index) => 2024 + index)
  return new Map(years.flatMap(holidaysOf))
}

/** A holiday on a Saturday is kept on Friday, one on a Sunday on Monday. */
function observed(day: string): string {
  const weekday = weekdayOf(day)
  return addDays(day, weekday === 6 ? -1 : weekday === 7 ? 1 : 0)
}

// The last Monday of May is a week before the first of June.
function nthWeekday(year: number, month: number, weekday: number, nth: number): string {
  const first = toDate(dayOf(year, month, 1))
  return addDays(first, ((weekday - weekdayOf(first) + 7) % 7) + (nth - 1) * 7)
}

// Meeus, Jones and Butcher's way to Easter of the Gregorian calendar.
function easterSunday(year: number): string {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const month = Math.floor((h + l - 7 * m + 114) / 31)
  return toDate(dayOf(year, month, ((h + l - 7 * m + 114) % 31) + 1))
}

// Making a format is a thousand times as dear as using one.
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const made =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  formats.set(timeZone, made)
  return made
}

/** How far a time zone's clocks are ahead of UTC at a moment. */
function offsetMs(at: number, timeZone: string): number {
  const parts: Partial<Record<string, number>> = {}
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) parts[type] = Number(value)
  const shown = Date.UTC(parts['year']!, parts['month']! - 1, parts['day'], parts['hour'], parts['minute'], parts['second'])
  return shown - Math.floor(at / 1000) * 1000
}
