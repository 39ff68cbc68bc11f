import { toDay } from './day.ts'
import { Decimal, roundAmount } from './money.ts'

/**
 * Ageing by days past due = day of the report − due date. Due today or later is not due; the first day
 * after is day 1. Buckets close at 30, 60 and 90: day 30 is still in 1–30, day 91 is the first of > 90.
 * Only invoices are aged; credit notes and payments that are not applied yet stand beside the buckets.
 */
export const AGEING_BUCKETS = ['not-due', '1-30', '31-60', '61-90', 'over-90'] as const
export type AgeingBucket = (typeof AGEING_BUCKETS)[number]

export interface AgeingItem {
  readonly dueDate: string
  readonly openAmount: string
  readonly currency: string
}

export interface AgeingLine {
  readonly currency: string
  readonly buckets: Readonly<Record<AgeingBucket, { readonly count: number; readonly amount: string }>>
  readonly count: number
  readonly total: string
  readonly overdue: string
}

export function ageingBucket(daysPastDue: number): AgeingBucket {
  if (daysPastDue <= 0) return 'not-due'
  if (daysPastDue <= 30) return '1-30'
  if (daysPastDue <= 60) return '31-60'
  return daysPastDue <= 90 ? '61-90' : 'over-90'
}

/** One line a currency, in alphabetical order; amounts of different currencies are never added. Takes a stream of any length. */
export function ageing(items: Iterable<AgeingItem>, asOf: string): AgeingLine[] {
  const today = toDay(asOf)
  const tallies = new Map<string, Tally>()
  for (const { dueDate, openAmount, currency } of items) {
    const tally = tallies.get(currency) ?? emptyTally()
    tallies.set(currency, tally)
    const cell = tally[ageingBucket(today - toDay(dueDate))]
    cell.count += 1
    cell.amount = cell.amount.plus(openAmount)
  }
  return [...tallies].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([currency, tally]) => toLine(currency, tally))
}

type Tally = Record<AgeingBucket, { count: number; amount: Decimal }>

function emptyTally(): Tally {
  const cell = (): { count: number; amount: Decimal } => ({ count: 0, amount: new Decimal(0) })
  return { 'not-due': cell(), '1-30': cell(), '31-60': cell(), '61-90': cell(), 'over-90': cell() }
}

function toLine(currency: string, tally: Tally): AgeingLine {
  const cells = AGEING_BUCKETS.map(bucket => [bucket, tally[bucket]] as const)
  const total = cells.reduce((sum, [, { amount }]) => sum.plus(amount), new Decimal(0))
  return {
    currency,
    buckets: Object.fromEntries(
      cells.map(([bucket, { count, amount }]) => [bucket, { count, amount: roundAmount(amount, currency) }]),
    ) as AgeingLine['buckets'],
    count: cells.reduce((sum, [, { count }]) => sum + count, 0),
    total: roundAmount(total, currency),
    overdue: roundAmount(total.minus(tally['not-due'].amount), currency),
  }
}
