import type { BookInstrument, BookLimit, CompanySize } from '../book.ts'
import { addMonths, calendar, dayOf, toDate, toDay } from '../day.ts'
import type { Grade } from '../grades.ts'
import { socialCreditCode } from '../registration-number.ts'
import { decimalText } from './amount.ts'
import { contactName, createIdentity, type Identity } from './names.ts'
import { daysLate, gradeOf, health, PAYER_SHARES } from './payer.ts'
import { createRandom, type Random } from './random.ts'
import type { CustomerRecord, LedgerRecord, PayerType } from './record.ts'
import { createStatements } from './statements.ts'

export interface GenerateOptions {
  readonly customers: number
  readonly months: number
  readonly seed: number | string
  /** The last day of the history; what falls later is still open. */
  readonly endDate: string
  /** What most customers are invoiced in. */
  readonly currency?: GeneratedCurrency
}

export const GENERATED_CURRENCIES = ['CNY', 'USD', 'EUR'] as const
export type GeneratedCurrency = (typeof GENERATED_CURRENCIES)[number]

/**
 * A made-up company's ledger: customers with their orders, deliveries, invoices, credit notes, payments and what went wrong.
 * The same options give the same records; more customers only add to them. One customer at a time is held in memory.
 */
export function* generateLedger(options: GenerateOptions): Generator<LedgerRecord> {
  const { customers, months, endDate } = options
  if (!Number.isInteger(customers) || customers < 1)
    throw new GenerateOptionOutOfRange('customers', customers, 'a whole number of 1 or more')
  if (!Number.isInteger(months) || months < 1 || months > 240)
    throw new GenerateOptionOutOfRange('months', months, 'a whole number from 1 to 240')
  if (Number.isNaN(toDay(endDate))) throw new GenerateOptionOutOfRange('endDate', endDate, 'a date such as 2026-03-05')
  const history = createHistory(options)
  yield* createRates(history)
  for (let number = 1; number <= customers; number += 1) yield* createCustomer(history, number)
}

export class GenerateOptionOutOfRange extends RangeError {
  readonly code = 'GENERATE_OPTION_OUT_OF_RANGE'
  constructor(option: string, value: unknown, wanted: string) {
    super(`${option} is ${JSON.stringify(value)}; it should be ${wanted}.`)
  }
}

interface History {
  readonly seed: number | string
  readonly currency: GeneratedCurrency
  readonly startDay: number
  readonly endDay: number
  /** Dates by day number; making them anew would cost more than all the rest. */
  readonly dateOf: (day: number) => string
}

function createHistory({ months, seed, endDate, currency = 'CNY' }: GenerateOptions): History {
  const endDay = toDay(endDate)
  const startDay = toDay(addMonths(endDate, -months)) + 1
  const origin = startDay - 4000
  const dates: string[] = []
  return {
    seed,
    currency,
    startDay,
    endDay,
    dateOf: day => (day < origin ? toDate(day) : (dates[day - origin] ??= toDate(day))),
  }
}

const USD_PRICE: Readonly<Record<GeneratedCurrency, number>> = { CNY: 0.1389, USD: 1, EUR: 1.087 }

function* createRates({ seed, currency, startDay, endDay, dateOf }: History): Generator<LedgerRecord> {
  for (const from of foreignTo(currency)) {
    const random = createRandom(seed, 'rate', from)
    let price = USD_PRICE[from] / USD_PRICE[currency]
    const start = calendar(startDay)
    for (let month = start.month - 1; ; month += 1) {
      const day = Math.max(startDay, dayOf(start.year + Math.floor(month / 12), (month % 12) + 1, 1))
      if (day > endDay) break
      yield { kind: 'rate', entry: { date: dateOf(day), from, to: currency, rate: price.toFixed(4) } }
      price *= 1 + random.normal(0, 0.008)
    }
  }
}

