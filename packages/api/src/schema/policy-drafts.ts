import {
  addRestorePoint,
  baseOf,
  changesOfDraft,
  discardPolicyDraft,
  editorsOf,
  fillPolicyDraft,
  findDecision,
  findPolicyDraft,
  newestVersion,
  openPolicyDraft,
  policyRight,
  readiness,
  rebasePolicyDraft,
  restorePointsOf,
  restorePolicyDraft,
  savePolicyDraft,
  seePolicyDraft,
  settleRebase,
  type DraftEditor,
  type DraftSaved,
  type PolicyDraft,
  type Readiness,
  type RestorePoint,
  type Result,
} from '@surety/store'
import type { PolicyCase } from '@surety/credit'
import type { Value } from '@surety/engine'
import { builder } from '../builder.ts'
import { DraftConflict, NotFound, valueOf } from '../errors.ts'
import { enumOf } from './enums.ts'
import { ErrorInterface, outcomesOf } from './errors.ts'
import { existingId, rowId } from './inputs.ts'
import { UserType } from './people.ts'
import { PolicyVersionType } from './policies.ts'
import {
  FindingType,
  HeldRightType,
  parseCases,
  parseDocument,
  PolicyCaseInput,
  PolicyCaseResultType,
  PolicyCaseType,
  PolicyChangeType,
  PolicyDraftType,
  PolicyImpactType,
  SubmissionIssueType,
} from './policy-parts.ts'
import { PolicyType } from './refs.ts'
import { TextType } from './values.ts'

const DraftEditorType = builder.objectRef<DraftEditor>('DraftEditor').implement({
  authScopes: { can: 'policy.read' },
  fields: t => ({
    user: t.field({ type: UserType, resolve: async ({ userId }, _args, { load }) => (await load.user.load(userId))! }),
    seenAt: t.expose('seenAt', { type: 'DateTime' }),
    editedAt: t.expose('editedAt', { type: 'DateTime', nullable: true }),
  }),
})

const RestorePointType = builder.objectRef<RestorePoint>('RestorePoint').implement({
  authScopes: { can: 'policy.read' },
  fields: t => ({
    revision: t.exposeInt('revision'),
    name: t.exposeString('name'),
    savedAt: t.expose('savedAt', { type: 'DateTime' }),
    savedBy: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ savedBy }, _args, { load }) => (savedBy === null ? null : load.user.load(savedBy)),
    }),
  }),
})

const ReadinessType = builder.objectRef<Readiness>('DraftReadiness').implement({
  description: 'What stands between a draft and its submission; nothing does when there are no issues.',
  authScopes: { can: 'policy.read' },
  fields: t => ({
    findings: t.field({ type: [FindingType], resolve: ({ findings }) => [...findings] }),
    caseResults: t.field({ type: [PolicyCaseResultType], resolve: ({ caseResults }) => [...caseResults] }),
    impact: t.field({ type: PolicyImpactType, nullable: true, description: 'Of this content.', resolve: ({ impact }) => impact }),
    issues: t.field({ type: [SubmissionIssueType], resolve: ({ issues }) => [...issues] }),
  }),
})

export const AcknowledgementInput = builder.inputType('AcknowledgementInput', {
  description: 'What the author says to a warning.',
  fields: t => ({ code: t.string({ required: true }), path: t.string({ required: true }), text: t.string({ required: true }) }),
})

