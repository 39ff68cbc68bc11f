import type { Counted, ImpactReason, NumberSummary, OutputDistribution } from '@surety/credit'
import { findImpact, movesOf, requestPolicyImpact, type CustomerMove, type ImpactResult } from '@surety/store'
import { setTimeout as sleep } from 'node:timers/promises'
import { builder } from '../builder.ts'
import { valueOf } from '../errors.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId, rowId } from './inputs.ts'
import { PolicyImpactType } from './policy-parts.ts'
import { OutcomeEnum } from './decisions.ts'
import { CustomerType, PolicyType } from './refs.ts'
import { TextType } from './values.ts'

const READ = { can: 'policy.read' } as const

const CountedType = builder.objectRef<Counted>('Counted').implement({
  authScopes: READ,
  fields: t => ({ count: t.exposeInt('count'), exposure: t.expose('exposure', { type: 'Decimal' }) }),
})

const SwapCellType = builder.objectRef<ImpactResult['matrix'][number]>('SwapCell').implement({
  authScopes: READ,
  fields: t => ({
    before: t.expose('before', { type: OutcomeEnum }),
    after: t.expose('after', { type: OutcomeEnum }),
    count: t.exposeInt('count'),
    exposure: t.expose('exposure', { type: 'Decimal' }),
  }),
})

const NumberSummaryType = builder.objectRef<NumberSummary>('NumberSummary').implement({
  authScopes: READ,
  fields: t => ({ count: t.exposeInt('count'), sum: t.exposeFloat('sum'), mean: t.exposeFloat('mean'), median: t.exposeFloat('median') }),
})

type Categories = Extract<OutputDistribution, { kind: 'categories' }>['categories'][number]
type Bin = Extract<OutputDistribution, { kind: 'numbers' }>['bins'][number]

const CategoryType = builder.objectRef<Categories>('OutputCategory').implement({
  authScopes: READ,
  fields: t => ({
    value: t.exposeString('value', { description: 'Empty: none.' }),
    before: t.expose('before', { type: CountedType }),
    after: t.expose('after', { type: CountedType }),
  }),
})

const BinType = builder.objectRef<Bin>('OutputBin').implement({
  authScopes: READ,
  fields: t => ({ from: t.exposeFloat('from'), to: t.exposeFloat('to'), before: t.exposeInt('before'), after: t.exposeInt('after') }),
})

const DistributionType = builder.objectRef<OutputDistribution>('OutputDistribution').implement({
  description: 'Of one output: by value, or over its range.',
  authScopes: READ,
  fields: t => ({
    name: t.exposeString('name'),
    label: t.expose('label', { type: TextType }),
    categories: t.field({ type: [CategoryType], nullable: true, resolve: one => (one.kind === 'categories' ? [...one.categories] : null) }),
    before: t.field({ type: NumberSummaryType, nullable: true, resolve: one => (one.kind === 'numbers' ? one.before : null) }),
    after: t.field({ type: NumberSummaryType, nullable: true, resolve: one => (one.kind === 'numbers' ? one.after : null) }),
    bins: t.field({ type: [BinType], nullable: true, resolve: one => (one.kind === 'numbers' ? [...one.bins] : null) }),
  }),
})

const ResultType = builder.objectRef<ImpactResult>('PolicyImpactResult').implement({
  authScopes: READ,
  fields: t => ({
    over: t.expose('over', {
      type: enumOf('ImpactGround', ['customers', 'decisions']),
      description: 'Customers of today, or what was decided lately on occasions such as orders.',
    }),
    asOf: t.expose('asOf', { type: 'Date' }),
    tookMs: t.exposeInt('tookMs'),
    currency: t.exposeString('currency'),
    total: t.exposeInt('total'),
    moved: t.exposeInt('moved', { description: 'Another outcome or another output.' }),
    movedShare: t.exposeFloat('movedShare', { description: 'In points.' }),
    movedExposure: t.expose('movedExposure', { type: 'Decimal' }),
    loosened: t.exposeInt('loosened'),
    loosenedShare: t.exposeFloat('loosenedShare'),
    tightened: t.exposeInt('tightened'),
    matrix: t.field({ type: [SwapCellType], description: 'Every pair of outcomes that occurs.', resolve: ({ matrix }) => [...matrix] }),
    outputs: t.field({ type: [DistributionType], resolve: ({ outputs }) => [...outputs] }),
    hitsBefore: t.field({
      type: 'JSON',
      description: 'How often each rule and row fires, by JSON pointer.',
      resolve: ({ hits }) => hits.before,
    }),
    hitsAfter: t.field({ type: 'JSON', description: 'The same in the draft.', resolve: ({ hits }) => hits.after }),
    unknownBefore: t.int({ description: 'Not judged for want of a fact.', resolve: ({ unknown }) => unknown.before }),
    unknownAfter: t.int({ resolve: ({ unknown }) => unknown.after }),
  }),
})

