import { readFileSync } from 'node:fs'
import { compile, hashPolicy, type Policy } from '@surety/engine'
import { beforeAll, expect, it } from 'vitest'
import {
  addDocuments,
  addPayments,
  applyPayments,
  countAlerts,
  findDecision,
  handleAlert,
  indicatorValuesOf,
  listAlerts,
  publishPolicy,
  reviewAlerts,
  setLimit,
  type Alert,
  type AlertReview,
  type WarningPolicy,
} from '../src/index.ts'
import { makeCustomer, makeUser, useWorld } from './support.ts'

const document = JSON.parse(readFileSync(new URL('../../../rules/early-warning/standard/policy.json', import.meta.url), 'utf8')) as Policy
const policy: WarningPolicy = { id: document.id, version: 1, hash: hashPolicy(document), compiled: compile(document) }
const world = useWorld()
let serial = 0

beforeAll(() => world.asSystem(tx => publishPolicy(tx, document)))

const day = (text: string): void => void (world.now = new Date(`${text}T08:00:00Z`))
const review = (customerId: string): Promise<AlertReview> =>
  world.asSystem(tx => reviewAlerts(tx, { customerId, segmentId: world.industrial.id }, policy))
const alertsOf = async (customerId: string): Promise<Alert[]> =>
  (
    await world.asSystem(tx =>
      listAlerts(tx, { customerId, statuses: ['open', 'acknowledged', 'acting', 'closed'], withSnoozed: true }, { first: 50 }),
    )
  ).edges.map(({ node }) => node)

async function makeDebtor(amount: string, dueOn: string): Promise<{ customerId: string; invoice: string }> {
  const { customerId, accountId } = await makeCustomer(world)
  return world.asSystem(async tx => {
    await setLimit(tx, { accountId, kind: 'amount', amount: '1000000', reason: 'start' })
    const { ids } = await addDocuments(tx, [
      {
        segmentId: world.industrial.id,
        customerId,
        type: 'invoice',
        number: `I${(serial += 1)}`,
        source: 'erp',
        issuedOn: '2026-01-01',
        dueOn,
        currency: 'CNY',
        amount,
      },
    ])
    return { customerId, invoice: ids[0]! }
  })
}

async function pay(customerId: string, documentId: string, amount: string): Promise<void> {
  const on = world.now.toISOString().slice(0, 10)
  await world.asSystem(async tx => {
    const { ids } = await addPayments(tx, [
      { segmentId: world.industrial.id, customerId, number: `P${(serial += 1)}`, source: 'bank', receivedOn: on, currency: 'CNY', amount },
    ])
    await applyPayments(tx, [{ source: { kind: 'payment', id: ids[0]! }, documentId, amount, on }])
  })
}

it('opens an alert at its threshold, makes it graver, and closes it by itself when the figure is back', async () => {
  day('2026-02-17')
  const { customerId, invoice } = await makeDebtor('1000', '2026-02-01')
  expect(await review(customerId)).toEqual({ opened: 2, changed: 0, closed: 0 })
  const ofOverdue = async (): Promise<Alert> => (await alertsOf(customerId)).find(({ indicator }) => indicator === 'oldest-overdue')!
  expect(await ofOverdue()).toMatchObject({ severity: 'warn', status: 'open', value: 16, threshold: 15, clearAt: 10 })
  expect(await review(customerId)).toEqual({ opened: 0, changed: 0, closed: 0 })
  day('2026-03-20')
  expect((await review(customerId)).changed).toBeGreaterThan(0)
  expect(await ofOverdue()).toMatchObject({ severity: 'critical', value: 47 })
  expect(await world.asSystem(countAlerts)).toMatchObject({ critical: 2 })
  await pay(customerId, invoice, '1000')
  expect((await review(customerId)).closed).toBe(2)
  expect(await ofOverdue()).toMatchObject({ status: 'closed', closedBy: null, value: 0 })
})

it('says which numbers made it, and the decision computes to the same again', async () => {
  day('2026-02-17')
  const { customerId } = await makeDebtor('1000', '2026-02-01')
  await review(customerId)
  for (const alert of await alertsOf(customerId)) {
    const decision = await world.asSystem(tx => findDecision(tx, alert.decisionId))
    const again = policy.compiled.decide(decision!.facts, { trace: true })
    const named = [...((again.outputs['warnings'] as string[]) ?? []), ...((again.outputs['criticals'] as string[]) ?? [])]
    expect(named).toContain(alert.indicator)
    if (alert.fact !== null) expect(decision!.facts[alert.fact]).toEqual(alert.value)
  }
  day('2026-02-19')
  await review(customerId)
  const alerts = await alertsOf(customerId)
  const values = await world.asSystem(tx => indicatorValuesOf(tx, alerts))
  const overdue = alerts.find(({ indicator }) => indicator === 'oldest-overdue')!
  expect(values.get(overdue.id)).toEqual([
    { day: '2026-02-17', value: 16 },
    { day: '2026-02-19', value: 18 },
  ])
})

