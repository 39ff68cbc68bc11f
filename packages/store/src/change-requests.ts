import {
  AUTHORITY_LEVELS,
  authorityRank,
  computeFacts,
  emptyBook,
  policyFindings,
  reachOf,
  resolverAmong,
  runPolicyCases,
  toEngineFacts,
  type ChangeOccasion,
  type PolicyCase,
  type PolicyCaseResult,
} from '@surety/credit'
import { compile, diffPolicies, hashPolicy, hasErrors, type Finding, type Policy, type Text } from '@surety/engine'
import { checkText, requireUser } from './applications.ts'
import { findApprovalOf, lockApproval } from './approval/approval.ts'
import { closeApproval } from './approval/close-approval.ts'
import { startApproval } from './approval/start-approval.ts'
import { onVoteOnChange } from './approval/subjects/policy-change.ts'
import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import { enqueue } from './outbox.ts'
import { selectPage, type Fragment, type Page, type PageRequest } from './page.ts'
import {
  documentsInForce,
  findPolicy,
  newestVersion,
  policiesInForce,
  policyInForce,
  publishPolicy,
  versionsOf,
  type PolicyVersion,
} from './policies.ts'
import { findPolicyDraft, nothingOf, policyRight } from './policy-drafts.ts'
import { impactOf, type PolicyImpact } from './policy-impact.ts'
import { notAllowed, NOT_FOUND, ok, refusalOf, type Issue, type Refusal, type RefusalCode, type Result } from './result.ts'
import { today, type Tx } from './sql.ts'

export const CHANGE_STATUSES = [
  'in_review',
  'changes_requested',
  'outdated',
  'rejected',
  'withdrawn',
  'approved',
  'in_force',
  'recalled',
] as const
export type ChangeStatus = (typeof CHANGE_STATUSES)[number]

export interface Acknowledgement {
  readonly code: string
  readonly path: string
  readonly text: string
}

/** Somebody asks that a draft be put into force; it holds what was submitted, and never changes. */
export interface ChangeRequest {
  readonly id: string
  readonly policyId: string
  readonly draftId: string
  readonly baseVersion: number | null
  readonly document: Policy
  readonly contentHash: string
  readonly cases: readonly PolicyCase[]
  readonly intent: string
  readonly findings: readonly Finding[]
  readonly acknowledgements: readonly Acknowledgement[]
  readonly caseResults: readonly PolicyCaseResult[]
  readonly impactId: string | null
  readonly makerId: string
  readonly status: ChangeStatus
  readonly isEmergency: boolean
  /** The version whose content it brings back. */
  readonly rollbackOf: number | null
  /** Null: as soon as it is approved. */
  readonly effectiveFrom: Date | null
  /** Authority levels that have to agree before it takes effect. */
  readonly approvalLevels: readonly number[]
  /** For an emergency: levels that look at it afterwards. */
  readonly reviewLevels: readonly number[]
  readonly approvalDecision: unknown
  readonly dueAt: Date
  readonly publishedVersion: number | null
  readonly submittedAt: Date
  readonly closedAt: Date | null
  readonly version: number
  readonly votes: readonly ChangeVote[]
  /** What the actor would decide on now: its approval, or the review of an emergency that is in force. */
  readonly stage: 'approval' | 'review' | null
  /** Why the actor can't decide; null when they can. */
  readonly refusal: Refusal | null
  readonly canWithdraw: boolean
}

export interface ChangeVote {
  readonly stage: 'approval' | 'review'
  readonly level: number | null
  readonly personId: string
  readonly person: string
  readonly userId: string
  readonly outcome: ChangeOutcome
  readonly contentHash: string
  readonly comment: string | null
  readonly at: Date
}

export const CHANGE_OUTCOMES = ['approve', 'reject', 'request_changes'] as const
export type ChangeOutcome = (typeof CHANGE_OUTCOMES)[number]
const CHANGE_ACTS = { approve: 'approve', reject: 'reject', request_changes: 'giveBack' } as const satisfies Record<ChangeOutcome, string>

export interface ChangeComment {
  readonly id: string
  readonly userId: string
  readonly path: string | null
  readonly body: string
  readonly at: Date
}

export interface ChangeSubmission {
  readonly draftId: string
  readonly baseRevision: number
  readonly contentHash: string
  readonly intent: string
  readonly acknowledgements: readonly Acknowledgement[]
  readonly effectiveFrom?: Date | null
  readonly isEmergency?: boolean | null
}

export interface ChangeDecision {
  readonly id: string
  /** What the approver has seen; an agreement is to that and nothing else. */
  readonly contentHash: string
  readonly outcome: ChangeOutcome
  readonly comment?: string | null
}

