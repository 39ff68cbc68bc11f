import { describe, expect, it } from 'vitest'
import postgres from 'postgres'
import {
  attachToSecurity,
  changeSecurity,
  decideSecurity,
  documentsOfSecurities,
  exposuresOf,
  findHold,
  findSecurity,
  listAudit,
  listSecurities,
  proposeSecurity,
  putBlob,
  reviewHolds,
  setLimit,
  tellExpiredSecurities,
  withdrawSecurity,
  type Security,
  type SecurityTerms,
  type User,
} from '../src/index.ts'
import { check, makeBuyer, orderOf, publishOrderPolicy } from './order-check/support.ts'
import { makeCustomer, makeUser, useWorld } from './support.ts'

const world = useWorld()

const terms = (accountId: string, fields: Partial<SecurityTerms> = {}): SecurityTerms => ({
  type: 'guarantee',
  effect: 'raises-limit',
  value: '50000.00',
  currency: 'CNY',
  percentage: 50,
  effectiveFrom: '2026-03-01',
  expiresOn: '2026-12-31',
  provider: 'First Bank',
  policyNumber: 'G-1',
  parts: [{ accountId, amount: '50000.00' }],
  ...fields,
})
const propose = async (who: User, security: SecurityTerms): Promise<Security> => {
  const result = await world.as(who, tx => proposeSecurity(tx, security))
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result))
  return result.value
}
const accept = (who: User, { id, version }: Security) => world.as(who, tx => decideSecurity(tx, { id, version, outcome: 'accept' }))
const people = async (): Promise<{ officer: User; approver: User }> => ({
  officer: await makeUser(world, [{ role: 'risk_officer' }]),
  approver: await makeUser(world, [{ role: 'approver', authorityLevel: 1 }]),
})

