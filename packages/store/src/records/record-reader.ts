import { hash } from 'node:crypto'
import { Decimal, isCurrency, minorUnits } from '@surety/credit'
import { parseDate } from '../import/values/date.ts'
import { SHOWN_LENGTH, type ProblemCode, type RowProblem } from '../import/problems.ts'
import { recordFields, type RecordField, type RecordKind } from './fields.ts'

/** What a payment or credit note says that it settles. */
export interface Claim {
  readonly invoiceNumber: string
  readonly amount: string
  readonly claimedOn: string
}

/** One line as it is read, field by field; everything that is wrong gathers in `problems`. */
export class RecordReader {
  readonly problems: RowProblem[] = []
  readonly line: number
  readonly #values: Readonly<Record<string, unknown>>
  readonly #fields: ReadonlyMap<string, RecordField>
  readonly #currency: string

  constructor(kind: RecordKind, record: unknown, line: number, segmentCurrency: string) {
    this.line = line
    this.#fields = fieldsOf(kind)
    this.#currency = segmentCurrency
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      this.#values = {}
      this.problems.push({ code: 'NOT_AN_OBJECT', row: line })
      return
    }
    this.#values = record as Record<string, unknown>
    for (const key of Object.keys(record)) {
      if (this.#fields.has(key)) continue
      const name = readable(key).slice(0, SHOWN_LENGTH)
      this.problems.push({ code: 'UNKNOWN_FIELD', row: line, column: name, value: name })
    }
  }

  /** SHA-256 of what the record says, its version and key left out. */
  contentHash(): Buffer {
    const said = Object.entries(this.#values)
      .filter(([key, value]) => key !== 'sequence' && key !== 'key' && value !== null && value !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
    return hash('sha256', JSON.stringify(said), 'buffer')
  }

  text(key: string): string | undefined {
    const value = this.#value(key)
    if (value === undefined) return undefined
    if (typeof value !== 'string' && typeof value !== 'number') return this.wrong(key, 'NOT_TEXT')
    const text = String(value).trim()
    const most = this.#fields.get(key)!.most ?? 2000
    if (text.length > most) return this.wrong(key, 'TOO_LONG', { length: text.length, most })
    // What a text column can't hold, or what nobody can read.
    if (CONTROL.test(text.replaceAll(/[\t\n\r]/g, ''))) return this.wrong(key, 'CONTROL_CHARACTER')
    return text === '' ? undefined : text
  }

  date(key: string): string | undefined {
    const value = this.#value(key)
    if (value === undefined) return undefined
    const parsed = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? parseDate(value, undefined) : undefined
    if (parsed?.kind === 'date') return parsed.date
    return this.wrong(key, parsed ? 'NO_SUCH_DAY' : 'NOT_A_DATE')
  }

  currency(): string {
    const value = this.#value('currency')
    if (value === undefined) return this.#currency
    if (typeof value === 'string' && isCurrency(value)) return value
    this.wrong('currency', 'UNKNOWN_CURRENCY')
    return this.#currency
  }

  /** Zero or more unless `sign` says otherwise, in plain notation. */
  amount(key: string, currency: string, sign: 'positive' | 'any' | 'not-negative' = 'not-negative'): string | undefined {
    const value = this.#value(key)
    return value === undefined ? undefined : this.#amountOf(key, value, currency, sign)
  }

  flag(key: string): boolean | undefined {
    const value = this.#value(key)
    return value === undefined || typeof value === 'boolean' ? value : this.wrong(key, 'NOT_A_FLAG')
  }

  choice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.#value(key)
    if (value === undefined) return undefined
    return choices.find(known => known === value) ?? this.wrong(key, 'NOT_A_CHOICE', { choices: choices.join(', ') })
  }

  country(key: string): string | undefined {
    const value = this.#value(key)
    if (value === undefined) return undefined
    return typeof value === 'string' && /^[A-Z]{2}$/.test(value) ? value : this.wrong(key, 'NOT_A_COUNTRY')
  }

  integer(key: string): number | undefined {
    const value = this.#value(key)
    if (value === undefined) return undefined
    const most = this.#fields.get(key)!.most ?? Number.MAX_SAFE_INTEGER
    const integer = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
    if (typeof integer !== 'number' || !Number.isSafeInteger(integer) || integer < 0) return this.wrong(key, 'NOT_AN_INTEGER')
    return integer > most ? this.wrong(key, 'TOO_LARGE', { most }) : integer
  }

  /** A plain number between 0 and the field's most, exact: as text. */
  number(key: string): string | undefined {
    const value = this.#value(key)
    if (value === undefined) return undefined
    const most = this.#fields.get(key)!.most ?? Number.MAX_SAFE_INTEGER
    const text = typeof value === 'number' ? String(value) : value
    if (typeof text !== 'string' || !/^\d{1,15}(\.\d{1,4})?$/.test(text)) return this.wrong(key, 'NOT_A_NUMBER')
    if (Number(text) > most) return this.wrong(key, 'TOO_LARGE', { most })
    return text.includes('.') ? text.replace(/\.?0+$/, '') : text
  }

  names(key: string): readonly string[] {
    const value = this.#value(key)
    if (value === undefined) return []
    if (
      Array.isArray(value) &&
      value.length <= 50 &&
      value.every(name => typeof name === 'string' && name.length <= 300 && name.trim() !== '' && !CONTROL.test(name))
    )
      return value as string[]
    this.wrong(key, 'NOT_NAMES')
    return []
  }

  /** The invoices that a payer of so much says it settles. */
  claims(currency: string, amount: string | undefined, on: string | undefined): readonly Claim[] {
    const given = this.#value('applications')
    const invoiceNumber = this.text('invoiceNumber')
    const appliedAmount = this.amount('appliedAmount', currency, 'positive')
    const appliedOn = this.date('appliedOn')
    if (given !== undefined && invoiceNumber !== undefined) this.wrong('applications', 'TWO_WAYS_OF_APPLYING')
    if (given === undefined && invoiceNumber === undefined) {
      if (appliedAmount !== undefined) this.wrong('invoiceNumber', 'EMPTY')
      return []
    }
    const list = given === undefined ? [{ invoiceNumber, amount: appliedAmount, appliedOn }] : given
    if (!Array.isArray(list) || list.length > 1000) {
      this.wrong('applications', 'NOT_APPLICATIONS')
      return []
    }
    const claims = list.flatMap((item: unknown, index) => this.#claim(item, index, list.length, currency, amount, on))
    const numbers = new Set(claims.map(claim => claim.invoiceNumber))
    if (numbers.size < claims.length) this.wrong('applications', 'INVOICE_TWICE')
    const all = claims.reduce((sum, claim) => sum.plus(claim.amount), new Decimal(0))
    if (amount !== undefined && all.greaterThan(amount))
      this.wrong(given === undefined ? 'appliedAmount' : 'applications', 'CLAIMED_TOO_MUCH', { applied: all.toFixed(), amount })
    return claims
  }

  required<T>(key: string, value: T | undefined): T {
    if (value === undefined && !this.problems.some(({ column }) => column === key)) this.wrong(key, 'EMPTY')
    // A line with problems goes no further, so that the hole is never looked into.
    return value as T
  }

  wrong(key: string, code: ProblemCode, details?: RowProblem['details']): undefined {
    // One word on one thing.
    if (this.problems.some(problem => problem.column === key && problem.code === code)) return
    const value = this.#values[key]
    const shown = value === undefined || value === null ? undefined : typeof value === 'string' ? value : JSON.stringify(value)
    this.problems.push({
      code,
      row: this.line,
      column: key,
      ...(shown !== undefined && { value: readable(shown).slice(0, SHOWN_LENGTH + 1) }),
      ...(details && { details }),
    })
  }

  #value(key: string): unknown {
    const value = this.#values[key]
    return value === null || value === undefined || value === '' ? undefined : value
  }

  #amountOf(key: string, value: unknown, currency: string, sign: 'positive' | 'any' | 'not-negative'): string | undefined {
    const text = typeof value === 'number' ? String(value) : value
    const match = typeof text === 'string' ? /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(text.trim()) : null
    if (!match) return this.wrong(key, 'NOT_AN_AMOUNT')
    const [, minus = '', whole = '0', decimals = ''] = match
    const digits = minorUnits(currency)
    if (decimals.length > digits) return this.wrong(key, 'TOO_MANY_DECIMALS', { currency, digits })
    if (whole.length > 15) return this.wrong(key, 'AMOUNT_TOO_LARGE')
    const plain = `${whole}${decimals && `.${decimals}`}`
    if (plain === '0') return sign === 'positive' ? this.wrong(key, 'ZERO_AMOUNT') : '0'
    if (minus === '') return plain
    return sign === 'any' ? `-${plain}` : this.wrong(key, 'NEGATIVE_AMOUNT')
  }

