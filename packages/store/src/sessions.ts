import { createHash, randomBytes } from 'node:crypto'
import { appendAudit } from './audit.ts'
import { asActor, SYSTEM, type Sql, type Tx } from './sql.ts'
import { findUser, type User } from './users.ts'

export interface NewSession {
  /** For the cookie; never stored. */
  readonly token: string
  readonly expiresAt: Date
}

/** A session ends when nothing was asked for so long. */
export const SESSION_IDLE_MS = 8 * 3_600_000
/** A session ends after so long whatever happens. */
export const SESSION_LIFETIME_MS = 7 * 86_400_000

export interface SessionOptions {
  readonly userAgent?: string
  /** That of the same browser before; it ends, so that the token changes with every sign-in. */
  readonly previousToken?: string
}

/** Signs in. */
export async function startSession(tx: Tx, userId: string, options: SessionOptions = {}): Promise<NewSession> {
  if (options.previousToken !== undefined) await tx`delete from sessions where token_hash = ${hashOf(options.previousToken)}`
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(tx.now.getTime() + SESSION_LIFETIME_MS)
  await tx`
    insert into sessions (token_hash, user_id, created_at, last_seen_at, expires_at, user_agent)
    values (${hashOf(token)}, ${userId}, ${tx.now}, ${tx.now}, ${expiresAt}, ${options.userAgent?.slice(0, 400) ?? null})`
  await appendAudit(tx, { action: 'session.start', entity: 'User', entityId: userId })
  return { token, expiresAt }
}

/**
 * The user behind a token; undefined when unknown, idle too long, too old, or its user is disabled.
 * The session is marked as seen, unless nobody need be there for the request, as when a tab stays open.
 */
export async function useSession(sql: Sql, token: string, options: { readonly isPresence?: boolean } = {}): Promise<User | undefined> {
  return asActor(sql, SYSTEM, async tx => {
    const [row] = await tx<{ user_id: string; last_seen_at: Date }[]>`
      select s.user_id, s.last_seen_at from sessions s join users u on u.id = s.user_id
      where s.token_hash = ${hashOf(token)} and u.status = 'active' and s.expires_at > ${tx.now} and s.last_seen_at > ${idleSince(tx.now)}`
    if (!row) return undefined
    // Once a minute is enough, and spares a write on every request.
    if (options.isPresence !== false && tx.now.getTime() - row.last_seen_at.getTime() > 60_000)
      await tx`update sessions set last_seen_at = ${tx.now} where token_hash = ${hashOf(token)}`
    return findUser(tx, row.user_id)
  })
}

/** Signs out. */
export async function endSession(tx: Tx, token: string): Promise<void> {
  const [row] = await tx<{ user_id: string }[]>`delete from sessions where token_hash = ${hashOf(token)} returning user_id`
  if (row) await appendAudit(tx, { action: 'session.end', entity: 'User', entityId: row.user_id })
}

export async function endSessionsOf(tx: Tx, userId: string): Promise<void> {
  await tx`delete from sessions where user_id = ${userId}`
}

export async function deleteExpiredSessions(sql: Sql): Promise<number> {
  const now = sql.clock()
  const { count } = await sql`delete from sessions where expires_at <= ${now} or last_seen_at <= ${idleSince(now)}`
  return count
}

function idleSince(now: Date): Date {
  return new Date(now.getTime() - SESSION_IDLE_MS)
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