const ReasonType = builder.objectRef<ImpactReason>('ImpactReason').implement({
  description: 'The first rule, row, bin or formula that comes out differently.',
  authScopes: READ,
  fields: t => ({
    path: t.exposeString('path'),
    isInDraft: t.exposeBoolean('isInDraft', { description: 'False: a place of the version before that the draft has not.' }),
    text: t.expose('text', { type: TextType }),
  }),
})

const MoveType = builder.objectRef<CustomerMove>('CustomerMove').implement({
  authScopes: { can: 'customer.read' },
  fields: t => ({
    customer: t.field({ type: CustomerType, resolve: async ({ customerId }, _args, { load }) => (await load.customer.load(customerId))! }),
    beforeOutcome: t.field({ type: OutcomeEnum, resolve: ({ before }) => before.outcome }),
    afterOutcome: t.field({ type: OutcomeEnum, resolve: ({ after }) => after.outcome }),
    before: t.field({ type: 'JSON', description: 'Outputs.', resolve: ({ before }) => before.outputs }),
    after: t.field({ type: 'JSON', resolve: ({ after }) => after.outputs }),
    exposure: t.expose('exposure', { type: 'Decimal' }),
    currency: t.exposeString('currency'),
    why: t.expose('why', { type: ReasonType, nullable: true }),
  }),
})

PolicyImpactType.implement({
  description: 'What a draft would do beside the version in force; bound to the content of both.',
  authScopes: READ,
  fields: t => ({
    id: t.exposeID('id'),
    policy: t.field({ type: PolicyType, resolve: async ({ policyId }, _args, { load }) => (await load.policy.load(policyId))! }),
    baseVersion: t.exposeInt('baseVersion'),
    baseHash: t.exposeString('baseHash'),
    draftHash: t.exposeString('draftHash'),
    status: t.expose('status', { type: enumOf('ImpactStatus', ['running', 'done', 'failed']) }),
    doneCount: t.exposeInt('doneCount'),
    totalCount: t.exposeInt('totalCount'),
    problem: t.exposeString('problem', { nullable: true }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
    result: t.expose('result', { type: ResultType, nullable: true }),
    moves: t.field({
      type: [MoveType],
      description: 'The weightiest of those who move, in the segments that the viewer sees; at most 200.',
      authScopes: { can: 'customer.read' },
      args: { before: t.arg({ type: OutcomeEnum }), after: t.arg({ type: OutcomeEnum }) },
      complexity: { field: 20, multiplier: 20 },
      resolve: ({ id }, { before, after }, { read }) =>
        read('customer.read', tx => movesOf(tx, id, { ...(before && { before }), ...(after && { after }) })),
    }),
  }),
})

builder.queryField('policyImpact', t =>
  t.field({
    type: PolicyImpactType,
    nullable: true,
    authScopes: READ,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { read }) => (rowId(id) ? read('policy.read', tx => findImpact(tx, id)) : null),
  }),
)

/** Whoever asks for something quick need not ask twice. */
const WAIT_MS = 2000
const LOOK_MS = 100

builder.mutationField('runPolicyImpact', t =>
  t.field({
    type: PolicyImpactType,
    description: 'Answers with the result when it takes a moment; else it runs on, and is told live as PolicyImpact.',
    authScopes: { can: 'policy.edit' },
    errors: outcomesOf('PolicyImpact'),
    args: { draftId: t.arg.id({ required: true }) },
    resolve: async (_root, { draftId }, { read, write }) => {
      const asked = valueOf(await write('policy.edit', tx => requestPolicyImpact(tx, existingId(draftId))))
      for (const until = performance.now() + WAIT_MS; performance.now() < until;) {
        const impact = await read('policy.read', tx => findImpact(tx, asked.id))
        if (impact && impact.status !== 'running') return impact
        await sleep(LOOK_MS)
      }
      return (await read('policy.read', tx => findImpact(tx, asked.id)))!
    },
  }),
)
