import { addDays, COMPANY_SIZES, Decimal, isCurrency, minorUnits, INDUSTRY_SCHEMES } from '@surety/credit'
import { importFields, STATEMENT_ITEMS, type ImportKind } from './fields.ts'
import { SHOWN_LENGTH, type ProblemCode, type RowProblem } from './problems.ts'
import { MAX_CELL_LENGTH, type Row } from './reading/row.ts'
import type { StagedRow } from './staged-row.ts'
import type { ImportMapping } from './suggest-mapping.ts'
import { parseAmount, type DecimalSeparator } from './values/amount.ts'
import { parseDate, type DateOrder } from './values/date.ts'
import { parseFlag } from './values/flag.ts'
import { parseIdentifier } from './values/identifier.ts'

export interface ConversionContext {
  readonly kind: ImportKind
  readonly columns: readonly string[]
  readonly mapping: ImportMapping
  readonly dateOrder: DateOrder | undefined
  readonly decimalSeparator: DecimalSeparator
  /** Where a row says none. */
  readonly currency: string
  /** The day of the import. */
  readonly today: string
}

export type ConvertedRow =
  | { readonly kind: 'row'; readonly row: StagedRow }
  | { readonly kind: 'wrong'; readonly problems: readonly RowProblem[] }

/** Makes the function that turns a row of a file into a row of the staging table, or says all that is wrong with it. */
export function rowConverter(context: ConversionContext): (row: Row) => ConvertedRow {
  const cells = new RowCells(context)
  const convert = CONVERTERS[context.kind]
  return row => {
    cells.begin(row)
    if (cells.problems.length > 0) return { kind: 'wrong', problems: cells.problems }
    const staged = convert(cells, row.number)
    return cells.problems.length > 0 ? { kind: 'wrong', problems: cells.problems } : { kind: 'row', row: staged }
  }
}

/** The mapped cells of one row after the other, parsed by what they should be; problems gather. */
class RowCells {
  problems: RowProblem[] = []
  readonly context: ConversionContext
  readonly #indexes = new Map<string, number>()
  #row!: Row

  constructor(context: ConversionContext) {
    this.context = context
    for (const { key } of importFields(context.kind)) {
      const column = context.mapping[key]
      if (column !== undefined) this.#indexes.set(key, context.columns.indexOf(column))
    }
  }

  begin(row: Row): void {
    this.#row = row
    this.problems = []
    const { flaw, cells } = row
    const { columns } = this.context
    if (flaw) {
      const at = {
        row: row.number,
        column: columns[flaw.cell] ?? `#${flaw.cell + 1}`,
        value: (cells[flaw.cell] ?? '').slice(0, SHOWN_LENGTH).replaceAll('\0', '␀'),
      }
      if (flaw.kind === 'cell-too-long')
        this.problems.push({ ...at, code: 'CELL_TOO_LONG', details: { length: flaw.length, most: MAX_CELL_LENGTH } })
      else this.problems.push({ ...at, code: flaw.kind === 'text-after-quote' ? 'TEXT_AFTER_QUOTE' : 'CONTROL_CHARACTER' })
    } else if (cells.length > columns.length && cells.slice(columns.length).some(cell => cell.trim() !== '')) {
      this.problems.push({ code: 'TOO_MANY_CELLS', row: row.number, details: { cells: cells.length, columns: columns.length } })
    }
  }

