import { addMonths, toDay } from '../day.ts'
import { dso } from '../kpi.ts'
import { paymentIndexOfItems, type PaidItem } from '../payment-index.ts'
import { known, knownNumber, missing, type Computed, type FactTable } from './fact.ts'
import { turnoverBetween, type BookView } from './view.ts'

export const paymentFacts = {
  paymentIndex: {
    type: 'integer',
    min: 1,
    max: 100,
    source: 'ledger',
    label: { en: 'Payment index', zh: '付款指数' },
    description: {
      en: 'Amount-weighted over 12 months of payments and what is overdue now; 80 is prompt.',
      zh: '近 12 个月付款与当前逾期按金额加权；80 为准时。',
    },
  },
  paymentIndexTrend: {
    type: 'number',
    unit: 'point',
    source: 'ledger',
    label: { en: 'Payment index, half-year change', zh: '付款指数半年变化' },
    description: { en: 'Last 6 months less the 6 before.', zh: '近 6 个月减去之前 6 个月。' },
  },
  averageDaysLate: {
    type: 'number',
    unit: 'day',
    source: 'ledger',
    label: { en: 'Average days late', zh: '平均逾期天数' },
    description: { en: 'Amount-weighted over payments of 12 months; negative is early.', zh: '近 12 个月付款按金额加权；负数为提前。' },
  },
  daysLateVolatility: {
    type: 'number',
    unit: 'day',
    min: 0,
    source: 'ledger',
    label: { en: 'Volatility of days late', zh: '逾期天数波动' },
    description: { en: 'Amount-weighted standard deviation over 12 months.', zh: '近 12 个月按金额加权的标准差。' },
  },
  worstDaysLate: { type: 'integer', unit: 'day', source: 'ledger', label: { en: 'Latest payment in a year', zh: '近一年最晚付款' } },
  paidLateShare: { type: 'percent', min: 0, max: 100, source: 'ledger', label: { en: 'Paid late, share', zh: '逾期付款占比' } },
  paymentCount: {
    type: 'integer',
    unit: 'times',
    min: 0,
    source: 'ledger',
    label: { en: 'Payments in 12 months', zh: '近 12 个月付款次数' },
  },
  daysSinceLastPayment: {
    type: 'integer',
    unit: 'day',
    min: 0,
    source: 'ledger',
    label: { en: 'Days since last payment', zh: '距上次付款天数' },
  },
  dsoDays: {
    type: 'number',
    unit: 'day',
    min: 0,
    source: 'ledger',
    label: { en: 'DSO', zh: 'DSO 应收账款周转天数' },
    description: { en: 'Open receivables ÷ invoiced in 12 months × 365.', zh: '应收余额 ÷ 近 12 个月开票 × 365。' },
  },
  dsoRise: { type: 'number', unit: 'day', source: 'ledger', label: { en: 'DSO rise, yearly', zh: 'DSO 同比上升' } },
  brokenPromises: {
    type: 'integer',
    unit: 'times',
    min: 0,
    source: 'collections',
    label: { en: 'Promises broken in 12 months', zh: '近 12 个月失信承诺数' },
  },
  dishonouredBills: {
    type: 'integer',
    unit: 'times',
    min: 0,
    source: 'ledger',
    label: { en: 'Bills dishonoured in 12 months', zh: '近 12 个月票据拒付数' },
  },
} as const satisfies FactTable

