import {
  allows,
  POLICY_KINDS,
  POLICY_RIGHT_LABELS,
  reachOf,
  type PolicyCase,
  type PolicyRight,
  isPolicyKind,
  factDefinitions,
  findFact,
  type FactKey,
} from '@surety/credit'
import {
  canonicalJson,
  diffPolicies,
  hashPolicy,
  mergePolicies,
  type MergeConflict,
  type OutputDefinition,
  type Policy,
  type PolicyChange,
  type Text,
} from '@surety/engine'
import { requireUser } from './applications.ts'
import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import { outdateChange } from './outdate-change.ts'
import type { Fragment } from './page.ts'
import { findPolicy, findPolicyVersions, newestVersion, type PolicyVersion } from './policies.ts'
import { notAllowed, NOT_FOUND, ok, type Issue, type Refusal, type Result } from './result.ts'
import type { Tx } from './sql.ts'
import type { Role } from './users.ts'

/** What people work on before it is submitted; one open draft a policy. */
export interface PolicyDraft {
  readonly id: string
  readonly policyId: string
  readonly kind: string
  /** The version that it started from; null: there was none. */
  readonly baseVersion: number | null
  readonly revision: number
  readonly document: Policy
  readonly contentHash: string
  readonly cases: readonly PolicyCase[]
  readonly changeCount: number
  readonly status: 'open' | 'published' | 'discarded'
  readonly createdBy: string | null
  readonly updatedBy: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface DraftEditor {
  readonly userId: string
  readonly seenAt: Date
  readonly editedAt: Date | null
}

export interface RestorePoint {
  readonly draftId: string
  readonly revision: number
  readonly name: string
  readonly savedBy: string | null
  readonly savedAt: Date
}

export interface DraftSave {
  readonly id: string
  /** The revision that the document was made from. */
  readonly baseRevision: number
  readonly document: Policy
  readonly cases: readonly PolicyCase[]
}

export type DraftSaved =
  | { readonly kind: 'saved'; readonly draft: PolicyDraft; readonly merged: boolean }
  /** Both sides changed the same thing; nothing was saved. */
  | {
      readonly kind: 'diverged'
      readonly base: Policy | null
      readonly theirs: PolicyDraft
      readonly merged: Policy | null
      readonly conflicts: readonly MergeConflict[]
    }

/** What the actor may change in policies of a kind, and why not more. */
export interface HeldRight {
  readonly right: PolicyRight
  /** Null where they may do everything. */
  readonly reason: Text | null
}

// Officers own the policies; analysts tune figures; collectors keep the rules of their own work.
const RIGHTS_OF_ROLE: Readonly<Partial<Record<Role, (kind: string) => PolicyRight>>> = {
  risk_officer: () => 'everything',
  analyst: () => 'values',
  collector: kind => (kind === 'dunning' || kind === 'collections-ranking' ? 'rules' : 'none'),
}

const PRESENT_MS = 30_000
const REVISIONS_KEPT = 100

export async function policyRight(tx: Tx, kind: string): Promise<HeldRight> {
  if (tx.actor.kind === 'system') return { right: 'everything', reason: null }
  const grants = await tx<{ role: Role; segment_id: number | null }[]>`
    select r.role, r.segment_id from user_roles r join users u on u.id = r.user_id where r.user_id = ${tx.actor.userId ?? null}::bigint and u.status = 'active'`
  // A policy holds in every segment, and so must the right to change it.
  const right = grants
    .filter(({ segment_id }) => segment_id === null)
    .map(({ role }) => RIGHTS_OF_ROLE[role]?.(kind) ?? 'none')
    .reduce<PolicyRight>((most, one) => (allows(most, one) ? most : one), 'none')
  if (right === 'everything') return { right, reason: null }
  const label = POLICY_RIGHT_LABELS[right]
  const isSegmental = right === 'none' && grants.some(({ role }) => RIGHTS_OF_ROLE[role])
  return {
    right,
    reason: isSegmental
      ? { en: 'Policies hold in every segment; your roles hold in some.', zh: '策略适用于所有业务板块，而您的角色仅限部分板块。' }
      : right === 'none'
        ? { en: 'Your roles let you read policies; risk officers change them.', zh: '您的角色只能查看策略；策略由风险官修改。' }
        : { en: `Your roles let you change ${label.en} only.`, zh: `您的角色只能修改${label.zh}。` },
  }
}

export async function findPolicyDraft(tx: Tx, id: string): Promise<PolicyDraft | undefined> {
  const [row] = await tx<DraftRow[]>`${selectDrafts(tx)} where d.id = ${id}`
  return row && toDraft(row)
}

/** The open drafts of policies, by policy. */
export async function openDraftsOf(tx: Tx, policyIds: readonly string[]): Promise<Map<string, PolicyDraft>> {
  const rows = await tx<DraftRow[]>`${selectDrafts(tx)} where d.policy_id = any (${policyIds as string[]}) and d.status = 'open'`
  return new Map(rows.map(row => [row.policy_id, toDraft(row)]))
}

/** Who is there now, and who had a hand in it. */
export async function editorsOf(tx: Tx, draftId: string): Promise<{ present: DraftEditor[]; contributors: DraftEditor[] }> {
  const rows = await tx<{ user_id: string; seen_at: Date; edited_at: Date | null }[]>`
    select user_id, seen_at, edited_at from policy_draft_editors where draft_id = ${draftId} order by seen_at desc`
  const editors = rows.map(row => ({ userId: row.user_id, seenAt: row.seen_at, editedAt: row.edited_at }))
  return {
    present: editors.filter(({ seenAt }) => tx.now.getTime() - seenAt.getTime() <= PRESENT_MS),
    contributors: editors.filter(({ editedAt }) => editedAt !== null),
  }
}

/** Newest first. */
export async function restorePointsOf(tx: Tx, draftId: string): Promise<RestorePoint[]> {
  const rows = await tx<{ draft_id: string; revision: number; name: string; saved_by: string | null; saved_at: Date }[]>`
    select draft_id, revision, name, saved_by, saved_at from policy_draft_revisions where draft_id = ${draftId} and name is not null order by revision desc`
  return rows.map(row => ({ draftId: row.draft_id, revision: row.revision, name: row.name, savedBy: row.saved_by, savedAt: row.saved_at }))
}

/** The version that a draft started from. */
export async function baseOf(tx: Tx, { policyId, baseVersion }: PolicyDraft): Promise<PolicyVersion | undefined> {
  if (baseVersion === null) return undefined
  const [version] = await findPolicyVersions(tx, [{ policyId, version: baseVersion }])
  return version
}

/** What a draft changes, in sentences. */
export async function changesOfDraft(tx: Tx, draft: PolicyDraft): Promise<readonly PolicyChange[]> {
  return diffPolicies((await baseOf(tx, draft))?.document ?? nothingOf(draft.document), draft.document)
}

/** A document of the same policy that says nothing: what a first version is compared with. */
export function nothingOf({ id, kind, title }: Policy): Policy {
  return { id, ...(kind === undefined ? {} : { kind }), title, facts: {}, outputs: {}, steps: [] }
}

/** Finds the open draft of a policy, or starts one from its newest version. */
export async function openPolicyDraft(tx: Tx, policyId: string): Promise<Result<PolicyDraft>> {
  const userId = requireUser(tx)
  const policy = await findPolicy(tx, policyId)
  if (!policy) return NOT_FOUND
  const { right, reason } = await policyRight(tx, policy.kind)
  if (right === 'none') return { kind: 'notAllowed', refusal: tooLow(reason) }
  await tx`select from policies where id = ${policyId} for update`
  const open = (await openDraftsOf(tx, [policyId])).get(policyId)
  if (open) {
    await see(tx, open.id, false)
    return ok(open)
  }
  const base = await newestVersion(tx, policyId)
  if (!base) return NOT_FOUND
  return ok(await insertDraft(tx, userId, { policyId, baseVersion: base.version, document: base.document, cases: base.cases }))
}

/** A new policy and its draft: a copy of a policy that is there, or the least that its kind asks for. */
export async function createPolicy(
  tx: Tx,
  input: { readonly kind: string; readonly name: string; readonly title: Text; readonly template?: string | null },
): Promise<Result<PolicyDraft>> {
  const userId = requireUser(tx)
  const issues: Issue[] = []
  if (!isPolicyKind(input.kind))
    issues.push({
      path: ['kind'],
      code: 'UNKNOWN_KIND',
      message: { en: `There is no kind ${input.kind}.`, zh: `没有策略类型 ${input.kind}。` },
    })
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(input.name))
    issues.push({
      path: ['name'],
      code: 'BAD_NAME',
      message: {
        en: 'A name has letters a to z, digits and hyphens, such as export-customers.',
        zh: '名称由小写字母、数字和连字符组成，例如 export-customers。',
      },
    })
  if (!input.title.en.trim() || !input.title.zh.trim())
    issues.push({ path: ['title'], code: 'REQUIRED', message: { en: 'Give it a title in both languages.', zh: '请填写中英文标题。' } })
  if (issues.length > 0) return { kind: 'invalid', issues }
  const { right, reason } = await policyRight(tx, input.kind)
  if (right !== 'everything') return { kind: 'notAllowed', refusal: tooLow(reason) }
  const id = `${input.kind}/${input.name}`
  if (await findPolicy(tx, id))
    return {
      kind: 'invalid',
      issues: [{ path: ['name'], code: 'TAKEN', message: { en: `There is a policy ${id} already.`, zh: `策略 ${id} 已存在。` } }],
    }
  const template = input.template ? await newestVersion(tx, input.template) : undefined
  if (input.template && template?.document.kind !== input.kind)
    return {
      kind: 'invalid',
      issues: [
        {
          path: ['template'],
          code: 'UNKNOWN_TEMPLATE',
          message: { en: 'There is no such policy of this kind to start from.', zh: '没有可作为模板的同类策略。' },
        },
      ],
    }
  const document: Policy = template ? { ...template.document, id, title: input.title } : leastOf(id, input.kind, input.title)
  await tx`insert into policies (id, kind, title, created_at) values (${id}, ${input.kind}, ${tx.json(input.title as never)}, ${tx.now})`
  await appendAudit(tx, {
    action: 'policy.create',
    entity: 'Policy',
    entityId: id,
    after: { kind: input.kind, title: input.title, template: input.template ?? null },
  })
  return ok(await insertDraft(tx, userId, { policyId: id, baseVersion: null, document, cases: template?.cases ?? [] }))
}