PolicyDraftType.implement({
  description: 'What people work on before it is submitted; one open draft a policy.',
  authScopes: { can: 'policy.read' },
  fields: t => ({
    id: t.exposeID('id'),
    policy: t.field({ type: PolicyType, resolve: async ({ policyId }, _args, { load }) => (await load.policy.load(policyId))! }),
    baseVersion: t.exposeInt('baseVersion', { nullable: true, description: 'Null: there was no version.' }),
    base: t.field({
      type: PolicyVersionType,
      nullable: true,
      resolve: (draft, _args, { read }) => read('policy.read', tx => baseOf(tx, draft)),
    }),
    newestVersion: t.int({
      nullable: true,
      description: 'Greater than the base: something was published since; take it over first.',
      resolve: async ({ policyId }, _args, { read }) => (await read('policy.read', tx => newestVersion(tx, policyId)))?.version,
    }),
    revision: t.exposeInt('revision'),
    document: t.field({ type: 'JSON', resolve: ({ document }) => document }),
    contentHash: t.exposeString('contentHash'),
    cases: t.field({ type: [PolicyCaseType], resolve: ({ cases }) => [...cases] }),
    changeCount: t.exposeInt('changeCount'),
    changes: t.field({
      type: [PolicyChangeType],
      description: 'Against the version that it started from.',
      resolve: async (draft, _args, { read }) => [...(await read('policy.read', tx => changesOfDraft(tx, draft)))],
    }),
    status: t.expose('status', { type: enumOf('PolicyDraftStatus', ['open', 'published', 'discarded']) }),
    author: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ createdBy }, _args, { load }) => (createdBy === null ? null : load.user.load(createdBy)),
    }),
    updatedBy: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ updatedBy }, _args, { load }) => (updatedBy === null ? null : load.user.load(updatedBy)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    editors: t.field({
      type: [DraftEditorType],
      description: 'Who has looked at it within 30 seconds.',
      resolve: async ({ id }, _args, { read }) => (await read('policy.read', tx => editorsOf(tx, id))).present,
    }),
    contributors: t.field({
      type: [DraftEditorType],
      description: 'Who has changed it; none of them can approve it.',
      resolve: async ({ id }, _args, { read }) => (await read('policy.read', tx => editorsOf(tx, id))).contributors,
    }),
    restorePoints: t.field({
      type: [RestorePointType],
      resolve: ({ id }, _args, { read }) => read('policy.read', tx => restorePointsOf(tx, id)),
    }),
    myRight: t.field({ type: HeldRightType, resolve: ({ kind }, _args, { read }) => read('policy.read', tx => policyRight(tx, kind)) }),
    readiness: t.field({
      type: ReadinessType,
      args: {
        acknowledgements: t.arg({ type: [AcknowledgementInput], defaultValue: [] }),
        isEmergency: t.arg.boolean({ defaultValue: false }),
      },
      complexity: { field: 50 },
      resolve: (draft, { acknowledgements, isEmergency }, { read }) =>
        read('policy.read', async tx =>
          readiness(tx, {
            document: draft.document,
            cases: draft.cases,
            acknowledgements: acknowledgements ?? [],
            base: await newestVersion(tx, draft.policyId),
            isEmergency: isEmergency ?? false,
          }),
        ),
    }),
  }),
})

const MergeConflictType = builder.objectRef<DraftConflict['sides']['conflicts'][number]>('MergeConflict').implement({
  authScopes: { public: true },
  fields: t => ({
    path: t.exposeString('path', { description: 'JSON pointer into the merged document; /cases/… for a case.' }),
    base: t.field({ type: 'JSON', nullable: true, resolve: ({ base }) => base }),
    mine: t.field({ type: 'JSON', nullable: true, resolve: ({ mine }) => mine }),
    theirs: t.field({ type: 'JSON', nullable: true, resolve: ({ theirs }) => theirs }),
    message: t.expose('message', { type: TextType }),
  }),
})

builder.objectType(DraftConflict, {
  name: 'DraftConflictError',
  description: 'Both sides changed the same thing; nothing was saved.',
  interfaces: [ErrorInterface],
  authScopes: { public: true },
  fields: t => ({
    base: t.field({ type: 'JSON', nullable: true, resolve: ({ sides }) => sides.base }),
    mine: t.field({ type: 'JSON', resolve: ({ sides }) => sides.mine }),
    theirs: t.field({ type: 'JSON', resolve: ({ sides }) => sides.theirs }),
    theirRevision: t.int({ description: 'Save what was chosen with this as its base.', resolve: ({ sides }) => sides.theirRevision }),
    merged: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Both sides’ changes, mine where they contradict.',
      resolve: ({ sides }) => sides.merged,
    }),
    conflicts: t.field({ type: [MergeConflictType], resolve: ({ sides }) => [...sides.conflicts] }),
  }),
})