function foreignTo(currency: GeneratedCurrency): GeneratedCurrency[] {
  return GENERATED_CURRENCIES.filter(other => other !== currency && other !== 'CNY')
}

interface Profile {
  readonly customerId: string
  readonly digits: string
  readonly identity: Identity
  readonly payer: PayerType
  readonly size: CompanySize
  readonly isListed: boolean
  readonly sinceDay: number
  /** Trade with us begins here: the start of the history or later. */
  readonly firstDay: number
  /** The day of ruin, for those who fail. */
  readonly failureDay: number
  /** What they buy in a year, in minor units. */
  readonly yearly: number
  readonly growth: number
  readonly ordersPerMonth: number
  /** Deviation of the logarithm of order amounts. */
  readonly unsteadiness: number
  readonly termsDays: number
  /** They pay on days of the month that divide by this. */
  readonly payRun: number
  readonly billShare: number
  readonly health: (day: number) => number
  readonly progress: (day: number) => number
}

const SIZES: Readonly<Record<CompanySize, { readonly weight: number; readonly yearly: number; readonly orders: number }>> = {
  micro: { weight: 20, yearly: 35_000_000, orders: 1 },
  small: { weight: 40, yearly: 140_000_000, orders: 2 },
  medium: { weight: 30, yearly: 650_000_000, orders: 4 },
  large: { weight: 10, yearly: 2_600_000_000, orders: 8 },
}

function* createCustomer(history: History, number: number): Generator<LedgerRecord> {
  const random = createRandom(history.seed, number)
  const profile = createProfile(history, number, random)
  const { customerId } = profile
  yield customerRecord(history, profile, number, random)
  yield* createContacts(profile, random)
  const records: LedgerRecord[] = []
  const write = (record: LedgerRecord): void => {
    // Nothing of tomorrow is known today.
    if (dateOfRecord(record) <= history.dateOf(history.endDay)) records.push(record)
  }
  writeAccount(history, profile, number, random, write)
  writeTrade(history, profile, random, write)
  if (random.chance({ micro: 0.15, small: 0.45, medium: 0.85, large: 1 }[profile.size])) {
    const share = random.real(0.03, 0.15)
    const subject = {
      ...profile,
      currency: profile.identity.currency,
      revenue: Math.round(profile.yearly / share),
      startDay: history.startDay,
      endDay: history.endDay,
    }
    for (const entry of createStatements(subject, random)) write({ kind: 'statement', customerId, entry })
  }
  // Stable: what happens on one day stays in the order in which it was written.
  yield* records.sort((left, right) => compare(dateOfRecord(left), dateOfRecord(right)))
}

function createProfile({ seed, currency, startDay, endDay }: History, number: number, random: Random): Profile {
  const digits = String(number).padStart(6, '0')
  const identity = createIdentity(number + seedOffset(seed), random, currency, foreignTo(currency))
  const payer = random.weighted(PAYER_SHARES)
  const size = random.weighted((Object.keys(SIZES) as CompanySize[]).map(each => [each, SIZES[each].weight] as const))
  const span = endDay - startDay
  const sinceDay = random.chance(0.78) ? startDay - random.between(30, 3600) : startDay + random.between(0, Math.floor(span * 0.8))
  const firstDay = Math.max(startDay, sinceDay)
  const failureDay = payer === 'failing' ? firstDay + Math.floor((endDay - firstDay) * random.real(0.55, 0.97)) : Number.POSITIVE_INFINITY
  const yearly = Math.round(
    SIZES[size].yearly * Math.exp(random.normal(0, 0.55)) * (identity.currency === currency ? 1 : USD_PRICE[currency]),
  )
  const progress = (day: number): number => Math.max(0, Math.min(1, (day - startDay) / span))
  const luck = random.normal(0, 0.07)
  return {
    customerId: `C${digits}`,
    digits,
    identity,
    payer,
    size,
    isListed: size === 'large' && random.chance(0.25),
    sinceDay,
    firstDay,
    failureDay,
    yearly,
    growth: random.normal(payer === 'failing' ? -0.15 : 0.06, 0.14),
    ordersPerMonth: SIZES[size].orders * random.real(0.7, 1.5),
    unsteadiness: random.real(0.1, payer === 'prompt' || payer === 'late' ? 0.4 : 0.65),
    termsDays: random.weighted([
      [30, 40],
      [45, 20],
      [60, 28],
      [90, 12],
    ]),
    payRun: random.weighted([
      [1, 40],
      [5, 35],
      [10, 15],
      [15, 10],
    ]),
    billShare: identity.country === 'CN' && (size === 'medium' || size === 'large') && random.chance(0.45) ? random.real(0.15, 0.5) : 0,
    progress,
    health: day => Math.max(0, Math.min(1, health(payer, progress(day)) + luck)),
  }
}

