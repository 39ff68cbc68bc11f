/**
 * Figures of a receivables portfolio. They are measures, not money: numbers in, a number out, `undefined`
 * where the divisor is zero.
 */

/** Days sales outstanding: receivables ÷ credit sales of the period × days of the period. */
export function dso(receivables: number, creditSales: number, days: number): number | undefined {
  return ratio(receivables, creditSales, days)
}

/**
 * DSO by counting back: whole months are taken off the receivables, newest first, until a month's
 * sales exceed what is left; that month counts in part. Undefined when the months given don't suffice.
 */
export function dsoCountback(
  receivables: number,
  months: readonly { readonly sales: number; readonly days: number }[],
): number | undefined {
  let left = receivables
  let days = 0
  for (const month of months) {
    if (left <= 0) return days
    if (month.sales >= left) return days + (left / month.sales) * month.days
    left -= month.sales
    days += month.days
  }
  return left <= 0 ? days : undefined
}

/** Best possible DSO: only what is not due yet counts. */
export function bestPossibleDso(currentReceivables: number, creditSales: number, days: number): number | undefined {
  return ratio(currentReceivables, creditSales, days)
}

/** Average days delinquent: what of DSO comes from paying late. */
export function averageDaysDelinquent(dsoDays: number, bestPossibleDsoDays: number): number {
  return dsoDays - bestPossibleDsoDays
}

export interface CollectionPeriod {
  readonly beginningReceivables: number
  readonly creditSales: number
  readonly endingReceivables: number
  /** Of these, not yet due. */
  readonly endingCurrentReceivables: number
}

/** Collection effectiveness index in %, with all sales of the period. */
export function ceiTotalSales(period: CollectionPeriod): number | undefined {
  return ceiAverageSales(period, 1)
}

/** Collection effectiveness index in %, with the average sales of the period's months (or other parts). */
export function ceiAverageSales(period: CollectionPeriod, parts: number): number | undefined {
  const collectable = period.beginningReceivables + period.creditSales / parts
  return ratio(collectable - period.endingReceivables, collectable - period.endingCurrentReceivables, 100)
}

function ratio(part: number, whole: number, times: number): number | undefined {
  return whole === 0 ? undefined : (part / whole) * times
}
