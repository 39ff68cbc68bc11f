import type { Request, Response } from 'express'
import { asActor, importErrors, ingestRecords, receiveOnce, type ImportKind } from '@surety/store'
import { callerOf, targetSegment, type CallerDeps } from './caller.ts'
import { parameter, summaryOf } from './files.ts'
import { Refused } from './problem.ts'
import { parseRecords } from './records.ts'

const TOLD_ERRORS = 100

/** Takes a batch of records in and applies those that are right; the same key again gets the same answer and changes nothing. */
export async function takeRecords(deps: CallerDeps, kind: ImportKind, request: Request, response: Response): Promise<void> {
  const caller = await callerOf(deps, request, response, 'import.write')
  const segmentId = targetSegment(caller, parameter(request, 'segment'))
  const key = idempotencyKey(request)
  const body = bodyOf(request)
  const records = parseRecords(body, Boolean(request.is('application/x-ndjson')))
  const source = parameter(request, 'source')
  const actor = { ...caller.actor, segments: [segmentId] }
  const received = await asActor(deps.sql, actor, tx =>
    receiveOnce(tx, { source: caller.source, key: `${kind}:${key}`, segmentId, body }, async () => {
      const taken = await ingestRecords(deps.sql, actor, { name: `${kind} ${key}`, segmentId, kind, records, ...(source && { source }) })
      const errors = await asActor(deps.sql, actor, own => importErrors(own, taken.id, { first: TOLD_ERRORS }))
      return { ...summaryOf(taken), errors: errors.edges.map(({ node }) => node), errorCount: errors.totalCount }
    }),
  )
  if (received.kind === 'mismatch') {
    throw new Refused(409, 'IDEMPOTENCY_KEY_REUSED', {
      en: 'This Idempotency-Key was used for another body; a new delivery needs a new key.',
      zh: '该 Idempotency-Key 已用于其他内容；新的数据需使用新的键。',
    })
  }
  response.set('Idempotent-Replay', String(received.kind === 'repeated')).json(received.response)
}

/** What tells a repeated request from a new one. */
export function idempotencyKey(request: Request): string {
  const key = request.get('idempotency-key') ?? ''
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key
  throw new Refused(400, 'IDEMPOTENCY_KEY_MISSING', {
    en: 'Send an Idempotency-Key of 1 to 200 visible characters, the same one when you repeat the request.',
    zh: '请提供 1 至 200 个可见字符的 Idempotency-Key；重发同一请求时使用相同的键。',
  })
}

function bodyOf(request: Request): string {
  const body: unknown = request.body
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body instanceof Uint8Array ? body : new Uint8Array())
  } catch {
    throw new Refused(400, 'NOT_UTF8', { en: 'The body is not UTF-8.', zh: '请求体不是 UTF-8 编码。' })
  }
}
