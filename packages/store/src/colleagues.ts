import { createHash, randomBytes } from 'node:crypto'
import { appendAudit } from './audit.ts'
import { setPassword } from './passwords.ts'
import { NOT_FOUND, ok, type Issue, type Result } from './result.ts'
import type { Tx } from './sql.ts'
import { createUser, findUser, findUserByLogin, listUsers, type NewUser, type User } from './users.ts'

/** A user as who keeps the house sees them. */
export interface Colleague extends User {
  readonly email: string | null
  readonly lastSeenAt: Date | null
  /** Until when the link to set a password holds, where one is out. */
  readonly invitedUntil: Date | null
}

export interface Invitation {
  readonly user: User
  /** For the link; never stored. */
  readonly token: string
  readonly expiresAt: Date
}

export const INVITATION_MS = 7 * 86_400_000

/** Who has a role in the actor's segments, or had the last one taken; active ones first, by name. */
export async function listColleagues(tx: Tx): Promise<Colleague[]> {
  const rows = await tx<{ id: string; email: string | null; last_seen_at: Date | null; invited_until: Date | null }[]>`
    select u.id, p.email, (select max(s.last_seen_at) from sessions s where s.user_id = u.id) as last_seen_at,
      (select i.expires_at from invitations i where i.user_id = u.id and i.used_at is null and i.expires_at > ${tx.now}) as invited_until
    from users u join persons p on p.id = u.person_id
    where (select visible_segments()) is null or not exists (select from user_roles r where r.user_id = u.id)
      or exists (select from user_roles r where r.user_id = u.id and (r.segment_id is null or r.segment_id = any ((select visible_segments())::int[])))`
  const known = new Map(rows.map(row => [row.id, row]))
  const colleagues = (await listUsers(tx)).flatMap(user => {
    const row = known.get(user.id)
    return row ? [{ ...user, email: row.email, lastSeenAt: row.last_seen_at, invitedUntil: row.invited_until }] : []
  })
  return colleagues.toSorted(
    (left, right) => left.status.localeCompare(right.status) || left.name.localeCompare(right.name) || Number(left.id) - Number(right.id),
  )
}

/**
 * Makes a login without a password, and the link by which its person sets one.
 * Somebody whose address is known already is the same natural person with a further login: four eyes count persons.
 */
export async function inviteUser(tx: Tx, user: NewUser & { readonly email: string }): Promise<Result<Invitation>> {
  if (await findUserByLogin(tx, user.login)) return { kind: 'invalid', issues: [loginTaken(user.login)] }
  const [person] = await tx<{ id: string }[]>`select id from persons where lower(email) = lower(${user.email}) order by id limit 1`
  const created = await createUser(tx, { ...user, ...(person && { personId: person.id }) })
  return ok(await invite(tx, created))
}

/** A new link for somebody who lost theirs, or their password; the old link ends. */
export async function renewInvitation(tx: Tx, userId: string): Promise<Result<Invitation>> {
  const user = await findUser(tx, userId)
  return user?.status === 'active' ? ok(await invite(tx, user)) : NOT_FOUND
}

/** Sets the password that an invitation is for; undefined when the link is unknown, used, too old, or its user disabled. */
export async function acceptInvitation(tx: Tx, token: string, password: string): Promise<User | undefined> {
  const [row] = await tx<{ user_id: string }[]>`
    update invitations set used_at = ${tx.now} where token_hash = ${hashOf(token)} and used_at is null and expires_at > ${tx.now}
      and exists (select from users u where u.id = invitations.user_id and u.status = 'active')
    returning user_id`
  if (!row) return undefined
  await setPassword(tx, row.user_id, password)
  return findUser(tx, row.user_id)
}

/** Whose invitation it is, for greeting them. */
export async function findInvited(tx: Tx, token: string): Promise<User | undefined> {
  const [row] = await tx<{ user_id: string }[]>`
    select user_id from invitations where token_hash = ${hashOf(token)} and used_at is null and expires_at > ${tx.now}`
  const user = row && (await findUser(tx, row.user_id))
  return user?.status === 'active' ? user : undefined
}

async function invite(tx: Tx, user: User): Promise<Invitation> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(tx.now.getTime() + INVITATION_MS)
  await tx`delete from invitations where user_id = ${user.id} and used_at is null`
  await tx`
    insert into invitations (token_hash, user_id, invited_by, created_at, expires_at)
    values (${hashOf(token)}, ${user.id}, ${tx.actor.userId ?? null}, ${tx.now}, ${expiresAt})`
  await appendAudit(tx, { action: 'user.invite', entity: 'User', entityId: user.id, after: { expiresAt } })
  return { user, token, expiresAt }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

const loginTaken = (login: string): Issue => ({
  path: ['login'],
  code: 'LOGIN_TAKEN',
  message: { en: `The login “${login}” is taken; choose another.`, zh: `登录名“${login}”已被使用，请另选一个。` },
})
