import type { Facts } from '@surety/engine'
import type { CustomerBook } from '../book.ts'
import { computeAccount } from './account.ts'
import { computeAgeing } from './ageing.ts'
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
  const view = createView(book, asOf)
  const computed: Record<FactKey, Computed> = {
    ...computeAgeing(view),
    ...computePayment(view),
    ...computeTrade(view),
    ...computeAccount(view),
    ...computeStatement(view),
    ...computeCompany(view),
    ...computeRequest(view, occasion),
    ...computeOrder(view, occasion),
    ...computeItem(view, occasion),
    ...computeCollection(view, occasion),
    ...computePortfolio(view, occasion),
    ...computeChange(view, occasion),
  }
  return Object.fromEntries(Object.entries(computed).map(([key, value]) => [key, toFactValue(key, value, asOf)])) as FactValues
}

/** The known values alone, as the engine takes them. */
export function toEngineFacts(values: Partial<FactValues>): Facts {
  return Object.fromEntries(Object.entries(values).flatMap(([key, fact]) => (fact?.kind === 'known' ? [[key, fact.value]] : [])))
}

function toFactValue(key: string, computed: Computed, asOf: string): FactValue {
  const { source } = findFact(key)!
  return 'missing' in computed
    ? { kind: 'missing', reason: computed.missing, source }
    : { kind: 'known', value: computed.value, source, asOf: computed.asOf ?? asOf }
}
