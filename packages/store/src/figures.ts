import {
  addDays,
  addMonths,
  averageDaysDelinquent,
  bestPossibleDso,
  ceiAverageSales,
  ceiTotalSales,
  Decimal,
  dso,
  dsoCountback,
  roundAmount,
} from '@surety/credit'
import { ageingOf, type LedgerAgeing } from './ageing.ts'
import { today, type Tx } from './sql.ts'

export interface FiguresScope {
  /** The last day of the period; today unless said otherwise. */
  readonly asOf?: string
  /** Length of the period; 90 unless said otherwise. */
  readonly days?: number
  readonly segmentId?: number
  readonly customerId?: string
}

/** How fast money comes in, one currency: the figures with the amounts that made them, as they were known on the day. */
export interface CollectionFigures {
  readonly currency: string
  /** The first and the last day of the period. */
  readonly from: string
  readonly asOf: string
  readonly days: number
  /** Months of the period, begun ones counted: what average sales are averaged over. */
  readonly months: number
  /** Open invoices at the end of the day before the period. */
  readonly beginningReceivables: string
  /** Invoices less credit notes issued within the period, without those cancelled by its end. */
  readonly creditSales: string
  /** Open invoices at the end of the period, and those of them that are not due yet. */
  readonly endingReceivables: string
  readonly endingCurrentReceivables: string
  /** Days. Null where the divisor is zero. */
  readonly dso: number | null
  readonly bestPossibleDso: number | null
  readonly averageDaysDelinquent: number | null
  /** By counting back month by month from the end; null when two years of sales don't suffice. */
  readonly dsoCountback: number | null
  /** Percent: with the sales of the whole period, and with those of an average month. */
  readonly ceiTotalSales: number | null
  readonly ceiAverageSales: number | null
}

export const DEFAULT_PERIOD_DAYS = 90
const COUNTBACK_MONTHS = 24

/** One line a currency, in alphabetical order. */
export async function collectionFiguresOf(tx: Tx, scope: FiguresScope = {}): Promise<CollectionFigures[]> {
  const asOf = scope.asOf ?? today(tx)
  const days = scope.days ?? DEFAULT_PERIOD_DAYS
  const before = addDays(asOf, -days)
  const within = {
    ...(scope.segmentId !== undefined && { segmentId: scope.segmentId }),
    ...(scope.customerId !== undefined && { customerId: scope.customerId }),
  }
  const ending = await ageingOf(tx, { ...within, asOf })
  const beginning = await ageingOf(tx, { ...within, asOf: before })
  const monthEnds = Array.from({ length: COUNTBACK_MONTHS + 1 }, (_, index) => addMonths(asOf, -index))
  const sales = await salesBetween(tx, [before, ...monthEnds], asOf, scope)
  const currencies = [...new Set([...ending, ...beginning].map(({ currency }) => currency)), ...sales.keys()]
  return [...new Set(currencies)].toSorted().map(currency => {
    const own = sales.get(currency)
    const since = (day: string): Decimal => own?.get(day) ?? new Decimal(0)
    return toFigures(currency, { asOf, days, before }, { beginning, ending }, since(before), monthEnds, since)
  })
}

/** Net sales issued after each of these days up to `asOf`, by currency. */
async function salesBetween(
  tx: Tx,
  days: readonly string[],
  asOf: string,
  { segmentId, customerId }: FiguresScope,
): Promise<Map<string, Map<string, Decimal>>> {
  const rows = await tx<{ currency: string; day: string; amount: string }[]>`
    select d.currency, after.day::date as day, sum(case when d.type = 'invoice' then d.amount else -d.amount end) as amount
    from documents d join unnest(${[...new Set(days)]}::date[]) as after (day) on d.issued_on > after.day
    where d.type in ('invoice', 'credit_note') and d.issued_on <= ${asOf}::date and (d.cancelled_on is null or d.cancelled_on > ${asOf}::date)
      ${segmentId === undefined ? tx`` : tx`and d.segment_id = ${segmentId}`}
      ${customerId === undefined ? tx`` : tx`and d.customer_id = ${customerId}`}
    group by 1, 2`
  const sales = new Map<string, Map<string, Decimal>>()
  for (const { currency, day, amount } of rows) {
    const own = sales.get(currency) ?? new Map<string, Decimal>()
    sales.set(currency, own.set(day, new Decimal(amount)))
  }
  return sales
}

function toFigures(
  currency: string,
  period: { readonly asOf: string; readonly days: number; readonly before: string },
  ageings: { readonly beginning: readonly LedgerAgeing[]; readonly ending: readonly LedgerAgeing[] },
  creditSales: Decimal,
  monthEnds: readonly string[],
  since: (day: string) => Decimal,
): CollectionFigures {
  const begin = ageings.beginning.find(line => line.currency === currency)
  const end = ageings.ending.find(line => line.currency === currency)
  const beginningReceivables = Number(begin?.total ?? 0)
  const endingReceivables = Number(end?.total ?? 0)
  const endingCurrentReceivables = Number(end?.buckets['not-due'].amount ?? 0)
  const sales = creditSales.toNumber()
  const months = Math.max(1, Math.ceil((period.days * 12) / 366))
  const outstanding = dso(endingReceivables, sales, period.days)
  const best = bestPossibleDso(endingCurrentReceivables, sales, period.days)
  const collection = { beginningReceivables, creditSales: sales, endingReceivables, endingCurrentReceivables }
  const byMonth = monthEnds.slice(1).map((start, index) => ({
    sales: since(start).minus(since(monthEnds[index]!)).toNumber(),
    days: daysBetween(start, monthEnds[index]!),
  }))
  return {
    currency,
    from: addDays(period.before, 1),
    asOf: period.asOf,
    days: period.days,
    months,
    beginningReceivables: roundAmount(new Decimal(begin?.total ?? 0), currency),
    creditSales: roundAmount(creditSales, currency),
    endingReceivables: roundAmount(new Decimal(end?.total ?? 0), currency),
    endingCurrentReceivables: roundAmount(new Decimal(end?.buckets['not-due'].amount ?? 0), currency),
    dso: rounded(outstanding),
    bestPossibleDso: rounded(best),
    averageDaysDelinquent: outstanding === undefined || best === undefined ? null : rounded(averageDaysDelinquent(outstanding, best)),
    dsoCountback: rounded(dsoCountback(endingReceivables, byMonth)),
    ceiTotalSales: rounded(ceiTotalSales(collection)),
    ceiAverageSales: rounded(ceiAverageSales(collection, months)),
  }
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}

function rounded(figure: number | undefined): number | null {
  return figure === undefined || !Number.isFinite(figure) ? null : Math.round(figure * 100) / 100
}
