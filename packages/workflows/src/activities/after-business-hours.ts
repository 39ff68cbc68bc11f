const HOURS_A_DAY = 8
const DAY_MS = 24 * 3_600_000

/** The moment at which so many business hours have passed: eight a day, Saturdays and Sundays (UTC) don't count. */
export function afterBusinessHours(from: Date, hours: number): Date {
  let leftMs = (hours / HOURS_A_DAY) * DAY_MS
  let at = from.getTime()
  while (isWeekend(at)) at = nextMidnight(at)
  for (;;) {
    const dayEnd = nextMidnight(at)
    if (!isWeekend(at)) {
      if (at + leftMs <= dayEnd) return new Date(at + leftMs)
      leftMs -= dayEnd - at
    }
    at = dayEnd
  }
}

function isWeekend(at: number): boolean {
  return [0, 6].includes(new Date(at).getUTCDay())
}

function nextMidnight(at: number): number {
  return (Math.floor(at / DAY_MS) + 1) * DAY_MS
}
