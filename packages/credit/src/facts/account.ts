import type { BookLimit } from '../book.ts'
import { addDays, daysBetween } from '../day.ts'
import { gradeChange, GRADES, isGrade } from '../grades.ts'
import { availability, effectiveLimit, limitInForce, type Availability, type Instrument, type Limit } from '../limit.ts'
import { Decimal, type Money } from '../money.ts'
import { known, knownMoney, knownNumber, missing, type Computed, type FactTable } from './fact.ts'
import { percentOf, total, type BookView } from './view.ts'

/** Open orders count when they are due within so many days; the rest is too far away to be a risk yet. */
export const ORDER_HORIZON_DAYS = 30

export const accountFacts = {
  limitKind: {
    type: 'enum',
    source: 'account',
    label: { en: 'Kind of limit', zh: '额度类型' },
    values: [
      { value: 'not-set', label: { en: 'not decided', zh: '未核定' } },
      { value: 'none', label: { en: 'no credit', zh: '不授信' } },
      { value: 'amount', label: { en: 'amount', zh: '有额度' } },
      { value: 'unlimited', label: { en: 'unlimited', zh: '不设上限' } },
    ],
  },
  creditLimit: {
    type: 'money',
    min: 0,
    source: 'account',
    label: { en: 'Credit limit', zh: '信用额度' },
    description: {
      en: 'In force: temporary if any, the lower of customer and group.',
      zh: '当前有效额度：有临时额度取临时额度，并取客户与集团中较低者。',
    },
  },
  isTemporaryLimit: { type: 'boolean', source: 'account', label: { en: 'Temporary limit in force', zh: '临时额度生效中' } },
  limitExpiresInDays: {
    type: 'integer',
    unit: 'day',
    source: 'account',
    label: { en: 'Limit expires in', zh: '额度剩余天数' },
    description: { en: 'Negative once expired.', zh: '已过期为负数。' },
  },
  reviewOverdueDays: { type: 'integer', unit: 'day', min: 0, source: 'account', label: { en: 'Review overdue', zh: '复评逾期天数' } },
  termsDays: { type: 'integer', unit: 'day', min: 0, source: 'account', label: { en: 'Payment terms', zh: '账期' } },
  exposureOrders: {
    type: 'money',
    min: 0,
    source: 'account',
    label: { en: 'Open orders', zh: '未清订单' },
    description: {
      en: `Due within ${ORDER_HORIZON_DAYS} days, not delivered, not prepaid.`,
      zh: `${ORDER_HORIZON_DAYS} 天内到期、未发货、非预付。`,
    },
  },
  exposureDeliveries: { type: 'money', min: 0, source: 'account', label: { en: 'Delivered, not invoiced', zh: '已发未开票' } },
  exposureReceivables: { type: 'money', min: 0, source: 'account', label: { en: 'Receivables', zh: '应收账款' } },
  exposureBills: { type: 'money', min: 0, source: 'account', label: { en: 'Bills receivable', zh: '应收票据' } },
  unappliedCash: { type: 'money', min: 0, source: 'account', label: { en: 'Unapplied cash and credits', zh: '未核销收款与贷项' } },
  exposure: {
    type: 'money',
    source: 'account',
    label: { en: 'Exposure', zh: '敞口' },
    description: { en: 'Orders, deliveries, receivables and bills less unapplied cash.', zh: '订单、发货、应收、票据之和减未核销收款。' },
  },
  countedExposure: {
    type: 'money',
    source: 'account',
    label: { en: 'Counted exposure', zh: '计入敞口' },
    description: { en: 'Exposure less what instruments take off it.', zh: '敞口减去担保工具抵减部分。' },
  },
  securedAmount: { type: 'money', min: 0, source: 'account', label: { en: 'Secured amount', zh: '担保金额' } },
  securedShare: {
    type: 'percent',
    min: 0,
    source: 'account',
    label: { en: 'Secured share', zh: '担保占比' },
    description: { en: 'Value of all instruments ÷ exposure.', zh: '全部担保工具价值 ÷ 敞口。' },
  },
  insuredShare: { type: 'percent', min: 0, source: 'account', label: { en: 'Insured share', zh: '保险占比' } },
  isCoverWithdrawn: { type: 'boolean', source: 'account', label: { en: 'Insurer withdrew cover', zh: '保险公司已撤回保额' } },
  availableCredit: { type: 'money', source: 'account', label: { en: 'Available credit', zh: '可用额度' } },
  utilisation: {
    type: 'percent',
    source: 'account',
    label: { en: 'Utilisation', zh: '额度占用率' },
    description: { en: 'Counted exposure ÷ (limit + instruments that raise it).', zh: '计入敞口 ÷（额度 + 提高额度的担保）。' },
  },
  overdueToLimit: {
    type: 'percent',
    min: 0,
    source: 'account',
    label: { en: 'Overdue ÷ limit', zh: '逾期 ÷ 额度' },
    description: { en: 'Undisputed overdue amount ÷ credit limit.', zh: '无争议逾期金额 ÷ 信用额度。' },
  },
  accountStatus: {
    type: 'enum',
    source: 'account',
    label: { en: 'Account status', zh: '账户状态' },
    values: [
      { value: 'active', label: { en: 'active', zh: '正常' } },
      { value: 'watch', label: { en: 'on watch', zh: '关注' } },
      { value: 'held', label: { en: 'held', zh: '冻结' } },
      { value: 'closed', label: { en: 'closed', zh: '关闭' } },
    ],
  },
  grade: { type: 'enum', source: 'account', label: { en: 'Grade', zh: '等级' }, values: [...GRADES] },
  previousGrade: { type: 'enum', source: 'account', label: { en: 'Previous grade', zh: '上次等级' }, values: [...GRADES] },
  gradeChange: {
    type: 'integer',
    unit: 'notch',
    min: -4,
    max: 4,
    source: 'account',
    label: { en: 'Grade change', zh: '等级变化' },
    description: { en: 'Notches since the grade before; negative is worse.', zh: '与上次等级相差的档数；负数为变差。' },
  },
  score: { type: 'integer', unit: 'point', source: 'account', label: { en: 'Score', zh: '评分' } },
  gradeAgeDays: { type: 'integer', unit: 'day', min: 0, source: 'account', label: { en: 'Age of grade', zh: '等级距今天数' } },
  dunningLevel: {
    type: 'integer',
    min: 0,
    source: 'collections',
    label: { en: 'Dunning level', zh: '催收级别' },
    description: { en: 'Highest level sent for what is still open.', zh: '未清单据已发出的最高级别。' },
  },
} as const satisfies FactTable