/**
 * Saves a draft. Made from an older revision it is merged with what has come since: things that only one side changed both stay,
 * and where both changed the same nothing is saved. An edit makes a request in review outdated.
 */
export async function savePolicyDraft(tx: Tx, save: DraftSave): Promise<Result<DraftSaved>> {
  const userId = requireUser(tx)
  const draft = await lockDraft(tx, save.id)
  if (!draft) return NOT_FOUND
  if (draft.status !== 'open') return notAllowed('DRAFT_CLOSED')
  const issues = checkIdentity(draft, save.document)
  if (issues.length > 0) return { kind: 'invalid', issues }
  const merged =
    save.baseRevision === draft.revision ? { document: save.document, cases: save.cases, conflicts: [] } : await mergeInto(tx, draft, save)
  if (merged.conflicts.length > 0)
    return ok({
      kind: 'diverged',
      base: merged.base ?? null,
      theirs: draft,
      merged: merged.base ? merged.document : null,
      conflicts: merged.conflicts,
    })
  const { document, cases } = merged
  const isMerged = save.baseRevision !== draft.revision
  const hash = hashPolicy(document)
  if (hash === draft.contentHash && canonicalJson(cases) === canonicalJson(draft.cases)) {
    await see(tx, draft.id, false)
    return ok({ kind: 'saved', draft, merged: isMerged })
  }
  const refusal = await refusalOfEdit(tx, draft, document)
  if (refusal) return { kind: 'notAllowed', refusal }
  return ok({ kind: 'saved', draft: await writeDraft(tx, userId, draft, { document, cases }), merged: isMerged })
}

