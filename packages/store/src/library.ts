import { FACT_DICTIONARY, GRADES } from '@surety/credit'
import {
  canonicalJson,
  diffPolicies,
  hashPolicy,
  type EnumValue,
  type FactDefinition,
  type Policy,
  type PolicyChange,
  type Text,
} from '@surety/engine'
import { requireUser } from './applications.ts'
import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import { documentsInForce, listPolicies } from './policies.ts'
import { openDraftsOf, openPolicyDraft, policyRight, savePolicyDraft, type PolicyDraft } from './policy-drafts.ts'
import { notAllowed, ok, type Issue, type Result } from './result.ts'
import type { Tx } from './sql.ts'

export const LIBRARY_KINDS = ['fact', 'list', 'condition', 'grade_scale'] as const
export type LibraryKind = (typeof LIBRARY_KINDS)[number]

/** Something that several policies have in common. Documents hold copies under its name, so that a version in force never changes by itself. */
export interface LibraryItem {
  readonly kind: LibraryKind
  readonly name: string
  readonly title: Text
  /** Null: not kept in the library yet, only found in policies. */
  readonly version: number | null
  readonly content: unknown
  readonly savedAt: Date | null
  readonly savedBy: string | null
  readonly comment: string | null
}

export interface LibraryUse {
  readonly policyId: string
  readonly in: 'in_force' | 'draft'
  /** JSON pointer. */
  readonly path: string
  /** Says what the item says now. */
  readonly isCurrent: boolean
  /** The version of the item whose content it has; null: a content of its own. */
  readonly version: number | null
}

export interface LibraryEffect {
  readonly policyId: string
  readonly changes: readonly PolicyChange[]
}

/** Every item: facts of the dictionary, what the library keeps, and what policies hold that it does not keep yet. */
export async function listLibrary(tx: Tx, kind?: LibraryKind): Promise<LibraryItem[]> {
  const items = [...FACTS, ...(await keptItems(tx)), ...(await foundItems(tx))]
  const seen = new Set<string>()
  return items.filter(item => {
    const key = `${item.kind} ${item.name}`
    return (kind === undefined || item.kind === kind) && !seen.has(key) && Boolean(seen.add(key))
  })
}

export async function findLibraryItem(tx: Tx, kind: LibraryKind, name: string): Promise<LibraryItem | undefined> {
  return (await listLibrary(tx, kind)).find(item => item.name === name)
}

/** Newest first. */
export async function libraryVersions(tx: Tx, kind: LibraryKind, name: string): Promise<LibraryItem[]> {
  return (await tx<ItemRow[]>`select * from library_versions where kind = ${kind} and name = ${name} order by version desc`).map(toItem)
}

/** Where an item is used: in policies in force and in open drafts. */
export async function usesOf(tx: Tx, kind: LibraryKind, name: string): Promise<LibraryUse[]> {
  const versions = await tx<{ version: number; content_hash: string }[]>`
    select version, content_hash from library_versions where kind = ${kind} and name = ${name} order by version desc`
  const policies = await listPolicies(tx)
  const drafts = await openDraftsOf(
    tx,
    policies.map(({ id }) => id),
  )
  const documents = [
    ...(await documentsInForce(tx)).map(document => ({ in: 'in_force' as const, document })),
    ...[...drafts.values()].map(({ document }) => ({ in: 'draft' as const, document })),
  ]
  return documents.flatMap(({ in: where, document }): LibraryUse[] =>
    placesOf(document, kind, name).map(({ path, content }) => {
      const hash = hashPolicy({ content })
      const version = versions.find(({ content_hash }) => content_hash === hash)?.version ?? null
      return {
        policyId: document.id,
        in: where,
        path,
        version,
        isCurrent: kind === 'fact' || (versions[0] !== undefined && versions[0].content_hash === hash),
      }
    }),
  )
}

