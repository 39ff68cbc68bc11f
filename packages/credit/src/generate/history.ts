import { addMonths, calendar, dayOf, toDate, toDay } from '../day.ts'
import { createRandom } from './random.ts'
import type { LedgerRecord } from './record.ts'

export const GENERATED_CURRENCIES = ['CNY', 'USD', 'EUR'] as const
export type GeneratedCurrency = (typeof GENERATED_CURRENCIES)[number]

/** What all customers of a generated ledger share. */
export interface History {
  readonly seed: number | string
  readonly currency: GeneratedCurrency
  readonly startDay: number
  readonly endDay: number
  /** Dates by day number; making them anew would cost more than all the rest. */
  readonly dateOf: (day: number) => string
}

export function createHistory(seed: number | string, months: number, endDate: string, currency: GeneratedCurrency): History {
  const endDay = toDay(endDate)
  const startDay = toDay(addMonths(endDate, -months)) + 1
  const origin = startDay - 4000
  const dates: string[] = []
  return {
    seed,
    currency,
    startDay,
    endDay,
    dateOf: day => (day < origin ? toDate(day) : (dates[day - origin] ??= toDate(day))),
  }
}

export const USD_PRICE: Readonly<Record<GeneratedCurrency, number>> = { CNY: 0.1389, USD: 1, EUR: 1.087 }

/** One rate a month for each foreign currency. */
export function* createRates({ seed, currency, startDay, endDay, dateOf }: History): Generator<LedgerRecord> {
  for (const from of foreignTo(currency)) {
    const random = createRandom(seed, 'rate', from)
    let price = USD_PRICE[from] / USD_PRICE[currency]
    const start = calendar(startDay)
    for (let month = start.month - 1; ; month += 1) {
      const day = Math.max(startDay, dayOf(start.year + Math.floor(month / 12), (month % 12) + 1, 1))
      if (day > endDay) break
      yield { kind: 'rate', entry: { date: dateOf(day), from, to: currency, rate: price.toFixed(4) } }
      price *= 1 + random.normal(0, 0.008)
    }
  }
}

export function foreignTo(currency: GeneratedCurrency): GeneratedCurrency[] {
  return GENERATED_CURRENCIES.filter(other => other !== currency && other !== 'CNY')
}