export function computeAccount(view: BookView): Record<keyof typeof accountFacts, Computed> {
  const { book, asOf, currency } = view
  const money = (value: Decimal): Computed => knownMoney(value, currency)
  const own = book.limits.filter(({ isGroup }) => !isGroup)
  const standing = newest(own.filter(({ temporaryUntil }) => temporaryUntil === undefined))
  const temporary = newest(own.filter(({ temporaryUntil }) => temporaryUntil !== undefined && temporaryUntil >= asOf))
  const limit = limitOf(view)
  const exposure = exposureOf(view)
  const room = availabilityOf(view, exposure.total)
  const noAmount = missing(limit === undefined ? 'LIMIT_NOT_SET' : limit.kind === 'none' ? 'NO_CREDIT' : 'UNLIMITED')
  const unrated = exposure.total.isNaN() || lacksRate(limit, instrumentsOf(view))
  const amount = (value: Money | undefined): Computed =>
    unrated ? missing('NO_RATE') : value === undefined ? noAmount : money(new Decimal(value.amount))
  const secured = instrumentTotal(view)
  const share = (part: Decimal): Computed =>
    exposure.total.lessThanOrEqualTo(0) ? missing('NOTHING_OPEN') : knownNumber(percentOf(part, exposure.total), 2)
  const grades = book.grades.toSorted((left, right) => (left.date < right.date ? 1 : left.date > right.date ? -1 : 0))
  const [now, before] = grades
  const cover = newest(book.incidents.filter(({ kind }) => kind === 'cover-withdrawn' || kind === 'cover-restored'))
  const status = newest(book.statuses)
  return {
    limitKind: known(limit?.kind ?? 'not-set', (temporary ?? standing)?.date),
    creditLimit:
      limit?.kind === 'amount' ? knownMoney(new Decimal(limit.amount.amount), currency, (temporary ?? standing)?.date) : noAmount,
    isTemporaryLimit: known(temporary !== undefined),
    limitExpiresInDays:
      limit === undefined
        ? missing('LIMIT_NOT_SET')
        : standing?.expiresOn === undefined
          ? missing('NOT_RECORDED')
          : known(daysBetween(asOf, standing.expiresOn)),
    reviewOverdueDays:
      limit === undefined
        ? missing('LIMIT_NOT_SET')
        : standing?.nextReviewOn === undefined
          ? missing('NOT_RECORDED')
          : known(Math.max(0, daysBetween(standing.nextReviewOn, asOf))),
    termsDays:
      (temporary ?? standing)?.termsDays === undefined
        ? missing(standing ? 'NOT_RECORDED' : 'LIMIT_NOT_SET')
        : known((temporary?.termsDays ?? standing?.termsDays)!, (temporary ?? standing)?.date),
    exposureOrders: money(exposure.orders),
    exposureDeliveries: money(exposure.deliveries),
    exposureReceivables: money(exposure.receivables),
    exposureBills: money(exposure.bills),
    unappliedCash: money(exposure.unapplied),
    exposure: money(exposure.total),
    countedExposure: room === undefined ? (unrated ? missing('NO_RATE') : money(exposure.total)) : amount(room.countedExposure),
    securedAmount: money(secured.all),
    securedShare: share(secured.all),
    insuredShare: share(secured.insurance),
    isCoverWithdrawn: known(cover?.kind === 'cover-withdrawn', cover?.date),
    availableCredit: amount(room?.available),
    utilisation: unrated ? missing('NO_RATE') : room?.utilisation === undefined ? noAmount : knownNumber(room.utilisation, 2),
    overdueToLimit:
      limit?.kind !== 'amount' || limit.amount.amount === 'NaN'
        ? noAmount
        : Number(limit.amount.amount) === 0
          ? missing('NOT_DEFINED')
          : knownNumber(percentOf(view.undisputedOverdueTotal, new Decimal(limit.amount.amount)), 2),
    accountStatus: status === undefined ? missing('NOT_RECORDED') : known(status.status, status.date),
    grade: now === undefined ? missing('NOT_DECIDED') : known(now.grade, now.date),
    previousGrade: before === undefined ? missing('NOT_DECIDED') : known(before.grade, before.date),
    gradeChange:
      now && before && isGrade(now.grade) && isGrade(before.grade)
        ? known(gradeChange(before.grade, now.grade), now.date)
        : missing('NOT_DECIDED'),
    score: now?.score === undefined ? missing('NOT_DECIDED') : known(now.score, now.date),
    gradeAgeDays: now === undefined ? missing('NOT_DECIDED') : known(daysBetween(now.date, asOf), now.date),
    dunningLevel: known(dunningLevel(view)),
  }
}