// Other seeds begin at another name.
function seedOffset(seed: number | string): number {
  return Math.floor(createRandom(seed, 'names').next() * 50_000)
}

function customerRecord(
  { dateOf }: History,
  { customerId, identity, payer, size, isListed, sinceDay }: Profile,
  number: number,
  random: Random,
): CustomerRecord {
  const group = groupOf(number)
  return {
    kind: 'customer',
    customerId,
    customer: {
      id: customerId,
      name: identity.name,
      country: identity.country,
      industry: identity.industry,
      segment: identity.segment,
      ...(group === undefined ? {} : { groupId: group }),
      size,
      isListed,
      since: dateOf(sinceDay),
    },
    nameEn: identity.nameEn,
    registrationNumber:
      identity.country === 'CN'
        ? socialCreditCode(identity.region, `MA${Array.from({ length: 6 }, () => random.pick(REGISTRATION_CHARACTERS)).join('')}`)
        : `${identity.country}${random.between(10_000_000, 99_999_999)}`,
    currency: identity.currency,
    city: identity.city,
    ...(group === undefined ? {} : { groupName: `${identity.city}${group.slice(1)}` }),
    payerType: payer,
  }
}

const REGISTRATION_CHARACTERS = [...'0123456789ABCDEFGHJKLMNPQRTUWXY']

/** Three in every 25 belong together. */
function groupOf(number: number): string | undefined {
  return number % 25 >= 3 && number % 25 <= 5 ? `G${String(Math.floor(number / 25) + 1).padStart(4, '0')}` : undefined
}

function* createContacts({ customerId, digits, identity }: Profile, random: Random): Generator<LedgerRecord> {
  for (const [at, role] of ['finance', 'purchasing'].slice(0, random.chance(0.6) ? 2 : 1).entries()) {
    const name = contactName(random)
    yield {
      kind: 'contact',
      customerId,
      id: `CT-${digits}-${at + 1}`,
      name: identity.country === 'CN' ? name.zh : `${role === 'finance' ? 'Finance' : 'Purchasing'} desk`,
      role,
      email: `${role}.${digits}@${identity.handle.replaceAll(/[^a-z-]/g, '')}.example`,
      phone:
        identity.country === 'CN'
          ? `199-0000-${String(random.between(0, 9999)).padStart(4, '0')}`
          : `+1-555-01${String(random.between(0, 99)).padStart(2, '0')}`,
    }
  }
}

const LIMIT_FACTOR: Readonly<Record<Grade, number>> = { A: 2.6, B: 2.2, C: 1.8, D: 1.2, E: 0 }
const SCORE_FLOOR: Readonly<Record<Grade, number>> = { A: 82, B: 70, C: 58, D: 42, E: 20 }
const REVIEW_MONTHS: Readonly<Record<Grade, number>> = { A: 12, B: 12, C: 6, D: 6, E: 6 }

