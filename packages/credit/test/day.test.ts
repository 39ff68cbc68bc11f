import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, addMonths, daysBetween, monthsBetween, toDate, toDay } from '../src/index.ts'

describe('days', () => {
  test('a date is its day number and back, for two thousand years', () => {
    fc.assert(
      fc.property(fc.integer({ min: -500_000, max: 500_000 }), day => {
        expect(toDay(toDate(day))).toBe(day)
      }),
    )
    expect(toDay('1970-01-01')).toBe(0)
    expect(toDay('2000-03-01')).toBe(11_017)
  })

  test.each(['2026-02-29', '2026-13-01', '2026-00-10', '31/02/2026', '2026-2-3', ''])('%j is no date', text => {
    expect(toDay(text)).toBeNaN()
  })

  test('months end where the shorter month ends', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
    expect(addMonths('2024-02-29', 12)).toBe('2025-02-28')
    expect(addMonths('2026-03-05', -24)).toBe('2024-03-05')
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
    expect(daysBetween('2026-01-01', '2026-03-01')).toBe(59)
  })

  test('whole months count as birthdays do', () => {
    expect(monthsBetween('2022-09-06', '2026-03-05')).toBe(41)
    expect(monthsBetween('2022-09-05', '2026-03-05')).toBe(42)
    expect(monthsBetween('2026-01-31', '2026-02-28')).toBe(1)
  })
})
