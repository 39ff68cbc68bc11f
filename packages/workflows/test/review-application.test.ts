import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReviewWorld } from '../../../test/support/review-world.ts'
import { reviewApplicationId } from '../src/contract/index.ts'
import { HISTORIES, openWorkshop, until, type Workshop } from './support.ts'

let workshop: Workshop
let world: ReviewWorld

beforeAll(async () => {
  workshop = await openWorkshop()
  world = workshop.world
}, 180_000)

afterAll(() => workshop?.close(), 60_000)

const endOf = (applicationId: string): Promise<unknown> => workshop.endOf(reviewApplicationId(applicationId))
const record = (name: string, applicationId: string): Promise<void> => workshop.record(name, reviewApplicationId(applicationId))

describe('reviewing an application', () => {
  test('passes two levels and puts the limit in force', async () => {
    const { id } = await world.submit()
    await world.approve(id, 1)
    await world.approve(id, 2)
    expect(await endOf(id)).toBe('approved')
    expect(await world.effectsOf(id)).toMatchObject({ status: 'approved', limits: 1, limitInForce: '600000', tasks: 2, votes: 2 })
    await record('approved-at-two-levels', id)
  })

  test('ends at the first level that rejects', async () => {
    const { id } = await world.submit()
    await world.approve(id, 1)
    await world.decide(id, 2, 'reject')
    expect(await endOf(id)).toBe('rejected')
    expect(await world.effectsOf(id)).toMatchObject({ status: 'rejected', limits: 0 })
    await record('rejected-at-the-second-level', id)
  })

  test('begins again when a returned application comes back, and asks every level anew', async () => {
    const { id } = await world.submit()
    await world.approve(id, 1)
    await world.decide(id, 2, 'return')
    await until(async () => (await world.read(id)).status === 'returned')
    await world.resubmit(id)
    await world.approve(id, 1)
    await world.approve(id, 2)
    expect(await endOf(id)).toBe('approved')
    expect(await world.effectsOf(id)).toMatchObject({
      status: 'approved',
      limits: 1,
      limitInForce: '500000',
      decisions: 6,
      tasks: 4,
      votes: 4,
    })
    await record('approved-in-the-second-round', id)
  })

  test('gives up a returned application after 180 days', async () => {
    const { id } = await world.submit()
    await world.decide(id, 1, 'return')
    expect(await endOf(id)).toBe('rejected')
    const { events } = await workshop.client.workflow.getHandle(reviewApplicationId(id)).fetchHistory()
    const sleptSeconds = (events ?? []).reduce(
      (sum, event) => sum + Number(event.timerStartedEventAttributes?.startToFireTimeout?.seconds ?? 0),
      0,
    )
    expect(sleptSeconds / 86_400).toBeGreaterThanOrEqual(180)
    expect(await world.effectsOf(id)).toMatchObject({ status: 'rejected', limits: 0 })
    await record('expired', id)
  })

  test('ends when its maker withdraws it', async () => {
    const { id } = await world.submit()
    await until(async () => (await world.effectsOf(id)).tasks === 1)
    await world.withdraw(id)
    expect(await endOf(id)).toBe('withdrawn')
    expect(await world.effectsOf(id)).toMatchObject({ status: 'withdrawn', limits: 0 })
    await record('withdrawn', id)
  })
})

describe('recorded histories', () => {
  const histories = readdirSync(HISTORIES).filter(file => file.endsWith('.json'))

  test.each(histories)('%s replays', async file => {
    await Worker.runReplayHistory({ workflowBundle: workshop.bundle }, JSON.parse(readFileSync(join(HISTORIES, file), 'utf8')))
  })

  test.each([
    ['approved-at-two-levels.json', 'book.takeApplicationOn(', 'book.takeApprovalOn('],
    ['matter-approved-at-two-levels.json', 'book.takeApprovalOn(', 'book.takeApplicationOn('],
    ['version-into-force.json', 'wakeUps > seen, outcome.waitMs)', 'wakeUps > seen)'],
  ])('%s does not replay on a workflow that takes another way', async (file, from, to) => {
    const { bundle } = workshop
    const mutant = { ...bundle, code: bundle.code.replaceAll(from, to) }
    expect(mutant.code).not.toBe(bundle.code)
    const history = JSON.parse(readFileSync(join(HISTORIES, file), 'utf8'))
    await expect(Worker.runReplayHistory({ workflowBundle: mutant }, history)).rejects.toThrow(/nondeterminism/i)
  })
})
