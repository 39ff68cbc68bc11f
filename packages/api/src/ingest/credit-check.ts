import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import { CHECKPOINTS, parseMoney } from '@surety/credit'
import {
  AccountBusy,
  asActor,
  cancelOrder,
  createOrderDesk,
  isConnectionLoss,
  KeyRevoked,
  useApiKey,
  type OrderCheckRequest,
  type OrderCheckResult,
  type Sql,
} from '@surety/store'
import { z } from 'zod'
import { callerOf, targetSegment, type CallerDeps, type IngestCaller } from './caller.ts'
import { parameter } from './files.ts'
import { PROBLEMS, Refused, type Problem } from './problem.ts'
import { idempotencyKey } from './record-batch.ts'

/** What is done at `/v1/credit-checks`. */
export interface CheckDoor {
  /** Whether an order may go ahead, decided and reserved while the account is locked; the same key again gets the same answer. */
  check(request: Request, response: Response): Promise<void>
  /** An order that will not come: what it reserved is free again, and nothing holds it. */
  cancel(request: Request, response: Response): Promise<void>
}

export function createCheckDoor(deps: CallerDeps): CheckDoor {
  const desk = createOrderDesk(deps.sql)
  const callerBy = rememberKeys(deps)
  return {
    async check(request, response) {
      const caller = await callerBy(request, response)
      const segmentId = targetSegment(caller, parameter(request, 'segment'))
      const order = parseOrder(request.body)
      const asked: OrderCheckRequest = {
        ...order,
        key: order.isDryRun ? '' : `${caller.source}:${idempotencyKey(request)}`,
        segmentId,
        source: parameter(request, 'source') ?? 'file',
      }
      const { answer, isRepeated } = checkedOr(
        await desk.check({ ...caller.actor, segments: [segmentId] }, asked).catch(refusalOf),
        order.customerNumber,
      )
      const body = Buffer.from(JSON.stringify(answer))
      response
        .writeHead(200, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': body.length,
          'idempotent-replay': String(isRepeated),
        })
        .end(body)
    },
    async cancel(request, response) {
      const caller = await callerBy(request, response)
      const segmentId = targetSegment(caller, parameter(request, 'segment'))
      const order = { segmentId, source: parameter(request, 'source') ?? 'file', orderNumber: String(request.params['orderNumber']) }
      const isCancelled = await asActor(deps.sql, { ...caller.actor, segments: [segmentId] }, tx => cancelOrder(tx, order))
      response.json({ orderNumber: order.orderNumber, isCancelled })
    },
  }
}

/** The answer of a check, or why there is none. */
function checkedOr(result: OrderCheckResult, customerNumber: string): Extract<OrderCheckResult, { kind: 'checked' }> {
  switch (result.kind) {
    case 'noAccount':
      throw new Refused(404, 'UNKNOWN_CUSTOMER', {
        en: `Customer ${customerNumber} has no credit account in this segment.`,
        zh: `客户 ${customerNumber} 在本业务板块没有信用账户。`,
      })
    case 'noPolicy':
      throw new Refused(503, 'NO_POLICY_IN_FORCE', { en: 'No order-check policy is in force.', zh: '没有生效的订单检查策略。' })
    case 'mismatch':
      throw new Refused(409, 'IDEMPOTENCY_KEY_REUSED', {
        en: 'This Idempotency-Key was used for another check; a new check needs a new key.',
        zh: '该 Idempotency-Key 已用于其他检查；新的检查需使用新的键。',
      })
    case 'checked':
      return result
  }
}

/** How long a key is taken for what it was, its rights with it; whether it was revoked is asked with every check. */
const REMEMBER_MS = 30_000

function rememberKeys(deps: CallerDeps): (request: Request, response: Response) => Promise<IngestCaller> {
  const known = new Map<string, { readonly caller: IngestCaller; readonly until: number }>()
  return async (request, response) => {
    const token = /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '')?.[1]
    if (!token) return callerOf(deps, request, response, 'order.check')
    const digest = createHash('sha256').update(token).digest('base64')
    const remembered = known.get(digest)
    if (remembered && remembered.until > performance.now()) return remembered.caller
    known.delete(digest)
    const caller = await callerWithKey(deps.sql, token)
    if (known.size > 1000) known.clear()
    known.set(digest, { caller, until: performance.now() + REMEMBER_MS })
    return caller
  }
}

async function callerWithKey(sql: Sql, token: string): Promise<IngestCaller> {
  const actor = await useApiKeyAgain(sql, token)
  if (!actor) throw PROBLEMS.signIn()
  if (!actor.scopes?.includes('order.check')) throw PROBLEMS.notAllowed()
  return { actor, source: `key:${actor.keyId}` }
}

// As with the check itself: a connection that is lost is no answer.
async function useApiKeyAgain(sql: Sql, token: string, attempts = 5): Promise<Awaited<ReturnType<typeof useApiKey>>> {
  try {
    return await useApiKey(sql, token)
  } catch (error) {
    if (!isConnectionLoss(error) || attempts === 0) throw error
    return useApiKeyAgain(sql, token, attempts - 1)
  }
}

function refusalOf(error: unknown): never {
  if (error instanceof KeyRevoked) throw PROBLEMS.signIn()
  if (error instanceof AccountBusy)
    throw new Refused(503, 'ACCOUNT_BUSY', {
      en: 'The account was locked by others all the time; ask again with the same Idempotency-Key.',
      zh: '该账户一直被其他操作占用；请使用相同的 Idempotency-Key 重试。',
    })
  throw error
}

const Order = z.strictObject({
  customerNumber: z.string().min(1).max(100),
  orderNumber: z.string().min(1).max(100),
  amount: z.string(),
  currency: z.string(),
  checkpoint: z.enum(CHECKPOINTS).default('entered'),
  termsDays: z.int().min(0).max(3650).optional(),
  discountPercent: z.number().min(0).max(100).optional(),
  agreedDiscountPercent: z.number().min(0).max(100).optional(),
  isPrepaid: z.boolean().optional(),
  isDryRun: z.boolean().optional(),
  reserveForDays: z.int().min(1).max(365).optional(),
})

function parseOrder(body: unknown): Omit<OrderCheckRequest, 'key' | 'segmentId' | 'source'> {
  const parsed = Order.safeParse(parseJson(body))
  if (!parsed.success) {
    throw invalid(
      parsed.error.issues.map(({ path, code, message }) => ({
        path: path.map(String),
        code: code.toUpperCase(),
        message: { en: message, zh: `${path.join('.') || '请求体'}：取值无效。` },
      })),
    )
  }
  const money = parseMoney(parsed.data.amount, parsed.data.currency)
  if (money.kind === 'problem') throw invalid([{ path: ['amount'], code: money.code, message: money.message }])
  if (!(Number(money.money.amount) > 0))
    throw invalid([
      { path: ['amount'], code: 'NOT_POSITIVE', message: { en: 'The amount of an order is more than zero.', zh: '订单金额必须大于零。' } },
    ])
  return withoutAbsent({ ...parsed.data, amount: money.money.amount })
}

function invalid(issues: NonNullable<Problem['issues']>): Refused {
  return new Refused(400, 'INVALID_INPUT', { en: 'This is no order to check; see issues.', zh: '订单检查请求无效，详见 issues。' }, issues)
}

// Absent and undefined are one to JSON and two to types.
function withoutAbsent<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(utf8.decode(body instanceof Uint8Array ? body : new Uint8Array()))
  } catch {
    throw new Refused(400, 'NOT_JSON', { en: 'The body is not JSON.', zh: '请求体不是有效的 JSON。' })
  }
}
