import { addDays, addMonths, monthsBetween, toDay } from '../day.ts'
import { Decimal } from '../money.ts'
import { known, knownMoney, knownNumber, missing, type Computed, type FactTable } from './fact.ts'
import { turnoverBetween, type BookView } from './view.ts'

export const tradeFacts = {
  turnover12m: {
    type: 'money',
    source: 'ledger',
    label: { en: 'Turnover, 12 months', zh: '近 12 个月销售额' },
    description: { en: 'Invoices less credit notes.', zh: '发票减贷项凭证。' },
  },
  turnoverPrevious12m: { type: 'money', source: 'ledger', label: { en: 'Turnover, the year before', zh: '上一年同期销售额' } },
  turnoverGrowth: { type: 'percent', source: 'ledger', label: { en: 'Turnover growth', zh: '销售增长率' } },
  creditNoteShare: { type: 'percent', min: 0, source: 'ledger', label: { en: 'Credit notes, share of invoices', zh: '贷项凭证占比' } },
  largestInvoice12m: { type: 'money', min: 0, source: 'ledger', label: { en: 'Largest invoice in 12 months', zh: '近 12 个月最大发票' } },
  highestBalance12m: {
    type: 'money',
    min: 0,
    source: 'ledger',
    label: { en: 'Highest balance in 12 months', zh: '近 12 个月最高余额' },
    description: { en: 'Of month ends.', zh: '按月末余额。' },
  },
  orderAmount12m: { type: 'money', min: 0, source: 'orders', label: { en: 'Ordered in 12 months', zh: '近 12 个月订货额' } },
  orderGrowth: {
    type: 'percent',
    source: 'orders',
    label: { en: 'Order growth', zh: '订货增长率' },
    description: {
      en: 'Last 12 months against the 12 before; invoices stand in where there are no orders.',
      zh: '近 12 个月与之前 12 个月相比；没有订单时以发票代替。',
    },
  },
  orderVolatility: {
    type: 'number',
    min: 0,
    source: 'orders',
    label: { en: 'Order volatility', zh: '订单波动' },
    description: { en: 'Standard deviation ÷ mean of 12 monthly amounts.', zh: '12 个月度金额的标准差 ÷ 平均值。' },
  },
  orderCount12m: { type: 'integer', unit: 'times', min: 0, source: 'orders', label: { en: 'Orders in 12 months', zh: '近 12 个月订单数' } },
  customerSinceMonths: { type: 'integer', unit: 'month', min: 0, source: 'customer', label: { en: 'Known for', zh: '合作时长' } },
} as const satisfies FactTable

export function computeTrade(view: BookView): Record<keyof typeof tradeFacts, Computed> {
  const { book, asOf, today, yearAgo, currency } = view
  const twoYearsAgo = toDay(addMonths(asOf, -24))
  const newest = view.newestDocument
  // A year counts as covered when trade began in its first month.
  const now = turnoverBetween(view, yearAgo, today)
  const before = turnoverBetween(view, twoYearsAgo, yearAgo)
  const invoiced = sum(view.demand('invoices', yearAgo, today))
  const orders = view.demand('orders', yearAgo, today)
  const noInvoices = missing('NO_INVOICES')
  const since = book.customer.since ?? view.firstTrade
  const newestOrder = view.newestOrder
  return {
    turnover12m: view.hasInvoices ? knownMoney(now, currency, newest) : noInvoices,
    turnoverPrevious12m: view.spansMonths(23) ? knownMoney(before, currency, newest) : missing('TOO_LITTLE_HISTORY'),
    turnoverGrowth: view.spansMonths(23) ? growth(now, before, newest) : missing('TOO_LITTLE_HISTORY'),
    creditNoteShare: !view.hasInvoices
      ? noInvoices
      : invoiced.isZero()
        ? missing('NOT_DEFINED')
        : knownNumber(invoiced.minus(now).div(invoiced).times(100).toNumber(), 2, newest),
    largestInvoice12m: view.hasInvoices
      ? knownMoney(Decimal.max(0, ...view.demand('invoices', yearAgo, today).map(({ amount }) => amount)), currency, newest)
      : noInvoices,
    highestBalance12m: view.hasInvoices ? knownMoney(highestBalance(view), currency) : noInvoices,
    orderAmount12m: book.orders.length > 0 ? knownMoney(sum(orders), currency, newestOrder) : missing('NO_ORDERS'),
    orderGrowth: orderGrowth(view, twoYearsAgo),
    orderVolatility: orderVolatility(view),
    orderCount12m: book.orders.length > 0 ? known(orders.length, newestOrder) : missing('NO_ORDERS'),
    customerSinceMonths:
      since === undefined ? missing('NOT_RECORDED') : since > asOf ? missing('TOO_LITTLE_HISTORY') : known(monthsBetween(since, asOf)),
  }
}

function orderGrowth(view: BookView, twoYearsAgo: number): Computed {
  const kind = view.book.orders.length > 0 ? 'orders' : 'invoices'
  if (kind === 'invoices' && !view.hasInvoices) return missing('NO_ORDERS')
  if (!view.spansMonths(23)) return missing('TOO_LITTLE_HISTORY')
  return growth(
    sum(view.demand(kind, view.yearAgo, view.today)),
    sum(view.demand(kind, twoYearsAgo, view.yearAgo)),
    kind === 'orders' ? view.newestOrder : view.newestDocument,
  )
}

function orderVolatility(view: BookView): Computed {
  const kind = view.book.orders.length > 0 ? 'orders' : 'invoices'
  if (kind === 'invoices' && !view.hasInvoices) return missing('NO_ORDERS')
  if (!view.spansMonths(11)) return missing('TOO_LITTLE_HISTORY')
  const bounds = Array.from({ length: 13 }, (_, index) => toDay(addMonths(view.asOf, index - 12)))
  const months = bounds.slice(1).map((to, index) => sum(view.demand(kind, bounds[index] ?? to, to)).toNumber())
  const mean = months.reduce((total, amount) => total + amount, 0) / 12
  if (mean === 0) return missing('NOT_DEFINED')
  const deviation = Math.sqrt(months.reduce((total, amount) => total + (amount - mean) ** 2, 0) / 12)
  return knownNumber(deviation / mean, 3, kind === 'orders' ? view.newestOrder : view.newestDocument)
}

function highestBalance(view: BookView): Decimal {
  const monthEnds = Array.from({ length: 12 }, (_, month) => addDays(`${addMonths(view.asOf, month - 11).slice(0, 8)}01`, -1))
  return Decimal.max(view.openTotal, ...view.balancesAt(monthEnds))
}

function growth(now: Decimal, before: Decimal, asOf: string | undefined): Computed {
  return before.lessThanOrEqualTo(0) ? missing('NOT_DEFINED') : knownNumber(now.minus(before).div(before).times(100).toNumber(), 2, asOf)
}

function sum(items: readonly { readonly amount: Decimal }[]): Decimal {
  return items.reduce((total, { amount }) => total.plus(amount), new Decimal(0))
}
