import type { Request, Response } from 'express'
import { asActor, receiveOnce, takeRecords, type DeliveryReceipt, type RecordKind, type Tx } from '@surety/store'
import { callerOf, targetSegment, type CallerDeps } from './caller.ts'
import { parameter } from './files.ts'
import { Refused } from './problem.ts'
import { parseRecords } from './records.ts'
import { retryDeadlocks } from './retry-deadlocks.ts'

const TOLD_ERRORS = 1000

/** Takes a batch of records in and applies those that are right; the same key again gets the same answer and changes nothing. */
export async function takeBatch(deps: CallerDeps, kind: RecordKind, request: Request, response: Response): Promise<void> {
  const body = bodyOf(request)
  const key = idempotencyKey(request)
  const records = parseRecords(body, Boolean(request.is('application/x-ndjson')))
  await answerOnce(deps, request, response, { key: `${kind}:${key}`, body }, async (tx, { segmentId, source }) =>
    answerOf(await takeRecords(tx, { kind, segmentId, source, name: `${kind} ${key}`, records }), {
      kind,
      segmentId,
      name: `${kind} ${key}`,
      // Ten thousand times “new” is for those who ask.
      tellsLines: request.query['lines'] === 'all',
    }),
  )
}

/** What a sender asks for under a key, done and answered in one transaction; the same again gets the same answer. */
export async function answerOnce(
  deps: CallerDeps,
  request: Request,
  response: Response,
  { key, body }: { readonly key: string; readonly body: string },
  act: (tx: Tx, target: { readonly segmentId: number; readonly source: string }) => Promise<object>,
): Promise<void> {
  const caller = await callerOf(deps, request, response, 'import.write')
  const segmentId = targetSegment(caller, parameter(request, 'segment'))
  const source = parameter(request, 'source') ?? 'file'
  // The sender was let into the segment; the numbers it brings may be known in others, so the work itself sees all.
  const actor = { ...caller.actor, segments: '*' as const }
  const received = await retryDeadlocks(() =>
    asActor(deps.sql, actor, tx => receiveOnce(tx, { source: caller.source, key, segmentId, body }, () => act(tx, { segmentId, source }))),
  )
  if (received.kind === 'mismatch') {
    throw new Refused(409, 'IDEMPOTENCY_KEY_REUSED', {
      en: 'This Idempotency-Key was used for another body; a new delivery needs a new key.',
      zh: '该 Idempotency-Key 已用于其他内容；新的数据需使用新的键。',
    })
  }
  response.set('Idempotent-Replay', String(received.kind === 'repeated')).json(received.response)
}

/** What machines are told of a delivery. */
export function answerOf(
  { id, counts, errors, lines, checks }: DeliveryReceipt,
  {
    kind,
    segmentId,
    name,
    tellsLines,
  }: { readonly kind: RecordKind; readonly segmentId: number; readonly name: string; readonly tellsLines: boolean },
): object {
  return {
    id,
    status: 'applied',
    kind,
    segment: String(segmentId),
    fileName: name,
    rowsTotal: counts.rows,
    rowsDone: counts.rows,
    counts,
    error: null,
    version: 1,
    errors: errors.slice(0, TOLD_ERRORS),
    errorCount: errors.length,
    checks,
    ...(tellsLines && { lines }),
  }
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

/** The body as text, which it has to be. */
export function bodyOf(request: Request): string {
  const body: unknown = request.body
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body instanceof Uint8Array ? body : new Uint8Array())
  } catch {
    throw new Refused(400, 'NOT_UTF8', { en: 'The body is not UTF-8.', zh: '请求体不是 UTF-8 编码。' })
  }
}
