import { businessCalendar, CALENDAR_REGIONS, type BusinessCalendar, type CalendarException } from '@surety/credit'
import type { Text } from '@surety/engine'
import { appendAudit } from './audit.ts'
import type { Tx } from './sql.ts'

/** Whose days and hours count for a segment; for the whole company, those of the first segment. */
export async function calendarOf(tx: Tx, segmentId: number | null): Promise<BusinessCalendar> {
  const [segment] = await tx<{ region: string }[]>`
    select region from segments where ${segmentId}::int is null or id = ${segmentId} order by id limit 1`
  const region = segment?.region ?? 'CN'
  return businessCalendar(region, await exceptionsOf(tx, region))
}

export async function listCalendars(tx: Tx): Promise<BusinessCalendar[]> {
  return Promise.all(CALENDAR_REGIONS.map(async region => businessCalendar(region, await exceptionsOf(tx, region))))
}

/** A company's own day off, or working day, in a region. */
export async function setCalendarDay(
  tx: Tx,
  region: string,
  { day, isWorking, name }: { readonly day: string; readonly isWorking: boolean; readonly name: Text },
): Promise<void> {
  await tx`
    insert into calendar_days (region, day, is_working, name) values (${region}, ${day}, ${isWorking}, ${tx.json(name as never)})
    on conflict (region, day) do update set is_working = excluded.is_working, name = excluded.name`
  await appendAudit(tx, { action: 'calendar.set', entity: 'Calendar', entityId: region, after: { day, isWorking, name } })
}

async function exceptionsOf(tx: Tx, region: string): Promise<CalendarException[]> {
  const rows = await tx<{ day: string; is_working: boolean; name: Text }[]>`
    select day, is_working, name from calendar_days where region = ${region} order by day`
  return rows.map(({ day, is_working, name }) => ({ day, isWorking: is_working, name }))
}
