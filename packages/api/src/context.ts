import type { Request, Response } from 'express'
import { actorOf, asActor, useSession, type Actor, type RoleGrant, type Sql, type Tx, type User } from '@surety/store'
import type { AuditCheck } from './audit-check.ts'
import { readSessionCookie, sessionCookie, type Place } from './auth/cookies.ts'
import type { RateLimit } from './auth/rate-limit.ts'
import { scopesOf, segmentsOf, type Scope } from './auth/scopes.ts'
import { SESSION_COOKIE_SECONDS, type Caller, type SignedIn } from './auth/sign-in.ts'
import type { Config } from './config.ts'
import { NotSignedIn } from './errors.ts'
import type { LiveHub } from './live/hub.ts'
import { createLoaders, type Loaders } from './loaders/index.ts'
import { createReader, type Reader } from './reader.ts'

export interface Viewer {
  readonly user: User
  readonly grants: readonly RoleGrant[]
  readonly token: string
}

export interface ContextDeps {
  readonly config: Config
  readonly sql: Sql
  readonly live: LiveHub
  readonly signInLimit: RateLimit
  /** Whether the record still is what was sealed. */
  readonly auditCheck: () => Promise<AuditCheck>
}

/** What the work of one request knows: who asks, and what they may touch. */
export interface Context extends ContextDeps {
  /** Undefined when signed out. */
  readonly viewer: Viewer | undefined
  readonly caller: Caller
  /** Rows that are loaded one by one and fetched together. */
  readonly load: Loaders
  /** Reads in the segments where the viewer holds the right. */
  read<T>(right: Right, fn: (tx: Tx) => Promise<T>): Promise<T>
  /** One transaction in the same segments; what was loaded before is forgotten after it. */
  write<T>(right: Right, fn: (tx: Tx) => Promise<T>): Promise<T>
  /** From now on this request and this browser are theirs; undefined: nobody's. */
  become(signedIn: SignedIn | undefined): void
}

/** `signedIn`: wherever the viewer holds any role. */
export type Right = Scope | 'signedIn'

export function createContextFactory(deps: ContextDeps): (request: Request, response: Response) => Promise<Context> {
  return async (request, response) => {
    const place: Place = { isSecure: request.secure, host: request.host ?? '' }
    const token = readSessionCookie(request, place)
    // An open tab listens for changes whether or not anybody sits before it.
    const isPresence = !request.get('accept')?.includes('text/event-stream')
    const user = token ? await useSession(deps.sql, token, { isPresence }) : undefined
    return createContext(deps, request, response, place, token && user ? { user, token } : undefined)
  }
}

function createContext(deps: ContextDeps, request: Request, response: Response, place: Place, signedIn: SignedIn | undefined): Context {
  let viewer = signedIn && viewerOf(signedIn)
  let readers = new Map<string, Reader>()
  let loaders: Loaders | undefined
  const context: Context = {
    ...deps,
    get viewer() {
      return viewer
    },
    get load() {
      return (loaders ??= createLoaders(context))
    },
    caller: { address: request.ip ?? '', userAgent: request.get('user-agent'), previousToken: signedIn?.token },
    async read(right, fn) {
      const actor = actorFor(viewer, right)
      const key = String(actor.segments)
      const reader = readers.get(key) ?? createReader(deps.sql, actor)
      readers.set(key, reader)
      return reader(fn)
    },
    async write(right, fn) {
      const value = await asActor(deps.sql, actorFor(viewer, right), fn)
      loaders = undefined
      return value
    },
    become(next) {
      viewer = next && viewerOf(next)
      readers = new Map()
      loaders = undefined
      response.append('Set-Cookie', sessionCookie(place, next?.token ?? '', SESSION_COOKIE_SECONDS))
    },
  }
  return context
}

function viewerOf({ user, token }: SignedIn): Viewer {
  return { user, grants: user.grants, token }
}

function actorFor(viewer: Viewer | undefined, right: Right): Actor {
  if (!viewer) throw new NotSignedIn()
  const actor = actorOf(viewer.user, scopesOf(viewer.grants))
  return right === 'signedIn' ? actor : { ...actor, segments: segmentsOf(viewer.grants, right) }
}