/** Grades, limits, security and status: what the credit department did. */
function writeAccount(
  { seed, endDay, dateOf }: History,
  profile: Profile,
  number: number,
  random: Random,
  write: (record: LedgerRecord) => void,
): void {
  const { customerId, identity, firstDay, failureDay, yearly, termsDays } = profile
  const { currency } = identity
  write({ kind: 'status', customerId, entry: { date: dateOf(firstDay), status: 'active' } })
  const group = groupOf(number)
  if (group !== undefined) {
    const amount = createRandom(seed, group).between(20, 90) * 100_000_000
    write({
      kind: 'limit',
      customerId,
      entry: { date: dateOf(firstDay), kind: 'amount', amount: decimalText(amount), currency, isGroup: true },
    })
  }
  let grade: Grade | undefined
  for (let day = firstDay; day <= endDay;) {
    const reviewed = gradeOf(profile.health(day) + random.normal(0, 0.04))
    const months = REVIEW_MONTHS[reviewed]
    const date = dateOf(day)
    const next = addMonths(date, months)
    write({
      kind: 'grade',
      customerId,
      entry: { date, grade: reviewed, score: SCORE_FLOOR[reviewed] + random.between(0, 10), expiresOn: addMonths(date, 12) },
    })
    const need = (yearly * (1 + profile.growth) ** ((day - firstDay) / 365) * (termsDays + 25)) / 365
    const amount = Math.max(2_000_000, Math.round((need * LIMIT_FACTOR[reviewed]) / 1_000_000) * 1_000_000)
    const limit: Pick<BookLimit, 'kind' | 'amount'> = reviewed === 'E' ? { kind: 'none' } : { kind: 'amount', amount: decimalText(amount) }
    write({
      kind: 'limit',
      customerId,
      entry: {
        date,
        ...limit,
        currency,
        termsDays: reviewed === 'E' ? 0 : termsDays,
        expiresOn: addMonths(date, months + 3),
        nextReviewOn: next,
      },
    })
    if (grade !== undefined && reviewed === 'D' && grade < reviewed) write({ kind: 'status', customerId, entry: { date, status: 'watch' } })
    grade = reviewed
    day = toDay(next) + random.between(-20, 8)
  }
  if (random.chance(0.08)) {
    const day = random.between(firstDay, endDay)
    write({
      kind: 'limit',
      customerId,
      entry: {
        date: dateOf(day),
        kind: 'amount',
        amount: decimalText(Math.round((yearly * 0.4) / 1_000_000) * 1_000_000 + 5_000_000),
        currency,
        termsDays,
        temporaryUntil: dateOf(day + 45),
      },
    })
  }
  writeInstruments(profile, random, dateOf, write)
  if (profile.size !== 'micro' && random.chance(0.35)) {
    const day = random.between(Math.max(firstDay, endDay - 500), endDay)
    const score = Math.round(Math.max(5, Math.min(98, profile.health(day) * 100 + random.normal(0, 8))))
    write({
      kind: 'rating',
      customerId,
      entry: { date: dateOf(day), agency: 'agency-1', value: `${Math.ceil(score / 10)}/10`, score, expiresOn: addMonths(dateOf(day), 12) },
    })
  }
  if (failureDay <= endDay) {
    write({ kind: 'incident', customerId, entry: { date: dateOf(failureDay), kind: 'insolvency' } })
    write({ kind: 'status', customerId, entry: { date: dateOf(failureDay + 1), status: 'held' } })
  } else if (profile.payer !== 'prompt' && random.chance(0.12)) {
    write({ kind: 'incident', customerId, entry: { date: dateOf(random.between(firstDay, endDay)), kind: 'lawsuit' } })
  }
}