/** The limit in force on the day, in the book's currency; its amount is NaN where a rate is missing. */
export function limitOf(view: BookView): Limit | undefined {
  const { book, asOf } = view
  const own = book.limits.filter(({ isGroup }) => !isGroup)
  const standing = newest(own.filter(({ temporaryUntil }) => temporaryUntil === undefined))
  const temporary = newest(own.filter(({ temporaryUntil }) => temporaryUntil !== undefined && temporaryUntil >= asOf))
  const group = newest(book.limits.filter(({ isGroup }) => isGroup))
  return effectiveLimit(
    limitInForce(
      standing && toLimit(view, standing),
      temporary && { limit: toLimit(view, temporary), from: temporary.date, until: temporary.temporaryUntil! },
      asOf,
    ),
    group && toLimit(view, group),
  )
}

/** The limit of the credit group alone. */
export function groupLimitOf(view: BookView): Limit | undefined {
  const group = newest(view.book.limits.filter(({ isGroup }) => isGroup))
  return group && toLimit(view, group)
}

/** What is available on the day for an exposure; undefined where no limit was decided or a rate is missing. */
export function availabilityOf(view: BookView, exposure: Decimal): Availability | undefined {
  const { asOf, currency } = view
  const limit = limitOf(view)
  const instruments = instrumentsOf(view)
  if (limit === undefined || exposure.isNaN() || lacksRate(limit, instruments)) return undefined
  return availability({ limit, exposure: { amount: exposure.toFixed(), currency }, instruments, asOf })
}

interface Exposure {
  readonly orders: Decimal
  readonly deliveries: Decimal
  readonly receivables: Decimal
  readonly bills: Decimal
  readonly unapplied: Decimal
  readonly total: Decimal
}

export function exposureOf(view: BookView): Exposure {
  const { book, asOf, convert } = view
  const horizon = addDays(asOf, ORDER_HORIZON_DAYS)
  const openOrders = new Set(book.orders.filter(({ closedOn }) => closedOn === undefined).map(({ id }) => id))
  const delivered = new Map<string, Decimal>()
  const deliver = (orderId: string, amount: string): void => {
    if (openOrders.has(orderId)) delivered.set(orderId, (delivered.get(orderId) ?? new Decimal(0)).plus(amount))
  }
  for (const { orderId, amount } of book.deliveries) deliver(orderId, amount)
  const invoicedDeliveries = new Set(book.documents.map(({ deliveryId }) => deliveryId))
  // An invoice that names its order and no delivery stands for both.
  for (const { orderId, deliveryId, amount, type } of book.documents) {
    if (type === 'invoice' && orderId !== undefined && deliveryId === undefined) deliver(orderId, amount)
  }
  const prepaid = new Set(book.orders.filter(({ isPrepaid }) => isPrepaid).map(({ id }) => id))
  const orders = total(
    book.orders
      .filter(({ closedOn, isPrepaid, dueDate }) => closedOn === undefined && !isPrepaid && dueDate <= horizon)
      .map(({ id, amount, currency }) => convert(Decimal.max(0, new Decimal(amount).minus(delivered.get(id) ?? 0)).toFixed(), currency)),
  )
  const deliveries = total(
    book.deliveries
      .filter(({ id, orderId }) => !invoicedDeliveries.has(id) && !prepaid.has(orderId))
      .map(({ amount, currency }) => convert(amount, currency)),
  )
  const bills = total(
    book.bills
      .filter(({ honouredOn, dishonouredOn }) => honouredOn === undefined && dishonouredOn === undefined)
      .map(({ amount, currency }) => convert(amount, currency)),
  )
  const credit = unapplied(view)
  return {
    orders,
    deliveries,
    receivables: view.openTotal,
    bills,
    unapplied: credit,
    total: orders.plus(deliveries).plus(view.openTotal).plus(bills).minus(credit),
  }
}