/** Says that the actor looks at it. */
export async function seePolicyDraft(tx: Tx, id: string): Promise<Result<PolicyDraft>> {
  const draft = await findPolicyDraft(tx, id)
  if (!draft) return NOT_FOUND
  requireUser(tx)
  await see(tx, id, false)
  return ok(draft)
}

export async function discardPolicyDraft(tx: Tx, id: string, baseRevision: number): Promise<Result<PolicyDraft>> {
  const draft = await lockDraft(tx, id)
  if (!draft) return NOT_FOUND
  if (draft.status !== 'open') return notAllowed('DRAFT_CLOSED')
  if (draft.revision !== baseRevision) return { kind: 'conflict', current: draft }
  const refusal = await refusalOfEdit(tx, draft, (await baseOf(tx, draft))?.document ?? nothingOf(draft.document))
  if (refusal) return { kind: 'notAllowed', refusal }
  await tx`update policy_drafts set status = 'discarded', updated_by = ${requireUser(tx)}, updated_at = ${tx.now} where id = ${id}`
  await outdateChange(tx, draft.id)
  await appendAudit(tx, {
    action: 'policyDraft.discard',
    entity: 'Policy',
    entityId: draft.policyId,
    before: { hash: draft.contentHash, revision: draft.revision, changes: draft.changeCount },
  })
  await publishChange(tx, { entity: 'PolicyDraft', id, segmentId: null })
  return ok({ ...draft, status: 'discarded' })
}

