import { verify } from '@node-rs/argon2'
import { appendAudit } from './audit.ts'
import { hashPassword } from './password-hash.ts'
import { asActor, SYSTEM, type Sql, type Tx } from './sql.ts'
import { endSessionsOf } from './sessions.ts'
import { findUser, type User } from './users.ts'

export type SignInAttempt =
  | { readonly kind: 'ok'; readonly user: User }
  /** Unknown login, wrong password or disabled: not told apart. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'locked'; readonly until: Date }

/** Sets a password and ends all sessions that were opened with the old one. */
export async function setPassword(tx: Tx, userId: string, password: string): Promise<void> {
  await tx`update users set password_hash = ${await hashPassword(password)}, failed_attempts = 0, locked_until = null where id = ${userId}`
  await endSessionsOf(tx, userId)
  await appendAudit(tx, { action: 'user.password', entity: 'User', entityId: userId })
}

/** Checks a password, counts failures, and locks the login for a growing time after five in a row. */
export async function verifyPassword(sql: Sql, login: string, password: string): Promise<SignInAttempt> {
  const [known] = await sql<CredentialRow[]>`select id, password_hash, status, locked_until from users where lower(login) = lower(${login})`
  const now = sql.clock()
  if (known?.locked_until && known.locked_until > now) return { kind: 'locked', until: known.locked_until }
  // An unknown login takes as long as a wrong password.
  const isRight = await verify(known?.password_hash ?? (await DECOY), password).catch(() => false)
  if (!known) return { kind: 'refused' }
  return asActor(sql, SYSTEM, async tx => {
    if (isRight && known.password_hash !== null && known.status === 'active') {
      await tx`update users set failed_attempts = 0, locked_until = null where id = ${known.id} and (failed_attempts > 0 or locked_until is not null)`
      return { kind: 'ok', user: (await findUser(tx, known.id))! }
    }
    const [row] = await tx<
      { failed_attempts: number }[]
    >`update users set failed_attempts = failed_attempts + 1 where id = ${known.id} returning failed_attempts`
    const until = lockedUntil(row!.failed_attempts, now)
    if (until) await tx`update users set locked_until = ${until} where id = ${known.id}`
    await appendAudit(tx, {
      action: 'user.signInFailed',
      entity: 'User',
      entityId: known.id,
      after: { failedAttempts: row!.failed_attempts, lockedUntil: until },
    })
    return until ? { kind: 'locked', until } : { kind: 'refused' }
  })
}

interface CredentialRow {
  readonly id: string
  readonly password_hash: string | null
  readonly status: User['status']
  readonly locked_until: Date | null
}

const DECOY = hashPassword('nobody has this password')
const FREE_ATTEMPTS = 5
const LONGEST_LOCK_MS = 60 * 60_000

function lockedUntil(failedAttempts: number, now: Date): Date | null {
  if (failedAttempts < FREE_ATTEMPTS) return null
  return new Date(now.getTime() + Math.min(LONGEST_LOCK_MS, 60_000 * 2 ** (failedAttempts - FREE_ATTEMPTS)))
}