it('stands while the figure is between its threshold and where it clears, and cools down after it closed', async () => {
  day('2026-02-17')
  const { customerId, invoice } = await makeDebtor('950000', '2026-06-01')
  await review(customerId)
  const utilisation = async (): Promise<Alert | undefined> =>
    (await alertsOf(customerId)).find(({ indicator }) => indicator === 'utilisation')
  expect(await utilisation()).toMatchObject({ severity: 'warn', value: 95 })
  // 87 % is below the threshold of 90 and above the 85 at which it clears.
  await pay(customerId, invoice, '80000')
  await review(customerId)
  expect(await utilisation()).toMatchObject({ status: 'open' })
  await pay(customerId, invoice, '40000')
  expect((await review(customerId)).closed).toBe(1)
  day('2026-02-20')
  const bill = () =>
    world.asSystem(tx =>
      addDocuments(tx, [
        {
          segmentId: world.industrial.id,
          customerId,
          type: 'invoice',
          number: `I${(serial += 1)}`,
          source: 'erp',
          issuedOn: '2026-02-20',
          dueOn: '2026-06-01',
          currency: 'CNY',
          amount: '100000',
        },
      ]),
    )
  await bill()
  // Three days after it closed, of the seven that it cools down: quiet.
  expect((await review(customerId)).opened).toBe(0)
  day('2026-02-25')
  expect((await review(customerId)).opened).toBe(1)
  expect((await alertsOf(customerId)).filter(({ indicator }) => indicator === 'utilisation')).toHaveLength(2)
})

it('is one a day and indicator, however many look at once', async () => {
  day('2026-02-17')
  const { customerId } = await makeDebtor('1000', '2026-02-01')
  const reviews = await Promise.all(Array.from({ length: 10 }, () => review(customerId)))
  expect(reviews.reduce((sum, { opened }) => sum + opened, 0)).toBe(2)
  expect(await alertsOf(customerId)).toHaveLength(2)
})

it('is acknowledged, snoozed with a reason, acted on and closed by people; what grows graver comes back', async () => {
  day('2026-02-17')
  const { customerId } = await makeDebtor('1000', '2026-02-01')
  await review(customerId)
  const collector = await makeUser(world, [{ role: 'collector' }])
  const [alert] = (await alertsOf(customerId)).filter(({ indicator }) => indicator === 'oldest-overdue')
  const act = (version: number, what: Parameters<typeof handleAlert>[3]) =>
    world.as(collector, tx => handleAlert(tx, alert!.id, version, what))
  expect(await act(1, { kind: 'acknowledge' })).toMatchObject({ kind: 'ok', value: { status: 'acknowledged', handledBy: collector.id } })
  expect(await act(1, { kind: 'acknowledge' })).toMatchObject({ kind: 'conflict' })
  expect(await act(2, { kind: 'snooze', until: '2026-02-17', comment: 'Paid tomorrow' })).toMatchObject({
    kind: 'invalid',
    issues: [{ code: 'NOT_LATER' }],
  })
  expect(await act(2, { kind: 'close', comment: ' ' })).toMatchObject({ kind: 'invalid', issues: [{ code: 'EMPTY' }] })
  expect(await act(2, { kind: 'snooze', until: '2026-04-01', comment: 'Paid soon' })).toMatchObject({ kind: 'ok' })
  const shown = () => world.asSystem(tx => listAlerts(tx, { customerId }, { first: 10 }))
  expect((await shown()).edges.map(({ node }) => node.id)).not.toContain(alert!.id)
  day('2026-03-20')
  await review(customerId)
  expect((await shown()).edges.map(({ node }) => node.id)).toContain(alert!.id)
  const graver = (await alertsOf(customerId)).find(({ id }) => id === alert!.id)!
  expect(await act(graver.version, { kind: 'close', comment: 'Written off' })).toMatchObject({
    kind: 'ok',
    value: { status: 'closed', closedBy: collector.id },
  })
})
