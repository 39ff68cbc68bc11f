import { AUTHORITY_LEVEL_LABELS, AUTHORITY_LEVELS } from '@surety/credit'
import { diffPolicies } from '@surety/engine'
import {
  CHANGE_OUTCOMES,
  CHANGE_STATUSES,
  CHANGE_VIEWS,
  commentPolicyChange,
  commentsOf,
  countMyChanges,
  decidePolicyChange,
  findChange,
  findImpact,
  findPolicyVersions,
  listChanges,
  nothingOf,
  submitPolicyChange,
  withdrawPolicyChange,
  type Acknowledgement,
  type ChangeComment,
  type ChangeOutcome,
  type ChangeRequest,
  type ChangeVote,
} from '@surety/store'
import { z } from 'zod'
import { builder } from '../builder.ts'
import { parseInput, valueOf, words } from '../errors.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId, rowId, withoutNulls } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { UserType } from './people.ts'
import { PolicyVersionType } from './policies.ts'
import { AcknowledgementInput } from './policy-drafts.ts'
import { ChangeRequestType, FindingType, PolicyCaseResultType, PolicyCaseType, PolicyChangeType, PolicyImpactType } from './policy-parts.ts'
import { PolicyType } from './refs.ts'
import { TextType } from './values.ts'

const READ = { can: 'policy.read' } as const
const StatusEnum = enumOf('ChangeStatus', CHANGE_STATUSES)
const StageEnum = enumOf('ChangeStage', ['approval', 'review'])
const OutcomeEnum = enumOf('ChangeOutcome', CHANGE_OUTCOMES)

const AcknowledgementType = builder.objectRef<Acknowledgement>('Acknowledgement').implement({
  authScopes: READ,
  fields: t => ({ code: t.exposeString('code'), path: t.exposeString('path'), text: t.exposeString('text') }),
})

const VoteType = builder.objectRef<ChangeVote>('ChangeVote').implement({
  authScopes: READ,
  fields: t => ({
    stage: t.expose('stage', { type: StageEnum }),
    level: t.exposeInt('level', { nullable: true, description: 'The level that the agreement fills.' }),
    person: t.exposeString('person'),
    outcome: t.expose('outcome', { type: OutcomeEnum }),
    contentHash: t.exposeString('contentHash'),
    comment: t.exposeString('comment', { nullable: true }),
    at: t.expose('at', { type: 'DateTime' }),
  }),
})

const CommentType = builder.objectRef<ChangeComment>('ChangeComment').implement({
  authScopes: READ,
  fields: t => ({
    id: t.exposeID('id'),
    author: t.field({ type: UserType, resolve: async ({ userId }, _args, { load }) => (await load.user.load(userId))! }),
    path: t.exposeString('path', { nullable: true, description: 'JSON pointer, where it is about a place.' }),
    body: t.exposeString('body'),
    at: t.expose('at', { type: 'DateTime' }),
  }),
})

interface NeededLevel {
  readonly level: number
  readonly stage: 'approval' | 'review'
  readonly by: string | null
}

const NeededLevelType = builder.objectRef<NeededLevel>('NeededApproval').implement({
  authScopes: READ,
  fields: t => ({
    level: t.exposeInt('level'),
    label: t.field({
      type: TextType,
      resolve: ({ level }) => {
        const name = AUTHORITY_LEVELS[level - 1]
        return name ? AUTHORITY_LEVEL_LABELS[name] : { en: `Level ${level}`, zh: `${level} 级` }
      },
    }),
    stage: t.expose('stage', { type: StageEnum }),
    givenBy: t.exposeString('by', { nullable: true, description: 'Null: still open.' }),
  }),
})

function neededOf({ approvalLevels, reviewLevels, votes }: ChangeRequest): NeededLevel[] {
  const given = votes.filter(({ outcome }) => outcome === 'approve')
  return (['approval', 'review'] as const).flatMap(stage => {
    const left = given.filter(vote => vote.stage === stage)
    return (stage === 'approval' ? approvalLevels : reviewLevels).map(level => {
      const at = left.findIndex(vote => vote.level === level)
      return { level, stage, by: at < 0 ? null : left.splice(at, 1)[0]!.person }
    })
  })
}