describe('securities', () => {
  it('raises a limit of 100,000 by a guarantee of 50,000 at 50 % to 125,000, once another person has accepted it', async () => {
    const { officer, approver } = await people()
    const { accountId } = await makeCustomer(world)
    await world.asSystem(tx => setLimit(tx, { accountId, kind: 'amount', amount: '100000', reason: 'start' }))
    const room = async () => (await world.asSystem(tx => exposuresOf(tx, [accountId]))).get(accountId)!.available
    const proposed = await propose(officer, terms(accountId))
    expect({ state: proposed.state, worth: proposed.worth, room: await room() }).toEqual({
      state: 'proposed',
      worth: '25000.00',
      room: '100000.00',
    })
    expect(await accept(officer, proposed)).toMatchObject({ kind: 'refused', code: 'OWN_PROPOSAL' })
    expect(await accept(approver, proposed)).toMatchObject({ kind: 'ok', value: { state: 'in-force' } })
    expect(Number(await room())).toBe(125_000)
    expect(
      (await world.asSystem(tx => listAudit(tx, { entity: 'Security', entityId: proposed.id }, {}))).edges.map(({ node }) => node.action),
    ).toEqual(['security.accept', 'security.propose'])
  })

  it('is refused by the database itself when who proposed it accepts it', async () => {
    const { officer } = await people()
    const { accountId } = await makeCustomer(world)
    const { id } = await propose(officer, terms(accountId))
    await expect(
      world.asSystem(
        tx => tx`update securities set status = 'accepted', decided_at = now(), decided_by_person = proposed_by_person where id = ${id}`,
      ),
    ).rejects.toThrow(/securities_four_eyes/)
  })

  it('never raises the limit and reduces exposure at once: the database refuses an instrument with the other effect', async () => {
    const { officer, approver } = await people()
    const { accountId } = await makeCustomer(world)
    const proposed = await propose(officer, terms(accountId))
    await accept(approver, proposed)
    await expect(
      world.asSystem(tx => tx`update instruments set effect = 'reduces-exposure' where security_id = ${proposed.id}`),
    ).rejects.toThrow(/foreign key/)
  })

  it('is shared by several accounts in parts that never exceed its value, its cap shared with it', async () => {
    const { officer, approver } = await people()
    const [first, second] = [await makeCustomer(world), await makeCustomer(world)]
    const parts = [
      { accountId: first.accountId, amount: '30000.00' },
      { accountId: second.accountId, amount: '20000.00' },
    ]
    const tooMuch = await world.as(officer, tx => proposeSecurity(tx, terms('0', { value: '49999.99', parts })))
    expect(tooMuch).toMatchObject({ kind: 'invalid', issues: [{ path: ['parts'], code: 'MORE_THAN_VALUE' }] })
    await expect(
      world.asSystem(async tx => {
        const [row] = await tx<{ id: string }[]>`
          insert into securities (segment_id, type, effect, value, currency, percentage, effective_from, created_at, updated_at)
          values (${world.industrial.id}, 'deposit', 'raises-limit', 10, 'CNY', 100, '2026-01-01', now(), now()) returning id`
        await tx`insert into security_parts (security_id, segment_id, account_id, amount) values (${row!.id}, ${world.industrial.id}, ${first.accountId}, 11)`
      }),
    ).rejects.toThrow(/parts of security/)
    await accept(approver, await propose(officer, terms('0', { percentage: 100, cap: '33333.33', parts })))
    const raised = await world.asSystem(tx => exposuresOf(tx, [first.accountId, second.accountId]))
    expect([first, second].map(({ accountId }) => Number(raised.get(accountId)!.raisedBy))).toEqual([19999.99, 13333.33])
  })

  it('names every account that it can not stand for', async () => {
    const { officer } = await people()
    const mine = await makeCustomer(world)
    const other = await makeCustomer(world, world.consumer)
    const parts = [mine, other, mine].map(({ accountId }) => ({ accountId, amount: '1.00' }))
    const result = await world.as(officer, tx =>
      proposeSecurity(tx, terms('0', { expiresOn: '2026-01-01', parts: [...parts, { accountId: '999999', amount: '1.00' }] })),
    )
    expect(result.kind === 'invalid' && result.issues.map(({ code }) => code)).toEqual([
      'UNKNOWN_ACCOUNT',
      'SEVERAL_SEGMENTS',
      'ACCOUNT_TWICE',
      'ENDS_BEFORE_IT_BEGINS',
    ])
  })

  it('is changed by a proposal that takes its place when it is accepted', async () => {
    const { officer, approver } = await people()
    const { accountId } = await makeCustomer(world)
    const first = await propose(officer, terms(accountId))
    await accept(approver, first)
    expect(await world.as(officer, tx => changeSecurity(tx, { id: first.id, version: 2 }, terms(accountId)))).toMatchObject({
      code: 'NOT_PROPOSED',
    })
    const next = await world.as(officer, tx => proposeSecurity(tx, terms(accountId, { percentage: 80 }), { replacesId: first.id }))
    if (next.kind !== 'ok') throw new Error(next.kind)
    const raised = async () => Number((await world.asSystem(tx => exposuresOf(tx, [accountId]))).get(accountId)!.raisedBy)
    expect(await raised()).toBe(25_000)
    await accept(approver, next.value)
    expect(await raised()).toBe(40_000)
    expect((await world.asSystem(tx => findSecurity(tx, first.id)))!.state).toBe('withdrawn')
  })

  it('frees a held order when it is accepted, and one that it carried is seen when its cover is withdrawn or expires', async () => {
    await publishOrderPolicy(world)
    const { officer, approver } = await people()
    const buyer = await makeBuyer(world, '10000')
    const held = await check(world, orderOf(world, buyer, '30000'))
    const security = await propose(officer, terms(buyer.accountId, { percentage: 100 }))
    await accept(approver, security)
    await reviewHolds(world.sql)
    expect(await world.asSystem(tx => findHold(tx, held.holdId!))).toMatchObject({ status: 'released', releasedBy: null })
    const second = await check(world, orderOf(world, buyer, '40000'))
    expect(second.action).toBe('hold')
    world.now = new Date('2027-01-02T08:00:00Z')
    expect(await tellExpiredSecurities(world.sql)).toBeGreaterThan(0)
    expect(await tellExpiredSecurities(world.sql)).toBe(0)
    expect((await reviewHolds(world.sql)).reviewed).toBe(1)
    expect(
      await world.asSystem(tx => listSecurities(tx, { states: ['expired'], customerId: buyer.customerId }, { field: 'expiresOn' }, {})),
    ).toMatchObject({
      totalCount: 1,
    })
    world.now = new Date('2026-03-05T08:00:00Z')
    const now = (await world.asSystem(tx => findSecurity(tx, security.id)))!
    const withdrawn = await world.as(officer, tx =>
      withdrawSecurity(tx, { id: now.id, version: now.version, reason: 'the insurer cancelled' }),
    )
    expect(withdrawn).toMatchObject({ kind: 'ok', value: { state: 'withdrawn', withdrawalReason: 'the insurer cancelled' } })
    expect(Number((await world.asSystem(tx => exposuresOf(tx, [buyer.accountId]))).get(buyer.accountId)!.raisedBy)).toBe(0)
  })

  it('is made of every instrument that an import writes, and follows it', async () => {
    const { customerId } = await makeCustomer(world)
    await world.asSystem(
      tx => tx`
        insert into instruments (segment_id, customer_id, type, effect, value, currency, percentage, recorded_on, effective_from, reference)
        values (${world.industrial.id}, ${customerId}, 'insurance', 'reduces-exposure', 900, 'CNY', 90, '2026-01-01', '2026-01-01', 'P-7')`,
    )
    const found = async () =>
      (await world.asSystem(tx => listSecurities(tx, { customerId }, { field: 'createdAt' }, {}))).edges.map(({ node }) => node)
    expect(await found()).toMatchObject([{ isImported: true, state: 'in-force', policyNumber: 'P-7', worth: '810.00' }])
    await world.asSystem(
      tx => tx`update instruments set withdrawn_on = '2026-03-01', effect = 'raises-limit' where customer_id = ${customerId}`,
    )
    expect(await found()).toMatchObject([{ state: 'withdrawn', effect: 'raises-limit', withdrawnOn: '2026-03-01' }])
  })

  it('keeps the papers that belong to it', async () => {
    const { officer } = await people()
    const { accountId } = await makeCustomer(world)
    const { id } = await propose(officer, terms(accountId))
    await world.as(officer, async tx => {
      const blob = await putBlob(
        tx,
        (async function* () {
          yield Buffer.from('signed')
        })(),
      )
      await attachToSecurity(tx, id, { name: 'guarantee.pdf', ...blob })
    })
    expect((await world.as(officer, tx => documentsOfSecurities(tx, [id]))).get(id)).toMatchObject([
      { name: 'guarantee.pdf', size: 6, addedBy: officer.id },
    ])
  })

  it('gives instruments that were there before it a security each', async () => {
    const sql = postgres(world.ownerUrl, { max: 1 })
    const [row] = await sql<{ count: string }[]>`select count(*) from instruments where security_id is null`
    await sql.end()
    expect(row!.count).toBe('0')
  })
})
