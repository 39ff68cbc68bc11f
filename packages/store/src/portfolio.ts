import { addDays, addMonths, averageDaysDelinquent, bestPossibleDso, dso, roundAmount, Decimal } from '@surety/credit'
import { ageingOf, voidedApplications, type LedgerAgeing } from './ageing.ts'
import { exposureTables } from './exposure.ts'
import { today, type Tx } from './sql.ts'

/** All accounts of one currency together. */
export interface Portfolio {
  readonly currency: string
  readonly asOf: string
  /** Exposure and limits are those of today; ageing and DSO are those of `asOf`. */
  readonly exposure: string
  readonly openOrders: string
  readonly deliveries: string
  readonly receivables: string
  readonly bills: string
  readonly unappliedCash: string
  readonly limits: string
  readonly ageing: LedgerAgeing
  readonly dso: number | null
  readonly bestPossibleDso: number | null
  readonly averageDaysDelinquent: number | null
  /** Twelve days, a month apart, the oldest first; the last one is `asOf`. */
  readonly dsoTrend: readonly (number | null)[]
  readonly grades: readonly GradeShare[]
  readonly customerCount: number
}

export interface GradeShare {
  readonly grade: string | null
  readonly count: number
  readonly exposure: string
}

/** Sales that a DSO is measured against are those of so many days before. */
export const DSO_PERIOD_DAYS = 90

/** One a currency, the largest exposure first. */
export async function portfolioOf(tx: Tx, options: { readonly segmentId?: number; readonly asOf?: string } = {}): Promise<Portfolio[]> {
  const asOf = options.asOf ?? today(tx)
  const [sums, ageings, series] = [
    await positionSums(tx, options.segmentId),
    await ageingOf(tx, { ...options, asOf }),
    await receivablesSeries(tx, asOf, options.segmentId),
  ]
  const currencies = [...new Set([...sums.map(({ currency }) => currency), ...ageings.map(({ currency }) => currency)])]
  return currencies
    .map(currency =>
      toPortfolio(
        currency,
        asOf,
        sums.filter(row => row.currency === currency),
        ageings.find(line => line.currency === currency),
        series.get(currency),
      ),
    )
    .toSorted((left, right) => new Decimal(right.exposure).comparedTo(left.exposure))
}

interface PositionSum {
  readonly currency: string
  readonly grade: string | null
  readonly customers: string
  readonly orders: string
  readonly deliveries: string
  readonly receivables: string
  readonly bills: string
  readonly unapplied: string
  readonly total: string
  readonly limits: string
}

async function positionSums(tx: Tx, segmentId: number | undefined): Promise<PositionSum[]> {
  const [scope, scopeOfAccounts] =
    segmentId === undefined ? [tx`true`, tx`true`] : [tx`segment_id = ${segmentId}`, tx`a.segment_id = ${segmentId}`]
  return tx<PositionSum[]>`
    with ${exposureTables(tx, scope, scopeOfAccounts)}
    select e.currency, a.grade, count(*) as customers, sum(e.orders) as orders, sum(e.deliveries) as deliveries, sum(e.receivables) as receivables, sum(e.bills) as bills,
      sum(e.unapplied) as unapplied, sum(e.total) as total, coalesce(sum(e.limit_amount), 0) as limits
    from exposures e join credit_accounts a on a.id = e.account_id
    where a.status <> 'closed'
    group by e.currency, a.grade order by a.grade nulls last`
}

interface Series {
  /** Of the days of the trend, the oldest first. */
  readonly receivables: number[]
  readonly sales: number[]
}

interface Day {
  readonly currency: string
  readonly day: string
  readonly amount: string
}