/** Names what is there now, to go back to. */
export async function addRestorePoint(tx: Tx, id: string, name: string): Promise<Result<PolicyDraft>> {
  const draft = await lockDraft(tx, id)
  if (!draft) return NOT_FOUND
  if (draft.status !== 'open') return notAllowed('DRAFT_CLOSED')
  if (!name.trim())
    return {
      kind: 'invalid',
      issues: [{ path: ['name'], code: 'REQUIRED', message: { en: 'Give the point a name.', zh: '请为还原点命名。' } }],
    }
  await keepRevision(tx, draft, requireUser(tx), name.trim().slice(0, 200))
  await publishChange(tx, { entity: 'PolicyDraft', id, segmentId: null })
  return ok(draft)
}

/** Takes the draft back to an earlier revision, as a new one. */
export async function restorePolicyDraft(tx: Tx, id: string, baseRevision: number, revision: number): Promise<Result<PolicyDraft>> {
  const kept = await revisionOf(tx, id, revision)
  return kept ? replaceDraft(tx, id, baseRevision, kept) : NOT_FOUND
}

/** Fills the draft with the content of a published version: how a rollback begins. */
export async function fillPolicyDraft(tx: Tx, id: string, baseRevision: number, version: number): Promise<Result<PolicyDraft>> {
  const draft = await findPolicyDraft(tx, id)
  if (!draft) return NOT_FOUND
  const [found] = await findPolicyVersions(tx, [{ policyId: draft.policyId, version }])
  return found ? replaceDraft(tx, id, baseRevision, { document: found.document, cases: found.cases }) : NOT_FOUND
}

/** Takes over what was published since the draft was started, as a merge; conflicts are for a person to choose in. */
export async function rebasePolicyDraft(tx: Tx, id: string, baseRevision: number): Promise<Result<DraftSaved>> {
  const userId = requireUser(tx)
  const draft = await lockDraft(tx, id)
  if (!draft) return NOT_FOUND
  if (draft.status !== 'open') return notAllowed('DRAFT_CLOSED')
  const newest = await newestVersion(tx, draft.policyId)
  if (!newest || newest.version === draft.baseVersion) return ok({ kind: 'saved', draft, merged: false })
  const base = await baseOf(tx, draft)
  const { merged, conflicts } = mergePolicies(base?.document ?? nothingOf(draft.document), draft.document, newest.document)
  if (conflicts.length > 0 || draft.revision !== baseRevision)
    return ok({ kind: 'diverged', base: base?.document ?? null, theirs: { ...draft, document: newest.document }, merged, conflicts })
  const { cases } = mergeCases(base?.cases ?? [], draft.cases, newest.cases)
  return ok({
    kind: 'saved',
    draft: await writeDraft(tx, userId, draft, { document: merged, cases, baseVersion: newest.version }),
    merged: true,
  })
}

