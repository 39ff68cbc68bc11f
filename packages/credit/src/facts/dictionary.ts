import type { FactDefinition } from '@surety/engine'
import { accountFacts } from './account.ts'
import { ageingFacts } from './ageing.ts'
import { approvalFacts } from './approval.ts'
import { changeFacts } from './change.ts'
import { collectionFacts } from './collection.ts'
import { companyFacts } from './company.ts'
import type { CreditFact, FactFamily } from './fact.ts'
import { itemFacts } from './item.ts'
import { orderFacts } from './order.ts'
import { paymentFacts } from './payment.ts'
import { portfolioFacts } from './portfolio.ts'
import { requestFacts } from './request.ts'
import { statementFacts } from './statement.ts'
import { tradeFacts } from './trade.ts'

const FAMILIES = {
  ageing: ageingFacts,
  payment: paymentFacts,
  trade: tradeFacts,
  account: accountFacts,
  statement: statementFacts,
  company: companyFacts,
  request: requestFacts,
  order: orderFacts,
  item: itemFacts,
  collection: collectionFacts,
  portfolio: portfolioFacts,
  change: changeFacts,
  approval: approvalFacts,
} as const satisfies Record<FactFamily, Readonly<Record<string, CreditFact>>>

export type FactKey = { [F in keyof typeof FAMILIES]: keyof (typeof FAMILIES)[F] }[keyof typeof FAMILIES]

export interface DictionaryEntry extends CreditFact {
  readonly key: FactKey
  readonly family: FactFamily
}

/** Every fact that a credit policy can read, in the order in which people look for them. */
export const FACT_DICTIONARY: readonly DictionaryEntry[] = (Object.keys(FAMILIES) as FactFamily[]).flatMap(family =>
  Object.entries<CreditFact>(FAMILIES[family]).map(([key, fact]) => ({ ...fact, key: key as FactKey, family })),
)

const BY_KEY: ReadonlyMap<string, DictionaryEntry> = new Map(FACT_DICTIONARY.map(entry => [entry.key, entry]))

export function findFact(key: string): DictionaryEntry | undefined {
  return BY_KEY.get(key)
}

/** Definitions as a policy document declares them; money in the currency given. */
export function factDefinitions(keys: readonly FactKey[], currency: string): Record<string, FactDefinition> {
  return Object.fromEntries(
    keys.map(key => {
      const { key: _, family: __, ...definition } = BY_KEY.get(key)!
      return [key, definition.type === 'money' ? { ...definition, currency } : definition]
    }),
  )
}
