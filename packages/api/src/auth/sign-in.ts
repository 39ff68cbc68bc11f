import {
  asActor,
  actorOf,
  endSession,
  findUserByLogin,
  SESSION_LIFETIME_MS,
  startSession,
  SYSTEM,
  verifyPassword,
  type Sql,
  type User,
} from '@surety/store'
import { NotAllowed } from '../errors.ts'
import { createRateLimit, type RateLimit } from './rate-limit.ts'
import { scopesOf } from './scopes.ts'

/** Where a sign-in comes from. */
export interface Caller {
  readonly address: string
  readonly userAgent: string | undefined
  /** The session that the browser had until now. */
  readonly previousToken: string | undefined
}

export interface SignedIn {
  readonly user: User
  readonly token: string
}

export const SESSION_COOKIE_SECONDS = SESSION_LIFETIME_MS / 1000

export function createSignInLimit(): RateLimit {
  return createRateLimit(30, 60_000)
}

/** By password. Unknown, wrong, disabled and locked are one answer: it tells nobody which logins there are. */
export async function signInByPassword(sql: Sql, limit: RateLimit, caller: Caller, login: string, password: string): Promise<SignedIn> {
  takeTurn(sql, limit, caller)
  const attempt = await verifyPassword(sql, login, password)
  if (attempt.kind !== 'ok') throw new NotAllowed(REFUSED, 'SIGN_IN_REFUSED')
  return startSignedIn(sql, attempt.user, caller)
}

/** As one of the people of the demo company; only these, whatever else is in the database. */
export async function signInAsDemoUser(sql: Sql, limit: RateLimit, caller: Caller, login: string): Promise<SignedIn> {
  takeTurn(sql, limit, caller)
  const user = await asActor(sql, SYSTEM, tx => findUserByLogin(tx, login))
  if (!user?.isDemo || user.status !== 'active') throw new NotAllowed(REFUSED, 'SIGN_IN_REFUSED')
  return startSignedIn(sql, user, caller)
}

export async function signOut(sql: Sql, user: User, token: string): Promise<void> {
  await asActor(sql, actorOf(user, scopesOf(user.grants)), tx => endSession(tx, token))
}

/** Opens a session for somebody who has shown who they are. */
export async function startSignedIn(sql: Sql, user: User, { userAgent, previousToken }: Caller): Promise<SignedIn> {
  const session = await asActor(sql, actorOf(user, scopesOf(user.grants)), tx =>
    startSession(tx, user.id, { ...(userAgent && { userAgent: userAgent.slice(0, 200) }), ...(previousToken && { previousToken }) }),
  )
  return { user, token: session.token }
}

/** Counts an attempt of this address; throws when there were too many. */
export function takeTurn(sql: Sql, limit: RateLimit, { address }: Caller): void {
  if (!limit.take(address, sql.clock().getTime())) throw new NotAllowed(TOO_MANY, 'TOO_MANY_ATTEMPTS')
}

const REFUSED = {
  en: 'The login or password is wrong, or the login is locked for a while after too many attempts.',
  zh: '登录名或密码错误，或因多次失败已暂时锁定。',
}
const TOO_MANY = { en: 'Too many attempts from here; wait a minute.', zh: '尝试过于频繁，请稍候一分钟。' }