/** Mine: for the actor to decide. Open: in review, approved and waiting, or an emergency to be looked at. Made: asked for by the actor. */
export const CHANGE_VIEWS = ['mine', 'open', 'made', 'all'] as const
export type ChangeView = (typeof CHANGE_VIEWS)[number]

export interface ChangeFilter {
  readonly policyId?: string
  readonly statuses?: readonly ChangeStatus[]
}

export async function findChange(tx: Tx, id: string): Promise<ChangeRequest | undefined> {
  const rows = await tx<ChangeRow[]>`select c.* from change_requests c where c.id = ${id}`
  return (await toChanges(tx, rows))[0]
}

/** Newest first. */
export async function changesOfPolicies(tx: Tx, policyIds: readonly string[]): Promise<ChangeRequest[]> {
  return toChanges(
    tx,
    await tx<
      ChangeRow[]
    >`select c.* from change_requests c where c.policy_id = any (${policyIds as string[]}) order by c.id desc limit 200`,
  )
}

/** Newest first. */
export async function listChanges(tx: Tx, view: ChangeView, filter: ChangeFilter, page: PageRequest): Promise<Page<ChangeRequest>> {
  const mine =
    view === 'mine'
      ? (await toChanges(tx, await tx<ChangeRow[]>`select c.* from change_requests c where ${isOpen(tx)}`))
          .filter(({ stage, refusal }) => stage !== null && refusal === null)
          .map(({ id }) => id)
      : []
  const of: Record<ChangeView, Fragment> = {
    mine: tx`c.id = any (${mine}::bigint[])`,
    open: isOpen(tx),
    made: tx`c.maker_person_id = ${tx.actor.personId ?? null}::bigint`,
    all: tx`true`,
  }
  const matched = tx`
    select c.id as page_id, c.id::numeric as page_key from change_requests c where ${of[view]}
      ${filter.policyId ? tx`and c.policy_id = ${filter.policyId}` : tx``}
      ${filter.statuses?.length ? tx`and c.status = any (${filter.statuses as string[]})` : tx``}`
  const found = await selectPage<object, string>(tx, matched, 'numeric', true, page, ({ page_id }) => page_id)
  const ids = found.edges.map(({ node }) => node)
  const changes = await toChanges(tx, await tx<ChangeRow[]>`select c.* from change_requests c where c.id = any (${ids}::bigint[])`)
  const byId = new Map(changes.map(change => [change.id, change]))
  return { ...found, edges: found.edges.map(({ cursor, node }) => ({ cursor, node: byId.get(node)! })) }
}

/** How many there are for the actor to decide. */
export async function countMyChanges(tx: Tx): Promise<number> {
  const open = await toChanges(tx, await tx<ChangeRow[]>`select c.* from change_requests c where ${isOpen(tx)}`)
  return open.filter(({ stage, refusal }) => stage !== null && refusal === null).length
}

export async function commentsOf(tx: Tx, changeId: string): Promise<ChangeComment[]> {
  const rows = await tx<{ id: string; user_id: string; path: string | null; body: string; at: Date }[]>`
    select * from change_request_comments where change_request_id = ${changeId} order by id`
  return rows.map(row => ({ id: row.id, userId: row.user_id, path: row.path, body: row.body, at: row.at }))
}

/** What stands between a draft and its submission: everything at once. Warnings are in it only where nothing was said to them. */
export interface Readiness {
  readonly findings: readonly Finding[]
  readonly caseResults: readonly PolicyCaseResult[]
  readonly impact: PolicyImpact | undefined
  readonly issues: readonly Issue[]
}

/**
 * Submits a draft: errors, failing cases, warnings without a word and an effect that nobody has looked at keep it back.
 * Who must agree is asked of the policy for that.
 */