ChangeRequestType.implement({
  description: 'Somebody asks that a draft be put into force. It holds what was submitted and is agreed to by its hash.',
  authScopes: READ,
  fields: t => ({
    id: t.exposeID('id'),
    policy: t.field({ type: PolicyType, resolve: async ({ policyId }, _args, { load }) => (await load.policy.load(policyId))! }),
    draftId: t.exposeID('draftId'),
    baseVersion: t.exposeInt('baseVersion', { nullable: true }),
    base: t.field({
      type: PolicyVersionType,
      nullable: true,
      resolve: ({ policyId, baseVersion }, _args, { load }) =>
        baseVersion === null ? null : load.policyVersion.load({ policyId, version: baseVersion }),
    }),
    document: t.field({ type: 'JSON', resolve: ({ document }) => document }),
    contentHash: t.exposeString('contentHash'),
    intent: t.exposeString('intent'),
    maker: t.field({ type: UserType, resolve: async ({ makerId }, _args, { load }) => (await load.user.load(makerId))! }),
    status: t.expose('status', { type: StatusEnum }),
    diff: t.field({
      type: [PolicyChangeType],
      description: 'What changes, in sentences.',
      resolve: async ({ policyId, baseVersion, document }, _args, { read }) => {
        const [base] =
          baseVersion === null ? [] : await read('policy.read', tx => findPolicyVersions(tx, [{ policyId, version: baseVersion }]))
        return [...diffPolicies(base?.document ?? nothingOf(document), document)]
      },
    }),
    findings: t.field({ type: [FindingType], resolve: ({ findings }) => [...findings] }),
    acknowledgements: t.field({ type: [AcknowledgementType], resolve: ({ acknowledgements }) => [...acknowledgements] }),
    cases: t.field({ type: [PolicyCaseType], resolve: ({ cases }) => [...cases] }),
    caseResults: t.field({ type: [PolicyCaseResultType], resolve: ({ caseResults }) => [...caseResults] }),
    impact: t.field({
      type: PolicyImpactType,
      nullable: true,
      resolve: ({ impactId }, _args, { read }) => (impactId === null ? null : read('policy.read', tx => findImpact(tx, impactId))),
    }),
    approvals: t.field({ type: [NeededLevelType], description: 'Levels that have to agree, and who has.', resolve: neededOf }),
    approvalDecision: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Why these: the approval policy’s facts and decision.',
      resolve: ({ approvalDecision }) => approvalDecision,
    }),
    votes: t.field({ type: [VoteType], resolve: ({ votes }) => [...votes] }),
    isEmergency: t.exposeBoolean('isEmergency'),
    rollbackOf: t.exposeInt('rollbackOf', { nullable: true, description: 'The version whose content it brings back.' }),
    effectiveFrom: t.expose('effectiveFrom', { type: 'DateTime', nullable: true, description: 'Null: as soon as it is approved.' }),
    dueAt: t.expose('dueAt', { type: 'DateTime' }),
    submittedAt: t.expose('submittedAt', { type: 'DateTime' }),
    closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true }),
    published: t.field({
      type: PolicyVersionType,
      nullable: true,
      resolve: ({ policyId, publishedVersion }, _args, { load }) =>
        publishedVersion === null ? null : load.policyVersion.load({ policyId, version: publishedVersion }),
    }),
    comments: t.field({ type: [CommentType], resolve: ({ id }, _args, { read }) => read('policy.read', tx => commentsOf(tx, id)) }),
    stage: t.expose('stage', { type: StageEnum, nullable: true, description: 'What there is to decide on now.' }),
    canDecide: t.boolean({ resolve: ({ refusal }) => refusal === null }),
    cannotDecideReason: t.field({ type: TextType, nullable: true, resolve: ({ refusal }) => refusal?.message }),
    canWithdraw: t.exposeBoolean('canWithdraw'),
    version: t.exposeInt('version'),
  }),
})
const ChangeConnection = builder.connectionObject(
  { type: ChangeRequestType, name: 'ChangeRequestConnection', ...ASKED },
  { name: 'ChangeRequestEdge', ...ASKED },
)

const ChangeFilter = builder.inputType('ChangeFilter', {
  fields: t => ({ policyId: t.id(), statuses: t.field({ type: [StatusEnum] }) }),
})

