import { beforeEach, describe, expect, it } from 'vitest'
import {
  approveApplication,
  asActor,
  createUser,
  decideTask,
  deliverDue,
  findApplication,
  findTask,
  limitHistoryOf,
  listApplications,
  listAudit,
  listTasks,
  countersOf,
  attendApproval,
  findApprovalOf,
  recordAssessment,
  recordDecision,
  publishPolicy,
  rejectApplication,
  resubmitApplication,
  returnApplication,
  submitApplication,
  tasksOf,
  votesOf,
  withdrawApplication,
  setGrants,
  type Assessment,
  type CreditApplication,
  type Result,
  type Task,
  type User,
  type WorkflowMessage,
} from '../src/index.ts'
import { samplePolicy } from './sample-policy.ts'
import { accountNow, makeCustomer, makeUser, useWorld } from './support.ts'

const world = useWorld()
let maker: User
let first: User
let second: User
let customer: { customerId: string; accountId: string }
let serial = 0

beforeEach(async () => {
  maker = await makeUser(world, [{ role: 'sales', segmentId: world.industrial.id }])
  first = await makeUser(world, [{ role: 'approver', segmentId: world.industrial.id, authorityLevel: 1 }])
  second = await makeUser(world, [{ role: 'approver', authorityLevel: 2 }])
  customer = await makeCustomer(world)
})

function valueOf<T>(result: Result<T>): T {
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result))
  return result.value
}

async function submit(fields: object = {}, who: User = maker): Promise<Result<CreditApplication>> {
  serial += 1
  return world.as(who, tx =>
    submitApplication(tx, {
      key: `k${serial}`,
      customerId: customer.customerId,
      segmentId: world.industrial.id,
      requestedLimit: '5000',
      requestedTermsDays: 30,
      ...fields,
    }),
  )
}

/** A submitted application that the policies sent to levels 1 and 2. */
async function inApproval(levels: readonly number[] = [1, 2]): Promise<CreditApplication> {
  const { id } = valueOf(await submit())
  return world.asSystem(async tx => recordAssessment(tx, id, await assessment(id, levels)))
}

async function assessment(subject: string, levels: readonly number[], round = 1): Promise<Assessment> {
  return world.asSystem(async tx => {
    const { policyId, version, hash } = await publishPolicy(tx, samplePolicy)
    const result = {
      policy: { id: policyId, version, hash },
      outcome: 'refer' as const,
      isUnknown: false,
      outputs: {},
      reasons: [],
      requirements: [],
      events: [],
      missing: [],
    }
    const decision = await recordDecision(tx, {
      segmentId: world.industrial.id,
      customerId: customer.customerId,
      kind: 'assessment',
      policyId,
      policyVersion: version,
      policyHash: hash,
      asOf: '2026-03-05',
      facts: {},
      result,
      key: `${subject}-${round}`,
    })
    return { round, assessmentId: decision.id, recommendedLimit: '4000', recommendedTermsDays: 45, grade: 'B', score: 71, levels }
  })
}

/** What the workflow does: takes the application on, until the task of the level is there. */
const open = (application: CreditApplication, level: number): Promise<Task | undefined> =>
  world.asSystem(async tx => {
    await attendApproval(tx, (await findApprovalOf(tx, 'credit_application', application.id))!.id, tx.now)
    const tasks = (await tasksOf(tx, [application.id])).get(application.id)!
    return tasks.find(task => task.round === application.round && task.level === level)
  })

const decide = (who: User, task: Task, outcome: 'approve' | 'reject' | 'return' = 'approve', fields: object = {}): Promise<Result<Task>> =>
  world.as(who, tx =>
    decideTask(tx, { id: task.id, version: task.version, outcome, ...(outcome === 'approve' ? {} : { comment: 'because' }), ...fields }),
  )

const reread = async (application: CreditApplication): Promise<CreditApplication> =>
  (await world.asSystem(tx => findApplication(tx, application.id)))!

