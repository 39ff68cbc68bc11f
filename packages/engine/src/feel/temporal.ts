/**
 * FEEL dates, times and durations, as far as policies need them: the proleptic Gregorian calendar
 * and fixed offsets. Named time zones are left to the interpreter.
 */

export class FeelDate {
  readonly year: number
  readonly month: number
  readonly day: number
  /** Days since 1970-01-01. */
  readonly epochDay: number

  constructor(year: number, month: number, day: number) {
    this.year = year
    this.month = month
    this.day = day
    this.epochDay = toEpochDay(year, month, day)
  }
  /** 1 is Monday. */
  get weekday(): number {
    return ((((this.epochDay + 3) % 7) + 7) % 7) + 1
  }
  toString(): string {
    return `${pad(this.year, 4)}-${pad(this.month, 2)}-${pad(this.day, 2)}`
  }
  toJSON(): string {
    return this.toString()
  }
}

export class FeelTime {
  readonly secondOfDay: number
  /** Seconds east of UTC; null for a local time. */
  readonly offset: number | null

  constructor(secondOfDay: number, offset: number | null) {
    this.secondOfDay = secondOfDay
    this.offset = offset
  }
  get hour(): number {
    return Math.floor(this.secondOfDay / 3600)
  }
  get minute(): number {
    return Math.floor(this.secondOfDay / 60) % 60
  }
  get second(): number {
    return this.secondOfDay % 60
  }
  toString(): string {
    return `${pad(this.hour, 2)}:${pad(this.minute, 2)}:${padSeconds(this.second)}${offsetToText(this.offset)}`
  }
  toJSON(): string {
    return this.toString()
  }
}

export class FeelDateTime {
  readonly date: FeelDate
  readonly time: FeelTime

  constructor(date: FeelDate, time: FeelTime) {
    this.date = date
    this.time = time
  }
  /** Seconds since 1970-01-01T00:00:00, in UTC where an offset is known. */
  get epochSecond(): number {
    return this.date.epochDay * 86_400 + this.time.secondOfDay - (this.time.offset ?? 0)
  }
  toString(): string {
    return `${this.date}T${this.time}`
  }
  toJSON(): string {
    return this.toString()
  }
}

/** Either whole months or seconds; FEEL keeps the two kinds apart. */
export class FeelDuration {
  readonly kind: 'months' | 'seconds'
  readonly amount: number

