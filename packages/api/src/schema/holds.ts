import {
  findAccount,
  findHold,
  forceHold,
  HOLD_SORT_FIELDS,
  listAudit,
  listHoldReasons,
  listHolds,
  recheckHold,
  releaseHold,
  releasersOf,
  type Hold,
  type HoldReason,
  type HoldStatus,
} from '@surety/store'
import { parseMoney } from '@surety/credit'
import { z } from 'zod'
import { builder } from '../builder.ts'
import { Conflict, InvalidInput, NotAllowed, NotFound, parseInput, words } from '../errors.ts'
import { AuditEntryType } from './audit.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId, rowId, segmentIdOf, withoutNulls } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { SegmentType, UserType } from './people.ts'
import { CreditAccountType, CustomerType, DecisionType } from './refs.ts'
import { MoneyType, TextType } from './values.ts'

const HoldStatusEnum = enumOf<HoldStatus>('HoldStatus', ['open', 'released', 'cancelled'])

const RefusalType = builder.objectRef<NonNullable<Hold['refusal']>>('HoldRefusal').implement({
  authScopes: { can: 'hold.read' },
  fields: t => ({ code: t.exposeString('code'), message: t.expose('message', { type: TextType }) }),
})

const HoldReasonType = builder.objectRef<HoldReason>('HoldReason').implement({
  authScopes: { can: 'hold.read' },
  fields: t => ({
    code: t.exposeString('code'),
    text: t.expose('text', { type: TextType }),
    rule: t.exposeString('rule', { nullable: true, description: 'The rule of the policy that says so; null where a person does.' }),
    clearedAt: t.expose('clearedAt', { type: 'DateTime', nullable: true }),
    clearedBy: t.field({
      type: UserType,
      nullable: true,
      description: 'Null while it stands, and where it cleared itself.',
      resolve: ({ clearedBy }, _args, { load }) => (clearedBy === null ? null : load.user.load(clearedBy)),
    }),
    clearComment: t.exposeString('clearComment', { nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
})

const HoldReasonKindType = builder.objectRef<Awaited<ReturnType<typeof listHoldReasons>>[number]>('HoldReasonKind').implement({
  authScopes: { can: 'hold.read' },
  fields: t => ({
    code: t.exposeString('code'),
    title: t.expose('title', { type: TextType }),
    count: t.exposeInt('count', { description: 'Orders that it holds now.' }),
  }),
})

const ReleaserType = builder.objectRef<Awaited<ReturnType<typeof releasersOf>>[number]>('HoldReleaser').implement({
  authScopes: { can: 'hold.read' },
  fields: t => ({ user: t.expose('user', { type: UserType }), level: t.exposeInt('level') }),
})

export const HoldType = builder.objectRef<Hold>('Hold').implement({
  description: 'An order that is held back; its decision is its case.',
  authScopes: { can: 'hold.read' },
  fields: t => ({
    id: t.exposeID('id'),
    orderNumber: t.exposeString('orderNumber'),
    source: t.exposeString('source'),
    checkpoint: t.exposeString('checkpoint', { nullable: true }),
    amount: t.field({ type: MoneyType, resolve: ({ amount, currency }) => ({ amount, currency }) }),
    customer: t.field({ type: CustomerType, resolve: async ({ customerId }, _args, { load }) => (await load.customer.load(customerId))! }),
    account: t.field({ type: CreditAccountType, resolve: async ({ accountId }, _args, { load }) => (await load.account.load(accountId))! }),
    segment: t.field({ type: SegmentType, resolve: async ({ segmentId }, _args, { load }) => (await load.segment.load(segmentId))! }),
    status: t.expose('status', { type: HoldStatusEnum }),
    reasons: t.field({
      type: [HoldReasonType],
      description: 'Standing ones first.',
      resolve: async ({ id }, _args, { load }) => (await load.holdReasons.load(id)) ?? [],
    }),
    decision: t.field({
      type: DecisionType,
      nullable: true,
      description: 'Null where a person held it and no check has come since.',
      resolve: ({ decisionId }, _args, { load }) => (decisionId === null ? null : load.decision.load(decisionId)),
    }),
    isForced: t.exposeBoolean('isForced', { description: 'Placed by a person: only another person ends it.' }),
    forcedBy: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ forcedBy }, _args, { load }) => (forcedBy === null ? null : load.user.load(forcedBy)),
    }),
    releaseLevel: t.exposeInt('releaseLevel', { nullable: true, description: 'The authority level that can release it.' }),
    releasers: t.field({
      type: [ReleaserType],
      description: 'Who can release it now, the lowest sufficient level first.',
      resolve: (hold, _args, { read }) => (hold.status === 'open' ? read('hold.read', tx => releasersOf(tx, hold)) : []),
    }),
    refusal: t.expose('refusal', {
      type: RefusalType,
      nullable: true,
      description: 'Why the viewer can’t release it; null when they can.',
    }),
    releaseReason: t.exposeString('releaseReason', { nullable: true }),
    releasedBy: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ releasedBy }, _args, { load }) => (releasedBy === null ? null : load.user.load(releasedBy)),
    }),
    releasedWithStep: t.exposeBoolean('releasedWithStep', {
      nullable: true,
      description: 'Whether the step that was blocked went with the release.',
    }),
    releasedAt: t.expose('releasedAt', { type: 'DateTime', nullable: true }),
    releasedItself: t.boolean({
      description: 'The figures changed so that nothing held it any more.',
      resolve: ({ status, releasedBy }) => status === 'released' && releasedBy === null,
    }),
    history: t.field({
      type: [AuditEntryType],
      description: 'Newest first.',
      resolve: async ({ id }, _args, { read }) =>
        (await read('hold.read', tx => listAudit(tx, { entity: 'Hold', entityId: id }, { first: 50 }))).edges.map(({ node }) => node),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    version: t.exposeInt('version'),
  }),
})
const HoldConnection = builder.connectionObject({ type: HoldType, name: 'HoldConnection', ...ASKED }, { name: 'HoldEdge', ...ASKED })

