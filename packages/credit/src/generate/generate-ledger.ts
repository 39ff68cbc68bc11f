import { toDay } from '../day.ts'
import { createContacts, customerRecord } from './customer-records.ts'
import { createHistory, createRates, type GeneratedCurrency, type History } from './history.ts'
import { createProfile } from './profile.ts'
import { createRandom } from './random.ts'
import type { LedgerRecord } from './record.ts'
import { createStory } from './story.ts'
import { tellAccount } from './tell-account.ts'
import { tellStatements } from './tell-statements.ts'
import { tellTrade } from './tell-trade.ts'

export interface GenerateOptions {
  readonly customers: number
  readonly months: number
  readonly seed: number | string
  /** The last day of the history; what falls later is still open. */
  readonly endDate: string
  /** What most customers are invoiced in. */
  readonly currency?: GeneratedCurrency
}

/**
 * A made-up company's ledger: customers with their orders, deliveries, invoices, credit notes, payments and what went wrong.
 * The same options give the same records; more customers only add to them. One customer at a time is held in memory.
 */
export function* generateLedger(options: GenerateOptions): Generator<LedgerRecord> {
  const { customers, months, endDate } = options
  if (!Number.isInteger(customers) || customers < 1)
    throw new GenerateOptionOutOfRange('customers', customers, 'a whole number of 1 or more')
  if (!Number.isInteger(months) || months < 1 || months > 240)
    throw new GenerateOptionOutOfRange('months', months, 'a whole number from 1 to 240')
  if (Number.isNaN(toDay(endDate))) throw new GenerateOptionOutOfRange('endDate', endDate, 'a date such as 2026-03-05')
  const history = createHistory(options.seed, months, endDate, options.currency ?? 'CNY')
  yield* createRates(history)
  for (let number = 1; number <= customers; number += 1) yield* createCustomer(history, number)
}

export class GenerateOptionOutOfRange extends RangeError {
  readonly code = 'GENERATE_OPTION_OUT_OF_RANGE'
  constructor(option: string, value: unknown, wanted: string) {
    super(`${option} is ${JSON.stringify(value)}; it should be ${wanted}.`)
  }
}

function* createCustomer(history: History, number: number): Generator<LedgerRecord> {
  const random = createRandom(history.seed, number)
  const profile = createProfile(history, number, random)
  yield customerRecord(history, profile, random)
  yield* createContacts(profile, random)
  const story = createStory(history, profile, random)
  tellAccount(story)
  tellTrade(story)
  tellStatements(story)
  // Stable: what happens on one day stays in the order in which it was told.
  yield* story.entries.sort((left, right) => (left.entry.date < right.entry.date ? -1 : left.entry.date > right.entry.date ? 1 : 0))
}
