import { policyFindings } from '@surety/credit'
import { compile, diffPolicies, parsePolicy, replay, type Decision as EngineDecision } from '@surety/engine'
import {
  changesOfPolicies,
  createPolicy,
  documentsInForce,
  findChange,
  findDecision,
  findPolicyVersions,
  listPolicies,
  nothingOf,
  openDraftsOf,
  policyInForce,
  policyRight,
  recallPolicyVersion,
  versionStatus,
  type Decision,
  type PolicyVersion,
} from '@surety/store'
import { resolverAmong } from '@surety/credit'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { InvalidInput, NotFound, valueOf } from '../errors.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId } from './inputs.ts'
import { UserType } from './people.ts'
import { ChangeRequestType, FindingType, HeldRightType, PolicyCaseType, PolicyChangeType, PolicyDraftType } from './policy-parts.ts'
import { DecisionType, PolicyType } from './refs.ts'
import { TextType } from './values.ts'

const VersionStatusEnum = enumOf('PolicyVersionStatus', ['in_force', 'scheduled', 'superseded', 'recalled'])

export const PolicyVersionType = builder.objectRef<PolicyVersion>('PolicyVersion').implement({
  authScopes: { can: 'policy.read' },
  fields: t => ({
    policy: t.field({ type: PolicyType, resolve: async ({ policyId }, _args, { load }) => (await load.policy.load(policyId))! }),
    version: t.exposeInt('version'),
    hash: t.exposeString('hash'),
    document: t.field({ type: 'JSON', resolve: ({ document }) => document }),
    effectiveFrom: t.expose('effectiveFrom', { type: 'DateTime' }),
    publishedAt: t.expose('publishedAt', { type: 'DateTime' }),
    publishedBy: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ publishedBy }, _args, { load }) => (publishedBy === null ? null : load.user.load(publishedBy)),
    }),
    inForce: t.boolean({
      resolve: async ({ policyId, version }, _args, { load }) => (await load.policyInForce.load(policyId))?.version === version,
    }),
    status: t.field({
      type: VersionStatusEnum,
      resolve: async (version, _args, { load, sql }) =>
        versionStatus(version, await load.policyInForce.load(version.policyId), sql.clock()),
    }),
    cases: t.field({
      type: [PolicyCaseType],
      description: 'Examples that held when it was published.',
      resolve: ({ cases }) => [...cases],
    }),
    changeRequest: t.field({
      type: ChangeRequestType,
      nullable: true,
      description: 'The request by which people published it: why, and who agreed. Null: came with the product.',
      resolve: ({ changeRequestId }, _args, { read }) =>
        changeRequestId === null ? null : read('policy.read', tx => findChange(tx, changeRequestId)),
    }),
    changes: t.field({
      type: [PolicyChangeType],
      description: 'Against the version before it.',
      complexity: { field: 10 },
      resolve: async ({ policyId, version, document }, _args, { load }) => {
        const before = version > 1 ? await load.policyVersion.load({ policyId, version: version - 1 }) : undefined
        return [...diffPolicies(before?.document ?? nothingOf(document), document)]
      },
    }),
  }),
})

PolicyType.implement({
  authScopes: { can: 'policy.read' },
  fields: t => ({
    id: t.exposeID('id'),
    kind: t.exposeString('kind'),
    title: t.expose('title', { type: TextType }),
    current: t.field({
      type: PolicyVersionType,
      nullable: true,
      description: 'The version in force.',
      resolve: ({ id }, _args, { load }) => load.policyInForce.load(id),
    }),
    versions: t.field({
      type: [PolicyVersionType],
      description: 'Newest first.',
      resolve: async ({ id }, _args, { load }) => (await load.policyVersions.load(id)) ?? [],
    }),
    draft: t.field({
      type: PolicyDraftType,
      nullable: true,
      description: 'The open draft.',
      resolve: async ({ id }, _args, { read }) => (await read('policy.read', tx => openDraftsOf(tx, [id]))).get(id),
    }),
    changeRequests: t.field({
      type: [ChangeRequestType],
      description: 'Newest first.',
      resolve: ({ id }, _args, { read }) => read('policy.read', tx => changesOfPolicies(tx, [id])),
    }),
    myRight: t.field({ type: HeldRightType, resolve: ({ kind }, _args, { read }) => read('policy.read', tx => policyRight(tx, kind)) }),
  }),
})

