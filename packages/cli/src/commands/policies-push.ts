import { hashPolicy } from '@surety/engine'
import {
  actorOf,
  asActor,
  createPolicy,
  findUserByLogin,
  measureImpact,
  newestVersion,
  openPolicyDraft,
  readiness,
  requestPolicyImpact,
  savePolicyDraft,
  submitPolicyChange,
  SYSTEM,
  type Actor,
  type ChangeRequest,
  type PolicyDraft,
  type Result,
  type Tx,
} from '@surety/store'
import { EXIT, textOption, UsageError, type Command, type Options } from '../command.ts'
import { planPolicies, type PlannedPolicy } from '../policies/plan-policies.ts'
import { readPolicyFolder } from '../policies/policy-folder.ts'
import type { Session } from '../session.ts'
import { linesOf } from './policies-plan.ts'

export const policiesPushCommand: Command = {
  name: 'policies push',
  summary: 'Put what changed in a folder into drafts, and with --submit ask for approval. It never puts anything into force.',
  describe: command =>
    command
      .argument('<folder>', 'as `policies pull` writes it')
      .requiredOption('--as <login>', 'in whose name; their rights hold')
      .option('--submit <intent>', 'measure the impact and ask for approval; what the change is for')
      .option('--acknowledge <text>', 'said to every warning'),
  async run(session, [folder = ''], options) {
    const { policies, pulledFrom } = readPolicyFolder(folder)
    const user = await asActor(session.sql, SYSTEM, tx => findUserByLogin(tx, textOption(options, 'as')!))
    if (!user) throw new UsageError(`There is nobody with the login ${JSON.stringify(options['as'])}.`)
    const actor = actorOf(user)
    const planned = await asActor(session.sql, actor, tx => planPolicies(tx, policies, pulledFrom))
    const wanted = planned.filter(({ act }) => act !== 'none')
    const clashing = wanted.filter(({ conflicts }) => conflicts.length > 0)
    if (clashing.length > 0) {
      session.answer({ conflicts: clashing.map(({ policyId, conflicts }) => ({ policyId, conflicts })) }, () => [
        ...clashing.flatMap(one => linesOf(session, one)),
        session.text({ en: 'Nothing was pushed: pull, settle the conflicts, push again.', zh: '未推送：请先拉取并解决冲突，再推送。' }),
      ])
      return EXIT.findings
    }
    // All of them or none.
    const drafts = await asActor(session.sql, actor, async tx => {
      const saved: PolicyDraft[] = []
      for (const one of wanted) saved.push(await putIntoDraft(tx, one))
      return saved
    })
    const intent = textOption(options, 'submit')
    const changes: ChangeRequest[] = []
    if (intent !== undefined) for (const draft of drafts) changes.push(await submit(session, actor, draft, intent, options))
    session.answer(
      {
        drafts: drafts.map(({ id, policyId, revision, contentHash, changeCount }) => ({
          id,
          policyId,
          revision,
          contentHash,
          changeCount,
        })),
        changeRequests: changes.map(({ id, policyId, approvalLevels }) => ({ id, policyId, approvalLevels })),
      },
      () => [
        ...wanted.flatMap(one => linesOf(session, one)),
        ...drafts.map(({ policyId, revision, contentHash }) =>
          session.text({
            en: `draft of ${policyId}: revision ${revision}, ${contentHash.slice(0, 12)}`,
            zh: `${policyId} 的草稿：修订 ${revision}，${contentHash.slice(0, 12)}`,
          }),
        ),
        ...changes.map(({ id, policyId, approvalLevels }) =>
          session.text({
            en: `change request ${id} of ${policyId} waits for levels ${approvalLevels.join(', ')}`,
            zh: `${policyId} 的变更申请 ${id} 等待 ${approvalLevels.join('、')} 级审批`,
          }),
        ),
        ...(drafts.length === 0 ? [session.text({ en: 'Nothing to push.', zh: '没有需要推送的内容。' })] : []),
      ],
    )
    return EXIT.ok
  },
}

async function putIntoDraft(tx: Tx, { policyId, act, document, cases }: PlannedPolicy): Promise<PolicyDraft> {
  const [kind = '', name = ''] = policyId.split('/')
  const draft = expect(
    policyId,
    act === 'create' ? await createPolicy(tx, { kind, name, title: document.title }) : await openPolicyDraft(tx, policyId),
  )
  const saved = expect(policyId, await savePolicyDraft(tx, { id: draft.id, baseRevision: draft.revision, document, cases }))
  if (saved.kind === 'diverged' || hashPolicy(saved.draft.document) !== hashPolicy(document))
    throw new UsageError(`Somebody edited the draft of ${policyId} at the same time; plan and push again.`)
  return saved.draft
}

async function submit(session: Session, actor: Actor, draft: PolicyDraft, intent: string, options: Options): Promise<ChangeRequest> {
  const word = textOption(options, 'acknowledge')
  const { policyId, id: draftId, revision, contentHash } = draft
  const asked = await asActor(session.sql, actor, async tx =>
    (await newestVersion(tx, policyId)) ? expect(policyId, await requestPolicyImpact(tx, draftId)) : undefined,
  )
  if (asked) {
    session.progress(session.text({ en: `measuring the impact of ${policyId}`, zh: `正在测算 ${policyId} 的影响` }))
    await measureImpact(session.sql, asked.id)
  }
  return asActor(session.sql, actor, async tx => {
    const { findings } = await readiness(tx, {
      document: draft.document,
      cases: draft.cases,
      acknowledgements: [],
      base: undefined,
      isEmergency: false,
    })
    const acknowledgements = findings.flatMap(({ severity, code, path }) =>
      severity === 'warning' && word ? [{ code, path, text: word }] : [],
    )
    return expect(policyId, await submitPolicyChange(tx, { draftId, baseRevision: revision, contentHash, intent, acknowledgements }))
  })
}

function expect<T>(policyId: string, result: Result<T>): T {
  switch (result.kind) {
    case 'ok':
      return result.value
    case 'notAllowed':
      throw new UsageError(`${policyId}: ${result.refusal.message.en}`)
    case 'invalid':
      throw new UsageError(`${policyId}: ${result.issues.map(({ message }) => message.en).join(' ')}`)
    case 'conflict':
      throw new UsageError(`${policyId}: somebody else changed it in the meantime; plan and push again.`)
    case 'notFound':
      throw new UsageError(`There is no policy ${policyId}.`)
  }
}