interface Saved {
  readonly draft: PolicyDraft
  readonly merged: boolean
}

const SavedDraftType = builder.objectRef<Saved>('SavedPolicyDraft').implement({
  authScopes: { can: 'policy.read' },
  fields: t => ({
    draft: t.expose('draft', { type: PolicyDraftType }),
    merged: t.exposeBoolean('merged', { description: 'Somebody else’s changes came in as well: take the draft over.' }),
  }),
})

function savedOf(saved: DraftSaved, mine: unknown): Saved {
  if (saved.kind === 'saved') return saved
  const { base, theirs, merged, conflicts } = saved
  throw new DraftConflict({ base, mine, theirs: theirs.document, theirRevision: theirs.revision, merged, conflicts })
}

const outcomesOfSave = (name: string) => {
  const { types, ...names } = outcomesOf(name)
  return { ...names, types: [...types, DraftConflict] as [...typeof types, typeof DraftConflict] }
}

builder.queryFields(t => ({
  policyDraft: t.field({
    type: PolicyDraftType,
    nullable: true,
    authScopes: { can: 'policy.read' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { read }) => (rowId(id) ? read('policy.read', tx => findPolicyDraft(tx, id)) : null),
  }),
}))

const SavePolicyDraftInput = builder.inputType('SavePolicyDraftInput', {
  fields: t => ({
    id: t.id({ required: true }),
    baseRevision: t.int({ required: true, description: 'The revision that the document was made from.' }),
    document: t.field({ type: 'JSON', required: true }),
    cases: t.field({ type: [PolicyCaseInput], required: true }),
  }),
})