export async function submitPolicyChange(tx: Tx, submission: ChangeSubmission): Promise<Result<ChangeRequest>> {
  const userId = requireUser(tx)
  await tx`select from policy_drafts where id = ${submission.draftId} for update`
  const draft = await findPolicyDraft(tx, submission.draftId)
  if (!draft) return NOT_FOUND
  if (draft.status !== 'open') return notAllowed('DRAFT_CLOSED')
  const { right, reason } = await policyRight(tx, draft.kind)
  if (right === 'none') return { kind: 'notAllowed', refusal: { ...refusalOf('POLICY_RIGHT_TOO_LOW'), ...(reason && { message: reason }) } }
  const [pending] = await tx`select from change_requests where policy_id = ${draft.policyId} and status = 'in_review'`
  if (pending) return notAllowed('CHANGE_PENDING')
  if (draft.revision !== submission.baseRevision || draft.contentHash !== submission.contentHash)
    return invalid(['contentHash'], 'DRAFT_CHANGED', {
      en: 'The draft has changed since you looked at it; look again before you submit.',
      zh: '草稿在您查看后已被修改；请重新查看后再提交。',
    })
  const versions = (await versionsOf(tx, [draft.policyId])).get(draft.policyId) ?? []
  const base = await newestVersion(tx, draft.policyId)
  if ((base?.version ?? null) !== draft.baseVersion)
    return invalid(['draftId'], 'BASE_OUTDATED', {
      en: `Version ${base?.version} was published after this draft was begun; take it over first.`,
      zh: `草稿开始后已发布第 ${base?.version} 版；请先合并该版本。`,
    })
  const { findings, caseResults, impact, issues } = await readiness(tx, {
    document: draft.document,
    cases: draft.cases,
    acknowledgements: submission.acknowledgements,
    base,
    isEmergency: submission.isEmergency ?? false,
  })
  const problems = [...checkText(submission.intent, 'intent'), ...issues, ...(await checkMoment(tx, submission, base))]
  if (problems.length > 0) return { kind: 'invalid', issues: problems }

  const changes = diffPolicies(base?.document ?? nothingOf(draft.document), draft.document)
  const reach = reachOf(changes)
  const rollbackOf = versions.find(({ hash, recalledAt }) => hash === draft.contentHash && recalledAt === null)?.version ?? null
  const asked = await whoMustAgree(tx, {
    kind: draft.kind,
    count: changes.length,
    reach: reach === 'none' ? 'values' : reach,
    isFirstVersion: base === undefined,
    isRollback: rollbackOf !== null,
    isEmergency: submission.isEmergency ?? false,
    warningCount: findings.filter(({ severity }) => severity === 'warning').length,
    ...(impact?.result
      ? {
          impact: {
            movedShare: impact.result.movedShare,
            movedExposure: { amount: impact.result.movedExposure, currency: impact.result.currency },
            loosenedShare: impact.result.loosenedShare,
          },
        }
      : {}),
  })
  if (asked.isDeclined)
    return invalid(['draftId'], 'CHANGE_DECLINED', {
      en: 'The approval policy does not allow this change to be asked for.',
      zh: '审批策略不允许提交此项变更。',
    })
  const isEmergency = submission.isEmergency ?? false
  const effectiveFrom = submission.effectiveFrom && submission.effectiveFrom > tx.now ? submission.effectiveFrom : null
  const [row] = await tx<{ id: string }[]>`
    insert into change_requests (policy_id, draft_id, base_version, document, content_hash, cases, intent, findings, acknowledgements, case_results, impact_id, maker_id, maker_person_id,
      is_emergency, rollback_of, effective_from, approval_levels, review_levels, approval_decision, due_at, submitted_at)
    values (${draft.policyId}, ${draft.id}, ${draft.baseVersion}, ${JSON.stringify(draft.document)}, ${draft.contentHash}, ${tx.json(draft.cases as never)}, ${submission.intent.trim()},
      ${tx.json(findings as never)}, ${tx.json(submission.acknowledgements as never)}, ${tx.json(caseResults as never)}, ${impact?.id ?? null}, ${userId}, ${tx.actor.personId!},
      ${isEmergency}, ${rollbackOf}, ${isEmergency ? null : effectiveFrom}, ${isEmergency ? [1] : (asked.levels as number[])}, ${isEmergency ? (asked.levels as number[]) : []},
      ${asked.decision === undefined ? null : tx.json(asked.decision as never)}, ${dueAfter(tx.now, isEmergency ? 4 : asked.deadlineHours)}, ${tx.now})
    returning id`
  const change = (await findChange(tx, row!.id))!
  await putBeforePeople(tx, change, 'approval')
  await record(tx, change, 'change.submit', change.intent, {
    hash: change.contentHash,
    changes: changes.length,
    isEmergency,
    rollbackOf,
    effectiveFrom: change.effectiveFrom,
    levels: change.approvalLevels,
    impactId: change.impactId,
  })
  return ok(change)
}

