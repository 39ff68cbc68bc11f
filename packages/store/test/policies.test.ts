import type { Policy } from '@surety/engine'
import { describe, expect, it } from 'vitest'
import {
  findDecisions,
  findPolicyVersions,
  listDecisions,
  listPolicies,
  policiesInForce,
  policyInForce,
  publishPolicy,
  recordDecision,
  syncPolicies,
  versionsOf,
  type NewDecision,
  type PolicyVersion,
} from '../src/index.ts'
import { samplePolicy } from './sample-policy.ts'
import { makeCustomer, useWorld } from './support.ts'

const world = useWorld()
const named = (id: string, en = 'Sample'): Policy => ({ ...samplePolicy, id, title: { en, zh: '示例' } })

describe('publishing', () => {
  it('numbers versions without gaps, and the same content is no new version', async () => {
    const id = 'publish/one'
    const first = await world.asSystem(tx => publishPolicy(tx, named(id)))
    expect(await world.asSystem(tx => publishPolicy(tx, { $schema: 'x', ...named(id) }))).toEqual(first)
    const races = await Promise.all(
      Array.from({ length: 6 }, (_, index) => world.asSystem(tx => publishPolicy(tx, named(id, `Title ${index}`)))),
    )
    expect(races.map(({ version }) => version).toSorted((left, right) => left - right)).toEqual([2, 3, 4, 5, 6, 7])
    expect((await world.asSystem(tx => versionsOf(tx, [id]))).get(id)!.map(({ version }) => version)).toEqual([7, 6, 5, 4, 3, 2, 1])
  })

  it('takes effect at its moment, and a rollback is the old content published anew', async () => {
    const id = 'publish/two'
    const publish = (en: string, effectiveFrom: string): Promise<PolicyVersion> =>
      world.asSystem(tx => publishPolicy(tx, named(id, en), { effectiveFrom: new Date(effectiveFrom) }))
    await publish('old', '2026-01-01')
    await publish('new', '2026-04-01')
    const at = (moment?: string) => world.asSystem(tx => policyInForce(tx, id, moment === undefined ? undefined : new Date(moment)))
    expect(await at('2025-12-31')).toBeUndefined()
    expect(await at()).toMatchObject({ version: 1 })
    expect(await at('2026-04-01')).toMatchObject({ version: 2 })
    await publish('old', '2026-05-01')
    expect(await at('2026-05-02')).toMatchObject({ version: 3, document: { title: { en: 'old' } } })
  })

  it('can’t be undone or changed', async () => {
    await expect(world.asSystem(tx => tx`update policy_versions set document = '{}'`)).rejects.toThrow()
    await expect(world.asSystem(tx => tx`delete from policy_versions`)).rejects.toThrow()
  })
})

describe('policies that came with the product', () => {
  it('are published when they differ', async () => {
    const sync = (...documents: Policy[]) => world.asSystem(tx => syncPolicies(tx, documents))
    expect(await sync(named('sync/a'), named('sync/b'))).toEqual({
      published: [
        { policyId: 'sync/a', version: 1 },
        { policyId: 'sync/b', version: 1 },
      ],
    })
    expect(await sync(named('sync/a'), named('sync/b', 'better'))).toEqual({ published: [{ policyId: 'sync/b', version: 2 }] })
    expect(
      await world.asSystem(tx =>
        findPolicyVersions(tx, [
          { policyId: 'sync/b', version: 2 },
          { policyId: 'sync/b', version: 9 },
        ]),
      ),
    ).toMatchObject([{ version: 2, publishedBy: null }, undefined])
  })

  it('are found by kind', async () => {
    await world.asSystem(tx => publishPolicy(tx, { ...named('kind/x'), kind: 'dunning' }))
    expect((await world.asSystem(tx => policiesInForce(tx, 'dunning'))).map(({ policyId }) => policyId)).toEqual(['kind/x'])
    expect((await world.asSystem(listPolicies)).find(({ id }) => id === 'kind/x')).toMatchObject({
      kind: 'dunning',
      title: { en: 'Sample' },
    })
  })
})

describe('decisions', () => {
  it('are recorded once under a key, with the facts and the version that made them', async () => {
    const { customerId } = await makeCustomer(world)
    const { policyId, version, hash } = await world.asSystem(tx => publishPolicy(tx, named('decide')))
    const result = {
      policy: { id: policyId, version, hash },
      outcome: 'refer' as const,
      isUnknown: false,
      outputs: { grade: 'B' },
      reasons: [],
      requirements: [],
      events: [],
      missing: [],
    }
    const decision: NewDecision = {
      segmentId: world.industrial.id,
      customerId,
      kind: 'assessment',
      policyId,
      policyVersion: version,
      policyHash: hash,
      asOf: '2026-03-05',
      facts: { overdueTotal: '12.00' },
      result,
      key: 'once',
    }
    const made = await Promise.all(Array.from({ length: 5 }, () => world.asSystem(tx => recordDecision(tx, decision))))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect((await world.asSystem(tx => findDecisions(tx, [made[0]!.id]))).get(made[0]!.id)).toMatchObject({
      facts: { overdueTotal: '12.00' },
      outcome: 'refer',
      result,
    })
    await world.asSystem(tx => recordDecision(tx, { ...decision, key: 'twice' }))
    expect(await world.asSystem(tx => listDecisions(tx, customerId, { first: 1 }))).toMatchObject({ totalCount: 2, hasNextPage: true })
    await expect(world.asSystem(tx => recordDecision(tx, { ...decision, key: 'x', policyHash: 'other' }))).rejects.toThrow(/foreign key/)
  })
})