builder.mutationFields(t => ({
  openPolicyDraft: t.field({
    type: PolicyDraftType,
    description: 'Finds the open draft of a policy, or starts one from its newest version.',
    authScopes: { can: 'policy.edit' },
    errors: outcomesOf('PolicyDraft'),
    args: { policyId: t.arg.id({ required: true }) },
    resolve: async (_root, { policyId }, { write }) => valueOf(await write('policy.edit', tx => openPolicyDraft(tx, policyId))),
  }),
  savePolicyDraft: t.field({
    type: SavedDraftType,
    description: 'Made from an older revision it is merged with what has come since; the same place changed twice is a conflict.',
    authScopes: { can: 'policy.edit' },
    errors: outcomesOfSave('SavedPolicyDraft'),
    args: { input: t.arg({ type: SavePolicyDraftInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const document = parseDocument(input.document)
      const save = { id: existingId(input.id), baseRevision: input.baseRevision, document, cases: parseCases(input.cases) }
      return savedOf(valueOf(await write('policy.edit', tx => savePolicyDraft(tx, save))), document)
    },
  }),
  seePolicyDraft: t.field({
    type: PolicyDraftType,
    description: 'Says that one still looks at it; ask every 15 seconds.',
    authScopes: { can: 'policy.read' },
    errors: outcomesOf('PolicyDraft'),
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { write }) => valueOf(await write('policy.read', tx => seePolicyDraft(tx, existingId(id)))),
  }),
  discardPolicyDraft: t.field({
    type: PolicyDraftType,
    authScopes: { can: 'policy.edit' },
    errors: outcomesOf('PolicyDraft'),
    args: { id: t.arg.id({ required: true }), baseRevision: t.arg.int({ required: true }) },
    resolve: async (_root, { id, baseRevision }, { write }) =>
      valueOf(await write('policy.edit', tx => discardPolicyDraft(tx, existingId(id), baseRevision))),
  }),
  addRestorePoint: t.field({
    type: PolicyDraftType,
    authScopes: { can: 'policy.edit' },
    errors: outcomesOf('PolicyDraft'),
    args: { id: t.arg.id({ required: true }), name: t.arg.string({ required: true }) },
    resolve: async (_root, { id, name }, { write }) => valueOf(await write('policy.edit', tx => addRestorePoint(tx, existingId(id), name))),
  }),
  restorePolicyDraft: t.field({
    type: PolicyDraftType,
    description: 'Takes the draft back to an earlier revision, as a new one.',
    authScopes: { can: 'policy.edit' },
    errors: outcomesOf('PolicyDraft'),
    args: { id: t.arg.id({ required: true }), baseRevision: t.arg.int({ required: true }), revision: t.arg.int({ required: true }) },
    resolve: async (_root, { id, baseRevision, revision }, { write }) =>
      valueOf(await write('policy.edit', tx => restorePolicyDraft(tx, existingId(id), baseRevision, revision))),
  }),
  fillPolicyDraft: t.field({
    type: PolicyDraftType,
    description: 'Fills the draft with a published version: how a rollback begins.',
    authScopes: { can: 'policy.edit' },
    errors: outcomesOf('PolicyDraft'),
    args: { id: t.arg.id({ required: true }), baseRevision: t.arg.int({ required: true }), version: t.arg.int({ required: true }) },
    resolve: async (_root, { id, baseRevision, version }, { write }) =>
      valueOf(await write('policy.edit', tx => fillPolicyDraft(tx, existingId(id), baseRevision, version))),
  }),
  rebasePolicyDraft: t.field({
    type: SavedDraftType,
    description: 'Takes over what was published since the draft was started.',
    authScopes: { can: 'policy.edit' },
    errors: outcomesOfSave('SavedPolicyDraft'),
    args: { id: t.arg.id({ required: true }), baseRevision: t.arg.int({ required: true }) },
    resolve: async (_root, { id, baseRevision }, { write }) => {
      const saved = valueOf(await write('policy.edit', tx => rebasePolicyDraft(tx, existingId(id), baseRevision)))
      return savedOf(saved, saved.kind === 'diverged' ? saved.merged : null)
    },
  }),
  settlePolicyRebase: t.field({
    type: PolicyDraftType,
    description: 'What was chosen where taking over conflicted; the draft stands on the newest version from now on.',
    authScopes: { can: 'policy.edit' },
    errors: outcomesOf('PolicyDraft'),
    args: { input: t.arg({ type: SavePolicyDraftInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const save = {
        id: existingId(input.id),
        baseRevision: input.baseRevision,
        document: parseDocument(input.document),
        cases: parseCases(input.cases),
      }
      return valueOf(await write('policy.edit', tx => settleRebase(tx, save)))
    },
  }),
  makeCaseOfDecision: t.field({
    type: SavedDraftType,
    description: 'Adds what was decided once to the cases of the policy’s draft, as it was decided.',
    authScopes: { can: 'policy.edit' },
    errors: outcomesOfSave('SavedPolicyDraft'),
    args: { decisionId: t.arg.id({ required: true }), name: t.arg.string() },
    resolve: async (_root, { decisionId, name }, { read, write }) => {
      const decision = await read('decision.read', tx => findDecision(tx, existingId(decisionId)))
      if (!decision) throw new NotFound()
      const made: PolicyCase = {
        id: `decision-${decision.id}`,
        name: name?.toWellFormed().replaceAll('\u0000', '').trim().slice(0, 300) || `#${decision.id} ${decision.asOf}`,
        facts: decision.facts as Record<string, Value>,
        expected: { outcome: decision.outcome, ...decision.result.outputs },
        decisionId: decision.id,
      }
      const saved = valueOf(
        await write('policy.edit', async (tx): Promise<Result<DraftSaved>> => {
          const opened = await openPolicyDraft(tx, decision.policyId)
          if (opened.kind !== 'ok') return opened as Result<never>
          const { id, revision, document, cases } = opened.value
          return savePolicyDraft(tx, { id, baseRevision: revision, document, cases: [...cases.filter(one => one.id !== made.id), made] })
        }),
      )
      return savedOf(saved, null)
    },
  }),
}))