/** What was found in a document, how its cases came out, and what was measured: for the page of a draft and for its submission alike. */
export async function readiness(
  tx: Tx,
  input: {
    readonly document: Policy
    readonly cases: readonly PolicyCase[]
    readonly acknowledgements: readonly Acknowledgement[]
    readonly base: PolicyVersion | undefined
    readonly isEmergency: boolean
  },
): Promise<Readiness> {
  const { document, cases, base } = input
  const others = (await documentsInForce(tx)).filter(({ id }) => id !== document.id)
  const findings = policyFindings(document, others)
  const isBroken = hasErrors(findings)
  const caseResults = isBroken ? [] : runPolicyCases(document, cases, { resolve: resolverAmong(others) })
  const impact = base ? await impactOf(tx, document.id, hashPolicy(document), base.hash) : undefined
  const issues: Issue[] = findings.flatMap((finding): Issue[] => {
    if (finding.severity === 'error') return [{ path: ['document', finding.path], code: finding.code, message: finding.message }]
    const isSaid = input.acknowledgements.some(
      ({ code, path, text }) => code === finding.code && path === finding.path && text.trim() !== '',
    )
    return finding.severity === 'warning' && !isSaid
      ? [
          {
            path: ['acknowledgements', finding.code, finding.path],
            code: 'ACKNOWLEDGEMENT_MISSING',
            message: {
              en: `Say a word to this warning: ${finding.message.en}`,
              zh: `请对此警告作出说明：${finding.message.zh}`,
            },
          },
        ]
      : []
  })
  for (const result of caseResults)
    if (!result.isMet)
      issues.push({
        path: ['cases', result.id],
        code: 'CASE_FAILS',
        message: { en: `The case “${result.name}” fails.`, zh: `用例“${result.name}”未通过。` },
      })
  if (base && base.hash === hashPolicy(document))
    issues.push({
      path: ['document'],
      code: 'NOTHING_CHANGED',
      message: { en: 'The draft says the same as the newest version.', zh: '草稿与最新版本一致，没有变更。' },
    })
  else if (base && impact?.status !== 'done' && !input.isEmergency && !isBroken)
    issues.push({
      path: ['impact'],
      code: 'IMPACT_MISSING',
      message: { en: 'Test the impact of this draft first.', zh: '请先测试该草稿的影响。' },
    })
  return { findings, caseResults, impact, issues }
}

/** The actor decides: who may is asked anew, the agreement is bound to what they saw, and the last one needed publishes it, all in this transaction. */
export async function decidePolicyChange(tx: Tx, decision: ChangeDecision): Promise<Result<ChangeRequest>> {
  // In the order in which a decision from the list of tasks takes them.
  const approval = await findApprovalOf(tx, 'policy_change', decision.id)
  if (approval) await lockApproval(tx, approval.id)
  const decided = await voteOnChange(tx, decision)
  if (decided.kind === 'ok' && decision.outcome !== 'approve' && decided.value.status !== 'in_force')
    await takeFromPeople(tx, decided.value, decision.outcome === 'reject' ? 'rejected' : 'withdrawn')
  return decided
}

/** The vote itself; whoever calls it holds the approval. */
async function voteOnChange(tx: Tx, decision: ChangeDecision): Promise<Result<ChangeRequest>> {
  const userId = requireUser(tx)
  await tx`select from change_requests where id = ${decision.id} for update`
  const change = await findChange(tx, decision.id)
  if (!change) return NOT_FOUND
  if (change.contentHash !== decision.contentHash) return { kind: 'conflict', current: change }
  if (change.refusal) return { kind: 'notAllowed', refusal: change.refusal }
  const stage = change.stage!
  const comment = decision.comment?.trim() || null
  if (decision.outcome !== 'approve') {
    const issues = checkText(comment, 'comment')
    if (issues.length > 0) return { kind: 'invalid', issues }
  }
  if (decision.outcome === 'approve' && stage === 'approval') {
    const newest = await newestVersion(tx, change.policyId)
    // What they agreed to was a change of another version.
    if ((newest?.version ?? null) !== change.baseVersion) {
      await close(tx, change, 'outdated')
      await takeFromPeople(tx, change, 'withdrawn')
      return { kind: 'conflict', current: (await findChange(tx, change.id))! }
    }
  }
  const level = decision.outcome === 'approve' ? highestOpenLevel(change, await authorityOf(tx))! : null
  await tx`
    insert into change_request_votes (change_request_id, stage, level, person_id, user_id, outcome, content_hash, comment, at)
    values (${change.id}, ${stage}, ${level}, ${tx.actor.personId!}, ${userId}, ${decision.outcome}, ${decision.contentHash}, ${comment}, ${tx.now})`
  await record(tx, change, `change.${stage === 'review' ? 'review' : CHANGE_ACTS[decision.outcome]}`, comment, {
    outcome: decision.outcome,
    level,
    hash: decision.contentHash,
  })
  if (stage === 'approval') {
    if (decision.outcome === 'reject') await close(tx, change, 'rejected')
    else if (decision.outcome === 'request_changes') await close(tx, change, 'changes_requested')
    else if (openLevels((await findChange(tx, change.id))!).length === 0) await publish(tx, change)
  } else if ((await findChange(tx, change.id))!.stage === null) await takeFromPeople(tx, change, 'approved')
  return ok((await findChange(tx, change.id))!)
}

