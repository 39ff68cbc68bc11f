import type { Facts } from '@surety/engine'
import type { CustomerBook } from '../book.ts'
import { computeAccount } from './account.ts'
import { computeAgeing } from './ageing.ts'
import { computeApproval } from './approval.ts'
import { computeChange } from './change.ts'
import { computeCollection } from './collection.ts'
import { computeCompany } from './company.ts'
import { findFact, type FactKey } from './dictionary.ts'
import type { Computed, FactValue } from './fact.ts'
import { computeItem } from './item.ts'
import type { Occasion } from './occasion.ts'
import { computeOrder } from './order.ts'
import { computePayment } from './payment.ts'
import { computePortfolio } from './portfolio.ts'
import { computeRequest } from './request.ts'
import { computeStatement } from './statement.ts'
import { computeTrade } from './trade.ts'
import { createView } from './view.ts'

export type FactValues = Readonly<Record<FactKey, FactValue>>

/** All facts of a customer on a day. What is dated later is not seen, whatever the book holds. */
export function computeFacts(book: CustomerBook, asOf: string, occasion: Occasion = {}): FactValues {
  return computeFamilies(Object.keys(FAMILIES) as Family[], book, asOf, occasion) as FactValues
}

/** The facts that are asked for, and others that come with them, for who can't wait for all. */
export function computeFactsOf(keys: readonly FactKey[], book: CustomerBook, asOf: string, occasion: Occasion = {}): Partial<FactValues> {
  const families = new Set(keys.map(key => findFact(key)?.family))
  return computeFamilies(
    (Object.keys(FAMILIES) as Family[]).filter(family => families.has(family)),
    book,
    asOf,
    occasion,
  )
}

/** The known values alone, as the engine takes them. */
export function toEngineFacts(values: Partial<FactValues>): Facts {
  return Object.fromEntries(Object.entries(values).flatMap(([key, fact]) => (fact?.kind === 'known' ? [[key, fact.value]] : [])))
}

const FAMILIES = {
  ageing: computeAgeing,
  payment: computePayment,
  trade: computeTrade,
  account: computeAccount,
  statement: computeStatement,
  company: computeCompany,
  request: computeRequest,
  order: computeOrder,
  item: computeItem,
  collection: computeCollection,
  portfolio: computePortfolio,
  change: computeChange,
  approval: computeApproval,
} as const
type Family = keyof typeof FAMILIES

function computeFamilies(families: readonly Family[], book: CustomerBook, asOf: string, occasion: Occasion): Partial<FactValues> {
  const view = createView(book, asOf)
  const facts: Partial<Record<FactKey, FactValue>> = {}
  for (const family of families) {
    const computed: Readonly<Record<string, Computed>> = FAMILIES[family](view, occasion)
    for (const key in computed) facts[key as FactKey] = toFactValue(key, computed[key]!, asOf)
  }
  return facts
}

function toFactValue(key: string, computed: Computed, asOf: string): FactValue {
  const { source } = findFact(key)!
  return 'missing' in computed
    ? { kind: 'missing', reason: computed.missing, source }
    : { kind: 'known', value: computed.value, source, asOf: computed.asOf ?? asOf }
}