  raw(key: string): string {
    const index = this.#indexes.get(key)
    return index === undefined ? '' : (this.#row.cells[index] ?? '').trim()
  }

  text(key: string, most: number): string | undefined {
    const value = this.raw(key)
    if (value.length > most) this.wrong(key, 'TOO_LONG', { length: value.length, most })
    return value === '' ? undefined : value
  }

  identifier(key: string): string | undefined {
    const value = this.#filled(key)
    if (value === undefined) return undefined
    const parsed = parseIdentifier(value)
    if (parsed.kind === 'identifier') return parsed.text
    if (parsed.kind === 'rounded') this.wrong(key, 'ROUNDED_NUMBER')
    else this.wrong(key, 'TOO_LONG', { length: value.length, most: 200 })
  }

  date(key: string): string | undefined {
    const value = this.#filled(key)
    if (value === undefined) return undefined
    const parsed = parseDate(value, this.context.dateOrder)
    if (parsed.kind === 'date') return parsed.date
    this.wrong(key, DATE_PROBLEMS[parsed.kind])
  }

  /** Plain notation, with no more decimals than the currency has. */
  amount(key: string, currency: string): string | undefined {
    const value = this.#filled(key)
    if (value === undefined) return undefined
    const amount = parseAmount(value, this.context.decimalSeparator)
    if (amount === undefined) {
      this.wrong(key, 'NOT_AN_AMOUNT')
      return undefined
    }
    const point = amount.indexOf('.')
    const digits = minorUnits(currency)
    if (point !== -1 && amount.length - point - 1 > digits) this.wrong(key, 'TOO_MANY_DECIMALS', { currency, digits })
    if ((point === -1 ? amount.length : point) > 15 + (amount[0] === '-' ? 1 : 0)) this.wrong(key, 'AMOUNT_TOO_LARGE')
    return amount
  }

  currency(): string {
    const value = this.#filled('currency')
    if (value === undefined) return this.context.currency
    const code = CURRENCY_NAMES.get(value) ?? value.toUpperCase()
    if (isCurrency(code)) return code
    this.wrong('currency', 'UNKNOWN_CURRENCY')
    return this.context.currency
  }

  flag(key: string): boolean | undefined {
    const value = this.#filled(key)
    if (value === undefined) return undefined
    const flag = parseFlag(value)
    if (flag === undefined) this.wrong(key, 'NOT_A_FLAG')
    return flag
  }

  integer(key: string): string | undefined {
    const value = this.#filled(key)
    if (value === undefined) return undefined
    const digits = /^0*(\d{1,5})(?:\.0+)?$/.exec(value)?.[1]
    if (digits === undefined) this.wrong(key, 'NOT_AN_INTEGER')
    return digits
  }

  required<T>(key: string, value: T | undefined): T {
    if (value === undefined && !this.problems.some(({ column }) => column === this.context.mapping[key])) this.wrong(key, 'EMPTY')
    // A row with problems is thrown away, so that the hole is never looked into.
    return value as T
  }

  wrong(key: string, code: ProblemCode, details?: RowProblem['details']): void {
    const value = this.raw(key)
    this.problems.push({
      code,
      row: this.#row.number,
      column: this.context.mapping[key] ?? key,
      ...(value !== '' && { value: value.slice(0, SHOWN_LENGTH + 1) }),
      ...(details && { details }),
    })
  }

  #filled(key: string): string | undefined {
    const value = this.raw(key)
    return value === '' || NOTHING.has(value) ? undefined : value
  }
}

// What programs write where there is nothing.
const NOTHING: ReadonlySet<string> = new Set(['NULL', 'null', 'NaN', 'nan', 'NaT', 'None', 'N/A', '#N/A', '\\N', '00000000', '0000-00-00'])

const CURRENCY_NAMES: ReadonlyMap<string, string> = new Map([
  ['人民币', 'CNY'],
  ['人民币元', 'CNY'],
  ['元', 'CNY'],
  ['RMB', 'CNY'],
  ['rmb', 'CNY'],
  ['美元', 'USD'],
  ['欧元', 'EUR'],
  ['港币', 'HKD'],
  ['港元', 'HKD'],
  ['日元', 'JPY'],
  ['英镑', 'GBP'],
  ['加元', 'CAD'],
])

const DATE_PROBLEMS = {
  'no-such-day': 'NO_SUCH_DAY',
  'not-a-date': 'NOT_A_DATE',
  'two-digit-year': 'TWO_DIGIT_YEAR',
  ambiguous: 'AMBIGUOUS_DATE',
} as const

type Converter = (cells: RowCells, rowNumber: number) => StagedRow

const CONVERTERS: Readonly<Record<ImportKind, Converter>> = {
  customers: convertCustomer,
  invoices: convertInvoice,
  payments: convertPayment,
  credit_notes: convertCreditNote,
  orders: convertOrder,
  statements: convertStatement,
}

function customerOf(cells: RowCells): { customerNumber: string; customerName: string | undefined } {
  return {
    customerNumber: cells.required('customerNumber', cells.identifier('customerNumber')),
    customerName: cells.text('customerName', 300),
  }
}

function convertCustomer(cells: RowCells, rowNumber: number): StagedRow {
  const customer = customerOf(cells)
  cells.required('customerName', customer.customerName)
  const country = cells.text('country', 60)
  if (country !== undefined && !/^[a-z]{2}$/i.test(country)) cells.wrong('country', 'NOT_A_COUNTRY')
  const industryCode = cells.identifier('industryCode')
  const scheme = cells.text('industryScheme', 60) ?? (industryCode === undefined ? undefined : INDUSTRY_SCHEMES[0])
  const industryScheme = scheme && INDUSTRY_SCHEMES.find(known => known.replace(/\W/g, '') === scheme.toUpperCase().replace(/\W|_/g, ''))
  if (scheme !== undefined && industryScheme === undefined) cells.wrong('industryScheme', 'NOT_A_SCHEME')
  const givenSize = cells.text('size', 40)
  const size = givenSize && SIZES.get(givenSize.toLowerCase().replace(/企业$/, ''))
  if (givenSize !== undefined && size === undefined) cells.wrong('size', 'NOT_A_SIZE')
  const isListed = cells.flag('isListed')
  const details = withoutHoles({
    size,
    isListed: isListed?.toString(),
    registrationNumber: cells.identifier('registrationNumber'),
    country: country?.toUpperCase(),
    ...(industryCode !== undefined && { industryScheme, industryCode }),
    customerSince: cells.date('customerSince'),
    contactName: cells.text('contactName', 200),
    contactEmail: cells.text('contactEmail', 320),
    contactPhone: cells.text('contactPhone', 60),
    paymentTermsDays: cells.integer('paymentTermsDays'),
  })
  return { rowNumber, number: customer.customerNumber, ...customer, details, content: [JSON.stringify(details)] }
}