// A decision in the list of tasks is a vote like any other, on what was submitted.
onVoteOnChange(async (tx, { subjectId }, { outcome, comment }) => {
  const change = await findChange(tx, subjectId)
  if (!change) return NOT_FOUND
  const of = { approve: 'approve', reject: 'reject', return: 'request_changes' } as const
  return voteOnChange(tx, { id: subjectId, contentHash: change.contentHash, outcome: of[outcome], comment: comment ?? null })
})

export async function withdrawPolicyChange(tx: Tx, id: string, reason: string): Promise<Result<ChangeRequest>> {
  requireUser(tx)
  await tx`select from change_requests where id = ${id} for update`
  const change = await findChange(tx, id)
  if (!change) return NOT_FOUND
  if (change.status !== 'in_review') return notAllowed('CHANGE_CLOSED')
  if (!change.canWithdraw) return notAllowed('NOT_YOURS')
  await close(tx, change, 'withdrawn')
  await takeFromPeople(tx, change, 'withdrawn')
  await record(tx, change, 'change.withdraw', reason.trim() || null, { hash: change.contentHash })
  return ok((await findChange(tx, id))!)
}

export async function commentPolicyChange(tx: Tx, id: string, body: string, path: string | null): Promise<Result<ChangeRequest>> {
  const userId = requireUser(tx)
  const change = await findChange(tx, id)
  if (!change) return NOT_FOUND
  const issues = checkText(body, 'body')
  if (issues.length > 0) return { kind: 'invalid', issues }
  await tx`insert into change_request_comments (change_request_id, user_id, path, body, at) values (${id}, ${userId}, ${path}, ${body.trim()}, ${tx.now})`
  await publishChange(tx, { entity: 'ChangeRequest', id, segmentId: null })
  return ok(change)
}

/** Calls a version back that waits for its moment. */
export async function recallPolicyVersion(tx: Tx, policyId: string, version: number, reason: string): Promise<Result<PolicyVersion>> {
  const userId = requireUser(tx)
  const policy = await findPolicy(tx, policyId)
  const found = (await versionsOf(tx, [policyId])).get(policyId)?.find(one => one.version === version)
  if (!policy || !found) return NOT_FOUND
  const { right } = await policyRight(tx, policy.kind)
  if (right !== 'everything') return notAllowed('POLICY_RIGHT_TOO_LOW')
  const issues = checkText(reason, 'reason')
  if (issues.length > 0) return { kind: 'invalid', issues }
  if (found.effectiveFrom <= tx.now || found.recalledAt !== null) return notAllowed('NOT_RECALLABLE')
  await tx`insert into policy_recalls (policy_id, version, reason, recalled_by, recalled_at) values (${policyId}, ${version}, ${reason.trim()}, ${userId}, ${tx.now})`
  await tx`update change_requests set status = 'recalled', closed_at = ${tx.now}, version = version + 1 where id = ${found.changeRequestId}`
  await appendAudit(tx, {
    action: 'policy.recall',
    entity: 'Policy',
    entityId: policyId,
    reason: reason.trim(),
    before: { version, hash: found.hash, effectiveFrom: found.effectiveFrom },
  })
  await enqueue(tx, {
    topic: 'workflow',
    key: `policy:${policyId}:${version}:recalled`,
    payload: { kind: 'policyChanged', policyId, version },
  })
  await publishChange(tx, { entity: 'Policy', id: policyId, segmentId: null })
  return ok({ ...found, recalledAt: tx.now })
}

export type VersionMoment =
  /** Not yet; ask again then. */
  { readonly kind: 'waiting'; readonly effectiveFrom: Date } | { readonly kind: 'recalled' } | { readonly kind: 'inForce' }

/**
 * What follows from a version taking effect: its request is done, holds are looked at again, everybody is told. That it is in force
 * is decided by its date alone; this only follows. Harmless when repeated.
 */
export async function settleVersion(tx: Tx, policyId: string, version: number): Promise<VersionMoment> {
  const found = (await versionsOf(tx, [policyId])).get(policyId)?.find(one => one.version === version)
  if (!found || found.recalledAt !== null) return { kind: 'recalled' }
  if (found.effectiveFrom > tx.now) return { kind: 'waiting', effectiveFrom: found.effectiveFrom }
  const key = `policy:${policyId}:${version}:in-force`
  const [done] = await tx`select from audit_entries where key = ${key}`
  if (done) return { kind: 'inForce' }
  await appendAudit(tx, {
    action: 'policy.takeEffect',
    entity: 'Policy',
    entityId: policyId,
    after: { version, hash: found.hash, effectiveFrom: found.effectiveFrom },
    key,
  })
  await tx`update change_requests set status = 'in_force', closed_at = ${tx.now}, version = version + 1 where id = ${found.changeRequestId} and status = 'approved'`
  if (found.document.kind === 'order-check') await tx`select mark_open_holds()`
  await publishChange(tx, { entity: 'Policy', id: policyId, segmentId: null })
  if (found.changeRequestId) await publishChange(tx, { entity: 'ChangeRequest', id: found.changeRequestId, segmentId: null })
  return { kind: 'inForce' }
}

