import type { Request, Response } from 'express'
import { CHECKPOINTS, parseMoney } from '@surety/credit'
import { asActor, checkOrder, type OrderCheckRequest } from '@surety/store'
import { z } from 'zod'
import { callerOf, targetSegment, type CallerDeps } from './caller.ts'
import { parameter } from './files.ts'
import { Refused, type Problem } from './problem.ts'
import { idempotencyKey } from './record-batch.ts'

/** Whether an order may go ahead, decided and reserved while the account is locked; the same key again gets the same answer. */
export async function checkCredit(deps: CallerDeps, request: Request, response: Response): Promise<void> {
  const caller = await callerOf(deps, request, response, 'order.check')
  const segmentId = targetSegment(caller, parameter(request, 'segment'))
  const order = parseOrder(request.body)
  const asked: OrderCheckRequest = {
    ...order,
    key: order.isDryRun ? '' : `${caller.source}:${idempotencyKey(request)}`,
    segmentId,
    source: parameter(request, 'source') ?? 'file',
  }
  const result = await asActor(deps.sql, { ...caller.actor, segments: [segmentId] }, tx => checkOrder(tx, asked))
  switch (result.kind) {
    case 'noAccount':
      throw new Refused(404, 'UNKNOWN_CUSTOMER', {
        en: `Customer ${order.customerNumber} has no credit account in this segment.`,
        zh: `客户 ${order.customerNumber} 在本业务板块没有信用账户。`,
      })
    case 'noPolicy':
      throw new Refused(503, 'NO_POLICY_IN_FORCE', { en: 'No order-check policy is in force.', zh: '没有生效的订单检查策略。' })
    case 'mismatch':
      throw new Refused(409, 'IDEMPOTENCY_KEY_REUSED', {
        en: 'This Idempotency-Key was used for another check; a new check needs a new key.',
        zh: '该 Idempotency-Key 已用于其他检查；新的检查需使用新的键。',
      })
    case 'checked':
      response.set('Idempotent-Replay', String(result.isRepeated)).json(result.answer)
  }
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

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body instanceof Uint8Array ? body : new Uint8Array()))
  } catch {
    throw new Refused(400, 'NOT_JSON', { en: 'The body is not JSON.', zh: '请求体不是有效的 JSON。' })
  }
}
