import type { BusinessCalendar } from '@surety/credit'
import type { Text } from '@surety/engine'
import { listCalendars, setCalendarDay } from '@surety/store'
import { z } from 'zod'
import { builder } from '../builder.ts'
import { InvalidInput, parseInput, words } from '../errors.ts'
import { TextType } from './values.ts'

interface CalendarDay {
  readonly day: string
  readonly isWorking: boolean
  readonly name: Text | null
}

const CalendarDayType = builder.objectRef<CalendarDay>('CalendarDay').implement({
  authScopes: { signedIn: true },
  fields: t => ({
    day: t.expose('day', { type: 'Date' }),
    isWorking: t.exposeBoolean('isWorking', { description: 'False: a day off; true: a weekend day that is worked.' }),
    name: t.expose('name', { type: TextType, nullable: true }),
  }),
})

const CalendarType = builder.objectRef<BusinessCalendar>('BusinessCalendar').implement({
  description: 'When people of a region work; deadlines count these hours.',
  authScopes: { signedIn: true },
  fields: t => ({
    region: t.exposeString('region'),
    name: t.expose('name', { type: TextType }),
    timeZone: t.exposeString('timeZone'),
    hours: t.stringList({ description: 'From–to, local time.', resolve: ({ hours }) => hours.map(([from, to]) => `${from}–${to}`) }),
    weekdays: t.intList({ description: 'Monday is 1.', resolve: ({ weekdays }) => [...weekdays] }),
    days: t.field({
      type: [CalendarDayType],
      description: 'Days of a year that differ from the week, in order.',
      args: { year: t.arg.int({ required: true }) },
      complexity: { field: 10, multiplier: 1 },
      resolve: ({ holidays, workdays }, { year }) => daysOf(holidays, workdays, year),
    }),
  }),
})

builder.queryField('calendars', t =>
  t.field({
    type: [CalendarType],
    authScopes: { signedIn: true },
    resolve: (_root, _args, { read }) => read('signedIn', listCalendars),
  }),
)

const CalendarDayInput = builder.inputType('CalendarDayInput', {
  fields: t => ({
    region: t.string({ required: true }),
    day: t.field({ type: 'Date', required: true }),
    isWorking: t.boolean({ required: true }),
    name: t.string({ required: true, description: 'Such as the company’s founding day.' }),
  }),
})

const OwnDay = z.object({
  region: z.enum(['CN', 'EU', 'US'], words('The region is CN, EU or US.', '地区为 CN、EU 或 US。')),
  day: z.string(),
  isWorking: z.boolean(),
  name: z.string().trim().min(1, words('Give the day a name.', '请填写名称。')).max(60),
})

builder.mutationField('setCalendarDay', t =>
  t.field({
    type: CalendarType,
    description: 'A company’s own day off, or working day.',
    authScopes: { can: 'instance.administer' },
    errors: {
      types: [InvalidInput],
      result: { name: 'MutationSetCalendarDaySuccess' },
      union: { name: 'MutationSetCalendarDayResult' },
    },
    args: { input: t.arg({ type: CalendarDayInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const { region, name, ...day } = parseInput(OwnDay, input)
      return write('instance.administer', async tx => {
        await setCalendarDay(tx, region, { ...day, name: { en: name, zh: name } })
        return (await listCalendars(tx)).find(calendar => calendar.region === region)!
      })
    },
  }),
)

function daysOf(holidays: BusinessCalendar['holidays'], workdays: BusinessCalendar['workdays'], year: number): CalendarDay[] {
  const off = [...holidays].map(([day, name]) => ({ day, isWorking: false, name }))
  const worked = [...workdays].map(day => ({ day, isWorking: true, name: null }))
  return [...off, ...worked].filter(({ day }) => day.startsWith(`${year}-`)).toSorted((left, right) => left.day.localeCompare(right.day))
}
