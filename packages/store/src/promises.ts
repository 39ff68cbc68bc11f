import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import type { Tx } from './sql.ts'

export interface NewPromise {
  readonly segmentId: number
  readonly customerId: string
  readonly amount: string
  readonly currency: string
  readonly madeOn: string
  readonly dueOn: string
  readonly note?: string
}

/** The customer says that it will pay so much by a day. Gives back the id of the promise. */
export async function makePromise(tx: Tx, { segmentId, customerId, amount, currency, madeOn, dueOn, note }: NewPromise): Promise<string> {
  const [made] = await tx<{ id: string }[]>`
    insert into promises_to_pay (segment_id, customer_id, amount, currency, made_on, due_on, note)
    values (${segmentId}, ${customerId}, ${amount}, ${currency}, ${madeOn}, ${dueOn}, ${note ?? null}) returning id`
  await record(tx, 'promise.make', customerId, segmentId, { promiseId: made!.id, amount, currency, dueOn })
  return made!.id
}

export async function settlePromise(tx: Tx, id: string, state: 'kept' | 'broken' | 'cancelled', on: string): Promise<void> {
  const [settled] = await tx<{ customer_id: string; segment_id: number }[]>`
    update promises_to_pay set state = ${state}, settled_on = ${on} where id = ${id} and state = 'open' returning customer_id, segment_id`
  if (settled) await record(tx, 'promise.settle', settled.customer_id, settled.segment_id, { promiseId: id, state, settledOn: on })
}

async function record(tx: Tx, action: string, customerId: string, segmentId: number, after: unknown): Promise<void> {
  await appendAudit(tx, { action, entity: 'Customer', entityId: customerId, segmentId, after })
  await publishChange(tx, { entity: 'Customer', id: customerId, customerId, segmentId })
}