const HoldFilter = builder.inputType('HoldFilter', {
  fields: t => ({
    status: t.field({ type: HoldStatusEnum }),
    customerId: t.id(),
    query: t.string({ description: 'Words of the customer, or a part of the order’s number.' }),
    reasons: t.stringList({ description: 'Codes: any of them stands.' }),
    segments: t.idList(),
    mine: t.boolean({ description: 'Only those that the viewer can release.' }),
  }),
})
const HoldSort = builder.inputType('HoldSort', {
  fields: t => ({
    field: t.field({ type: enumOf('HoldSortField', HOLD_SORT_FIELDS), required: true }),
    descending: t.boolean({ required: true, defaultValue: false }),
  }),
})

builder.queryFields(t => ({
  holds: t.connection(
    {
      type: HoldType,
      description: 'Newest first unless said otherwise.',
      authScopes: { can: 'hold.read' },
      args: { filter: t.arg({ type: HoldFilter }), sort: t.arg({ type: HoldSort }) },
      resolve: async (_root, { filter, sort, ...page }, { read }) => {
        const { customerId, status, segments, ...rest } = withoutNulls(filter ?? {})
        const segmentIds = segments?.map((id, index) => segmentIdOf(id, ['filter', 'segments', String(index)]))
        return connectionOf(
          await read('hold.read', tx =>
            listHolds(
              tx,
              {
                ...rest,
                ...(status && { statuses: [status] }),
                ...(segmentIds && { segmentIds }),
                ...(customerId && { customerId: rowId(customerId) ?? '0' }),
              },
              sort ?? { field: 'createdAt', descending: true },
              page,
            ),
          ),
        )
      },
    },
    HoldConnection,
  ),
  hold: t.field({
    type: HoldType,
    nullable: true,
    authScopes: { can: 'hold.read' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { read }) => (rowId(id) ? read('hold.read', tx => findHold(tx, id)) : null),
  }),
  holdReasons: t.field({
    type: [HoldReasonKindType],
    description: 'Why orders are held now, the most frequent first.',
    authScopes: { can: 'hold.read' },
    resolve: (_root, _args, { read }) => read('hold.read', listHoldReasons),
  }),
}))