interface DecisionReplay {
  readonly decision: Decision
  readonly version: PolicyVersion
  readonly result: EngineDecision
  readonly isIdentical: boolean
}

const DecisionReplayType = builder.objectRef<DecisionReplay>('DecisionReplay').implement({
  description: 'A stored decision, decided again on the facts of then.',
  authScopes: { can: 'decision.read' },
  fields: t => ({
    decision: t.expose('decision', { type: DecisionType }),
    version: t.expose('version', { type: PolicyVersionType }),
    result: t.field({ type: 'JSON', description: 'The engine’s decision, trace included.', resolve: ({ result }) => result }),
    isIdentical: t.exposeBoolean('isIdentical', { description: 'Every byte is the same. Another version seldom says the same.' }),
  }),
})

const PolicyTemplateType = builder.objectRef<PolicyVersion>('PolicyTemplate').implement({
  description: 'A policy that ships: a start for one’s own.',
  authScopes: { can: 'policy.read' },
  fields: t => ({
    id: t.id({ resolve: ({ policyId }) => policyId }),
    kind: t.string({ resolve: ({ document }) => document.kind ?? 'policy' }),
    title: t.field({ type: TextType, resolve: ({ document }) => document.title }),
    description: t.field({ type: TextType, nullable: true, resolve: ({ document }) => document.description }),
    document: t.field({ type: 'JSON', resolve: ({ document }) => document }),
    cases: t.field({ type: [PolicyCaseType], resolve: ({ cases }) => [...cases] }),
  }),
})

builder.queryFields(t => ({
  policies: t.field({
    type: [PolicyType],
    authScopes: { can: 'policy.read' },
    resolve: (_root, _args, { read }) => read('policy.read', listPolicies),
  }),
  policy: t.field({
    type: PolicyType,
    nullable: true,
    authScopes: { can: 'policy.read' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { load }) => load.policy.load(id),
  }),
  policyAsOf: t.field({
    type: PolicyVersionType,
    nullable: true,
    description: 'The version that was, or will be, in force at a moment.',
    authScopes: { can: 'policy.read' },
    args: { policyId: t.arg.id({ required: true }), at: t.arg({ type: 'DateTime', required: true }) },
    resolve: (_root, { policyId, at }, { read }) => read('policy.read', tx => policyInForce(tx, policyId, new Date(at))),
  }),
  policyDiff: t.field({
    type: [PolicyChangeType],
    description: 'What is different between two versions; without `to`, in the open draft.',
    authScopes: { can: 'policy.read' },
    args: { policyId: t.arg.id({ required: true }), from: t.arg.int({ required: true }), to: t.arg.int() },
    resolve: async (_root, { policyId, from, to }, { read }) =>
      read('policy.read', async tx => {
        const [before, after] = await findPolicyVersions(tx, [
          { policyId, version: from },
          ...(to === null || to === undefined ? [] : [{ policyId, version: to }]),
        ])
        const later = to === null || to === undefined ? (await openDraftsOf(tx, [policyId])).get(policyId)?.document : after?.document
        if (!before || !later) throw new NotFound({ en: 'There is no such version or draft.', zh: '没有该版本或草稿。' })
        return [...diffPolicies(before.document, later)]
      }),
  }),
  checkPolicyDocument: t.field({
    type: [FindingType],
    description: 'Everything there is to say about a document; the same as on the command line.',
    authScopes: { can: 'policy.read' },
    args: { document: t.arg({ type: 'JSON', required: true }) },
    complexity: { field: 50 },
    resolve: async (_root, { document }, { read }) => {
      const { policy, findings } = parsePolicy(document)
      if (!policy) return [...findings]
      const others = await read('policy.read', documentsInForce)
      return [
        ...policyFindings(
          policy,
          others.filter(({ id }) => id !== policy.id),
        ),
      ]
    },
  }),
  replayDecision: t.field({
    type: DecisionReplayType,
    nullable: true,
    description: 'Decides again on the facts of then: by the version that decided, or by another one.',
    authScopes: { can: 'decision.read' },
    args: { decisionId: t.arg.id({ required: true }), version: t.arg.int() },
    resolve: (_root, { decisionId, version }, context) => replayStored(context, existingId(decisionId), version ?? undefined),
  }),
  policyTemplates: t.field({
    type: [PolicyTemplateType],
    authScopes: { can: 'policy.read' },
    resolve: async (_root, _args, { read, load }) => {
      const policies = await read('policy.read', listPolicies)
      const versions = await load.policyVersions.loadMany(policies.map(({ id }) => id))
      return versions.flatMap(own => (Array.isArray(own) ? own.filter(({ publishedBy }) => publishedBy === null).slice(0, 1) : []))
    },
  }),
}))

