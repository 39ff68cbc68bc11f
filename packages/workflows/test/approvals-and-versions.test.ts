import {
  actorOf,
  asActor,
  createCustomer,
  createSegment,
  createUser,
  decideTask,
  findApproval,
  publishPolicy,
  recallPolicyVersion,
  startApproval,
  stepsOf,
  SYSTEM,
  tasksOfApprovals,
  type Approval,
  type Result,
  type Role,
  type Task,
  type TaskOutcome,
  type User,
} from '@surety/store'
import type { Policy } from '@surety/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { approveMatterId, MAIN_QUEUE, PUBLISH_POLICY, publishPolicyId } from '../src/contract/index.ts'
import { openWorkshop, until, type Workshop } from './support.ts'

let workshop: Workshop
let segmentId: number
let asker: User
let approvers: readonly User[]
let customers = 0

beforeAll(async () => {
  workshop = await openWorkshop()
  const person = (login: string, role: Role, authorityLevel: number | null): Promise<User> =>
    asSystem(tx => createUser(tx, { name: login, login, grants: [{ role, segmentId: null, authorityLevel }] }))
  segmentId = (await asSystem(tx => createSegment(tx, { code: 'retail', name: { en: 'Retail', zh: '零售' }, currency: 'CNY' }))).id
  asker = await person('asker', 'sales', null)
  approvers = [await person('lower', 'approver', 1), await person('upper', 'approver', 2)]
}, 180_000)

afterAll(() => workshop?.close(), 60_000)

describe('an approval of a change of limit', () => {
  test('passes two levels and puts the limit in force', async () => {
    const { approval, accountId } = await ask('7000')
    await decide(approval, 0, 'approve')
    await decide(approval, 1, 'approve')
    expect(await workshop.endOf(approveMatterId(approval.id))).toBe('approved')
    expect(await asSystem(tx => findApproval(tx, approval.id))).toMatchObject({ status: 'approved' })
    expect(await limitOf(accountId)).toBe('7000')
    await workshop.record('matter-approved-at-two-levels', approveMatterId(approval.id))
  })

  test('ends at the level that rejects, and leaves the limit as it was', async () => {
    const { approval, accountId } = await ask('9000')
    await decide(approval, 0, 'reject')
    expect(await workshop.endOf(approveMatterId(approval.id))).toBe('rejected')
    expect(await limitOf(accountId)).toBeNull()
    await workshop.record('matter-rejected', approveMatterId(approval.id))
  })
})

describe('a version of a policy', () => {
  test('is seen into force at its moment', async () => {
    const effectiveFrom = new Date(Date.now() + 2_000)
    const { id, workflowId } = await publish('limit-and-terms/awaited', effectiveFrom)
    await until(async () => (await actsOf(id)).includes('policy.takeEffect'))
    expect(Date.now()).toBeGreaterThanOrEqual(effectiveFrom.getTime())
    expect(await workshop.endOf(workflowId)).toBe('inForce')
    expect((await actsOf(id)).filter(act => act === 'policy.takeEffect')).toHaveLength(1)
    await workshop.record('version-into-force', workflowId)
  })

  test('that is recalled while it waits never takes effect', async () => {
    const officer = await asSystem(tx =>
      createUser(tx, { name: 'officer', login: 'officer', grants: [{ role: 'risk_officer', segmentId: null, authorityLevel: null }] }),
    )
    const { id, workflowId } = await publish('limit-and-terms/recalled', new Date(Date.now() + 86_400_000))
    const handle = workshop.client.workflow.getHandle(workflowId)
    await until(async () => ((await handle.fetchHistory()).events ?? []).some(event => event.timerStartedEventAttributes))
    valueOf(await asActor(workshop.sql, actorOf(officer), tx => recallPolicyVersion(tx, id, 1, 'published too early')))
    expect(await workshop.endOf(workflowId)).toBe('recalled')
    expect(await actsOf(id)).not.toContain('policy.takeEffect')
    await workshop.record('version-recalled', workflowId)
  })
})

async function ask(amount: string): Promise<{ approval: Approval; accountId: string }> {
  customers += 1
  const { customer, accountId } = await asSystem(tx =>
    createCustomer(tx, { number: `M${customers}`, name: `Matter ${customers}` }, { segmentId, currency: 'CNY' }),
  )
  const approval = valueOf(
    await asActor(workshop.sql, actorOf(asker), tx =>
      startApproval(tx, {
        kind: 'limit_change',
        subjectId: accountId,
        segmentId,
        customerId: customer.id,
        amount: { amount, currency: 'CNY' },
        makerPersonId: asker.personId,
        makerUserId: asker.id,
        request: { recommendations: [{ kind: 'change_limit', amount }] },
        purpose: 'season',
        route: { steps: stepsOf([1, 2]), reason: { en: 'amount', zh: '金额' } },
      }),
    ),
  )
  return { approval, accountId }
}

/** Decides as soon as the workflow has opened the step. */
async function decide(approval: Approval, step: number, outcome: TaskOutcome): Promise<void> {
  let open: Task | undefined
  await until(async () => {
    const tasks = await asSystem(tx => tasksOfApprovals(tx, [approval.id]))
    open = tasks.get(approval.id)?.find(task => task.status === 'open' && task.authorityLevel === step + 1)
    return open !== undefined
  })
  const { id, version } = open!
  valueOf(await asActor(workshop.sql, actorOf(approvers[step]!), tx => decideTask(tx, { id, version, outcome, comment: 'as discussed' })))
}

async function limitOf(accountId: string): Promise<string | null> {
  const [row] = await asSystem(
    tx => tx<{ limit: string | null }[]>`select trim_scale(limit_amount)::text as limit from credit_accounts where id = ${accountId}`,
  )
  return row!.limit
}

async function publish(id: string, effectiveFrom: Date): Promise<{ id: string; workflowId: string }> {
  const { version } = await asSystem(tx => publishPolicy(tx, policyNamed(id), { effectiveFrom }))
  const input = { policyId: id, version }
  const workflowId = publishPolicyId(input)
  await workshop.client.workflow.start(PUBLISH_POLICY, { workflowId, taskQueue: MAIN_QUEUE, args: [input] })
  return { id, workflowId }
}

async function actsOf(policyId: string): Promise<string[]> {
  const rows = await asSystem(
    tx => tx<{ action: string }[]>`select action from audit_entries where entity = 'Policy' and entity_id = ${policyId} order by id`,
  )
  return rows.map(({ action }) => action)
}

function asSystem<T>(act: Parameters<typeof asActor<T>>[2]): Promise<T> {
  return asActor(workshop.sql, SYSTEM, act)
}

function valueOf<T>(result: Result<T>): T {
  if (result.kind === 'ok') return result.value
  throw new Error(`It was refused: ${JSON.stringify(result)}`)
}

function policyNamed(id: string): Policy {
  return {
    id,
    kind: 'limit-and-terms',
    title: { en: 'Trial', zh: '试验' },
    facts: { requestedLimit: { type: 'money', currency: 'CNY' } },
    outputs: { limit: { type: 'money', currency: 'CNY' }, termsDays: { type: 'integer' } },
    steps: [
      {
        kind: 'formula',
        id: 'grant',
        expressions: [
          { id: 'limit', output: 'limit', expression: 'requestedLimit' },
          { id: 'terms', output: 'termsDays', expression: '45' },
        ],
      },
    ],
  }
}
