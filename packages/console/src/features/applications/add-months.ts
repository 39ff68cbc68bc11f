import { isoDay, toDate } from '../../format/date.ts'

/** The same day so many months on; the last of the month where there is no such day. */
export function addMonths(day: string, months: number): string {
  const from = toDate(day)
  const target = new Date(from.getFullYear(), from.getMonth() + months, 1)
  const last = new Date(target.getFullYear(), target.getMonth() + 1, 0).getDate()
  return isoDay(new Date(target.getFullYear(), target.getMonth(), Math.min(from.getDate(), last)))
}