async function messages(): Promise<WorkflowMessage[]> {
  const seen: WorkflowMessage[] = []
  await deliverDue(world.sql, 'workflow', async ({ payload }) => void seen.push(payload), { batch: 1000 })
  return seen
}

describe('submitting', () => {
  it('with the same key twice is one application and one message', async () => {
    await messages()
    const results = await Promise.all(Array.from({ length: 5 }, () => submit({ key: 'same' })))
    expect(new Set(results.map(result => valueOf(result).id)).size).toBe(1)
    expect(await messages()).toEqual([
      { kind: 'applicationSubmitted', applicationId: valueOf(results[0]!).id, segmentId: world.industrial.id },
    ])
  })

  it('is refused while another one for the account is open', async () => {
    valueOf(await submit())
    expect(await submit()).toMatchObject({ kind: 'notAllowed', refusal: { code: 'APPLICATION_PENDING' } })
  })

  it('finds no account in a segment that the maker does not see', async () => {
    expect(await submit({ segmentId: world.consumer.id })).toEqual({ kind: 'notFound' })
  })

  it.each([
    [{ requestedLimit: '0' }, 'NOT_POSITIVE'],
    [{ requestedLimit: '-5' }, 'NOT_POSITIVE'],
    [{ requestedLimit: '1e6' }, 'NOT_AN_AMOUNT'],
    [{ requestedLimit: '10.001' }, 'TOO_MANY_DECIMALS'],
    [{ requestedTermsDays: -1 }, 'TERMS_OUT_OF_RANGE'],
    [{ requestedTermsDays: 1.5 }, 'TERMS_OUT_OF_RANGE'],
  ])('with %o is invalid', async (fields, code) => {
    expect(await submit(fields)).toMatchObject({ kind: 'invalid', issues: [{ code }] })
  })
})

