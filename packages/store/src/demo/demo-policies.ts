import type { Policy, TableStep } from '@surety/engine'
import { submitPolicyChange } from '../change-requests.ts'
import { saveLibraryItem } from '../library.ts'
import { openPolicyDraft, savePolicyDraft } from '../policy-drafts.ts'
import { measureImpact, requestPolicyImpact } from '../policy-impact.ts'
import type { Result } from '../result.ts'
import { asActor, SYSTEM, type Sql } from '../sql.ts'
import { actorOf, findUserByLogin } from '../users.ts'

const POLICY = 'limit-and-terms/standard'

/** A change that waits for approval, measured on the demo company, and a list that policies may share. After the seed, since it is measured as everybody's is. */
export async function seedPolicyChange(sql: Sql): Promise<void> {
  const officer = await asActor(sql, SYSTEM, tx => findUserByLogin(tx, 'risk'))
  if (!officer) return
  const actor = actorOf(officer)
  const asked = await asActor(sql, actor, async tx => {
    const list = { title: { en: 'Industries not served', zh: '禁入行业' }, values: ['B06', 'K70'] }
    valueOf(
      await saveLibraryItem(tx, {
        kind: 'list',
        name: 'blockedIndustries',
        title: list.title,
        content: list,
        baseVersion: null,
        comment: '董事会决议 Board decision',
      }),
    )
    const opened = await openPolicyDraft(tx, POLICY)
    if (opened.kind !== 'ok' || opened.value.revision > 1) return undefined
    const { id, document, cases } = opened.value
    const saved = valueOf(await savePolicyDraft(tx, { id, baseRevision: 1, document: tightened(document), cases }))
    return saved.kind === 'saved' ? { draft: saved.draft, impact: valueOf(await requestPolicyImpact(tx, id)) } : undefined
  })
  if (!asked) return
  await measureImpact(sql, asked.impact.id)
  await asActor(sql, actor, async tx => {
    const { id, revision, contentHash } = asked.draft
    const intent =
      '行业回款放缓：合作不足三年的 B 级客户，额度由 600 万降至 500 万。\nCollections slow down: less credit for grade B customers of less than three years.'
    valueOf(await submitPolicyChange(tx, { draftId: id, baseRevision: revision, contentHash, intent, acknowledgements: [] }))
  })
}

/** Less for customers of grade B that are not known for long; no case of the policy speaks of them. */
function tightened(document: Policy): Policy {
  return {
    ...document,
    steps: document.steps.map(step =>
      step.id === 'grade-table'
        ? ({
            ...step,
            rows: (step as TableStep).rows.map(row => (row.id === 'b-new' ? { ...row, then: ['5000000', ...row.then.slice(1)] } : row)),
          } as TableStep)
        : step,
    ),
  }
}

function valueOf<T>(result: Result<T>): T {
  if (result.kind !== 'ok') throw new Error(`The demo's change of a policy is refused: ${JSON.stringify(result)}`)
  return result.value
}
