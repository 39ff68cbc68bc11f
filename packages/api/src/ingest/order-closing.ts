import type { Request, Response } from 'express'
import { setOrderClosed } from '@surety/store'
import { z } from 'zod'
import type { CallerDeps } from './caller.ts'
import { PROBLEMS, Refused } from './problem.ts'
import { answerOf, answerOnce, bodyOf, idempotencyKey } from './record-batch.ts'

/** Closes an order, or opens it again; opened again it is checked as a new one, and held if it does not pass. */
export async function closeOrder(deps: CallerDeps, isClosed: boolean, request: Request, response: Response): Promise<void> {
  const body = bodyOf(request)
  const orderNumber = String(request.params['number'])
  const verb = isClosed ? 'close' : 'reopen'
  const { on } = parseClosing(body)
  await answerOnce(deps, request, response, { key: `${verb}:${orderNumber}:${idempotencyKey(request)}`, body }, async (tx, target) => {
    const receipt = await setOrderClosed(tx, { ...target, orderNumber, on }, isClosed)
    if (!receipt) throw PROBLEMS.notFound()
    return answerOf(receipt, { kind: 'orders', segmentId: target.segmentId, name: `${verb} ${orderNumber}`, tellsLines: false })
  })
}

const Closing = z.strictObject({ on: z.iso.date().optional() })

function parseClosing(body: string): z.infer<typeof Closing> {
  if (body.trim() === '') return {}
  const parsed = Closing.safeParse(jsonOf(body))
  if (parsed.success) return parsed.data
  throw new Refused(400, 'INVALID_INPUT', {
    en: 'The body is empty, or says the day: {"on": "2026-01-31"}.',
    zh: '请求体为空，或指明日期：{"on": "2026-01-31"}。',
  })
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
