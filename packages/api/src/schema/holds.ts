import { findHold, listHolds, releaseHold, type Hold, type HoldReason, type HoldStatus } from '@surety/store'
import { z } from 'zod'
import { builder } from '../builder.ts'
import { Conflict, NotAllowed, NotFound, parseInput, words } from '../errors.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId, rowId, withoutNulls } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { SegmentType } from './people.ts'
import { CustomerType, DecisionType } from './refs.ts'
import { MoneyType, TextType } from './values.ts'

const HoldStatusEnum = enumOf<HoldStatus>('HoldStatus', ['open', 'released', 'cancelled'])

const HoldReasonType = builder.objectRef<HoldReason>('HoldReason').implement({
  authScopes: { can: 'hold.read' },
  fields: t => ({
    code: t.exposeString('code'),
    text: t.expose('text', { type: TextType }),
    rule: t.exposeString('rule', { nullable: true, description: 'The rule of the policy that says so.' }),
    clearedAt: t.expose('clearedAt', { type: 'DateTime', nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
})

const HoldType = builder.objectRef<Hold>('Hold').implement({
  description: 'An order that is held back; its decision is its case.',
  authScopes: { can: 'hold.read' },
  fields: t => ({
    id: t.exposeID('id'),
    orderNumber: t.exposeString('orderNumber'),
    source: t.exposeString('source'),
    amount: t.field({ type: MoneyType, resolve: ({ amount, currency }) => ({ amount, currency }) }),
    customer: t.field({ type: CustomerType, resolve: async ({ customerId }, _args, { load }) => (await load.customer.load(customerId))! }),
    segment: t.field({ type: SegmentType, resolve: async ({ segmentId }, _args, { load }) => (await load.segment.load(segmentId))! }),
    status: t.expose('status', { type: HoldStatusEnum }),
    reasons: t.field({
      type: [HoldReasonType],
      description: 'Standing ones first.',
      resolve: async ({ id }, _args, { load }) => (await load.holdReasons.load(id)) ?? [],
    }),
    decision: t.field({ type: DecisionType, resolve: async ({ decisionId }, _args, { load }) => (await load.decision.load(decisionId))! }),
    releaseLevel: t.exposeInt('releaseLevel', { nullable: true, description: 'The authority level that can release it.' }),
    releaseReason: t.exposeString('releaseReason', { nullable: true }),
    releasedAt: t.expose('releasedAt', { type: 'DateTime', nullable: true }),
    releasedItself: t.boolean({
      description: 'The figures changed so that nothing held it any more.',
      resolve: ({ status, releasedBy }) => status === 'released' && releasedBy === null,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    version: t.exposeInt('version'),
  }),
})
const HoldConnection = builder.connectionObject({ type: HoldType, name: 'HoldConnection', ...ASKED }, { name: 'HoldEdge', ...ASKED })

const HoldFilter = builder.inputType('HoldFilter', {
  fields: t => ({ status: t.field({ type: HoldStatusEnum }), customerId: t.id() }),
})

builder.queryFields(t => ({
  holds: t.connection(
    {
      type: HoldType,
      description: 'Newest first.',
      authScopes: { can: 'hold.read' },
      args: { filter: t.arg({ type: HoldFilter }) },
      resolve: async (_root, { filter, ...page }, { read }) => {
        const { customerId, ...rest } = withoutNulls(filter ?? {})
        return connectionOf(
          await read('hold.read', tx => listHolds(tx, { ...rest, ...(customerId && { customerId: rowId(customerId) ?? '0' }) }, page)),
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
}))

const ReleaseHoldInput = builder.inputType('ReleaseHoldInput', {
  fields: t => ({
    id: t.id({ required: true }),
    version: t.int({ required: true, description: 'As the client last saw it.' }),
    reason: t.string({ required: true }),
  }),
})

const HoldRelease = z.object({
  id: z.string(),
  version: z.number(),
  reason: z.string().trim().min(1, words('Say why it is released.', '请说明放行原因。')).max(2000),
})

builder.mutationField('releaseHold', t =>
  t.field({
    type: HoldType,
    description: 'Lets a held order go: by an approver of its level, who is not who asked for it.',
    authScopes: { can: 'hold.release' },
    errors: outcomesOf('Hold'),
    args: { input: t.arg({ type: ReleaseHoldInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const release = parseInput(HoldRelease, input)
      const id = existingId(release.id)
      const result = await write('hold.release', tx => releaseHold(tx, { ...release, id }))
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
)