describe('deciding', () => {
  it('level by level puts the limit in force, once', async () => {
    const application = await inApproval()
    const level1 = (await open(application, 1))!
    valueOf(await decide(first, level1))
    await expect(world.asSystem(tx => approveApplication(tx, application.id, { round: 1, reason: 'x' }))).rejects.toMatchObject({
      code: 'NOT_YET_APPROVED',
    })
    const level2 = (await open(application, 2))!
    valueOf(await decide(second, level2, 'approve', { limit: '3500', termsDays: 40 }))
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(
        await world.asSystem(tx => approveApplication(tx, application.id, { round: 1, reason: 'approved', validTo: '2027-03-05' })),
      ).toMatchObject({ status: 'approved', approvedLimit: '3500.00', approvedTermsDays: 40 })
    }
    expect(await accountNow(world, customer.accountId)).toMatchObject({
      limitKind: 'amount',
      limitAmount: '3500.00',
      paymentTermsDays: 40,
      grade: 'B',
      score: 71,
      limitValidTo: '2027-03-05',
    })
    expect((await world.asSystem(tx => limitHistoryOf(tx, [customer.accountId]))).get(customer.accountId)).toMatchObject([
      { applicationId: application.id, decidedBy: second.id },
    ])
    expect((await world.asSystem(tx => votesOf(tx, [level1.id, level2.id]))).get(level2.id)).toMatchObject([
      { person: second.name, limitAmount: '3500.00', termsDays: 40, level: 2 },
    ])
    const { edges } = await world.asSystem(tx => listAudit(tx, { applicationId: application.id }, {}))
    expect(edges.map(({ node }) => node.action).toReversed()).toEqual([
      'application.submit',
      'application.assess',
      'task.open',
      'task.approve',
      'task.open',
      'task.approve',
      'application.approve',
    ])
  })

  it('takes the recommended limit where nobody granted another, and none where the policy gives none', async () => {
    const application = await inApproval([])
    expect(await world.asSystem(tx => approveApplication(tx, application.id, { round: 1, reason: 'x' }))).toMatchObject({
      approvedLimit: '4000.00',
      approvedTermsDays: 45,
    })
  })

  it('tells the workflow once a decision', async () => {
    const application = await inApproval()
    const task = (await open(application, 1))!
    await messages()
    valueOf(await decide(first, task))
    expect(await messages()).toEqual([{ kind: 'applicationChanged', applicationId: application.id, segmentId: world.industrial.id }])
  })

  it('has one winner among fifty who decide at once, and the others learn what came of it', async () => {
    const application = await inApproval()
    const task = (await open(application, 1))!
    const voters = await Promise.all(Array.from({ length: 12 }, () => makeUser(world, [{ role: 'approver', authorityLevel: 3 }])))
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) => decide(voters[index % 12]!, task, index % 2 ? 'approve' : 'reject')),
    )
    expect(results.filter(({ kind }) => kind === 'ok')).toHaveLength(1)
    expect(results.filter(({ kind }) => kind === 'conflict')).toHaveLength(49)
    expect(results.find(result => result.kind === 'conflict')).toMatchObject({ current: { status: 'done' } })
    expect((await world.asSystem(tx => votesOf(tx, [task.id]))).get(task.id)).toHaveLength(1)
  })

  it.each([
    ['somebody who is no approver', 'NOT_APPROVER', [{ role: 'risk_officer' as const }]],
    ['an approver of a lower level', 'AUTHORITY_TOO_LOW', [{ role: 'approver' as const, authorityLevel: 1 }]],
    ['an approver without a level', 'AUTHORITY_TOO_LOW', [{ role: 'approver' as const }]],
  ])('is refused to %s', async (_who, code, grants) => {
    const task = (await open(await inApproval([2]), 1))!
    expect(await decide(await makeUser(world, grants), task)).toMatchObject({ kind: 'notAllowed', refusal: { code } })
  })

  it('is refused to an approver of another segment, who does not even find it', async () => {
    const task = (await open(await inApproval(), 1))!
    const foreign = await makeUser(world, [{ role: 'approver', segmentId: world.consumer.id, authorityLevel: 9 }])
    expect(await decide(foreign, task)).toEqual({ kind: 'notFound' })
  })

  it('is refused to the maker, under whatever login, and the database refuses it too', async () => {
    const task = (await open(await inApproval(), 1))!
    const other = await world.asSystem(tx =>
      createUser(tx, {
        name: 'x',
        login: `other${serial}`,
        personId: maker.personId,
        grants: [{ role: 'approver', segmentId: null, authorityLevel: 9 }],
      }),
    )
    expect(await decide(other, task)).toMatchObject({ kind: 'notAllowed', refusal: { code: 'OWN_APPLICATION' } })
    await expect(
      world.asSystem(
        tx => tx`
      insert into task_votes (segment_id, task_id, approval_id, application_id, round, person_id, user_id, outcome, at)
      values (${task.segmentId}, ${task.id}, ${task.approvalId}, ${task.applicationId}, 1, ${other.personId}, ${other.id}, 'approve', ${tx.now})`,
      ),
    ).rejects.toThrow(/can not decide on it/)
  })

  it('on two levels of a round is refused to one person', async () => {
    const application = await inApproval()
    valueOf(await decide(second, (await open(application, 1))!))
    expect(await decide(second, (await open(application, 2))!)).toMatchObject({ kind: 'notAllowed', refusal: { code: 'ALREADY_VOTED' } })
  })

  it('looks at rights anew when it happens', async () => {
    const task = (await open(await inApproval(), 1))!
    await world.asSystem(tx => setGrants(tx, first.id, [], 'moved'))
    expect(
      await asActor(world.sql, { kind: 'user', userId: first.id, personId: first.personId, segments: '*' }, tx =>
        decideTask(tx, { id: task.id, version: task.version, outcome: 'approve' }),
      ),
    ).toMatchObject({ kind: 'notAllowed', refusal: { code: 'NOT_APPROVER' } })
  })

  it.each([
    ['reject', { comment: '  ' }, ['comment'], 'REQUIRED'],
    ['return', { comment: null }, ['comment'], 'REQUIRED'],
    ['approve', { limit: '5000.01' }, ['limit'], 'LIMIT_OUT_OF_RANGE'],
    ['approve', { limit: '0' }, ['limit'], 'LIMIT_OUT_OF_RANGE'],
    ['approve', { limit: 'lots' }, ['limit'], 'NOT_AN_AMOUNT'],
    ['approve', { termsDays: 46 }, ['termsDays'], 'TERMS_TOO_LONG'],
  ] as const)('to %s with %o is invalid', async (outcome, fields, path, code) => {
    expect(await decide(first, (await open(await inApproval(), 1))!, outcome, fields)).toMatchObject({
      kind: 'invalid',
      issues: [{ path, code }],
    })
  })
})