const SIZES: ReadonlyMap<string, string> = new Map([
  ...COMPANY_SIZES.map(size => [size, size] as const),
  ['微型', 'micro'],
  ['小型', 'small'],
  ['中型', 'medium'],
  ['大型', 'large'],
  ['微', 'micro'],
  ['小', 'small'],
  ['中', 'medium'],
  ['大', 'large'],
])

function convertInvoice(cells: RowCells, rowNumber: number): StagedRow {
  const number = cells.required('number', cells.identifier('number'))
  const customer = customerOf(cells)
  const issuedOn = cells.required('issuedOn', cells.date('issuedOn'))
  const currency = cells.currency()
  const amount = cells.required('amount', cells.amount('amount', currency))
  if (amount?.startsWith('-')) cells.wrong('amount', 'NEGATIVE_INVOICE')
  const terms = cells.text('terms', 100)
  const givenDueOn = cells.date('dueOn')
  const days = givenDueOn === undefined && terms !== undefined ? termsDays(terms) : undefined
  const dueOn = givenDueOn ?? (days === undefined || issuedOn === undefined ? undefined : addDays(issuedOn, days))
  if (dueOn === undefined && cells.problems.length === 0) cells.wrong('dueOn', 'NO_DUE_DATE')
  const isDisputed = cells.flag('isDisputed')
  const cancelledOn = cells.date('cancelledOn')
  const settlement = settlementOf(cells, amount, currency)
  return {
    rowNumber,
    number,
    ...customer,
    onDay: issuedOn,
    dueOn,
    currency,
    amount,
    terms,
    isDisputed,
    cancelledOn,
    ...settlement,
    content: [
      'invoice',
      customer.customerNumber,
      issuedOn,
      dueOn,
      currency,
      amount,
      terms,
      cancelledOn,
      settlement.settledOn,
      settlement.settledAmount,
      isDisputed,
    ],
  }
}

/** What of the invoice is paid and when, from whichever columns say so. */
function settlementOf(cells: RowCells, amount: string | undefined, currency: string): { settledOn?: string; settledAmount?: string } {
  const settledOn = cells.date('settledOn')
  const settledAmount = cells.amount('settledAmount', currency)
  const openAmount = cells.amount('openAmount', currency)
  const isOpen = cells.flag('isOpen')
  if (cells.problems.length > 0 || amount === undefined) return {}
  const openKey = openAmount === undefined ? 'isOpen' : 'openAmount'
  for (const [key, value] of [
    ['settledAmount', settledAmount],
    ['openAmount', openAmount],
  ] as const) {
    if (value?.startsWith('-')) cells.wrong(key, 'NEGATIVE_AMOUNT')
    else if (value !== undefined && new Decimal(value).greaterThan(amount)) cells.wrong(key, 'SETTLED_TOO_MUCH', { amount })
  }
  const settled = openAmount === undefined ? settledAmount : new Decimal(amount).minus(openAmount).toFixed()
  const isSettled = settled === undefined ? settledOn !== undefined || isOpen === false : settled !== '0'
  if (!isSettled) return {}
  if (settledOn === undefined) {
    cells.wrong(settledAmount === undefined ? openKey : 'settledAmount', 'NO_SETTLEMENT_DATE')
    return {}
  }
  if (isOpen === true && (settled === undefined || settled === amount)) cells.wrong('isOpen', 'OPEN_AND_SETTLED')
  const whole = settled ?? amount
  return whole === '0' ? {} : { settledOn, settledAmount: whole }
}

function convertPayment(cells: RowCells, rowNumber: number): StagedRow {
  const number = cells.required('number', cells.identifier('number'))
  const customer = customerOf(cells)
  const receivedOn = cells.required('receivedOn', cells.date('receivedOn'))
  const currency = cells.currency()
  const amount = cells.required('amount', cells.amount('amount', currency))
  if (amount?.startsWith('-')) cells.wrong('amount', 'NEGATIVE_PAYMENT')
  if (amount === '0') cells.wrong('amount', 'ZERO_AMOUNT')
  const cancelledOn = cells.date('cancelledOn')
  return {
    rowNumber,
    number,
    ...customer,
    onDay: receivedOn,
    currency,
    amount,
    cancelledOn,
    ...applicationOf(cells, currency),
    content: ['payment', customer.customerNumber, receivedOn, currency, amount, cancelledOn],
  }
}

