import { afterAll, beforeAll } from 'vitest'
import { createTestDatabase } from '../../../test/support/database.ts'
import {
  actorOf,
  asActor,
  connect,
  createCustomer,
  createSegment,
  createUser,
  findAccount,
  SYSTEM,
  type Actor,
  type NewUser,
  type RoleGrant,
  type Segment,
  type Sql,
  type Tx,
  type User,
} from '../src/index.ts'

/** A database of one's own for a test file, with two segments, and a clock that stands where it is put. */
export interface World {
  sql: Sql
  ownerUrl: string
  appUrl: string
  now: Date
  industrial: Segment
  consumer: Segment
  asSystem<T>(fn: (tx: Tx) => Promise<T>): Promise<T>
  as<T>(who: User | Actor, fn: (tx: Tx) => Promise<T>): Promise<T>
}

export function useWorld(): World {
  const world = { now: new Date('2026-03-05T08:00:00Z') } as World
  let drop: () => Promise<void>
  beforeAll(async () => {
    const database = await createTestDatabase()
    drop = database.drop
    const sql = connect(database.appUrl, { max: 40, clock: () => world.now })
    world.asSystem = fn => asActor(sql, SYSTEM, fn)
    world.as = (who, fn) => asActor(sql, 'login' in who ? actorOf(who) : who, fn)
    const [industrial, consumer] = await world.asSystem(async tx => [
      await createSegment(tx, { code: 'industrial', name: { en: 'Industrial', zh: '工业品' }, currency: 'CNY' }),
      await createSegment(tx, { code: 'consumer', name: { en: 'Consumer', zh: '消费品' }, currency: 'CNY' }),
    ])
    Object.assign(world, { sql, ownerUrl: database.ownerUrl, appUrl: database.appUrl, industrial, consumer })
  })
  afterAll(async () => {
    await world.sql?.end({ timeout: 1 })
    await drop?.()
  })
  return world
}

let serial = 0

export function makeUser(world: World, grants: readonly Partial<RoleGrant>[], user: Partial<NewUser> = {}): Promise<User> {
  const number = (serial += 1)
  return world.asSystem(tx =>
    createUser(tx, {
      name: `Person ${number}`,
      login: `user${number}`,
      grants: grants.map(({ role = 'sales', segmentId = null, authorityLevel = null }) => ({ role, segmentId, authorityLevel })),
      ...user,
    }),
  )
}

export async function makeCustomer(
  world: World,
  segment: Segment = world.industrial,
  currency = 'CNY',
): Promise<{ customerId: string; accountId: string; number: string }> {
  const number = `C${String((serial += 1)).padStart(5, '0')}`
  const { customer, accountId } = await world.asSystem(tx =>
    createCustomer(tx, { number, name: `Customer ${number} Co., Ltd.` }, { segmentId: segment.id, currency }),
  )
  return { customerId: customer.id, accountId, number }
}

export async function accountNow(world: World, id: string) {
  return (await world.asSystem(tx => findAccount(tx, id)))!
}
