import { addMonths, averageDaysDelinquent, bestPossibleDso, dso, roundAmount, Decimal } from '@surety/credit'
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
  const [sums, ageings, series] = [await positionSums(tx, options.segmentId), await ageingOf(tx, { ...options, asOf }), await receivablesSeries(tx, asOf, options.segmentId)]
  const currencies = [...new Set([...sums.map(({ currency }) => currency), ...ageings.map(({ currency }) => currency)])]
  return currencies
    .map((currency) => toPortfolio(currency, asOf, sums.filter((row) => row.currency === currency), ageings.find((line) => line.currency === currency), series.get(currency)))
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
  const scope = segmentId === undefined ? tx`true` : tx`segment_id = ${segmentId}`
  return tx<PositionSum[]>`
    with ${exposureTables(tx, scope)}
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

// Receivables of earlier days: those of now, with what was invoiced since taken off and what was paid since put back.
async function receivablesSeries(tx: Tx, asOf: string, segmentId: number | undefined): Promise<Map<string, Series>> {
  const days = Array.from({ length: 12 }, (_, index) => addMonths(asOf, index - 11))
  const inSegment = segmentId === undefined ? tx`` : tx`and d.segment_id = ${segmentId}`
  const changes = await tx<{ currency: string; after: number; amount: string }[]>`
    with thresholds as (select array(select day + 1 from unnest(${days}::date[]) as day order by day) as since)
    select currency, "after", sum(amount) as amount from (
      select d.currency, ${days.length}::int as "after", d.open_amount as amount from documents d
      where d.type = 'invoice' and d.open_amount > 0 and d.cancelled_on is null and d.closed_on is null ${inSegment}
      union all
      select d.currency, width_bucket(d.issued_on, since), -d.amount from documents d, thresholds where d.type = 'invoice' and d.issued_on >= since[1] ${inSegment}
      union all
      select d.currency, width_bucket(d.cancelled_on, since), d.amount from documents d, thresholds where d.type = 'invoice' and d.cancelled_on >= since[1] ${inSegment}
      union all
      select d.currency, width_bucket(a.applied_on, since), a.amount from payment_applications a join documents d on d.id = a.document_id, thresholds where a.applied_on >= since[1] ${inSegment}
      union all
      select d.currency, width_bucket(a.voided_on, since), a.amount from (${voidedApplications(tx)}) a join documents d on d.id = a.document_id, thresholds where a.voided_on >= since[1] ${inSegment}
    ) changes group by 1, 2`
  const sales = await tx<{ currency: string; at: number; amount: string }[]>`
    select d.currency, w.n::int - 1 as at, sum(case d.type when 'invoice' then d.amount else -d.amount end) as amount
    from unnest(${days}::date[]) with ordinality as w (day, n)
    join documents d on d.issued_on > w.day - ${DSO_PERIOD_DAYS}::int and d.issued_on <= w.day
    where d.type in ('invoice', 'credit_note') and (d.cancelled_on is null or d.cancelled_on > w.day) ${inSegment}
    group by 1, 2`
  const series = new Map<string, Series>()
  const of = (currency: string): Series => {
    const found = series.get(currency) ?? { receivables: days.map(() => 0), sales: days.map(() => 0) }
    series.set(currency, found)
    return found
  }
  for (const { currency, after, amount } of changes) {
    const { receivables } = of(currency)
    for (let index = 0; index < after; index++) receivables[index]! += Number(amount)
  }
  for (const { currency, at, amount } of sales) of(currency).sales[at] = Number(amount)
  return series
}

function toPortfolio(currency: string, asOf: string, sums: readonly PositionSum[], ageing: LedgerAgeing | undefined, series: Series | undefined): Portfolio {
  const sum = (column: keyof PositionSum): string => roundAmount(sums.reduce((total, row) => total.plus(row[column] ?? 0), new Decimal(0)), currency)
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
    grades: sums.map(({ grade, customers, total }) => ({ grade, count: Number(customers), exposure: roundAmount(new Decimal(total), currency) })),
    customerCount: sums.reduce((count, { customers }) => count + Number(customers), 0),
  }
}

function emptyAgeing(currency: string, asOf: string): LedgerAgeing {
  const cell = { count: 0, amount: roundAmount(new Decimal(0), currency) }
  return { currency, asOf, buckets: { 'not-due': cell, '1-30': cell, '31-60': cell, '61-90': cell, 'over-90': cell }, count: 0, total: cell.amount, overdue: cell.amount, unapplied: cell.amount }
}

function rounded(days: number | undefined): number | null {
  return days === undefined || !Number.isFinite(days) ? null : Math.round(days * 10) / 10
}