describe('returning and resubmitting', () => {
  it('begins a new round in which votes of the old one don’t count', async () => {
    const application = await inApproval()
    valueOf(await decide(first, (await open(application, 1))!, 'return'))
    const returned = await world.asSystem(tx => returnApplication(tx, application.id, { round: 1, reason: 'statement missing' }))
    expect(returned.status).toBe('returned')
    const again = (comment: string, version = returned.version, who = maker) =>
      world.as(who, tx => resubmitApplication(tx, { id: application.id, version, requestedLimit: '4500', comment }))
    expect(await again('here')).toMatchObject({
      kind: 'ok',
      value: { status: 'submitted', round: 2, requestedLimit: '4500.00', levels: null, grade: null },
    })
    expect(await again('here')).toMatchObject({ kind: 'conflict' })
    const assessed = await world.asSystem(async tx => recordAssessment(tx, application.id, await assessment(application.id, [1], 2)))
    expect(valueOf(await decide(first, (await open(assessed, 1))!))).toMatchObject({ outcome: 'approve', round: 2 })
    expect(
      (await world.asSystem(tx => tasksOf(tx, [application.id]))).get(application.id)!.map(({ round, outcome }) => [round, outcome]),
    ).toEqual([
      [1, 'return'],
      [2, 'approve'],
    ])
  })

  it('is for the maker, with a comment, within 180 days', async () => {
    const application = await inApproval()
    const returned = await world.asSystem(tx => returnApplication(tx, application.id, { round: 1, reason: 'x' }))
    const again = (who: User, comment = 'ok') =>
      world.as(who, tx => resubmitApplication(tx, { id: application.id, version: returned.version, requestedLimit: '1', comment }))
    expect(await again(second)).toMatchObject({ kind: 'notAllowed', refusal: { code: 'NOT_YOURS' } })
    expect(await again(maker, '')).toMatchObject({ kind: 'invalid' })
    const before = world.now
    world.now = new Date(before.getTime() + 181 * 86_400_000)
    expect(await again(maker)).toMatchObject({ kind: 'notAllowed', refusal: { code: 'RESUBMISSION_TOO_LATE' } })
    world.now = before
    expect(await again(maker)).toMatchObject({ kind: 'ok' })
  })

  it('leaves an application alone that has moved on', async () => {
    const application = await inApproval()
    await world.asSystem(tx => returnApplication(tx, application.id, { round: 1, reason: 'x' }))
    valueOf(
      await world.as(maker, async tx =>
        resubmitApplication(tx, {
          id: application.id,
          version: (await findApplication(tx, application.id))!.version,
          requestedLimit: '1',
          comment: 'again',
        }),
      ),
    )
    expect(await world.asSystem(tx => returnApplication(tx, application.id, { round: 1, reason: 'late' }))).toMatchObject({
      status: 'submitted',
      round: 2,
    })
    expect(await world.asSystem(tx => rejectApplication(tx, application.id, { round: 1, reason: 'late' }))).toMatchObject({
      status: 'submitted',
      round: 2,
    })
    expect(await open(application, 1)).toBeUndefined()
  })
})

