import { countersOf, portfolioOf, search, type Counters, type Portfolio, type SearchHit } from '@surety/store'
import { builder } from '../builder.ts'
import { segmentIdOf } from './inputs.ts'
import { AgeingType } from './ledger.ts'

const CountersType = builder.objectRef<Counters>('Counters').implement({
  authScopes: { signedIn: true },
  fields: t => ({
    tasks: t.exposeInt('tasks', { description: 'Open and for the viewer to decide.' }),
    applications: t.exposeInt('applications', { description: 'The viewer’s own that are not closed.' }),
    holds: t.exposeInt('holds', { description: 'Held orders that the viewer can release.' }),
    imports: t.exposeInt('imports', { description: 'Imports that wait for somebody or are at work.' }),
  }),
})

const GradeShareType = builder.objectRef<Portfolio['grades'][number]>('GradeShare').implement({
  authScopes: { can: 'portfolio.read' },
  fields: t => ({
    grade: t.exposeString('grade', { nullable: true }),
    count: t.exposeInt('count'),
    exposure: t.expose('exposure', { type: 'Decimal' }),
  }),
})

const PortfolioType = builder.objectRef<Portfolio>('Portfolio').implement({
  description: 'What customers owe and may owe, in one currency.',
  authScopes: { can: 'portfolio.read' },
  fields: t => ({
    currency: t.exposeString('currency'),
    asOf: t.expose('asOf', { type: 'Date' }),
    exposure: t.expose('exposure', { type: 'Decimal' }),
    openOrders: t.expose('openOrders', { type: 'Decimal' }),
    deliveries: t.expose('deliveries', { type: 'Decimal' }),
    receivables: t.expose('receivables', { type: 'Decimal' }),
    unappliedCash: t.expose('unappliedCash', { type: 'Decimal' }),
    limits: t.expose('limits', { type: 'Decimal' }),
    ageing: t.expose('ageing', { type: AgeingType }),
    dso: t.exposeFloat('dso', { nullable: true, description: 'Days; null without credit sales.' }),
    bestPossibleDso: t.exposeFloat('bestPossibleDso', { nullable: true }),
    averageDaysDelinquent: t.exposeFloat('averageDaysDelinquent', { nullable: true }),
    dsoTrend: t.field({
      type: ['Float'],
      nullable: { list: false, items: true },
      description: 'Twelve month ends, the oldest first; the last one is `asOf`.',
      resolve: ({ dsoTrend }) => [...dsoTrend],
    }),
    grades: t.field({ type: [GradeShareType], resolve: ({ grades }) => [...grades] }),
    customerCount: t.exposeInt('customerCount'),
  }),
})

const SearchHitType = builder.objectRef<SearchHit>('SearchHit').implement({
  authScopes: { signedIn: true },
  fields: t => ({
    kind: t.exposeString('kind', { description: 'customer, application, task, document or policy.' }),
    id: t.exposeID('id'),
    title: t.exposeString('title'),
    subtitle: t.exposeString('subtitle', { nullable: true }),
    grade: t.exposeString('grade', { nullable: true }),
  }),
})

builder.queryFields(t => ({
  counters: t.field({
    type: CountersType,
    authScopes: { signedIn: true },
    resolve: (_root, _args, { read }) => read('signedIn', countersOf),
  }),
  portfolio: t.field({
    type: [PortfolioType],
    description: 'One a currency, the largest first.',
    authScopes: { can: 'portfolio.read' },
    args: { segment: t.arg.id(), asOf: t.arg({ type: 'Date' }) },
    complexity: { field: 100, multiplier: 3 },
    resolve: (_root, { segment, asOf }, { read }) => {
      const segmentId = segment ? segmentIdOf(segment) : undefined
      return read('portfolio.read', tx => portfolioOf(tx, { ...(segmentId !== undefined && { segmentId }), ...(asOf && { asOf }) }))
    },
  }),
  search: t.field({
    type: [SearchHitType],
    authScopes: { can: 'customer.read' },
    args: { query: t.arg.string({ required: true }), first: t.arg.int({ defaultValue: 8 }) },
    complexity: { field: 20, multiplier: 8 },
    resolve: (_root, { query, first }, { read }) =>
      query.trim() ? read('customer.read', tx => search(tx, query.slice(0, 200), Math.min(Math.max(first ?? 8, 1), 50))) : [],
  }),
}))