/** What the next version of an item would change in every policy in force that uses it; nothing is written. */
export async function libraryEffect(tx: Tx, kind: LibraryKind, name: string, content: unknown): Promise<LibraryEffect[]> {
  return (await documentsInForce(tx)).flatMap(document => {
    if (placesOf(document, kind, name).length === 0) return []
    return [{ policyId: document.id, changes: diffPolicies(document, withItem(document, kind, name, content)) }]
  })
}

/** Keeps a new version of an item. Policies stay as they are until it is taken over into their drafts and agreed to. */
export async function saveLibraryItem(
  tx: Tx,
  item: {
    readonly kind: LibraryKind
    readonly name: string
    readonly title: Text
    readonly content: unknown
    readonly baseVersion: number | null
    readonly comment?: string | null
  },
): Promise<Result<LibraryItem>> {
  const userId = requireUser(tx)
  const { right } = await policyRight(tx, '')
  if (right !== 'everything') return notAllowed('POLICY_RIGHT_TOO_LOW')
  const issues = checkItem(item.kind, item.name, item.content)
  if (issues.length > 0) return { kind: 'invalid', issues }
  await tx`select pg_advisory_xact_lock(hashtextextended(${`library ${item.kind} ${item.name}`}, 5823009))`
  const [newest] = await libraryVersions(tx, item.kind, item.name)
  if ((newest?.version ?? null) !== item.baseVersion && newest) return { kind: 'conflict', current: newest }
  if (newest && canonicalJson(newest.content) === canonicalJson(item.content)) return ok(newest)
  const [row] = await tx<ItemRow[]>`
    insert into library_versions (kind, name, version, title, content, content_hash, comment, saved_by, saved_at)
    values (${item.kind}, ${item.name}, ${(newest?.version ?? 0) + 1}, ${tx.json(item.title as never)}, ${tx.json(item.content as never)}, ${hashPolicy({ content: item.content })},
      ${item.comment?.trim() || null}, ${userId}, ${tx.now}) returning *`
  await appendAudit(tx, {
    action: 'library.save',
    entity: 'LibraryItem',
    entityId: `${item.kind}:${item.name}`,
    reason: item.comment ?? null,
    before: newest && { version: newest.version, content: newest.content },
    after: { version: row!.version, content: item.content },
  })
  await publishChange(tx, { entity: 'LibraryItem', id: `${item.kind}:${item.name}`, segmentId: null })
  return ok(toItem(row!))
}

/** Takes the newest version of an item over into the drafts of policies; each goes its way through a change request. */
export async function applyLibraryItem(
  tx: Tx,
  kind: LibraryKind,
  name: string,
  policyIds: readonly string[],
): Promise<Result<PolicyDraft[]>> {
  const item = await findLibraryItem(tx, kind, name)
  if (!item || item.version === null) return { kind: 'notFound' }
  const drafts: PolicyDraft[] = []
  for (const policyId of policyIds) {
    const opened = await openPolicyDraft(tx, policyId)
    if (opened.kind !== 'ok') return opened as Result<PolicyDraft[]>
    const { id, revision, document, cases } = opened.value
    const saved = await savePolicyDraft(tx, { id, baseRevision: revision, document: withItem(document, kind, name, item.content), cases })
    if (saved.kind !== 'ok') return saved as Result<PolicyDraft[]>
    if (saved.value.kind === 'saved') drafts.push(saved.value.draft)
  }
  return ok(drafts)
}

const FACTS: readonly LibraryItem[] = FACT_DICTIONARY.map(({ key, family, ...definition }) => ({
  kind: 'fact',
  name: key,
  title: definition.label,
  version: 1,
  content: { ...definition, family },
  savedAt: null,
  savedBy: null,
  comment: null,
}))

async function keptItems(tx: Tx): Promise<LibraryItem[]> {
  return (await tx<ItemRow[]>`select distinct on (kind, name) * from library_versions order by kind, name, version desc`).map(toItem)
}

