import type { Account, CreditLimit, Exposure, LimitKind } from '@surety/store'
import { builder } from '../builder.ts'
import { enumOf } from './enums.ts'
import { SegmentType, UserType } from './people.ts'
import { CreditAccountType, CreditApplicationType } from './refs.ts'
import { moneyOf, MoneyType } from './values.ts'

const LimitKindEnum = enumOf<LimitKind>('LimitKind', ['none', 'amount', 'unlimited'])

const ExposureType = builder.objectRef<Exposure>('Exposure').implement({
  authScopes: { can: 'customer.read' },
  fields: t => ({
    currency: t.exposeString('currency'),
    limitKind: t.expose('limitKind', {
      type: LimitKindEnum,
      description: 'In force today: a temporary limit while it lasts, else the standing one.',
    }),
    limit: t.expose('limit', { type: 'Decimal', nullable: true }),
    temporaryUntil: t.expose('temporaryUntil', {
      type: 'Date',
      nullable: true,
      description: 'The last day of the temporary limit in force.',
    }),
    openOrders: t.expose('openOrders', { type: 'Decimal' }),
    deliveries: t.expose('deliveries', { type: 'Decimal' }),
    receivables: t.expose('receivables', { type: 'Decimal' }),
    bills: t.expose('bills', { type: 'Decimal', description: 'Bills receivable, not matured.' }),
    unappliedCash: t.expose('unappliedCash', { type: 'Decimal' }),
    total: t.expose('total', { type: 'Decimal' }),
    raisedBy: t.expose('raisedBy', { type: 'Decimal', description: 'What securities add to the limit.' }),
    reducedBy: t.expose('reducedBy', { type: 'Decimal', description: 'What securities take off the exposure.' }),
    available: t.expose('available', {
      type: 'Decimal',
      nullable: true,
      description: 'Limit and what raises it, less exposure and what reduces that; null where the limit is none or unlimited.',
    }),
    utilisation: t.exposeFloat('utilisation', {
      nullable: true,
      description: 'What counts of the exposure, in percent of the limit and what raises it.',
    }),
    overdue: t.expose('overdue', { type: 'Decimal' }),
    oldestOverdueDays: t.exposeInt('oldestOverdueDays', { nullable: true }),
    unconverted: t.field({
      type: [MoneyType],
      description: 'Amounts in currencies without a stored rate; they are in none of the other figures.',
      resolve: ({ unconverted }) => [...unconverted],
    }),
  }),
})

const CreditLimitType = builder.objectRef<CreditLimit>('CreditLimit').implement({
  authScopes: { can: 'customer.read' },
  fields: t => ({
    id: t.exposeID('id'),
    kind: t.expose('kind', { type: LimitKindEnum }),
    amount: t.field({ type: MoneyType, nullable: true, resolve: ({ amount, currency }) => moneyOf(amount, currency) }),
    paymentTermsDays: t.exposeInt('paymentTermsDays', { nullable: true }),
    validFrom: t.expose('validFrom', { type: 'Date' }),
    validTo: t.expose('validTo', { type: 'Date', nullable: true }),
    temporaryUntil: t.expose('temporaryUntil', {
      type: 'Date',
      nullable: true,
      description: 'The last day of a temporary limit; null: it stands until another one does.',
    }),
    reason: t.exposeString('reason'),
    application: t.field({
      type: CreditApplicationType,
      nullable: true,
      resolve: ({ applicationId }, _args, { load }) => (applicationId === null ? null : load.application.load(applicationId)),
    }),
    decidedBy: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ decidedBy }, _args, { load }) => (decidedBy === null ? null : load.user.load(decidedBy)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
})

CreditAccountType.implement({
  authScopes: { can: 'customer.read' },
  fields: t => ({
    id: t.exposeID('id'),
    segment: t.field({ type: SegmentType, resolve: async ({ segmentId }, _args, { load }) => (await load.segment.load(segmentId))! }),
    currency: t.exposeString('currency'),
    limitKind: t.expose('limitKind', { type: LimitKindEnum }),
    limit: t.field({ type: MoneyType, nullable: true, resolve: ({ limitAmount, currency }) => moneyOf(limitAmount, currency) }),
    limitValidTo: t.expose('limitValidTo', { type: 'Date', nullable: true }),
    paymentTermsDays: t.exposeInt('paymentTermsDays', { nullable: true }),
    grade: t.exposeString('grade', { nullable: true }),
    score: t.exposeInt('score', { nullable: true }),
    nextReviewOn: t.expose('nextReviewOn', { type: 'Date', nullable: true }),
    status: t.exposeString('status'),
    exposure: t.field({
      type: ExposureType,
      // Lists bring it along; an account that was reached in another way asks for it.
      resolve: async (account: Account & { readonly exposure?: Exposure }, _args, { load }) =>
        account.exposure ?? (await load.exposure.load(account.id))!,
    }),
    limitHistory: t.field({
      type: [CreditLimitType],
      description: 'Newest first.',
      resolve: async ({ id }, _args, { load }) => (await load.limitHistory.load(id)) ?? [],
    }),
  }),
})