/** The actor's choice between both sides of a rebase: the document stands on the newest version from now on. */
export async function settleRebase(tx: Tx, save: DraftSave): Promise<Result<PolicyDraft>> {
  const userId = requireUser(tx)
  const draft = await lockDraft(tx, save.id)
  if (!draft) return NOT_FOUND
  if (draft.status !== 'open') return notAllowed('DRAFT_CLOSED')
  if (draft.revision !== save.baseRevision) return { kind: 'conflict', current: draft }
  const issues = checkIdentity(draft, save.document)
  if (issues.length > 0) return { kind: 'invalid', issues }
  const newest = await newestVersion(tx, draft.policyId)
  if (!newest) return NOT_FOUND
  const refusal = await refusalOfEdit(tx, { ...draft, document: newest.document }, save.document)
  if (refusal) return { kind: 'notAllowed', refusal }
  return ok(await writeDraft(tx, userId, draft, { document: save.document, cases: save.cases, baseVersion: newest.version }))
}

interface DraftContent {
  readonly document: Policy
  readonly cases: readonly PolicyCase[]
  readonly baseVersion?: number
}

async function insertDraft(
  tx: Tx,
  userId: string,
  {
    policyId,
    baseVersion,
    document,
    cases,
  }: { policyId: string; baseVersion: number | null; document: Policy; cases: readonly PolicyCase[] },
): Promise<PolicyDraft> {
  const changes = baseVersion === null ? diffPolicies(nothingOf(document), document).length : 0
  const [row] = await tx<{ id: string }[]>`
    insert into policy_drafts (policy_id, base_version, document, content_hash, cases, change_count, created_by, updated_by, created_at, updated_at)
    values (${policyId}, ${baseVersion}, ${JSON.stringify(document)}, ${hashPolicy(document)}, ${tx.json(cases as never)}, ${changes}, ${userId}, ${userId}, ${tx.now}, ${tx.now})
    returning id`
  const draft = (await findPolicyDraft(tx, row!.id))!
  await see(tx, draft.id, baseVersion === null)
  await keepRevision(tx, draft, userId)
  await appendAudit(tx, {
    action: 'policyDraft.open',
    entity: 'Policy',
    entityId: policyId,
    after: { draftId: draft.id, baseVersion, hash: draft.contentHash },
  })
  await publishChange(tx, { entity: 'PolicyDraft', id: draft.id, segmentId: null })
  return draft
}

async function writeDraft(
  tx: Tx,
  userId: string,
  draft: PolicyDraft,
  { document, cases, baseVersion }: DraftContent,
): Promise<PolicyDraft> {
  const based = { ...draft, document, ...(baseVersion === undefined ? {} : { baseVersion }) }
  const changes = await changesOfDraft(tx, based)
  await tx`
    update policy_drafts set document = ${JSON.stringify(document)}, content_hash = ${hashPolicy(document)}, cases = ${tx.json(cases as never)}, change_count = ${changes.length},
      base_version = ${based.baseVersion}, revision = revision + 1, updated_by = ${userId}, updated_at = ${tx.now}
    where id = ${draft.id}`
  const saved = (await findPolicyDraft(tx, draft.id))!
  await see(tx, draft.id, true)
  await keepRevision(tx, saved, userId)
  await outdateChange(tx, draft.id)
  await publishChange(tx, { entity: 'PolicyDraft', id: draft.id, segmentId: null })
  return saved
}