function writeInstruments(
  { customerId, digits, identity, payer, firstDay, failureDay, yearly, termsDays }: Profile,
  random: Random,
  dateOf: History['dateOf'],
  write: (record: LedgerRecord) => void,
): void {
  const type = random.weighted<BookInstrument['type'] | undefined>([
    ['insurance', 15],
    ['guarantee', 8],
    ['collateral', 4],
    ['deposit', 4],
    ['letter-of-credit', identity.segment === 'overseas' ? 20 : 1],
    [undefined, 70],
  ])
  if (type === undefined) return
  const value = Math.max(1_000_000, Math.round((yearly * termsDays) / 365 / 1_000_000) * 1_000_000)
  const withdrawnDay =
    type === 'insurance' && (payer === 'deteriorating' || payer === 'failing') && random.chance(0.5)
      ? Math.min(failureDay - 20, firstDay + random.between(250, 600))
      : undefined
  write({
    kind: 'instrument',
    customerId,
    entry: {
      id: `SEC-${digits}-1`,
      date: dateOf(firstDay),
      type,
      effect: type === 'guarantee' || type === 'collateral' ? 'raises-limit' : 'reduces-exposure',
      value: decimalText(value),
      currency: identity.currency,
      percentage: { insurance: 90, guarantee: 50, collateral: 60, deposit: 100, 'letter-of-credit': 100 }[type],
      effectiveFrom: dateOf(firstDay),
      expiresOn: addMonths(dateOf(firstDay), 12 * random.between(1, 4)),
      ...(withdrawnDay === undefined ? {} : { withdrawnOn: dateOf(withdrawnDay) }),
    },
  })
  if (withdrawnDay !== undefined) write({ kind: 'incident', customerId, entry: { date: dateOf(withdrawnDay), kind: 'cover-withdrawn' } })
}

/** An invoice on its way to being paid. */
interface Claim {
  readonly id: string
  readonly dueDay: number
  readonly amount: number
  readonly payDay: number
  open: number
}

function writeTrade(history: History, profile: Profile, random: Random, write: (record: LedgerRecord) => void): void {
  const { startDay, endDay } = history
  const { identity, firstDay, failureDay, yearly, growth, ordersPerMonth } = profile
  const claims: Claim[] = []
  const counter = { order: 0, claim: 0, payment: 0, bill: 0, credit: 0, dispute: 0, promise: 0, application: 0 }
  const typical = yearly / 12 / ordersPerMonth
  const start = calendar(startDay)
  for (let month = start.month - 1; ; month += 1) {
    const year = start.year + Math.floor(month / 12)
    const monthOfYear = (month % 12) + 1
    const monthStart = dayOf(year, monthOfYear, 1)
    if (monthStart > endDay) break
    const season = 1 + identity.trade.swing * Math.cos((2 * Math.PI * (monthOfYear - identity.trade.peak)) / 12)
    // Around Chinese New Year the factories stand still.
    const holiday = monthOfYear === 2 ? 0.55 : 1
    const trend = (1 + growth) ** ((monthStart - startDay) / 365)
    for (let count = Math.floor(ordersPerMonth * holiday + random.next()); count > 0; count -= 1) {
      const day = monthStart + random.between(0, 27)
      if (day < firstDay || day > endDay || day >= failureDay) continue
      const amount = Math.max(
        10_000,
        Math.round((typical * season * trend * Math.exp(random.normal(0, profile.unsteadiness))) / 100) * 100 + random.between(0, 99),
      )
      writeOrder(history, profile, random, write, counter, claims, day, amount)
    }
  }
  writePayments(history, profile, random, write, counter, claims)
}

type Counter = Record<'order' | 'claim' | 'payment' | 'bill' | 'credit' | 'dispute' | 'promise' | 'application', number>