async function publish(tx: Tx, change: ChangeRequest): Promise<void> {
  const effectiveFrom = change.effectiveFrom !== null && change.effectiveFrom > tx.now ? change.effectiveFrom : tx.now
  const { version } = await publishPolicy(tx, change.document, {
    effectiveFrom,
    reason: change.intent,
    cases: change.cases,
    changeRequestId: change.id,
  })
  const isNow = effectiveFrom <= tx.now
  await tx`
    update change_requests set status = ${isNow ? 'in_force' : 'approved'}, published_version = ${version}, closed_at = ${isNow ? tx.now : null}, version = version + 1 where id = ${change.id}`
  await tx`update policy_drafts set status = 'published', updated_at = ${tx.now} where id = ${change.draftId}`
  await enqueue(tx, {
    topic: 'workflow',
    key: `policy:${change.policyId}:${version}`,
    payload: { kind: 'policyPublished', policyId: change.policyId, version },
  })
  await takeFromPeople(tx, change, 'approved')
  if (change.isEmergency) await putBeforePeople(tx, change, 'review')
  await publishChange(tx, { entity: 'PolicyDraft', id: change.draftId, segmentId: null })
  await publishChange(tx, { entity: 'ChangeRequest', id: change.id, segmentId: null })
}

/** Puts a request into the lists of those who can agree to it: one task that ends with the last of their votes. */
async function putBeforePeople(tx: Tx, change: ChangeRequest, stage: 'approval' | 'review'): Promise<void> {
  const levels = stage === 'approval' ? change.approvalLevels : change.reviewLevels
  const policy = await findPolicy(tx, change.policyId)
  const hours = Math.max(1, Math.round(((change.dueAt.getTime() - tx.now.getTime()) / HOUR_MS / 24) * 8))
  await startApproval(tx, {
    kind: 'policy_change',
    subjectId: change.id,
    segmentId: null,
    makerPersonId: await personOf(tx, change.makerId),
    makerUserId: change.makerId,
    purpose: change.intent,
    title: policy!.title,
    request: { policyId: change.policyId, contentHash: change.contentHash, stage },
    route: {
      steps: [{ authorityLevel: Math.min(...levels), mode: 'quorum', needed: levels.length, rejections: 1, deadlineHours: hours }],
      reason:
        stage === 'review'
          ? { en: 'An emergency change to be looked at', zh: '紧急变更，事后复核' }
          : change.isEmergency
            ? { en: 'An emergency: one agreement puts it in force', zh: '紧急变更：一人同意即生效' }
            : { en: 'The approval policy asks for it', zh: '按策略变更审批规则' },
    },
    key: `policy-change-${change.id}-${stage}`,
  })
}

async function takeFromPeople(tx: Tx, { id }: ChangeRequest, as: 'approved' | 'rejected' | 'withdrawn'): Promise<void> {
  const approval = await findApprovalOf(tx, 'policy_change', id)
  if (approval) await closeApproval(tx, approval, as)
}

async function personOf(tx: Tx, userId: string): Promise<string> {
  const [row] = await tx<{ person_id: string }[]>`select person_id from users where id = ${userId}`
  return row!.person_id
}

async function close(tx: Tx, change: ChangeRequest, status: ChangeStatus): Promise<void> {
  await tx`update change_requests set status = ${status}, closed_at = ${tx.now}, version = version + 1 where id = ${change.id}`
  await publishChange(tx, { entity: 'ChangeRequest', id: change.id, segmentId: null })
}

async function record(tx: Tx, change: ChangeRequest, action: string, reason: string | null, after: unknown): Promise<void> {
  await appendAudit(tx, {
    action,
    entity: 'ChangeRequest',
    entityId: change.id,
    reason,
    after: { policyId: change.policyId, ...(after as object) },
  })
  await publishChange(tx, { entity: 'ChangeRequest', id: change.id, segmentId: null })
}

interface Asked {
  readonly levels: readonly number[]
  readonly deadlineHours: number
  readonly isDeclined: boolean
  readonly decision?: unknown
}