async function replaceDraft(tx: Tx, id: string, baseRevision: number, content: DraftContent): Promise<Result<PolicyDraft>> {
  const userId = requireUser(tx)
  const draft = await lockDraft(tx, id)
  if (!draft) return NOT_FOUND
  if (draft.status !== 'open') return notAllowed('DRAFT_CLOSED')
  if (draft.revision !== baseRevision) return { kind: 'conflict', current: draft }
  const refusal = await refusalOfEdit(tx, draft, content.document)
  if (refusal) return { kind: 'notAllowed', refusal }
  return ok(await writeDraft(tx, userId, draft, content))
}

async function see(tx: Tx, draftId: string, hasEdited: boolean): Promise<void> {
  const { userId, personId } = tx.actor
  if (userId === undefined || personId === undefined) return
  await tx`
    insert into policy_draft_editors (draft_id, user_id, person_id, seen_at, edited_at) values (${draftId}, ${userId}, ${personId}, ${tx.now}, ${hasEdited ? tx.now : null})
    on conflict (draft_id, user_id) do update set seen_at = excluded.seen_at, edited_at = coalesce(excluded.edited_at, policy_draft_editors.edited_at)`
}

async function keepRevision(tx: Tx, draft: PolicyDraft, userId: string, name: string | null = null): Promise<void> {
  await tx`
    insert into policy_draft_revisions (draft_id, revision, document, cases, name, saved_by, saved_at)
    values (${draft.id}, ${draft.revision}, ${JSON.stringify(draft.document)}, ${tx.json(draft.cases as never)}, ${name}, ${userId}, ${tx.now})
    on conflict (draft_id, revision) do update set name = coalesce(excluded.name, policy_draft_revisions.name)`
  await tx`delete from policy_draft_revisions where draft_id = ${draft.id} and name is null and revision <= ${draft.revision - REVISIONS_KEPT}`
}

async function revisionOf(tx: Tx, draftId: string, revision: number): Promise<DraftContent | undefined> {
  const [row] = await tx<{ document: string; cases: PolicyCase[] }[]>`
    select document, cases from policy_draft_revisions where draft_id = ${draftId} and revision = ${revision}`
  return row && { document: JSON.parse(row.document) as Policy, cases: row.cases }
}

interface Merged {
  readonly base?: Policy
  readonly document: Policy
  readonly cases: readonly PolicyCase[]
  readonly conflicts: readonly MergeConflict[]
}

async function mergeInto(tx: Tx, draft: PolicyDraft, save: DraftSave): Promise<Merged> {
  const ground = await revisionOf(tx, draft.id, save.baseRevision)
  if (!ground) {
    const message = {
      en: `Revision ${save.baseRevision} is too old to be merged with; compare with what is there now.`,
      zh: `修订 ${save.baseRevision} 过旧，无法自动合并；请与当前内容对照。`,
    }
    return { document: save.document, cases: save.cases, conflicts: [{ path: '', message }] }
  }
  const { merged, conflicts } = mergePolicies(ground.document, save.document, draft.document)
  const cases = mergeCases(ground.cases, save.cases, draft.cases)
  return { base: ground.document, document: merged, cases: cases.cases, conflicts: [...conflicts, ...cases.conflicts] }
}