function writeOrder(
  { endDay, dateOf }: History,
  profile: Profile,
  random: Random,
  write: (record: LedgerRecord) => void,
  counter: Counter,
  claims: Claim[],
  day: number,
  amount: number,
): void {
  const { customerId, digits, identity, failureDay } = profile
  const { currency } = identity
  const orderId = `SO-${digits}-${serial((counter.order += 1))}`
  const leadDays = random.between(4, 30)
  const isPrepaid = gradeOf(profile.health(day)) === 'E'
  const isCalledOff = random.chance(0.012)
  const parts = !isCalledOff && amount > 1_000_000 && random.chance(0.12) ? [Math.round(amount * random.real(0.3, 0.7)), 0] : [amount]
  if (parts.length === 2) parts[1] = amount - parts[0]!
  const deliveryDays = parts.map((_, at) => day + leadDays + at * random.between(5, 15))
  const closedDay = isCalledOff ? day + random.between(1, 10) : Math.min(deliveryDays.at(-1)!, failureDay)
  write({
    kind: 'order',
    customerId,
    entry: {
      id: orderId,
      date: dateOf(day),
      dueDate: dateOf(day + leadDays),
      amount: decimalText(amount),
      currency,
      ...(isPrepaid ? { isPrepaid } : {}),
      ...(closedDay <= endDay ? { closedOn: dateOf(closedDay) } : {}),
    },
  })
  if (isCalledOff) return
  for (const [at, part] of parts.entries()) {
    const deliveryDay = deliveryDays[at]!
    if (deliveryDay > endDay || deliveryDay >= failureDay) continue
    const deliveryId = `DN-${orderId.slice(3)}-${at + 1}`
    write({
      kind: 'delivery',
      customerId,
      entry: { id: deliveryId, orderId, date: dateOf(deliveryDay), amount: decimalText(part), currency },
    })
    const invoiceDay =
      deliveryDay +
      random.weighted([
        [0, 60],
        [1, 20],
        [3, 15],
        [5, 5],
      ])
    if (invoiceDay <= endDay)
      claims.push(
        writeInvoice({ endDay, dateOf }, profile, random, write, counter, { orderId, deliveryId, invoiceDay, amount: part, isPrepaid }),
      )
  }
}

interface InvoiceSource {
  readonly orderId: string
  readonly deliveryId: string
  readonly invoiceDay: number
  readonly amount: number
  readonly isPrepaid: boolean
}

function writeInvoice(
  { endDay, dateOf }: Pick<History, 'endDay' | 'dateOf'>,
  profile: Profile,
  random: Random,
  write: (record: LedgerRecord) => void,
  counter: Counter,
  { orderId, deliveryId, invoiceDay, amount, isPrepaid }: InvoiceSource,
): Claim {
  const { customerId, digits, identity, payer, termsDays, payRun, failureDay } = profile
  const { currency } = identity
  const number = serial((counter.claim += 1))
  const id = `INV-${digits}-${number}`
  const dueDay = invoiceDay + (isPrepaid ? 0 : termsDays)
  write({
    kind: 'document',
    customerId,
    entry: {
      id,
      type: 'invoice',
      date: dateOf(invoiceDay),
      dueDate: dateOf(dueDay),
      amount: decimalText(amount),
      currency,
      orderId,
      deliveryId,
    },
  })
  let wanted = isPrepaid ? invoiceDay : Math.max(invoiceDay + 1, dueDay + Math.round(daysLate(payer, profile.progress(dueDay), random)))
  let credited = 0
  if (!isPrepaid && random.chance(0.02)) {
    const disputeDay = Math.min(wanted - 1, dueDay + random.between(-10, 5))
    if (disputeDay > invoiceDay) {
      const disputed = random.chance(0.5) ? amount : Math.round(amount * random.real(0.1, 0.6))
      const resolvedDay = disputeDay + random.between(10, 70)
      write({
        kind: 'dispute',
        customerId,
        entry: {
          id: `DSP-${digits}-${serial((counter.dispute += 1))}`,
          documentId: id,
          date: dateOf(disputeDay),
          amount: decimalText(disputed),
          reason: random.pick(['quality', 'quantity', 'price', 'delivery']),
          ...(resolvedDay <= endDay ? { resolvedOn: dateOf(resolvedDay) } : {}),
        },
      })
      wanted = Math.max(wanted, resolvedDay + random.between(3, 12))
    }
  }
  if (random.chance(0.035)) {
    const creditDay = invoiceDay + random.between(5, 35)
    // Only while the invoice is open: a credit note then always finds what it belongs to.
    if (creditDay < wanted && creditDay <= endDay) {
      credited = Math.round(amount * random.real(0.02, 0.25))
      const creditId = `CN-${digits}-${serial((counter.credit += 1))}`
      write({
        kind: 'document',
        customerId,
        entry: {
          id: creditId,
          type: 'credit-note',
          date: dateOf(creditDay),
          dueDate: dateOf(creditDay),
          amount: decimalText(credited),
          currency,
          orderId,
        },
      })
      write({
        kind: 'application',
        customerId,
        entry: {
          id: applicationId(digits, counter),
          date: dateOf(creditDay),
          source: 'credit-note',
          sourceId: creditId,
          documentId: id,
          amount: decimalText(credited),
        },
      })
    }
  }
  const payDay = wanted >= failureDay ? Number.POSITIVE_INFINITY : onPayRun(wanted, payRun)
  if (!isPrepaid) writeReminders({ endDay, dateOf }, profile, random, write, counter, { id, dueDay, payDay, open: amount - credited })
  return { id, dueDay, amount, payDay: payDay >= failureDay ? Number.POSITIVE_INFINITY : payDay, open: amount - credited }
}