function unapplied({ book, convert }: BookView): Decimal {
  const used = new Map<string, Decimal>()
  for (const { source, sourceId, amount } of book.applications)
    used.set(`${source} ${sourceId}`, (used.get(`${source} ${sourceId}`) ?? new Decimal(0)).plus(amount))
  const dishonoured = new Set(book.bills.filter(({ dishonouredOn }) => dishonouredOn !== undefined).map(({ id }) => id))
  const left = (source: string, id: string, amount: string, currency: string): Decimal =>
    convert(Decimal.max(0, new Decimal(amount).minus(used.get(`${source} ${id}`) ?? 0)).toFixed(), currency)
  return total([
    ...book.payments
      .filter(({ billId }) => billId === undefined || !dishonoured.has(billId))
      .map(({ id, amount, currency }) => left('payment', id, amount, currency)),
    ...book.documents
      .filter(({ type }) => type === 'credit-note')
      .map(({ id, amount, currency }) => left('credit-note', id, amount, currency)),
  ])
}

function instrumentsOf({ book, convert, currency }: BookView): Instrument[] {
  return book.instruments
    .filter(({ withdrawnOn }) => withdrawnOn === undefined)
    .map(({ type, effect, value, currency: from, percentage, cap, effectiveFrom, expiresOn }) => ({
      type,
      effect,
      value: { amount: convert(value, from).toFixed(), currency },
      percentage,
      ...(cap === undefined ? {} : { cap: { amount: convert(cap, from).toFixed(), currency } }),
      effectiveFrom,
      ...(expiresOn === undefined ? {} : { expiresOn }),
    }))
}

// An amount that could not be converted was written as NaN.
function lacksRate(limit: Limit | undefined, instruments: readonly Instrument[]): boolean {
  return (
    (limit?.kind === 'amount' && limit.amount.amount === 'NaN') ||
    instruments.some(({ value, cap }) => value.amount === 'NaN' || cap?.amount === 'NaN')
  )
}

function instrumentTotal(view: BookView): { all: Decimal; insurance: Decimal } {
  const zero = { amount: '0', currency: view.currency }
  const value = (instruments: readonly Instrument[]): Decimal => {
    const { raising, reducing } = availability({
      limit: { kind: 'unlimited' },
      exposure: { ...zero, amount: '1e30' },
      instruments,
      asOf: view.asOf,
    })
    return new Decimal(raising.amount).plus(reducing.amount)
  }
  const instruments = instrumentsOf(view)
  if (lacksRate(undefined, instruments)) return { all: new Decimal(Number.NaN), insurance: new Decimal(Number.NaN) }
  return { all: value(instruments), insurance: value(instruments.filter(({ type }) => type === 'insurance')) }
}

function toLimit({ convert, currency }: BookView, { kind, amount, currency: from }: BookLimit): Limit {
  if (kind !== 'amount') return { kind }
  if (amount === undefined) throw new LimitWithoutAmount()
  return { kind, amount: { amount: convert(amount, from).toFixed(), currency } }
}

export class LimitWithoutAmount extends Error {
  readonly code = 'LIMIT_WITHOUT_AMOUNT'
  constructor() {
    super('A limit of kind "amount" carries its amount; use "none" or "unlimited" for one without.')
  }
}

export function dunningLevel({ book, open }: BookView): number {
  const openIds = new Set(open.map(({ document }) => document.id))
  return book.reminders.reduce(
    (highest, { documentId, level }) =>
      openIds.size > 0 && (documentId === undefined || openIds.has(documentId)) ? Math.max(highest, level) : highest,
    0,
  )
}

// The last one of a day wins: that is the order in which a book is written.
function newest<T extends { readonly date: string }>(items: readonly T[]): T | undefined {
  return items.reduce<T | undefined>((best, item) => (best === undefined || item.date >= best.date ? item : best), undefined)
}