/** Policies that a decision asks are those that were in force when it was made. */
async function replayStored({ read }: Context, decisionId: string, version: number | undefined): Promise<DecisionReplay | null> {
  const found = await read('decision.read', async tx => {
    const decision = await findDecision(tx, decisionId)
    if (!decision) return undefined
    const [chosen] = await findPolicyVersions(tx, [{ policyId: decision.policyId, version: version ?? decision.policyVersion }])
    if (!chosen)
      throw InvalidInput.at(['version'], 'UNKNOWN_VERSION', { en: `There is no version ${version}.`, zh: `没有第 ${version} 版。` })
    const asked = await Promise.all((await listPolicies(tx)).map(({ id }) => policyInForce(tx, id, decision.decidedAt)))
    return { decision, version: chosen, others: asked.flatMap(one => (one && one.policyId !== decision.policyId ? [one.document] : [])) }
  })
  if (!found) return null
  const compiled = compile(found.version.document, { version: found.version.version, resolve: resolverAmong(found.others) })
  const stored = found.decision
  if (compiled.hash === stored.policyHash) {
    const { decision: result, isIdentical } = replay(compiled, { facts: stored.facts, decision: stored.result })
    return { decision: stored, version: found.version, result, isIdentical }
  }
  const known = Object.fromEntries(Object.entries(stored.facts).filter(([name]) => Object.hasOwn(found.version.document.facts, name)))
  return { decision: stored, version: found.version, result: compiled.decide(known, { trace: true }), isIdentical: false }
}

export const TextInput = builder.inputType('TextInput', {
  description: 'Words in both languages.',
  fields: t => ({ en: t.string({ required: true }), zh: t.string({ required: true }) }),
})

builder.mutationFields(t => ({
  createPolicy: t.field({
    type: PolicyDraftType,
    description: 'A new policy with its first draft; `template` is a policy of the same kind to start from.',
    authScopes: { can: 'policy.edit' },
    errors: outcomesOf('PolicyDraft'),
    args: {
      kind: t.arg.string({ required: true }),
      name: t.arg.string({ required: true, description: 'Becomes part of the id: export-customers.' }),
      title: t.arg({ type: TextInput, required: true }),
      template: t.arg.id(),
    },
    resolve: async (_root, { kind, name, title, template }, { write }) =>
      valueOf(await write('policy.edit', tx => createPolicy(tx, { kind, name, title, template: template ?? null }))),
  }),
  recallPolicyVersion: t.field({
    type: PolicyVersionType,
    description: 'Calls a version back that waits for its moment.',
    authScopes: { can: 'policy.edit' },
    errors: outcomesOf('PolicyVersion'),
    args: { policyId: t.arg.id({ required: true }), version: t.arg.int({ required: true }), reason: t.arg.string({ required: true }) },
    resolve: async (_root, { policyId, version, reason }, { write }) =>
      valueOf(await write('policy.edit', tx => recallPolicyVersion(tx, policyId, version, reason))),
  }),
}))