async function foundItems(tx: Tx): Promise<LibraryItem[]> {
  const found = (kind: LibraryKind, name: string, title: Text | undefined, content: unknown): LibraryItem => ({
    kind,
    name,
    title: title ?? { en: name, zh: name },
    version: null,
    content,
    savedAt: null,
    savedBy: null,
    comment: null,
  })
  const documents = await documentsInForce(tx)
  return [
    found('grade_scale', 'grade', { en: 'Grade', zh: '等级' }, { values: [...GRADES] }),
    ...documents.flatMap(({ lists = {}, conditions = {} }) => [
      ...Object.entries(lists).map(([name, list]) => found('list', name, list.title, list)),
      ...Object.entries(conditions).map(([name, condition]) => found('condition', name, condition.title, condition)),
    ]),
  ]
}

function placesOf(document: Policy, kind: LibraryKind, name: string): { readonly path: string; readonly content: unknown }[] {
  const own = (record: Readonly<Record<string, unknown>> | undefined, key: string): { path: string; content: unknown }[] =>
    record && Object.hasOwn(record, name)
      ? [{ path: `/${key}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, content: record[name] }]
      : []
  switch (kind) {
    case 'fact':
      return own(document.facts, 'facts')
    case 'list':
      return own(document.lists, 'lists')
    case 'condition':
      return own(document.conditions, 'conditions')
    case 'grade_scale':
      return (['facts', 'outputs'] as const).flatMap(key =>
        own(document[key], key).flatMap(({ path, content }) => {
          const { type, values } = content as FactDefinition
          return type === 'enum' ? [{ path: `${path}/values`, content: { values } }] : []
        }),
      )
  }
}

function withItem(document: Policy, kind: LibraryKind, name: string, content: unknown): Policy {
  switch (kind) {
    case 'fact':
      return document
    case 'list':
      return { ...document, lists: { ...document.lists, [name]: content as never } }
    case 'condition':
      return { ...document, conditions: { ...document.conditions, [name]: content as never } }
    case 'grade_scale': {
      const { values } = content as { values: readonly (string | EnumValue)[] }
      const scaled = <D extends FactDefinition>(record: Readonly<Record<string, D>>): Readonly<Record<string, D>> =>
        record[name]?.type === 'enum' ? { ...record, [name]: { ...record[name], values } } : record
      return { ...document, facts: scaled(document.facts), outputs: scaled(document.outputs) }
    }
  }
}

function checkItem(kind: LibraryKind, name: string, content: unknown): Issue[] {
  const issue = (path: string, code: string, en: string, zh: string): Issue[] => [{ path: [path], code, message: { en, zh } }]
  if (kind === 'fact')
    return issue('kind', 'FACTS_ARE_GIVEN', 'Facts come with the product; they can not be saved.', '事实由产品提供，不能保存。')
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_ -]{0,99}$/u.test(name))
    return issue('name', 'BAD_NAME', 'A name has letters, digits, spaces and hyphens.', '名称由文字、数字、空格和连字符组成。')
  if (content === null || typeof content !== 'object' || Array.isArray(content))
    return issue('content', 'WRONG_TYPE', 'The content is an object.', '内容应为对象。')
  const record = content as Readonly<Record<string, unknown>>
  if (kind !== 'condition') {
    const { values } = record
    if (!Array.isArray(values) || values.length === 0)
      return issue('content', 'NO_VALUES', 'The content has "values", a list that is not empty.', '内容须含非空的“values”列表。')
  } else if (!['all', 'any', 'not', 'condition'].some(key => key in record))
    return issue(
      'content',
      'NOT_A_CONDITION',
      'A condition has one of all, any, not or condition.',
      '条件须含 all、any、not 或 condition 之一。',
    )
  return []
}

interface ItemRow {
  readonly kind: LibraryKind
  readonly name: string
  readonly version: number
  readonly title: Text
  readonly content: unknown
  readonly comment: string | null
  readonly saved_by: string | null
  readonly saved_at: Date
}

function toItem(row: ItemRow): LibraryItem {
  return {
    kind: row.kind,
    name: row.name,
    title: row.title,
    version: row.version,
    content: row.content,
    savedAt: row.saved_at,
    savedBy: row.saved_by,
    comment: row.comment,
  }
}