function writeReminders(
  { endDay, dateOf }: Pick<History, 'endDay' | 'dateOf'>,
  { customerId, digits, identity }: Profile,
  random: Random,
  write: (record: LedgerRecord) => void,
  counter: Counter,
  { id, dueDay, payDay, open }: { id: string; dueDay: number; payDay: number; open: number },
): void {
  for (const [at, day] of [5, 20, 40].entries()) {
    if (dueDay + day < payDay && dueDay + day <= endDay)
      write({ kind: 'reminder', customerId, entry: { date: dateOf(dueDay + day), level: at + 1, documentId: id } })
  }
  const promiseDay = dueDay + random.between(12, 30)
  if (payDay <= promiseDay || !random.chance(0.35)) return
  const promisedDay = payDay < promiseDay + 30 && random.chance(0.65) ? payDay + random.between(0, 3) : promiseDay + random.between(4, 12)
  const isKept = payDay <= promisedDay
  write({
    kind: 'promise',
    customerId,
    entry: {
      id: `PTP-${digits}-${serial((counter.promise += 1))}`,
      date: dateOf(promiseDay),
      dueDate: dateOf(promisedDay),
      amount: decimalText(open),
      currency: identity.currency,
      documentIds: [id],
      ...(isKept && payDay <= endDay ? { keptOn: dateOf(payDay) } : {}),
      ...(!isKept && promisedDay < endDay ? { brokenOn: dateOf(promisedDay + 1) } : {}),
    },
  })
}

/** Invoices that fall on one pay day are paid together: one payment, one application each. */
function writePayments(
  { endDay, dateOf }: History,
  profile: Profile,
  random: Random,
  write: (record: LedgerRecord) => void,
  counter: Counter,
  claims: readonly Claim[],
): void {
  const runs = new Map<number, { claim: Claim; amount: number }[]>()
  const plan = (day: number, claim: Claim, amount: number): void => {
    const run = runs.get(day)
    if (run) run.push({ claim, amount })
    else runs.set(day, [{ claim, amount }])
  }
  for (const claim of claims) {
    if (claim.payDay > endDay || claim.open <= 0) continue
    const first = random.chance(0.05) ? Math.round(claim.open * random.real(0.3, 0.8)) : claim.open
    plan(claim.payDay, claim, first)
    const rest = claim.open - first
    const restDay = onPayRun(claim.payDay + random.between(7, 30), profile.payRun)
    if (rest > 0 && restDay < profile.failureDay && restDay <= endDay) plan(restDay, claim, rest)
  }
  for (const [day, parts] of [...runs].toSorted(([left], [right]) => left - right))
    writePayment({ endDay, dateOf }, profile, random, write, counter, day, parts)
}