const ReleaseHoldInput = builder.inputType('ReleaseHoldInput', {
  fields: t => ({
    id: t.id({ required: true }),
    version: t.int({ required: true, description: 'As the client last saw it.' }),
    reason: t.string({ required: true }),
    codes: t.stringList({ description: 'Only these reasons; with the last of them the order goes. All unless said otherwise.' }),
    withStep: t.boolean({
      description: 'The order keeps its place as any released order does; false: its source takes the step itself and asks again.',
      defaultValue: true,
    }),
  }),
})

const HoldRelease = z.object({
  id: z.string(),
  version: z.number(),
  reason: z.string().trim().min(1, words('Say why it is released.', '请说明放行原因。')).max(2000),
  codes: z.array(z.string().max(100)).min(1, words('Name at least one reason.', '请至少选择一个原因。')).nullish(),
  withStep: z.boolean().nullish(),
})

const ForceHoldInput = builder.inputType('ForceHoldInput', {
  fields: t => ({
    accountId: t.id({ required: true }),
    orderNumber: t.string({ required: true }),
    source: t.string({ description: 'The books that the order is in; `file` unless said otherwise.' }),
    amount: t.field({ type: 'Decimal', required: true }),
    currency: t.string({ required: true }),
    reason: t.string({ required: true }),
  }),
})

const Forcing = z.object({
  accountId: z.string(),
  orderNumber: z.string().trim().min(1, words('Name the order.', '请填写订单号。')).max(100),
  source: z.string().trim().min(1).max(100).nullish(),
  amount: z.string(),
  currency: z.string(),
  reason: z.string().trim().min(1, words('Say why it is held.', '请说明拦截原因。')).max(2000),
})

builder.mutationFields(t => ({
  releaseHold: t.field({
    type: HoldType,
    description: 'Lets a held order go, or clears reasons of it: by an approver of its level, who is not who asked for it.',
    authScopes: { can: 'hold.release' },
    errors: outcomesOf('Hold'),
    args: { input: t.arg({ type: ReleaseHoldInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const { codes, withStep, ...release } = parseInput(HoldRelease, input)
      const id = existingId(release.id)
      const result = await write('hold.release', tx =>
        releaseHold(tx, { ...release, id, ...(codes && { codes }), withStep: withStep ?? true }),
      )
      switch (result.kind) {
        case 'ok':
          return result.value
        case 'conflict':
          throw new Conflict(
            { en: 'This hold has changed meanwhile; look at it again.', zh: '该拦截已发生变化，请重新查看。' },
            'CONFLICT',
            result.current,
          )
        case 'refused':
          throw new NotAllowed(result.message, result.code)
        case 'notFound':
          throw new NotFound()
      }
    },
  }),
  recheckHold: t.field({
    type: HoldType,
    description: 'Asks the policy again, now.',
    authScopes: { can: 'hold.place' },
    errors: outcomesOf('Hold'),
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { write }) => {
      const hold = await write('hold.place', tx => recheckHold(tx, existingId(id)))
      if (!hold) throw new NotFound()
      return hold
    },
  }),
  forceHold: t.field({
    type: HoldType,
    description: 'Holds an order, whatever the policy says; only another person ends it.',
    authScopes: { can: 'hold.place' },
    errors: outcomesOf('Hold'),
    args: { input: t.arg({ type: ForceHoldInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const { source, ...forcing } = parseInput(Forcing, input)
      const money = parseMoney(forcing.amount, forcing.currency)
      if (money.kind === 'problem') throw InvalidInput.at(['amount'], money.code, money.message)
      if (!(Number(money.money.amount) > 0))
        throw InvalidInput.at(['amount'], 'NOT_POSITIVE', { en: 'The amount of an order is more than zero.', zh: '订单金额必须大于零。' })
      const hold = await write('hold.place', async tx =>
        (await findAccount(tx, existingId(forcing.accountId)))
          ? forceHold(tx, { ...forcing, amount: money.money.amount, source: source ?? 'file' })
          : undefined,
      )
      if (!hold) throw new NotFound()
      return hold
    },
  }),
}))
