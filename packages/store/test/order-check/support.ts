import { readFileSync } from 'node:fs'
import type { Policy } from '@surety/engine'
import { checkOrder, publishPolicy, setLimit, type OrderCheckAnswer, type OrderCheckRequest, type User } from '../../src/index.ts'
import { makeCustomer, type World } from '../support.ts'

const orderPolicy = JSON.parse(
  readFileSync(new URL('../../../../rules/order-check/standard/policy.json', import.meta.url), 'utf8'),
) as Policy

export async function publishOrderPolicy(world: World): Promise<void> {
  await world.asSystem(tx => publishPolicy(tx, orderPolicy))
}

export interface Buyer {
  readonly customerId: string
  readonly accountId: string
  readonly number: string
}

export async function makeBuyer(world: World, limit: string): Promise<Buyer> {
  const buyer = await makeCustomer(world)
  await world.asSystem(tx => setLimit(tx, { accountId: buyer.accountId, kind: 'amount', amount: limit, reason: 'start' }))
  return buyer
}

let serial = 0

export function orderOf(world: World, buyer: Buyer, amount: string, fields: Partial<OrderCheckRequest> = {}): OrderCheckRequest {
  const number = (serial += 1)
  return {
    key: `k${number}`,
    segmentId: world.industrial.id,
    customerNumber: buyer.number,
    source: 'erp',
    orderNumber: `O${number}`,
    amount,
    currency: 'CNY',
    checkpoint: 'entered',
    ...fields,
  }
}

export async function check(world: World, request: OrderCheckRequest, who?: User): Promise<OrderCheckAnswer> {
  const result = await (who ? world.as(who, tx => checkOrder(tx, request)) : world.asSystem(tx => checkOrder(tx, request)))
  if (result.kind !== 'checked') throw new Error(result.kind)
  return result.answer
}