function writePayment(
  { endDay, dateOf }: Pick<History, 'endDay' | 'dateOf'>,
  { customerId, digits, identity, billShare, payer, failureDay }: Profile,
  random: Random,
  write: (record: LedgerRecord) => void,
  counter: Counter,
  day: number,
  parts: readonly { claim: Claim; amount: number }[],
): void {
  const { currency } = identity
  const id = `PAY-${digits}-${serial((counter.payment += 1))}`
  const amount = parts.reduce((sum, part) => sum + part.amount, 0)
  const isBill = amount > 5_000_000 && random.chance(billShare)
  const billId = isBill ? `BILL-${digits}-${serial((counter.bill += 1))}` : undefined
  // Money waits a day or two to be matched; the last of it is unapplied when the history ends.
  const appliedDay =
    day +
    random.weighted([
      [0, 70],
      [1, 20],
      [3, 10],
    ])
  write({
    kind: 'payment',
    customerId,
    entry: {
      id,
      date: dateOf(day),
      amount: decimalText(amount),
      currency,
      method: billId === undefined ? 'transfer' : 'bill',
      ...(billId === undefined ? {} : { billId }),
    },
  })
  const apply = (onDay: number, sign: 1 | -1): void => {
    for (const { claim, amount: part } of parts) {
      write({
        kind: 'application',
        customerId,
        entry: {
          id: applicationId(digits, counter),
          date: dateOf(onDay),
          source: 'payment',
          sourceId: id,
          documentId: claim.id,
          amount: decimalText(sign * part),
        },
      })
    }
  }
  apply(appliedDay, 1)
  if (billId === undefined) return
  const kind = random.chance(0.8) ? 'bank' : 'commercial'
  const maturityDay = day + random.pick([90, 120, 180])
  const isDishonoured =
    maturityDay >= failureDay || (kind === 'commercial' && (payer === 'deteriorating' || payer === 'erratic') && random.chance(0.25))
  write({
    kind: 'bill',
    customerId,
    entry: {
      id: billId,
      date: dateOf(day),
      maturity: dateOf(maturityDay),
      amount: decimalText(amount),
      currency,
      kind,
      ...(maturityDay > endDay ? {} : isDishonoured ? { dishonouredOn: dateOf(maturityDay) } : { honouredOn: dateOf(maturityDay) }),
    },
  })
  if (!isDishonoured || maturityDay > endDay) return
  apply(maturityDay, -1)
  // Most find the money in the end.
  const againDay = maturityDay + random.between(10, 40)
  if (againDay >= failureDay || againDay > endDay) return
  const replacement = `PAY-${digits}-${serial((counter.payment += 1))}`
  write({
    kind: 'payment',
    customerId,
    entry: { id: replacement, date: dateOf(againDay), amount: decimalText(amount), currency, method: 'transfer' },
  })
  for (const { claim, amount: part } of parts) {
    write({
      kind: 'application',
      customerId,
      entry: {
        id: applicationId(digits, counter),
        date: dateOf(againDay),
        source: 'payment',
        sourceId: replacement,
        documentId: claim.id,
        amount: decimalText(part),
      },
    })
  }
}

function onPayRun(day: number, payRun: number): number {
  if (payRun === 1) return day
  const { day: dayOfMonth } = calendar(day)
  const wanted = Math.ceil(dayOfMonth / payRun) * payRun
  // The 30th of a short month is the first days of the next; nobody minds.
  return day + Math.min(wanted, 30) - Math.min(dayOfMonth, 30)
}

function serial(count: number): string {
  return count < 10_000 ? String(count).padStart(4, '0') : String(count)
}

function applicationId(digits: string, counter: Counter): string {
  return `APP-${digits}-${serial((counter.application += 1))}`
}

function dateOfRecord(record: LedgerRecord): string {
  return 'entry' in record ? record.entry.date : ''
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