  #claim(item: unknown, index: number, count: number, currency: string, payerAmount: string | undefined, on: string | undefined): Claim[] {
    if (typeof item !== 'object' || item === null) {
      this.wrong('applications', 'NOT_APPLICATIONS')
      return []
    }
    const { invoiceNumber, amount, appliedOn, ...rest } = item as Record<string, unknown>
    const isOdd =
      typeof invoiceNumber !== 'string' ||
      invoiceNumber.trim() === '' ||
      invoiceNumber.length > 200 ||
      CONTROL.test(invoiceNumber) ||
      Object.keys(rest).length > 0
    if (isOdd) {
      this.wrong('applications', 'NOT_APPLICATIONS')
      return []
    }
    if (amount === undefined && count > 1) {
      this.wrong('applications', 'NO_APPLIED_AMOUNT', { at: index + 1 })
      return []
    }
    const claimed = amount === undefined || amount === null ? payerAmount : this.#amountOf('applications', amount, currency, 'positive')
    const isDay = typeof appliedOn === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(appliedOn) && parseDate(appliedOn, undefined).kind === 'date'
    if (appliedOn !== undefined && appliedOn !== null && !isDay) {
      this.wrong('applications', 'NOT_A_DATE')
      return []
    }
    const claimedOn = isDay ? appliedOn : on
    return claimed === undefined || claimedOn === undefined ? [] : [{ invoiceNumber: invoiceNumber.trim(), amount: claimed, claimedOn }]
  }
}

const CONTROL = /\p{Cc}/u

// What was wrong is shown and kept, and the database keeps no NUL.
function readable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\uFFFD')
}

const FIELDS = new Map<RecordKind, ReadonlyMap<string, RecordField>>()

function fieldsOf(kind: RecordKind): ReadonlyMap<string, RecordField> {
  let fields = FIELDS.get(kind)
  if (!fields) FIELDS.set(kind, (fields = new Map(recordFields(kind).map(field => [field.key, field]))))
  return fields
}
