import {
  computeFacts,
  FACT_DICTIONARY,
  FACT_SOURCES,
  findFact,
  MISSING_REASONS,
  type DictionaryEntry,
  type FactValue,
} from '@surety/credit'
import { loadBook, today } from '@surety/store'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { TextType } from './values.ts'

interface KnownFact {
  readonly definition: DictionaryEntry
  readonly currency: string
  readonly fact: FactValue
}

export const FactValueType = builder.objectRef<KnownFact>('FactValue').implement({
  authScopes: { can: 'customer.read' },
  fields: t => ({
    key: t.string({ resolve: ({ definition }) => definition.key }),
    label: t.field({ type: TextType, resolve: ({ definition }) => definition.label }),
    family: t.string({ resolve: ({ definition }) => definition.family }),
    type: t.string({ resolve: ({ definition }) => definition.type }),
    unit: t.string({ nullable: true, resolve: ({ definition }) => definition.unit }),
    currency: t.string({ nullable: true, resolve: ({ definition, currency }) => (definition.type === 'money' ? currency : null) }),
    value: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Null when there is none; `missing` says why.',
      resolve: ({ fact }) => (fact.kind === 'known' ? fact.value : null),
    }),
    missing: t.field({
      type: TextType,
      nullable: true,
      resolve: ({ fact }) => (fact.kind === 'missing' ? MISSING_REASONS[fact.reason] : null),
    }),
    source: t.field({ type: TextType, nullable: true, resolve: ({ fact }) => FACT_SOURCES[fact.source] }),
    evidenceOn: t.field({
      type: 'Date',
      nullable: true,
      description: 'Day of the newest evidence.',
      resolve: ({ fact }) => (fact.kind === 'known' ? fact.asOf : null),
    }),
  }),
})

/** What is known of a customer on a day; what only an order or an application could tell is left out. */
export async function factsOf(context: Context, customerId: string, asOf: string | null | undefined): Promise<KnownFact[]> {
  const found = await context.read('customer.read', async tx => {
    const day = asOf ?? today(tx)
    const book = await loadBook(tx, customerId, { asOf: day })
    return book && { day, book }
  })
  if (!found) return []
  const { day, book } = found
  return Object.entries(computeFacts(book, day))
    .filter(([, fact]) => fact.kind === 'known' || fact.reason !== 'NOT_ASKED')
    .map(([key, fact]) => ({ definition: findFact(key)!, currency: book.currency, fact }))
}

const FactDefinitionType = builder.objectRef<DictionaryEntry>('FactDefinition').implement({
  authScopes: { can: 'policy.read' },
  fields: t => ({
    key: t.exposeString('key'),
    label: t.expose('label', { type: TextType }),
    description: t.field({ type: TextType, nullable: true, resolve: ({ description }) => description }),
    family: t.exposeString('family'),
    type: t.exposeString('type'),
    unit: t.string({ nullable: true, resolve: ({ unit }) => unit }),
    source: t.field({ type: TextType, nullable: true, resolve: ({ source }) => FACT_SOURCES[source] }),
  }),
})

builder.queryField('factDefinitions', t =>
  t.field({ type: [FactDefinitionType], authScopes: { can: 'policy.read' }, resolve: () => [...FACT_DICTIONARY] }),
)