// Receivables of earlier days: those of now, with what was invoiced since taken off and what was paid since put back.
// The database adds up by day, in one pass a table; the twelve days are cut from that here.
async function receivablesSeries(tx: Tx, asOf: string, segmentId: number | undefined): Promise<Map<string, Series>> {
  const days = Array.from({ length: 12 }, (_, index) => addMonths(asOf, index - 11))
  const first = addDays(days[0]!, -DSO_PERIOD_DAYS)
  const inSegment = segmentId === undefined ? tx`` : tx`and d.segment_id = ${segmentId}`
  const open = await tx<{ currency: string; amount: string }[]>`
    select d.currency, sum(d.open_amount) as amount from documents d
    where d.type = 'invoice' and d.open_amount > 0 and d.cancelled_on is null and d.closed_on is null ${inSegment} group by 1`
  const issued = await tx<(Day & { type: 'invoice' | 'credit_note'; cancelled_on: string | null })[]>`
    select d.currency, d.type, d.issued_on as day, d.cancelled_on, sum(d.amount) as amount from documents d
    where d.type in ('invoice', 'credit_note') and (d.issued_on > ${first} or d.cancelled_on > ${first}) ${inSegment} group by 1, 2, 3, 4`
  const applied = await tx<Day[]>`
    select d.currency, a.day, sum(a.amount) as amount from (
      select document_id, applied_on as day, amount from payment_applications where applied_on > ${days[0]!}
      union all
      select document_id, voided_on, amount from (${voidedApplications(tx)}) v where voided_on > ${days[0]!}
    ) a join documents d on d.id = a.document_id ${inSegment} group by 1, 2`

  const series = new Map<string, Series>()
  const of = (currency: string): Series => {
    const found = series.get(currency) ?? { receivables: days.map(() => 0), sales: days.map(() => 0) }
    series.set(currency, found)
    return found
  }
  const addBefore = (currency: string, day: string, amount: number): void => {
    const { receivables } = of(currency)
    for (const [index, each] of days.entries()) if (each < day) receivables[index]! += amount
  }
  for (const { currency, amount } of open) for (const index of days.keys()) of(currency).receivables[index]! += Number(amount)
  for (const { currency, day, amount } of applied) addBefore(currency, day, Number(amount))
  for (const { currency, type, day, cancelled_on, amount } of issued) {
    if (type === 'invoice') {
      // One that is cancelled is open neither now nor before it was issued.
      if (cancelled_on !== null && cancelled_on > day) addBefore(currency, cancelled_on, Number(amount))
      if (cancelled_on === null || cancelled_on > day) addBefore(currency, day, -Number(amount))
    }
    const { sales } = of(currency)
    for (const [index, each] of days.entries()) {
      const isSale = day <= each && day > addDays(each, -DSO_PERIOD_DAYS) && (cancelled_on === null || cancelled_on > each)
      if (isSale) sales[index]! += type === 'invoice' ? Number(amount) : -Number(amount)
    }
  }
  return series
}

function toPortfolio(
  currency: string,
  asOf: string,
  sums: readonly PositionSum[],
  ageing: LedgerAgeing | undefined,
  series: Series | undefined,
): Portfolio {
  const sum = (column: keyof PositionSum): string =>
    roundAmount(
      sums.reduce((total, row) => total.plus(row[column] ?? 0), new Decimal(0)),
      currency,
    )
  const trend = (series?.receivables ?? []).map((receivables, index) => rounded(dso(receivables, series!.sales[index]!, DSO_PERIOD_DAYS)))
  const lines = ageing ?? emptyAgeing(currency, asOf)
  const now = trend.at(-1) ?? null
  const best = rounded(bestPossibleDso(Number(lines.buckets['not-due'].amount), series?.sales.at(-1) ?? 0, DSO_PERIOD_DAYS))
  return {
    currency,
    asOf,
    exposure: sum('total'),
    openOrders: sum('orders'),
    deliveries: sum('deliveries'),
    receivables: sum('receivables'),
    bills: sum('bills'),
    unappliedCash: sum('unapplied'),
    limits: sum('limits'),
    ageing: lines,
    dso: now,
    bestPossibleDso: best,
    averageDaysDelinquent: now === null || best === null ? null : rounded(averageDaysDelinquent(now, best)),
    dsoTrend: trend.length > 0 ? trend : Array.from({ length: 12 }, () => null),
    grades: sums.map(({ grade, customers, total }) => ({
      grade,
      count: Number(customers),
      exposure: roundAmount(new Decimal(total), currency),
    })),
    customerCount: sums.reduce((count, { customers }) => count + Number(customers), 0),
  }
}

function emptyAgeing(currency: string, asOf: string): LedgerAgeing {
  const cell = { count: 0, amount: roundAmount(new Decimal(0), currency) }
  return {
    currency,
    asOf,
    buckets: { 'not-due': cell, '1-30': cell, '31-60': cell, '61-90': cell, 'over-90': cell },
    count: 0,
    total: cell.amount,
    overdue: cell.amount,
    unapplied: cell.amount,
  }
}

function rounded(days: number | undefined): number | null {
  return days === undefined || !Number.isFinite(days) ? null : Math.round(days * 10) / 10
}
