import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import { hashPassword } from './password-hash.ts'
import type { Actor, Tx } from './sql.ts'
import { releaseWorkOf } from './substitutions.ts'

export const ROLES = ['risk_officer', 'approver', 'analyst', 'collector', 'sales', 'auditor', 'admin'] as const
export type Role = (typeof ROLES)[number]

export interface RoleGrant {
  readonly role: Role
  /** Null: every segment. */
  readonly segmentId: number | null
  /** Approvers: the highest level at which they decide. */
  readonly authorityLevel: number | null
}

/** A login of a natural person. */
export interface User {
  readonly id: string
  readonly personId: string
  readonly name: string
  readonly login: string
  readonly language: 'zh-CN' | 'en'
  readonly isDemo: boolean
  readonly status: 'active' | 'disabled'
  readonly preferences: Readonly<Record<string, unknown>>
  readonly grants: readonly RoleGrant[]
}

export interface NewUser {
  readonly name: string
  readonly login: string
  readonly email?: string
  readonly language?: 'zh-CN' | 'en'
  readonly password?: string
  readonly isDemo?: boolean
  /** An existing person who gets a further login. */
  readonly personId?: string
  readonly grants: readonly RoleGrant[]
}

/** The user at work: they see the segments of their grants. */
export function actorOf(user: User, scopes: readonly string[] = []): Actor {
  const segmentIds = user.grants.map(({ segmentId }) => segmentId)
  const segments = segmentIds.includes(null) ? '*' : [...new Set(segmentIds as number[])].toSorted((left, right) => left - right)
  return { kind: 'user', userId: user.id, personId: user.personId, segments, scopes }
}

export async function createUser(tx: Tx, user: NewUser): Promise<User> {
  const personId = user.personId ?? (await createPerson(tx, user))
  const passwordHash = user.password === undefined ? null : await hashPassword(user.password)
  const [row] = await tx<{ id: string }[]>`
    insert into users (person_id, login, password_hash, language, is_demo, created_at)
    values (${personId}, ${user.login}, ${passwordHash}, ${user.language ?? 'zh-CN'}, ${user.isDemo ?? false}, ${tx.now}) returning id`
  await writeGrants(tx, row!.id, user.grants)
  await recordUser(tx, row!.id, { action: 'user.create', after: { login: user.login, name: user.name, grants: user.grants } })
  return (await findUser(tx, row!.id))!
}

export async function findUser(tx: Tx, id: string): Promise<User | undefined> {
  return (await findUsers(tx, [id])).get(id)
}

export async function findUserByLogin(tx: Tx, login: string): Promise<User | undefined> {
  const [row] = await tx<UserRow[]>`${selectUsers(tx)} where lower(u.login) = lower(${login})`
  return row && toUser(row)
}

export async function findUsers(tx: Tx, ids: readonly string[]): Promise<Map<string, User>> {
  const rows = await tx<UserRow[]>`${selectUsers(tx)} where u.id = any (${ids as string[]}::bigint[])`
  return new Map(rows.map(row => [row.id, toUser(row)]))
}

/** In the order in which they were made. */
export async function listUsers(tx: Tx): Promise<User[]> {
  return (await tx<UserRow[]>`${selectUsers(tx)} order by u.id`).map(toUser)
}

export async function listDemoUsers(tx: Tx): Promise<User[]> {
  return (await tx<UserRow[]>`${selectUsers(tx)} where u.is_demo and u.status = 'active' order by u.id`).map(toUser)
}

export async function setGrants(tx: Tx, userId: string, grants: readonly RoleGrant[], reason: string): Promise<User | undefined> {
  const before = await findUser(tx, userId)
  if (!before) return undefined
  await tx`delete from user_roles where user_id = ${userId}`
  await writeGrants(tx, userId, grants)
  await recordUser(tx, userId, { action: 'user.grant', reason, before: { grants: before.grants }, after: { grants } })
  return { ...before, grants }
}

/** Also ends all their sessions. */
export async function disableUser(tx: Tx, userId: string, reason: string): Promise<void> {
  await changeStatus(tx, userId, 'disabled', reason)
  await tx`delete from sessions where user_id = ${userId}`
  // What lay on the desk of somebody without a login goes on.
  const [gone] = await tx<{ person_id: string }[]>`
    select person_id from users u where u.id = ${userId} and not exists (select from users o where o.person_id = u.person_id and o.status = 'active')`
  if (gone) await releaseWorkOf(tx, gone.person_id)
}

export async function enableUser(tx: Tx, userId: string, reason: string): Promise<void> {
  await changeStatus(tx, userId, 'active', reason)
}

export interface PreferencesChange {
  readonly language?: 'zh-CN' | 'en'
  /** Laid over those that there are. */
  readonly preferences?: Readonly<Record<string, unknown>>
}

export async function updatePreferences(tx: Tx, userId: string, change: PreferencesChange): Promise<User | undefined> {
  const before = await findUser(tx, userId)
  if (!before) return undefined
  const after = { language: change.language ?? before.language, preferences: { ...before.preferences, ...change.preferences } }
  await tx`update users set language = ${after.language}, preferences = ${tx.json(after.preferences as never)} where id = ${userId}`
  await recordUser(tx, userId, {
    action: 'user.preferences',
    before: { language: before.language, preferences: before.preferences },
    after,
  })
  return { ...before, ...after }
}

interface UserRow {
  readonly id: string
  readonly person_id: string
  readonly name: string
  readonly login: string
  readonly language: User['language']
  readonly is_demo: boolean
  readonly status: User['status']
  readonly preferences: Record<string, unknown>
  readonly grants: RoleGrant[]
}

function selectUsers(tx: Tx) {
  return tx`
    select u.id, u.person_id, p.name, u.login, u.language, u.is_demo, u.status, u.preferences,
      coalesce((select jsonb_agg(jsonb_build_object('role', r.role, 'segmentId', r.segment_id, 'authorityLevel', r.authority_level) order by r.id)
        from user_roles r where r.user_id = u.id), '[]') as grants
    from users u join persons p on p.id = u.person_id`
}

function toUser({ id, person_id, name, login, language, is_demo, status, preferences, grants }: UserRow): User {
  return { id, personId: person_id, name, login, language, isDemo: is_demo, status, preferences, grants }
}

async function createPerson(tx: Tx, { name, email }: NewUser): Promise<string> {
  const [row] = await tx<
    { id: string }[]
  >`insert into persons (name, email, created_at) values (${name}, ${email ?? null}, ${tx.now}) returning id`
  return row!.id
}

async function writeGrants(tx: Tx, userId: string, grants: readonly RoleGrant[]): Promise<void> {
  for (const { role, segmentId, authorityLevel } of grants) {
    await tx`insert into user_roles (user_id, role, segment_id, authority_level) values (${userId}, ${role}, ${segmentId}, ${authorityLevel})`
  }
}

async function changeStatus(tx: Tx, userId: string, status: User['status'], reason: string): Promise<void> {
  const { count } = await tx`update users set status = ${status} where id = ${userId} and status <> ${status}`
  if (count === 0) return
  await recordUser(tx, userId, { action: status === 'active' ? 'user.enable' : 'user.disable', reason, after: { status } })
}

async function recordUser(tx: Tx, id: string, act: { action: string; reason?: string; before?: unknown; after?: unknown }): Promise<void> {
  await appendAudit(tx, { ...act, entity: 'User', entityId: id })
  await publishChange(tx, { entity: 'User', id, segmentId: null })
}