  constructor(kind: 'months' | 'seconds', amount: number) {
    this.kind = kind
    this.amount = amount
  }
  toString(): string {
    const sign = this.amount < 0 ? '-' : ''
    const amount = Math.abs(this.amount)
    if (this.kind === 'months') {
      const years = Math.floor(amount / 12)
      const months = amount % 12
      return `${sign}P${years ? `${years}Y` : ''}${months || !years ? `${months}M` : ''}`
    }
    const days = Math.floor(amount / 86_400)
    const hours = Math.floor(amount / 3600) % 24
    const minutes = Math.floor(amount / 60) % 60
    const seconds = amount % 60
    const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds ? `${seconds}S` : ''}`
    if (!days && !time) return 'PT0S'
    return `${sign}P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`
  }
  toJSON(): string {
    return this.toString()
  }
}

type FeelInstant = FeelDate | FeelTime | FeelDateTime
export type FeelTemporal = FeelInstant | FeelDuration

export function isTemporal(value: unknown): value is FeelTemporal {
  return value instanceof FeelDate || value instanceof FeelDuration || value instanceof FeelDateTime || value instanceof FeelTime
}

export function parseDate(text: string): FeelDate | null {
  const match = /^(-?\d{4,9})-(\d\d)-(\d\d)$/.exec(text)
  return match && dateFrom(Number(match[1]), Number(match[2]), Number(match[3]))
}

export function parseTime(text: string): FeelTime | null {
  const match = /^(\d\d):(\d\d):(\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:\d\d(?::\d\d)?)?$/.exec(text)
  if (!match) return null
  return timeFrom(Number(match[1]), Number(match[2]), Number(match[3]), parseOffset(match[4]))
}

export function parseDateTime(text: string): FeelDateTime | null {
  const [datePart, timePart, ...rest] = text.split('T')
  if (rest.length > 0) return null
  const date = parseDate(datePart ?? '')
  const time = timePart === undefined ? new FeelTime(0, null) : parseTime(timePart)
  return date && time && new FeelDateTime(date, time)
}

export function parseDuration(text: string): FeelDuration | null {
  const months = /^(-?)P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?$/.exec(text)
  if (months) return new FeelDuration('months', signed(months[1], Number(months[2] ?? 0) * 12 + Number(months[3] ?? 0)))
  const seconds = /^(-?)P(?=\d|T\d)(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,9})?)S)?)?$/.exec(text)
  if (!seconds) return null
  const [days, hours, minutes, rest] = seconds.slice(2).map(part => Number(part ?? 0)) as [number, number, number, number]
  return new FeelDuration('seconds', signed(seconds[1], days * 86_400 + hours * 3600 + minutes * 60 + rest))
}

/** What stands behind an `@"..."`. */
export function parseTemporal(text: string): FeelTemporal | null {
  if (/^-?P/.test(text)) return parseDuration(text)
  if (/^\d\d:/.test(text)) return parseTime(text)
  return text.includes('T') ? parseDateTime(text) : parseDate(text)
}

export function dateFrom(year: number, month: number, day: number): FeelDate | null {
  if (![year, month, day].every(Number.isInteger) || Math.abs(year) > 999_999) return null
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  return new FeelDate(year, month, day)
}

export function timeFrom(hour: number, minute: number, second: number, offset: number | null): FeelTime | null {
  if (!Number.isInteger(hour) || !Number.isInteger(minute)) return null
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second >= 60) return null
  return new FeelTime(hour * 3600 + minute * 60 + second, offset)
}

export function addDuration(instant: FeelInstant, duration: FeelDuration, sign: 1 | -1): FeelInstant | null {
  const amount = duration.amount * sign
  if (instant instanceof FeelTime) {
    if (duration.kind === 'months') return null
    return new FeelTime((((instant.secondOfDay + amount) % 86_400) + 86_400) % 86_400, instant.offset)
  }
  if (instant instanceof FeelDateTime) {
    if (duration.kind === 'months') return new FeelDateTime(addMonths(instant.date, amount), instant.time)
    const local = instant.date.epochDay * 86_400 + instant.time.secondOfDay + amount
    const day = Math.floor(local / 86_400)
    return new FeelDateTime(fromEpochDay(day), new FeelTime(local - day * 86_400, instant.time.offset))
  }
  if (duration.kind === 'months') return addMonths(instant, amount)
  return fromEpochDay(Math.floor((instant.epochDay * 86_400 + amount) / 86_400))
}

export function subtractInstants(a: FeelInstant, b: FeelInstant): FeelDuration | null {
  const left = instantToNumber(a)
  const right = instantToNumber(b)
  if (a instanceof FeelTime !== b instanceof FeelTime) return null
  return new FeelDuration('seconds', left - right)
}

export function addDurations(a: FeelDuration, b: FeelDuration, sign: 1 | -1): FeelDuration | null {
  return a.kind === b.kind ? new FeelDuration(a.kind, a.amount + sign * b.amount) : null
}

export function yearsAndMonthsBetween(from: FeelDate, to: FeelDate): FeelDuration {
  if (to.epochDay < from.epochDay) return new FeelDuration('months', 0 - yearsAndMonthsBetween(to, from).amount)
  const months = (to.year - from.year) * 12 + to.month - from.month
  return new FeelDuration('months', to.day < from.day ? months - 1 : months)
}

/** A number that orders values of one temporal kind. */
export function instantToNumber(value: FeelInstant): number {
  if (value instanceof FeelDate) return value.epochDay * 86_400
  if (value instanceof FeelTime) return value.secondOfDay - (value.offset ?? 0)
  return value.epochSecond
}

export function fromEpochDay(epochDay: number): FeelDate {
  // Howard Hinnant's civil_from_days: eras of 400 years that begin on 1 March.
  const shifted = epochDay + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  return new FeelDate(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

function toEpochDay(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year
  const era = Math.floor(shiftedYear / 400)
  const yearOfEra = shiftedYear - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

function addMonths(date: FeelDate, months: number): FeelDate {
  const total = date.year * 12 + date.month - 1 + months
  const year = Math.floor(total / 12)
  const month = total - year * 12 + 1
  return new FeelDate(year, month, Math.min(date.day, daysInMonth(year, month)))
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function parseOffset(text: string | undefined): number | null {
  if (text === undefined) return null
  if (text === 'Z') return 0
  const [hours, minutes, seconds] = text.slice(1).split(':').map(Number) as [number, number, number?]
  return signed(text[0], hours * 3600 + minutes * 60 + (seconds ?? 0))
}

function offsetToText(offset: number | null): string {
  if (offset === null) return ''
  if (offset === 0) return 'Z'
  const amount = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(amount / 3600), 2)}:${pad(Math.floor(amount / 60) % 60, 2)}`
}

function signed(sign: string | undefined, amount: number): number {
  return sign === '-' ? 0 - amount : amount
}

function pad(value: number, digits: number): string {
  return `${value < 0 ? '-' : ''}${String(Math.abs(value)).padStart(digits, '0')}`
}

function padSeconds(seconds: number): string {
  return Number.isInteger(seconds) ? pad(seconds, 2) : seconds.toFixed(9).replace(/0+$/, '').padStart(5, '0')
}
