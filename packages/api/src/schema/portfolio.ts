import { findIndustry, type AppetiteLine, type IndustryScheme } from '@surety/credit'
import { appetiteBeforeAfter, appetiteNow, concentrationOf, type AppetiteView, type Concentration } from '@surety/store'
import { builder } from '../builder.ts'
import { enumOf } from './enums.ts'
import { segmentIdOf } from './inputs.ts'
import { PolicyVersionType } from './policies.ts'
import { CreditApplicationType, CustomerType } from './refs.ts'
import { TextType } from './values.ts'

const AppetiteLineType = builder.objectRef<AppetiteLine>('AppetiteLine').implement({
  description: 'A cap of the policy, and how near the portfolio comes to it.',
  authScopes: { can: 'portfolio.read' },
  fields: t => ({
    id: t.exposeString('id'),
    title: t.expose('title', { type: TextType }),
    unit: t.field({ type: enumOf('AppetiteUnit', ['money', 'percent']), resolve: ({ unit }) => unit }),
    cap: t.expose('cap', { type: 'Decimal' }),
    before: t.expose('before', { type: 'Decimal', nullable: true }),
    after: t.expose('after', { type: 'Decimal', nullable: true }),
    state: t.field({ type: enumOf('AppetiteState', ['within', 'near', 'exceeded']), resolve: ({ state }) => state }),
  }),
})

const AppetiteReasonType = builder.objectRef<AppetiteView['decision']['reasons'][number]>('AppetiteReason').implement({
  authScopes: { can: 'portfolio.read' },
  fields: t => ({ code: t.exposeString('code'), text: t.expose('text', { type: TextType }) }),
})

const AppetiteType = builder.objectRef<AppetiteView>('Appetite').implement({
  description: 'The portfolio against the company’s appetite for risk, before and after a change.',
  authScopes: { can: 'portfolio.read' },
  fields: t => ({
    currency: t.exposeString('currency'),
    asOf: t.expose('asOf', { type: 'Date' }),
    outcome: t.string({
      description: 'approve: within the caps; refer: to be decided higher up; decline: refused.',
      resolve: ({ decision }) => decision.outcome,
    }),
    lines: t.field({ type: [AppetiteLineType], resolve: ({ lines }) => [...lines] }),
    reasons: t.field({ type: [AppetiteReasonType], resolve: ({ decision }) => [...decision.reasons] }),
    policyVersion: t.field({ type: PolicyVersionType, resolve: ({ policy }) => policy }),
    customer: t.field({
      type: CustomerType,
      nullable: true,
      description: 'The single name.',
      resolve: ({ customerId }, _args, { load }) => (customerId === null ? null : load.customer.load(customerId)),
    }),
    industry: t.field({
      type: TextType,
      nullable: true,
      resolve: ({ industry }) => industry && industryLabel(industry.scheme, industry.code),
    }),
  }),
})

const ConcentrationNameType = builder.objectRef<Concentration['names'][number]>('ConcentrationName').implement({
  authScopes: { can: 'portfolio.read' },
  fields: t => ({
    customer: t.field({ type: CustomerType, resolve: async ({ customerId }, _args, { load }) => (await load.customer.load(customerId))! }),
    grade: t.exposeString('grade', { nullable: true }),
    amount: t.expose('amount', { type: 'Decimal' }),
  }),
})

const ConcentrationIndustryType = builder.objectRef<Concentration['industries'][number]>('ConcentrationIndustry').implement({
  authScopes: { can: 'portfolio.read' },
  fields: t => ({
    code: t.exposeString('code', { nullable: true }),
    name: t.field({ type: TextType, nullable: true, resolve: ({ scheme, code }) => (scheme && code ? industryLabel(scheme, code) : null) }),
    amount: t.expose('amount', { type: 'Decimal' }),
    customerCount: t.exposeInt('customerCount'),
  }),
})

const ConcentrationGradeType = builder.objectRef<Concentration['grades'][number]>('ConcentrationGrade').implement({
  authScopes: { can: 'portfolio.read' },
  fields: t => ({
    grade: t.exposeString('grade', { nullable: true }),
    amount: t.expose('amount', { type: 'Decimal' }),
    customerCount: t.exposeInt('customerCount'),
    expectedLoss: t.expose('expectedLoss', { type: 'Decimal', nullable: true }),
  }),
})

const ConcentrationType = builder.objectRef<Concentration>('Concentration').implement({
  description: 'What is at risk in one currency: of each account the larger of its limit and what it owes unsecured.',
  authScopes: { can: 'portfolio.read' },
  fields: t => ({
    currency: t.exposeString('currency'),
    total: t.expose('total', { type: 'Decimal' }),
    customerCount: t.exposeInt('customerCount'),
    expectedLoss: t.expose('expectedLoss', { type: 'Decimal', nullable: true }),
    names: t.field({ type: [ConcentrationNameType], resolve: ({ names }) => [...names] }),
    industries: t.field({ type: [ConcentrationIndustryType], resolve: ({ industries }) => [...industries] }),
    grades: t.field({ type: [ConcentrationGradeType], resolve: ({ grades }) => [...grades] }),
    unconverted: t.exposeInt('unconverted', { description: 'Accounts in currencies without a stored rate; they are in no figure.' }),
  }),
})

builder.queryFields(t => ({
  appetite: t.field({
    type: AppetiteType,
    nullable: true,
    description: 'As it is now; null while no appetite policy is in force.',
    authScopes: { can: 'portfolio.read' },
    args: { segment: t.arg.id() },
    complexity: { field: 100, multiplier: 2 },
    resolve: (_root, { segment }, { read }) => {
      const segmentId = segment ? segmentIdOf(segment) : undefined
      return read('portfolio.read', tx => appetiteNow(tx, segmentId === undefined ? {} : { segmentId }))
    },
  }),
  concentration: t.field({
    type: ConcentrationType,
    authScopes: { can: 'portfolio.read' },
    args: { segment: t.arg.id(), names: t.arg.int({ defaultValue: 10 }) },
    complexity: { field: 100, multiplier: 2 },
    resolve: (_root, { segment, names }, { read }) => {
      const segmentId = segment ? segmentIdOf(segment) : undefined
      return read('portfolio.read', tx =>
        concentrationOf(tx, { ...(segmentId !== undefined && { segmentId }), names: Math.min(Math.max(names ?? 10, 1), 100) }),
      )
    },
  }),
}))

builder.objectField(CreditApplicationType, 'appetite', t =>
  t.field({
    type: AppetiteType,
    nullable: true,
    description: 'What granting this limit would do to the portfolio: the approved, else the requested one unless said otherwise.',
    authScopes: { can: 'portfolio.read' },
    args: { limit: t.arg({ type: 'Decimal' }) },
    complexity: { field: 100, multiplier: 2 },
    resolve: async (application, { limit }, { read, load }) => {
      const account = (await load.accounts.load(application.customerId))?.find(({ segmentId }) => segmentId === application.segmentId)
      if (!account) return null
      return read('portfolio.read', tx =>
        appetiteBeforeAfter(tx, {
          accountId: account.id,
          kind: 'amount',
          amount: limit ?? application.approvedLimit ?? application.requestedLimit,
          currency: application.currency,
          ...(application.grade !== null && { grade: application.grade }),
        }),
      )
    },
  }),
)

function industryLabel(scheme: string, code: string) {
  return findIndustry({ scheme: scheme as IndustryScheme, code })?.label ?? { en: code, zh: code }
}
