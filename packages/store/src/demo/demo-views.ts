import { saveView, type NewSavedView } from '../saved-views.ts'
import type { Tx } from '../sql.ts'
import { actorOf, type User } from '../users.ts'
import { onBehalf } from '../on-behalf.ts'

/** Views that a colleague shares, so that a list shows what keeping one is good for. */
const VIEWS: readonly Pick<NewSavedView, 'name' | 'query'>[] = [
  { name: '低风险 Low risk', query: { 'f.grade': 'A,B', sort: '-amount' } },
  { name: '大额 Large', query: { view: 'team', 'f.least': '5000000', sort: '-amount' } },
  { name: '按客户 By customer', query: { view: 'team', sort: 'customer', group: 'customer' } },
]

export async function seedViews(tx: Tx, owner: User): Promise<void> {
  const as = onBehalf(tx, actorOf(owner), tx.now)
  for (const view of VIEWS) await saveView(as, { ...view, list: 'tasks', isShared: true })
}