describe('withdrawing', () => {
  it('cancels what is open and frees the account for another application', async () => {
    const application = await inApproval()
    const task = (await open(application, 1))!
    const { version } = await reread(application)
    expect(await world.as(second, tx => withdrawApplication(tx, { id: application.id, version, reason: 'x' }))).toMatchObject({
      kind: 'notAllowed',
      refusal: { code: 'NOT_YOURS' },
    })
    expect(await world.as(maker, tx => withdrawApplication(tx, { id: application.id, version, reason: 'order lost' }))).toMatchObject({
      kind: 'ok',
      value: { status: 'withdrawn', canWithdraw: false },
    })
    expect(await world.asSystem(tx => findTask(tx, task.id))).toMatchObject({ status: 'cancelled' })
    expect(await decide(first, task)).toMatchObject({ kind: 'conflict' })
    valueOf(await submit())
  })
})

describe('lists', () => {
  it('show everybody their own tasks, the team’s and those done, and why one is not theirs', async () => {
    const application = await inApproval()
    const task = (await open(application, 1))!
    const ids = async (who: User, view: 'mine' | 'team' | 'done') =>
      (await world.as(who, tx => listTasks(tx, view, {}, { field: 'dueAt' }, {}))).edges.map(({ node }) => node.id)
    expect(await ids(first, 'mine')).toContain(task.id)
    expect(await ids(maker, 'mine')).toEqual([])
    expect(await ids(maker, 'team')).toContain(task.id)
    expect(await world.as(maker, tx => findTask(tx, task.id))).toMatchObject({
      refusal: { code: 'NOT_APPROVER', message: { en: expect.any(String), zh: expect.any(String) } },
    })
    const before = await world.as(first, countersOf)
    valueOf(await decide(first, task))
    expect(await ids(first, 'mine')).not.toContain(task.id)
    expect(await ids(first, 'done')).toEqual([task.id])
    expect((await world.as(first, countersOf)).tasks).toBe(before.tasks - 1)
    expect((await world.as(maker, countersOf)).applications).toBe(1)
  })

  it('filter and sort tasks', async () => {
    const application = await inApproval()
    const task = (await open(application, 1))!
    for (const field of ['dueAt', 'createdAt', 'amount', 'customer', 'grade'] as const) {
      const page = await world.as(second, tx =>
        listTasks(tx, 'team', { grades: ['B'], overdue: false }, { field, descending: true }, { first: 2 }),
      )
      expect(page.totalCount).toBeGreaterThan(0)
      const next = await world.as(second, tx =>
        listTasks(
          tx,
          'team',
          { grades: ['B'], overdue: false },
          { field, descending: true },
          { first: 500, after: page.edges.at(-1)!.cursor },
        ),
      )
      expect(next.edges.length + page.edges.length).toBe(page.totalCount)
    }
    const [number] = await world.asSystem(tx => tx<{ number: string }[]>`select number from customers where id = ${customer.customerId}`)
    expect(
      (await world.as(second, tx => listTasks(tx, 'mine', { query: number!.number }, { field: 'dueAt' }, {}))).edges.map(
        ({ node }) => node.id,
      ),
    ).toEqual([task.id])
  })

  it('filter and sort applications', async () => {
    const application = await inApproval()
    for (const field of ['submittedAt', 'amount', 'customer', 'status'] as const) {
      const page = await world.as(maker, tx =>
        listApplications(tx, { mine: true, statuses: ['in_approval'], customerId: customer.customerId }, { field }, {}),
      )
      expect(page.edges.map(({ node }) => node.id)).toEqual([application.id])
      expect(page.edges[0]!.node).toMatchObject({ canWithdraw: true, canResubmit: false })
    }
    expect((await world.as(second, tx => listApplications(tx, { mine: true }, { field: 'amount' }, {}))).totalCount).toBe(0)
  })
})