/** By the policy for that; where none is in force or it has nothing to say, every level is asked, and somebody always is. */
async function whoMustAgree(tx: Tx, change: ChangeOccasion): Promise<Asked> {
  const all = AUTHORITY_LEVELS.map((_, index) => index + 1)
  const [inForce] = await policiesInForce(tx, 'policy-approval')
  if (!inForce) return { levels: all, deadlineHours: DEADLINE_HOURS, isDeclined: false }
  const currency = [...Object.values(inForce.document.facts)].find(({ type }) => type === 'money')?.currency ?? 'CNY'
  const values = toEngineFacts(computeFacts(emptyBook({ id: '', name: '', country: 'CN' }, currency), today(tx), { change }))
  const facts = Object.fromEntries(Object.keys(inForce.document.facts).flatMap(name => (name in values ? [[name, values[name]]] : [])))
  const decision = compile(inForce.document, { version: inForce.version }).decide(facts, { trace: true })
  const { levels, deadlineHours } = decision.outputs
  // A level that no ladder knows goes to the top of it.
  const ranks = Array.isArray(levels) ? [...new Set(levels.map(level => authorityRank(String(level)) ?? AUTHORITY_LEVELS.length))] : all
  return {
    levels: ranks.length > 0 ? ranks.toSorted((left, right) => left - right) : [1],
    deadlineHours: typeof deadlineHours === 'number' ? deadlineHours : DEADLINE_HOURS,
    isDeclined: decision.outcome === 'decline',
    decision: { facts, decision },
  }
}

const DEADLINE_HOURS = 16
const HOUR_MS = 3_600_000

// Eight of a day's hours are at work.
function dueAfter(from: Date, businessHours: number): Date {
  return new Date(from.getTime() + (businessHours / 8) * 24 * HOUR_MS)
}

async function checkMoment(tx: Tx, { effectiveFrom, isEmergency }: ChangeSubmission, base: PolicyVersion | undefined): Promise<Issue[]> {
  if (!base || base.effectiveFrom <= tx.now) return []
  const inForce = await policyInForce(tx, base.policyId)
  if (inForce?.version === base.version || (!isEmergency && effectiveFrom && effectiveFrom >= base.effectiveFrom)) return []
  const at = base.effectiveFrom.toISOString()
  return [
    {
      path: ['effectiveFrom'],
      code: 'EARLIER_THAN_SCHEDULED',
      message: {
        en: `Version ${base.version} takes effect at ${at} and would put this one out of force; choose a later moment, or call that version back first.`,
        zh: `第 ${base.version} 版将于 ${at} 生效并取代本次变更；请选择更晚的生效时间，或先撤回该版本。`,
      },
    },
  ]
}

function invalid(path: readonly string[], code: string, message: Text): Result<never> {
  return { kind: 'invalid', issues: [{ path, code, message }] }
}

function isOpen(tx: Tx): Fragment {
  return tx`(c.status in ('in_review', 'approved') or (c.status = 'in_force' and c.is_emergency
    and (select count(*) from change_request_votes v where v.change_request_id = c.id and v.stage = 'review') < cardinality(c.review_levels)
    and not exists (select from change_request_votes v where v.change_request_id = c.id and v.stage = 'review' and v.outcome <> 'approve')))`
}

// ── who may decide ──────────────────────────────────────────────────────────────────────────────
// Said here and, for what must never be, by the database; lists, buttons and the act itself all read this.

async function toChanges(tx: Tx, rows: readonly ChangeRow[]): Promise<ChangeRequest[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const [votes, authority, worked] = [
    await tx<VoteRow[]>`
      select v.*, p.name as person from change_request_votes v join persons p on p.id = v.person_id where v.change_request_id = any (${ids}::bigint[]) order by v.id`,
    await authorityOf(tx),
    await tx<{ draft_id: string }[]>`
      select draft_id from policy_draft_editors where draft_id = any (${rows.map(({ draft_id }) => draft_id)}::bigint[]) and person_id = ${tx.actor.personId ?? null}::bigint and edited_at is not null`,
  ]
  const own = new Set(worked.map(({ draft_id }) => draft_id))
  return rows.map(row => {
    const change: ChangeRequest = {
      ...toChange(row),
      votes: votes.filter(vote => vote.change_request_id === row.id).map(toVote),
      stage: null,
      refusal: null,
      canWithdraw: row.status === 'in_review' && row.maker_person_id === tx.actor.personId,
    }
    const stage = stageOf(change)
    const code = refusalFor(tx, { ...change, stage }, authority, row.maker_person_id === tx.actor.personId || own.has(row.draft_id))
    return { ...change, stage, refusal: code === null ? null : refusalOf(code) }
  })
}

function stageOf(change: ChangeRequest): ChangeRequest['stage'] {
  if (change.status === 'in_review') return 'approval'
  if (change.status !== 'in_force' || !change.isEmergency) return null
  const isRefused = change.votes.some(({ stage, outcome }) => stage === 'review' && outcome !== 'approve')
  return isRefused || openLevels({ ...change, stage: 'review' }).length === 0 ? null : 'review'
}

