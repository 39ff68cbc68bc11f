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
    valueOf(await saveLibraryItem(tx, { kind: 'list', name: 'blockedIndustries', title: list.title, content: list, baseVersion: null, comment: '董事会决议 Board decision' }))
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
    const intent = '行业回款放缓：B 级一般付款客户的额度由 600 万降至 500 万，账期由 60 天缩至 45 天。\nCollections slow down: less credit and shorter terms for grade B customers who pay as most do.'
    valueOf(await submitPolicyChange(tx, { draftId: id, baseRevision: revision, contentHash, intent, acknowledgements: [] }))
  })
}

/** Less and for a shorter time for customers of grade B who pay as most do. */
function tightened(document: Policy): Policy {
  return {
    ...document,
    steps: document.steps.map(step =>
      step.id === 'grade-table' ? ({ ...step, rows: (step as TableStep).rows.map(row => (row.id === 'b-usual' ? { ...row, then: ['5000000', '45', ...row.then.slice(2)] } : row)) } as TableStep) : step,
    ),
  }
}

function valueOf<T>(result: Result<T>): T {
  if (result.kind !== 'ok') throw new Error(`The demo's change of a policy is refused: ${JSON.stringify(result)}`)
  return result.value
}