export function computePayment(view: BookView): Record<keyof typeof paymentFacts, Computed> {
  const { book, asOf, today } = view
  const year = view.settlements.filter(({ day }) => day > view.yearAgo)
  const overdue: PaidItem[] = view.open
    .filter(({ daysPastDue }) => daysPastDue > 0)
    .map(({ daysPastDue, amount }) => ({ daysLate: daysPastDue, amount: amount.toNumber() }))
  const halfYearAgo = toDay(addMonths(asOf, -6))
  const index = paymentIndexOfItems([...year, ...overdue])
  const recent = paymentIndexOfItems([...year.filter(({ day }) => day > halfYearAgo), ...overdue])
  const before = paymentIndexOfItems(year.filter(({ day }) => day <= halfYearAgo))
  const mean = weightedMean(year)
  const last = view.settlements.reduce((newest, { day }) => Math.max(newest, day), Number.NEGATIVE_INFINITY)
  const newest = view.newestPayment
  const noPayments = missing(view.hasInvoices ? 'NO_PAYMENTS' : 'NO_INVOICES')
  const since = (date: string): boolean => toDay(date) > view.yearAgo
  return {
    paymentIndex: index === undefined ? noPayments : knownNumber(index, 0, overdue.length > 0 ? undefined : newest),
    paymentIndexTrend: recent === undefined || before === undefined ? missing('TOO_LITTLE_HISTORY') : knownNumber(recent - before, 1),
    averageDaysLate: year.length === 0 ? noPayments : knownNumber(mean, 1, newest),
    daysLateVolatility:
      year.length < 3
        ? missing(year.length === 0 ? (view.hasInvoices ? 'NO_PAYMENTS' : 'NO_INVOICES') : 'TOO_LITTLE_HISTORY')
        : knownNumber(weightedDeviation(year, mean), 1, newest),
    worstDaysLate:
      year.length === 0
        ? noPayments
        : known(
            year.reduce((worst, { daysLate }) => Math.max(worst, daysLate), Number.NEGATIVE_INFINITY),
            newest,
          ),
    paidLateShare:
      year.length === 0 ? noPayments : knownNumber((total(year.filter(({ daysLate }) => daysLate > 0)) / total(year)) * 100, 2, newest),
    paymentCount: view.hasInvoices ? known(book.payments.filter(({ date }) => since(date)).length) : missing('NO_INVOICES'),
    daysSinceLastPayment: last === Number.NEGATIVE_INFINITY ? noPayments : known(today - last, newest),
    dsoDays: daysOfSales(view),
    dsoRise: dsoRise(view),
    brokenPromises: known(book.promises.filter(({ brokenOn }) => brokenOn !== undefined && since(brokenOn)).length),
    dishonouredBills: known(book.bills.filter(({ dishonouredOn }) => dishonouredOn !== undefined && since(dishonouredOn)).length),
  }
}

function daysOfSales(view: BookView): Computed {
  if (!view.hasInvoices) return missing('NO_INVOICES')
  const value = dso(view.openTotal.toNumber(), turnoverBetween(view, view.yearAgo, view.today).toNumber(), 365)
  return value === undefined ? missing('NOT_DEFINED') : knownNumber(value, 1)
}

function dsoRise(view: BookView): Computed {
  // A year with few sales in it would compare a start-up with a going concern.
  if (!view.spansMonths(23)) return missing('TOO_LITTLE_HISTORY')
  const yearAgo = addMonths(view.asOf, -12)
  const [balance] = view.balancesAt([yearAgo])
  const now = dso(view.openTotal.toNumber(), turnoverBetween(view, view.yearAgo, view.today).toNumber(), 365)
  const before = dso(balance!.toNumber(), turnoverBetween(view, toDay(addMonths(view.asOf, -24)), view.yearAgo).toNumber(), 365)
  return now === undefined || before === undefined ? missing('NOT_DEFINED') : knownNumber(now - before, 1)
}

function total(items: readonly PaidItem[]): number {
  return items.reduce((sum, { amount }) => sum + amount, 0)
}

function weightedMean(items: readonly PaidItem[]): number {
  return items.reduce((sum, { daysLate, amount }) => sum + daysLate * amount, 0) / total(items)
}

function weightedDeviation(items: readonly PaidItem[], mean: number): number {
  return Math.sqrt(items.reduce((sum, { daysLate, amount }) => sum + (daysLate - mean) ** 2 * amount, 0) / total(items))
}
