import type { Request, Response } from 'express'
import { useApiKey, type Actor, type Sql } from '@surety/store'
import { includesSegment, segmentsOf, type Scope } from '../auth/scopes.ts'
import type { Context } from '../context.ts'
import { PROBLEMS, Refused } from './problem.ts'

/** Whom a REST request is from: an API key or a signed-in browser. */
export interface IngestCaller {
  /** Sees what the right opens, and no more. */
  readonly actor: Actor
  /** Tells the idempotency keys of one sender from those of another. */
  readonly source: string
}

export interface CallerDeps {
  readonly sql: Sql
  contextOf(request: Request, response: Response): Promise<Context>
}

export async function callerOf({ sql, contextOf }: CallerDeps, request: Request, response: Response, right: Scope): Promise<IngestCaller> {
  const token = /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '')?.[1]
  if (token) {
    const actor = await useApiKey(sql, token)
    if (!actor) throw PROBLEMS.signIn()
    if (!actor.scopes?.includes(right)) throw PROBLEMS.notAllowed()
    return { actor, source: `key:${actor.keyId}` }
  }
  const { viewer } = await contextOf(request, response)
  if (!viewer) throw PROBLEMS.signIn()
  const segments = segmentsOf(viewer.grants, right)
  if (segments.length === 0) throw PROBLEMS.notAllowed()
  const { id, personId } = viewer.user
  return { actor: { kind: 'user', userId: id, personId, segments }, source: `user:${id}` }
}

/** The segment that a request writes to: named by it, or the only one that there is to choose. */
export function targetSegment({ actor }: IngestCaller, asked: string | undefined): number {
  if (asked === undefined) {
    if (actor.segments !== '*' && actor.segments.length === 1) return actor.segments[0]!
    throw new Refused(400, 'SEGMENT_MISSING', { en: 'Say which segment it is for: ?segment=1.', zh: '请指明业务板块：?segment=1。' })
  }
  if (!/^\d{1,9}$/.test(asked))
    throw new Refused(400, 'UNKNOWN_SEGMENT', {
      en: `segment=${asked.slice(0, 40)} is not the id of a segment.`,
      zh: `segment=${asked.slice(0, 40)} 不是业务板块的编号。`,
    })
  if (!includesSegment(actor.segments, Number(asked))) throw PROBLEMS.notAllowed()
  return Number(asked)
}
