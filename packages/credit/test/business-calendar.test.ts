import { describe, expect, it } from 'vitest'
import { afterBusinessHours, businessCalendar, businessHoursBetween, isBusinessDay, momentOf } from '../src/index.ts'

const CN = businessCalendar('CN')
const EU = businessCalendar('EU')
const US = businessCalendar('US')

describe('business hours', () => {
  it.each([
    ['stay within a day', CN, '2026-03-05T01:00:00Z', 3, '2026-03-05T04:00:00.000Z'],
    ['step over lunch', CN, '2026-03-05T03:00:00Z', 2, '2026-03-05T06:00:00.000Z'],
    ['begin in the morning when asked in the night', CN, '2026-03-04T18:00:00Z', 1, '2026-03-05T02:00:00.000Z'],
    ['step over a weekend', CN, '2026-03-06T09:00:00Z', 8, '2026-03-09T09:00:00.000Z'],
    ['count a weekend day that is worked before a holiday', CN, '2026-02-13T10:00:00Z', 8, '2026-02-14T10:00:00.000Z'],
    ['step over the Spring Festival', CN, '2026-02-14T10:00:00Z', 8, '2026-02-24T10:00:00.000Z'],
    ['step over National Day', CN, '2026-09-30T08:00:00Z', 8, '2026-10-08T08:00:00.000Z'],
    ['follow clocks that go back over the weekend', EU, '2026-10-23T14:00:00Z', 8, '2026-10-26T15:00:00.000Z'],
    ['follow clocks that go forward over the weekend', EU, '2026-03-27T15:00:00Z', 8, '2026-03-30T14:00:00.000Z'],
    ['step over Easter', EU, '2026-04-02T15:00:00Z', 1, '2026-04-07T08:00:00.000Z'],
    ['keep a holiday on the Friday when it falls on a Saturday', US, '2026-07-02T21:00:00Z', 8, '2026-07-06T21:00:00.000Z'],
    ['follow American clocks, which change on another day', US, '2026-10-30T20:00:00Z', 8, '2026-11-02T21:00:00.000Z'],
  ])('%s', (_what, calendar, from, hours, until) => {
    expect(afterBusinessHours(new Date(from), hours, calendar).toISOString()).toBe(until)
  })

  it('added are those counted back, from any minute of two years in each region', () => {
    for (const calendar of [CN, EU, US]) {
      for (let step = 0; step < 400; step += 1) {
        const from = new Date(Date.UTC(2025, 0, 1) + step * 2_617 * 60_000)
        const hours = (step % 40) + 0.5
        expect(businessHoursBetween(from, afterBusinessHours(from, hours, calendar), calendar)).toBeCloseTo(hours, 6)
      }
    }
  })

  it('know a company’s own days', () => {
    const own = businessCalendar('CN', [
      { day: '2026-03-05', isWorking: false, name: { en: 'Founding day', zh: '司庆日' } },
      { day: '2026-03-07', isWorking: true, name: { en: 'Stocktaking', zh: '盘点' } },
    ])
    expect([isBusinessDay(own, '2026-03-05'), isBusinessDay(own, '2026-03-07'), isBusinessDay(CN, '2026-03-05')]).toEqual([
      false,
      true,
      true,
    ])
  })

  it('know the moments that clocks skip or show twice', () => {
    expect(momentOf('2026-03-29', '02:30', 'Europe/Berlin').toISOString()).toBe('2026-03-29T01:30:00.000Z')
    expect(momentOf('2026-10-25', '02:30', 'Europe/Berlin').toISOString()).toBe('2026-10-25T01:30:00.000Z')
    expect(momentOf('2026-03-05', '00:00', 'Asia/Shanghai').toISOString()).toBe('2026-03-04T16:00:00.000Z')
  })

  it('of a calendar without any are told, not waited for', () => {
    expect(() => afterBusinessHours(new Date(0), 1, { ...CN, hours: [] })).toThrow(/no 1 business hours/)
  })
})
