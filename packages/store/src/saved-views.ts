import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import { NOT_FOUND, ok, type Issue, type Result } from './result.ts'
import type { Tx } from './sql.ts'

/** Filters and an order of a list under a name. */
export interface SavedView {
  readonly id: string
  readonly list: string
  readonly name: string
  /** As the address of the list says it. */
  readonly query: Readonly<Record<string, string>>
  readonly isShared: boolean
  /** Whose it is. */
  readonly owner: string
  readonly isOwn: boolean
}

export interface NewSavedView {
  /** One's own that is changed; a new one without. */
  readonly id?: string
  readonly list: string
  readonly name: string
  readonly query: Readonly<Record<string, string>>
  readonly isShared: boolean
}

/** One's own first, then those that colleagues share; each by name. */
export async function listSavedViews(tx: Tx, list: string): Promise<SavedView[]> {
  const rows = await tx<SavedViewRow[]>`
    ${selectViews(tx)} where v.list = ${list} and (v.user_id = ${userOf(tx)} or v.is_shared and u.status = 'active')
    order by is_own desc, lower(v.name), v.id`
  return rows.map(toView)
}

export async function saveView(tx: Tx, view: NewSavedView): Promise<Result<SavedView>> {
  const [namesake] = await tx<{ id: string }[]>`
    select id from saved_views where user_id = ${userOf(tx)} and list = ${view.list} and lower(name) = lower(${view.name})`
  if (namesake && namesake.id !== view.id) return { kind: 'invalid', issues: [nameTaken(view.name)] }
  const query = tx.json(view.query)
  const [row] = view.id
    ? await tx<{ id: string }[]>`
        update saved_views set name = ${view.name}, query = ${query}, is_shared = ${view.isShared}, updated_at = ${tx.now}
        where id = ${view.id} and user_id = ${userOf(tx)} and list = ${view.list} returning id`
    : await tx<{ id: string }[]>`
        insert into saved_views (user_id, list, name, query, is_shared, created_at, updated_at)
        values (${userOf(tx)}, ${view.list}, ${view.name}, ${query}, ${view.isShared}, ${tx.now}, ${tx.now}) returning id`
  if (!row) return NOT_FOUND
  await record(tx, row.id, 'view.save', { list: view.list, name: view.name, query: view.query, isShared: view.isShared })
  const [saved] = await tx<SavedViewRow[]>`${selectViews(tx)} where v.id = ${row.id}`
  return ok(toView(saved!))
}

/** Forgets one of one's own. */
export async function deleteView(tx: Tx, id: string): Promise<Result<SavedView>> {
  const [found] = await tx<SavedViewRow[]>`${selectViews(tx)} where v.id = ${id} and v.user_id = ${userOf(tx)}`
  if (!found) return NOT_FOUND
  await tx`delete from saved_views where id = ${id}`
  await record(tx, id, 'view.delete', { list: found.list, name: found.name })
  return ok(toView(found))
}

interface SavedViewRow {
  readonly id: string
  readonly list: string
  readonly name: string
  readonly query: Record<string, string>
  readonly is_shared: boolean
  readonly owner: string
  readonly is_own: boolean
}

function selectViews(tx: Tx) {
  return tx`
    select v.id, v.list, v.name, v.query, v.is_shared, p.name as owner, v.user_id = ${userOf(tx)} as is_own
    from saved_views v join users u on u.id = v.user_id join persons p on p.id = u.person_id`
}

function toView({ id, list, name, query, is_shared, owner, is_own }: SavedViewRow): SavedView {
  return { id, list, name, query, isShared: is_shared, owner, isOwn: is_own }
}

const userOf = (tx: Tx): string | null => tx.actor.userId ?? null

async function record(tx: Tx, id: string, action: string, after: object): Promise<void> {
  await appendAudit(tx, { action, entity: 'SavedView', entityId: id, after })
  await publishChange(tx, { entity: 'SavedView', id, segmentId: null })
}

const nameTaken = (name: string): Issue => ({
  path: ['name'],
  code: 'NAME_TAKEN',
  message: { en: `You already have a view named “${name}”; choose another name.`, zh: `您已有名为“${name}”的视图，请换一个名称。` },
})
