import { calendar } from '../day.ts'

/** The next day of the month that divides by the run; every day when the run is 1. */
export function onPayRun(day: number, payRun: number): number {
  if (payRun === 1) return day
  const { day: dayOfMonth } = calendar(day)
  const wanted = Math.ceil(dayOfMonth / payRun) * payRun
  // The 30th of a short month is the first days of the next; nobody minds.
  return day + Math.min(wanted, 30) - Math.min(dayOfMonth, 30)
}