function refusalFor(tx: Tx, change: ChangeRequest, authority: Authority, hasWorked: boolean): RefusalCode | null {
  if (change.stage === null) return 'CHANGE_CLOSED'
  if (authority.isApprover && !authority.isHouseWide) return 'NOT_HOUSE_APPROVER'
  if (!authority.isApprover) return 'NOT_APPROVER'
  if (hasWorked) return 'OWN_CHANGE'
  if (change.votes.some(vote => vote.stage === change.stage && vote.personId === tx.actor.personId)) return 'ALREADY_DECIDED'
  return highestOpenLevel(change, authority) === undefined ? 'CHANGE_LEVEL_TOO_LOW' : null
}

interface Authority {
  readonly isApprover: boolean
  readonly isHouseWide: boolean
  readonly level: number
}

async function authorityOf(tx: Tx): Promise<Authority> {
  const grants = await tx<{ segment_id: number | null; authority_level: number | null }[]>`
    select r.segment_id, r.authority_level from user_roles r join users u on u.id = r.user_id
    where r.user_id = ${tx.actor.userId ?? null}::bigint and u.status = 'active' and r.role = 'approver'`
  const houseWide = grants.filter(({ segment_id }) => segment_id === null)
  return {
    isApprover: grants.length > 0,
    isHouseWide: houseWide.length > 0,
    level: Math.max(0, ...houseWide.map(({ authority_level }) => authority_level ?? 0)),
  }
}

/** Levels that nobody has agreed for yet. */
function openLevels({ stage, approvalLevels, reviewLevels, votes }: ChangeRequest): readonly number[] {
  const open = [...(stage === 'review' ? reviewLevels : approvalLevels)]
  for (const vote of votes) {
    if (vote.stage !== (stage ?? 'approval') || vote.outcome !== 'approve') continue
    const at = open.indexOf(vote.level!)
    if (at >= 0) open.splice(at, 1)
  }
  return open
}

/** An agreement fills the highest level that is open and within the authority, so that it leaves the lower ones to those who have less. */
function highestOpenLevel(change: ChangeRequest, authority: Authority): number | undefined {
  return openLevels(change)
    .filter(level => level <= authority.level)
    .toSorted((left, right) => right - left)[0]
}

interface ChangeRow {
  readonly id: string
  readonly policy_id: string
  readonly draft_id: string
  readonly base_version: number | null
  readonly document: string
  readonly content_hash: string
  readonly cases: readonly PolicyCase[]
  readonly intent: string
  readonly findings: readonly Finding[]
  readonly acknowledgements: readonly Acknowledgement[]
  readonly case_results: readonly PolicyCaseResult[]
  readonly impact_id: string | null
  readonly maker_id: string
  readonly maker_person_id: string
  readonly status: ChangeStatus
  readonly is_emergency: boolean
  readonly rollback_of: number | null
  readonly effective_from: Date | null
  readonly approval_levels: readonly number[]
  readonly review_levels: readonly number[]
  readonly approval_decision: unknown
  readonly due_at: Date
  readonly published_version: number | null
  readonly submitted_at: Date
  readonly closed_at: Date | null
  readonly version: number
}

function toChange(row: ChangeRow): Omit<ChangeRequest, 'votes' | 'stage' | 'refusal' | 'canWithdraw'> {
  return {
    id: row.id,
    policyId: row.policy_id,
    draftId: row.draft_id,
    baseVersion: row.base_version,
    document: JSON.parse(row.document) as Policy,
    contentHash: row.content_hash,
    cases: row.cases,
    intent: row.intent,
    findings: row.findings,
    acknowledgements: row.acknowledgements,
    caseResults: row.case_results,
    impactId: row.impact_id,
    makerId: row.maker_id,
    status: row.status,
    isEmergency: row.is_emergency,
    rollbackOf: row.rollback_of,
    effectiveFrom: row.effective_from,
    approvalLevels: row.approval_levels,
    reviewLevels: row.review_levels,
    approvalDecision: row.approval_decision,
    dueAt: row.due_at,
    publishedVersion: row.published_version,
    submittedAt: row.submitted_at,
    closedAt: row.closed_at,
    version: row.version,
  }
}

interface VoteRow {
  readonly change_request_id: string
  readonly stage: ChangeVote['stage']
  readonly level: number | null
  readonly person_id: string
  readonly person: string
  readonly user_id: string
  readonly outcome: ChangeOutcome
  readonly content_hash: string
  readonly comment: string | null
  readonly at: Date
}

function toVote(row: VoteRow): ChangeVote {
  return {
    stage: row.stage,
    level: row.level,
    personId: row.person_id,
    person: row.person,
    userId: row.user_id,
    outcome: row.outcome,
    contentHash: row.content_hash,
    comment: row.comment,
    at: row.at,
  }
}