builder.queryFields(t => ({
  changes: t.connection(
    {
      type: ChangeRequestType,
      description: 'Newest first. MINE: for the viewer to decide.',
      authScopes: READ,
      args: {
        view: t.arg({ type: enumOf('ChangeView', CHANGE_VIEWS), required: true, defaultValue: 'open' }),
        filter: t.arg({ type: ChangeFilter }),
      },
      resolve: async (_root, { view, filter, ...page }, { read }) =>
        connectionOf(await read('policy.read', tx => listChanges(tx, view, withoutNulls(filter ?? {}), page))),
    },
    ChangeConnection,
  ),
  change: t.field({
    type: ChangeRequestType,
    nullable: true,
    authScopes: READ,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { read }) => (rowId(id) ? read('policy.read', tx => findChange(tx, id)) : null),
  }),
  myChangeCount: t.int({
    description: 'How many there are for the viewer to decide.',
    authScopes: READ,
    resolve: (_root, _args, { read }) => read('policy.read', countMyChanges),
  }),
}))

const SubmitPolicyChangeInput = builder.inputType('SubmitPolicyChangeInput', {
  fields: t => ({
    draftId: t.id({ required: true }),
    baseRevision: t.int({ required: true }),
    contentHash: t.string({ required: true, description: 'Of what one has looked at.' }),
    intent: t.string({ required: true }),
    acknowledgements: t.field({ type: [AcknowledgementInput], required: true }),
    effectiveFrom: t.field({ type: 'DateTime', description: 'Left out: as soon as it is approved.' }),
    isEmergency: t.boolean({ description: 'One agreement is enough, at once; the rest looks at it afterwards.' }),
  }),
})
const DecidePolicyChangeInput = builder.inputType('DecidePolicyChangeInput', {
  fields: t => ({
    id: t.id({ required: true }),
    contentHash: t.string({ required: true, description: 'Of what one has looked at; an agreement is to that and nothing else.' }),
    comment: t.string({ description: 'Required to reject and to ask for changes.' }),
  }),
})

const Submission = z.object({
  draftId: z.string(),
  baseRevision: z.number(),
  contentHash: z.string(),
  intent: z.string().trim().min(1, words('Say what the change is for.', '请说明变更目的。')).max(4000),
  acknowledgements: z.array(z.object({ code: z.string(), path: z.string(), text: z.string().trim().max(2000) })).max(1000),
  effectiveFrom: z.string().nullish(),
  isEmergency: z.boolean().nullish(),
})

builder.mutationFields(t => {
  const decide = (outcome: ChangeOutcome, description: string) =>
    t.field({
      type: ChangeRequestType,
      description,
      authScopes: { can: 'policy.approve' },
      errors: outcomesOf('ChangeRequest'),
      args: { input: t.arg({ type: DecidePolicyChangeInput, required: true }) },
      resolve: async (_root, { input }, { write }) =>
        valueOf(
          await write('policy.approve', tx =>
            decidePolicyChange(tx, { id: existingId(input.id), contentHash: input.contentHash, outcome, comment: input.comment ?? null }),
          ),
        ),
    })
  return {
    submitPolicyChange: t.field({
      type: ChangeRequestType,
      authScopes: { can: 'policy.edit' },
      errors: outcomesOf('ChangeRequest'),
      args: { input: t.arg({ type: SubmitPolicyChangeInput, required: true }) },
      resolve: async (_root, { input }, { write }) => {
        const { effectiveFrom, draftId, ...rest } = parseInput(Submission, input)
        const submission = { ...rest, draftId: existingId(draftId), effectiveFrom: effectiveFrom ? new Date(effectiveFrom) : null }
        return valueOf(await write('policy.edit', tx => submitPolicyChange(tx, submission)))
      },
    }),
    approvePolicyChange: decide('approve', 'The last agreement needed publishes it.'),
    rejectPolicyChange: decide('reject', 'Ends the request; the draft stays.'),
    requestPolicyChanges: decide('request_changes', 'Gives it back to its makers; what comes next is another request.'),
    withdrawPolicyChange: t.field({
      type: ChangeRequestType,
      authScopes: { can: 'policy.edit' },
      errors: outcomesOf('ChangeRequest'),
      args: { id: t.arg.id({ required: true }), reason: t.arg.string() },
      resolve: async (_root, { id, reason }, { write }) =>
        valueOf(await write('policy.edit', tx => withdrawPolicyChange(tx, existingId(id), reason ?? ''))),
    }),
    commentPolicyChange: t.field({
      type: ChangeRequestType,
      authScopes: READ,
      errors: outcomesOf('ChangeRequest'),
      args: { id: t.arg.id({ required: true }), body: t.arg.string({ required: true }), path: t.arg.string() },
      resolve: async (_root, { id, body, path }, { write }) =>
        valueOf(await write('policy.read', tx => commentPolicyChange(tx, existingId(id), body, path ?? null))),
    }),
  }
})