/** By their ids; the order is mine, with theirs at the end. */
function mergeCases(
  base: readonly PolicyCase[],
  mine: readonly PolicyCase[],
  theirs: readonly PolicyCase[],
): { readonly cases: readonly PolicyCase[]; readonly conflicts: readonly MergeConflict[] } {
  const [olds, ours, others] = [base, mine, theirs].map(cases => new Map(cases.map(one => [one.id, one]))) as [
    Map<string, PolicyCase>,
    Map<string, PolicyCase>,
    Map<string, PolicyCase>,
  ]
  const conflicts: MergeConflict[] = []
  const isSame = (a: PolicyCase | undefined, b: PolicyCase | undefined): boolean =>
    a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b))
  const cases = [...new Set([...ours.keys(), ...others.keys()])].flatMap(id => {
    const [before, a, b] = [olds.get(id), ours.get(id), others.get(id)]
    if (isSame(a, b) || isSame(before, b)) return a ? [a] : []
    if (isSame(before, a)) return b ? [b] : []
    conflicts.push({
      path: `/cases/${id.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      ...(before ? { base: before } : {}),
      ...(a ? { mine: a } : {}),
      ...(b ? { theirs: b } : {}),
      message: { en: `Both of you changed the case “${(a ?? b)!.name}”.`, zh: `双方都修改了用例“${(a ?? b)!.name}”。` },
    })
    return a ? [a] : b ? [b] : []
  })
  return { cases, conflicts }
}

async function refusalOfEdit(tx: Tx, draft: PolicyDraft, document: Policy): Promise<Refusal | undefined> {
  const { right, reason } = await policyRight(tx, draft.kind)
  if (right === 'none') return tooLow(reason)
  const changes = diffPolicies(draft.document, document)
  const needed = reachOf(changes)
  if (allows(right, needed)) return undefined
  const first = changes.find(change => !allows(right, reachOf([change])))!
  return {
    code: 'POLICY_RIGHT_TOO_LOW',
    message: {
      en: `You may change ${POLICY_RIGHT_LABELS[right].en}, and this is more: ${first.message.en}.`,
      zh: `您只能修改${POLICY_RIGHT_LABELS[right].zh}，此项超出权限：${first.message.zh}。`,
    },
  }
}

function tooLow(reason: Text | null): Refusal {
  return { code: 'POLICY_RIGHT_TOO_LOW', message: reason ?? { en: 'Your roles do not allow this.', zh: '您的角色无权执行此操作。' } }
}

function checkIdentity({ policyId, kind }: PolicyDraft, document: Policy): Issue[] {
  const issues: Issue[] = []
  if (document.id !== policyId)
    issues.push({
      path: ['document', 'id'],
      code: 'OTHER_POLICY',
      message: { en: `The id has to stay ${policyId}.`, zh: `编号须保持为 ${policyId}。` },
    })
  if (document.kind !== kind)
    issues.push({
      path: ['document', 'kind'],
      code: 'OTHER_KIND',
      message: { en: `The kind has to stay ${kind}.`, zh: `类型须保持为 ${kind}。` },
    })
  return issues
}

/** What a kind cannot do without: the facts that it must read and the outputs that others count on. */
function leastOf(id: string, kind: string, title: Text): Policy {
  const { mustRead, outputs } = POLICY_KINDS[kind as keyof typeof POLICY_KINDS]
  const currency = 'CNY'
  return {
    id,
    kind,
    title,
    facts: factDefinitions(
      (mustRead as readonly FactKey[]).filter(key => findFact(key)),
      currency,
    ),
    outputs: Object.fromEntries(
      Object.entries(outputs).flatMap(([name, { isRequired, ...definition }]): [string, OutputDefinition][] =>
        isRequired ? [[name, { ...definition, ...(definition.type === 'money' ? { currency } : {}) }]] : [],
      ),
    ),
    whenUnknown: 'refer',
    steps: [],
  }
}

async function lockDraft(tx: Tx, id: string): Promise<PolicyDraft | undefined> {
  await tx`select from policy_drafts where id = ${id} for update`
  return findPolicyDraft(tx, id)
}

interface DraftRow {
  readonly id: string
  readonly policy_id: string
  readonly kind: string
  readonly base_version: number | null
  readonly revision: number
  readonly document: string
  readonly content_hash: string
  readonly cases: readonly PolicyCase[]
  readonly change_count: number
  readonly status: PolicyDraft['status']
  readonly created_by: string | null
  readonly updated_by: string | null
  readonly created_at: Date
  readonly updated_at: Date
}

function selectDrafts(tx: Tx): Fragment {
  return tx`select d.*, p.kind from policy_drafts d join policies p on p.id = d.policy_id`
}

function toDraft(row: DraftRow): PolicyDraft {
  return {
    id: row.id,
    policyId: row.policy_id,
    kind: row.kind,
    baseVersion: row.base_version,
    revision: row.revision,
    document: JSON.parse(row.document) as Policy,
    contentHash: row.content_hash,
    cases: row.cases,
    changeCount: row.change_count,
    status: row.status,
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