function convertCreditNote(cells: RowCells, rowNumber: number): StagedRow {
  const number = cells.required('number', cells.identifier('number'))
  const customer = customerOf(cells)
  const issuedOn = cells.required('issuedOn', cells.date('issuedOn'))
  const currency = cells.currency()
  // Some ledgers write credit notes as negative amounts; either way they lower what is owed.
  const amount = cells.required('amount', cells.amount('amount', currency))?.replace(/^-/, '')
  if (amount === '0') cells.wrong('amount', 'ZERO_AMOUNT')
  const cancelledOn = cells.date('cancelledOn')
  return {
    rowNumber,
    number,
    ...customer,
    onDay: issuedOn,
    currency,
    amount,
    cancelledOn,
    ...applicationOf(cells, currency),
    content: ['credit_note', customer.customerNumber, issuedOn, currency, amount, cancelledOn],
  }
}

function applicationOf(cells: RowCells, currency: string): Pick<StagedRow, 'invoiceNumber' | 'appliedAmount' | 'appliedOn'> {
  const appliedOn = cells.date('appliedOn')
  const invoiceNumber = cells.identifier('invoiceNumber')
  const appliedAmount = cells.amount('appliedAmount', currency)?.replace(/^-/, '')
  if (appliedAmount === '0') return {}
  if (appliedAmount !== undefined && invoiceNumber === undefined) cells.wrong('invoiceNumber', 'EMPTY')
  return { invoiceNumber, appliedAmount, appliedOn }
}

function convertOrder(cells: RowCells, rowNumber: number): StagedRow {
  const number = cells.required('number', cells.identifier('number'))
  const customer = customerOf(cells)
  const issuedOn = cells.required('issuedOn', cells.date('issuedOn'))
  const dueOn = cells.date('dueOn')
  const currency = cells.currency()
  const amount = cells.required('amount', cells.amount('amount', currency))
  if (amount?.startsWith('-')) cells.wrong('amount', 'NEGATIVE_AMOUNT')
  const openAmount = cells.amount('openAmount', currency)
  if (openAmount?.startsWith('-')) cells.wrong('openAmount', 'NEGATIVE_AMOUNT')
  else if (openAmount !== undefined && amount !== undefined && new Decimal(openAmount).greaterThan(amount))
    cells.wrong('openAmount', 'SETTLED_TOO_MUCH', { amount })
  const isPrepaid = cells.flag('isPrepaid')
  const closedOn = cells.date('closedOn')
  const cancelledOn = cells.date('cancelledOn')
  return {
    rowNumber,
    number,
    ...customer,
    onDay: issuedOn,
    dueOn,
    currency,
    amount,
    openAmount,
    closedOn,
    cancelledOn,
    ...(isPrepaid !== undefined && { details: { isPrepaid: String(isPrepaid) } }),
    content: ['order', customer.customerNumber, issuedOn, dueOn, currency, amount, openAmount, isPrepaid, closedOn, cancelledOn],
  }
}

function convertStatement(cells: RowCells, rowNumber: number): StagedRow {
  const customer = customerOf(cells)
  const periodEnd = cells.required('periodEnd', cells.date('periodEnd'))
  const receivedOn = cells.date('receivedOn')
  const currency = cells.currency()
  const isAudited = cells.flag('isAudited')
  const periodMonths = cells.integer('periodMonths')
  const items = withoutHoles(Object.fromEntries(STATEMENT_ITEMS.map(({ key }) => [key, cells.amount(key, currency)])))
  return {
    rowNumber,
    number: `${customer.customerNumber}/${periodEnd}`,
    ...customer,
    onDay: periodEnd,
    dueOn: receivedOn ?? cells.context.today,
    currency,
    details: { ...items, ...withoutHoles({ periodMonths }), ...(isAudited !== undefined && { isAudited: String(isAudited) }) },
    content: ['statement', currency, JSON.stringify(items), periodMonths, isAudited],
  }
}

/** `30`, `Net 30`, `30 days`, `月结30天`; undefined for codes that only their ERP understands. */
function termsDays(terms: string): number | undefined {
  const days = /^(?:net|n|月结|账期|due in)?\s*(\d{1,3})(?:\.0+)?\s*(?:d|days?|天|日)?$/i.exec(terms.normalize('NFKC'))?.[1]
  return days === undefined ? undefined : Number(days)
}

function withoutHoles(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
