import type { Policy } from '@surety/engine'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  actorOf,
  addSignatory,
  amendApproval,
  attendApproval,
  candidatesOf,
  claimTask,
  countTasks,
  decideTask,
  decideTasks,
  delegateTask,
  discussTask,
  findAccount,
  findApproval,
  findTask,
  listTasks,
  postponeTask,
  publishPolicy,
  prioritiseTask,
  reassignTask,
  recallApproval,
  releaseTask,
  releaseWorkOf,
  requestApproval,
  resolveTask,
  resubmitApproval,
  startApproval,
  stepsOf,
  substitute,
  tasksOfApprovals,
  votesOf,
  withdrawApproval,
  approvalCommentsOf,
  attachFile,
  safeFileName,
  listAudit,
  asActor,
  type Approval,
  type ApprovalStep,
  type Result,
  type Task,
  type TaskOutcome,
  type User,
} from '../src/index.ts'
import { makeCustomer, makeUser, useWorld } from './support.ts'

const world = useWorld()
let maker: User
let customer: { customerId: string; accountId: string }

beforeEach(async () => {
  maker = await makeUser(world, [{ role: 'sales', segmentId: world.industrial.id }])
  customer = await makeCustomer(world)
})

function valueOf<T>(result: Result<T>): T {
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result))
  return result.value
}

const approver = (authorityLevel: number, segment = world.industrial): Promise<User> =>
  makeUser(world, [{ role: 'approver', segmentId: segment.id, authorityLevel }])

/** A limit change put before the steps given, and its first task. */
async function ask(steps: readonly Partial<ApprovalStep>[], amount = '800000', who = maker): Promise<{ approval: Approval; task: Task }> {
  const approval = valueOf(
    await world.as(who, tx =>
      startApproval(tx, {
        kind: 'limit_change',
        subjectId: customer.accountId,
        segmentId: world.industrial.id,
        customerId: customer.customerId,
        amount: { amount, currency: 'CNY' },
        grade: 'B',
        makerPersonId: who.personId,
        makerUserId: who.id,
        request: { recommendations: [{ kind: 'change_limit', amount }] },
        purpose: 'season',
        route: { steps: steps.map(step => ({ ...stepsOf([1])[0]!, ...step })), reason: { en: 'amount', zh: '金额' } },
      }),
    ),
  )
  return { approval, task: await next(approval) }
}

/** What the workflow does; the task that is open then. */
async function next(approval: Approval, at = world.now): Promise<Task> {
  return world.asSystem(async tx => {
    await attendApproval(tx, approval.id, at)
    return (await tasksOfApprovals(tx, [approval.id])).get(approval.id)!.findLast(({ status }) => status === 'open')!
  })
}

const reread = (task: Task, who?: User): Promise<Task> =>
  (who ? world.as(who, tx => findTask(tx, task.id)) : world.asSystem(tx => findTask(tx, task.id))).then(found => found!)

const decide = async (who: User, task: Task, outcome: TaskOutcome = 'approve', fields: object = {}): Promise<Result<Task>> =>
  world.as(who, tx => decideTask(tx, { id: task.id, version: task.version, outcome, comment: 'because', ...fields }))

const codeOf = (result: Result<unknown>): string => (result.kind === 'notAllowed' ? result.refusal.code : result.kind)

describe('joint signing', () => {
  it('of a quorum among fifty who vote at once counts exactly so many, and the others learn that it is decided', async () => {
    const { task } = await ask([{ mode: 'quorum', needed: 7 }])
    const voters = await Promise.all(Array.from({ length: 50 }, () => approver(1)))
    const results = await Promise.all(voters.map(voter => decide(voter, task)))
    expect(results.filter(({ kind }) => kind === 'ok')).toHaveLength(7)
    expect(results.filter(({ kind }) => kind === 'conflict')).toHaveLength(43)
    expect((await world.asSystem(tx => votesOf(tx, [task.id]))).get(task.id)).toHaveLength(7)
    expect(await reread(task)).toMatchObject({ status: 'done', outcome: 'approve' })
  })

  it('counts one person once, however often they ask and under however many logins', async () => {
    const { task } = await ask([{ mode: 'quorum', needed: 2 }])
    const voter = await approver(1)
    const second = await makeUser(world, [{ role: 'approver', authorityLevel: 1 }], { personId: voter.personId })
    const results = await Promise.all(Array.from({ length: 10 }, (_, index) => decide(index % 2 ? voter : second, task)))
    expect(results.map(codeOf).toSorted()).toEqual([...Array.from({ length: 9 }, () => 'ALREADY_VOTED'), 'ok'])
    expect(await reread(task)).toMatchObject({ status: 'open' })
  })

  it('lets a substitute and their principal sign once between them', async () => {
    const { task } = await ask([{ mode: 'quorum', needed: 2 }])
    const [principal, other] = [await approver(1), await approver(1)]
    await away(principal, other)
    const results = await Promise.all([decide(principal, task), decide(other, task)])
    // Each signs with their own hand: that is two persons.
    expect(results.map(({ kind }) => kind)).toEqual(['ok', 'ok'])
    customer = await makeCustomer(world)
    const { task: further } = await ask([{ mode: 'quorum', needed: 3 }])
    valueOf(await decide(other, further))
    // Their own hand is used; the principal's may be lent no more by the same person.
    expect(codeOf(await decide(other, further))).toBe('ALREADY_VOTED')
    valueOf(await decide(principal, further))
    expect((await world.asSystem(tx => votesOf(tx, [further.id]))).get(further.id)).toHaveLength(2)
  })

  it('of all of a level names them when it opens, and waits for each', async () => {
    const segment = world.consumer
    const people = await Promise.all(Array.from({ length: 3 }, () => approver(4, segment)))
    const place = await makeCustomer(world, segment)
    const owner = await makeUser(world, [{ role: 'sales' }])
    const approval = valueOf(
      await world.as(owner, tx =>
        startApproval(tx, {
          kind: 'write_off',
          subjectId: place.accountId,
          segmentId: segment.id,
          customerId: place.customerId,
          amount: { amount: '5', currency: 'CNY' },
          makerPersonId: owner.personId,
          route: { steps: stepsOf([4], { mode: 'all' }), reason: { en: 'x', zh: 'x' } },
        }),
      ),
    )
    const task = await next(approval)
    expect(task.needed).toBe(3)
    const late = await approver(4, segment)
    expect(codeOf(await decide(late, task))).toBe('NOT_A_SIGNATORY')
    for (const person of people.slice(0, 2)) valueOf(await decide(person, task))
    expect(await reread(task)).toMatchObject({ status: 'open' })
    valueOf(await decide(people[2]!, task))
    expect(await reread(task)).toMatchObject({ status: 'done', outcome: 'approve' })
  })

  it('rejects only when so many are against, or when it can no longer be approved', async () => {
    const { task } = await ask([{ mode: 'quorum', needed: 2, rejections: 2 }])
    const [one, two] = [await approver(1), await approver(1)]
    valueOf(await decide(one, task, 'reject'))
    expect(await reread(task)).toMatchObject({ status: 'open' })
    valueOf(await decide(two, task, 'reject'))
    expect(await reread(task)).toMatchObject({ status: 'done', outcome: 'reject' })
  })

  it('waits for a further signature that was asked for, which counts for nobody else', async () => {
    const { task } = await ask([{}])
    const [first, further] = [await approver(1), await makeUser(world, [{ role: 'approver', authorityLevel: 1 }])]
    const version = (await reread(task, first)).version
    const asked = valueOf(
      await world.as(first, tx => addSignatory(tx, { id: task.id, version, person: further.personId, comment: 'please' })),
    )
    valueOf(await decide(first, asked))
    expect(await reread(task)).toMatchObject({ status: 'open' })
    valueOf(await decide(further, asked))
    expect(await reread(task)).toMatchObject({ status: 'done', outcome: 'approve' })
    expect(codeOf(await world.as(first, tx => addSignatory(tx, { id: task.id, version, person: maker.personId })))).toBe('conflict')
  })
})

describe('a task', () => {
  it('that is claimed is nobody else’s until it is released, by its claimer or a higher level', async () => {
    const { task } = await ask([{}])
    const [one, two, above] = [await approver(1), await approver(1), await approver(2)]
    const claimed = valueOf(await world.as(one, tx => claimTask(tx, task)))
    expect(codeOf(await decide(two, claimed))).toBe('CLAIMED_BY_ANOTHER')
    expect(codeOf(await world.as(two, tx => releaseTask(tx, claimed)))).toBe('NOT_CLAIMED')
    const free = valueOf(await world.as(above, tx => releaseTask(tx, claimed)))
    expect(free.claimedBy).toBeNull()
    valueOf(await decide(two, free))
  })

  it('is claimed by one of many who try at once', async () => {
    const { task } = await ask([{}])
    const people = await Promise.all(Array.from({ length: 12 }, () => approver(1)))
    const results = await Promise.all(people.map(person => world.as(person, tx => claimTask(tx, task))))
    expect(results.filter(({ kind }) => kind === 'ok')).toHaveLength(1)
  })

  it('is reassigned to somebody with the authority only', async () => {
    const { task } = await ask([{ authorityLevel: 2 }])
    const [one, two, low] = [await approver(2), await approver(2), await approver(1)]
    for (const unfit of [low, maker])
      expect(codeOf(await world.as(one, tx => reassignTask(tx, { ...task, to: unfit.personId })))).toBe('NOT_SUITABLE')
    const theirs = valueOf(await world.as(one, tx => reassignTask(tx, { ...task, to: two.personId, comment: 'yours' })))
    expect(codeOf(await decide(one, theirs))).toBe('ASSIGNED_TO_ANOTHER')
    valueOf(await decide(two, theirs))
  })

  it('waits for an opinion that was asked for, and comes back with it', async () => {
    const { approval, task } = await ask([{}])
    const [one, analyst] = [await approver(1), await makeUser(world, [{ role: 'analyst' }])]
    const asked = valueOf(await world.as(one, tx => delegateTask(tx, { ...task, to: analyst.personId, comment: 'what do you think?' })))
    expect(codeOf(await decide(one, asked))).toBe('WAITS_FOR_OPINION')
    expect((await world.as(analyst, tx => listTasks(tx, 'mine', {}, { field: 'dueAt' }, {}))).edges.map(({ node }) => node.id)).toEqual([
      task.id,
    ])
    expect(codeOf(await world.as(analyst, tx => decideTask(tx, { id: task.id, version: asked.version, outcome: 'approve' })))).toBe(
      'NOT_APPROVER',
    )
    const back = valueOf(await world.as(analyst, tx => resolveTask(tx, { ...asked, comment: 'fine with me' })))
    expect((await world.asSystem(tx => approvalCommentsOf(tx, [approval.id]))).get(approval.id)).toMatchObject([
      { kind: 'opinion', text: 'fine with me' },
    ])
    valueOf(await decide(one, back))
  })

  it('that was put off comes back in time, and its deadline stays', async () => {
    const { task } = await ask([{}])
    const one = await approver(1)
    const mine = async () =>
      (await world.as(one, tx => listTasks(tx, 'mine', {}, { field: 'dueAt' }, { first: 500 }))).edges.some(
        ({ node }) => node.id === task.id,
      )
    const until = new Date(world.now.getTime() + 3_600_000)
    expect(await world.as(one, tx => postponeTask(tx, { ...task, until: '2020-01-01T00:00:00Z' }))).toMatchObject({ kind: 'invalid' })
    const later = valueOf(await world.as(one, tx => postponeTask(tx, { ...task, until: until.toISOString() })))
    expect(later.dueAt).toEqual(task.dueAt)
    expect(await mine()).toBe(false)
    const before = world.now
    world.now = until
    expect(await mine()).toBe(true)
    world.now = before
  })

  it('is given a priority, discussed and counted', async () => {
    const { task } = await ask([{}])
    const one = await approver(1)
    const urgent = valueOf(await world.as(one, tx => prioritiseTask(tx, { ...task, priority: 2 })))
    expect(urgent.priority).toBe(2)
    expect(await world.as(maker, tx => discussTask(tx, { id: task.id, text: '' }))).toMatchObject({ kind: 'invalid' })
    valueOf(await world.as(maker, tx => discussTask(tx, { id: task.id, text: 'the customer called' })))
    expect((await world.as(one, tx => countTasks(tx))).mine).toBeGreaterThan(0)
  })

  it('is decided in bulk with others, each by itself', async () => {
    const one = await approver(3)
    const { task } = await ask([{}])
    customer = await makeCustomer(world)
    const other = await makeUser(world, [{ role: 'sales' }, { role: 'approver', authorityLevel: 3 }])
    const { task: own } = await ask([{}], '5', other)
    const results = await world.as(other, tx => decideTasks(tx, [task, own], { outcome: 'approve' }))
    expect(new Map(results.map(({ id, result }) => [id, codeOf(result)]))).toEqual(
      new Map([
        [task.id, 'ok'],
        [own.id, 'OWN_APPLICATION'],
      ]),
    )
    valueOf(await decide(one, own))
  })
})

describe('substitution', () => {
  it('lends the principal’s hand: both need the authority, and the record says for whom', async () => {
    const { task } = await ask([{ authorityLevel: 2 }])
    const [principal, low, equal] = [await approver(2), await approver(1), await approver(2)]
    await away(principal, low)
    expect(codeOf(await decide(low, task))).toBe('AUTHORITY_TOO_LOW')
    const theirs = valueOf(await world.as(principal, tx => reassignTask(tx, { ...task, to: principal.personId })))
    expect(codeOf(await decide(equal, theirs))).toBe('ASSIGNED_TO_ANOTHER')
    await away(principal, equal)
    valueOf(await decide(equal, theirs))
    expect((await world.asSystem(tx => votesOf(tx, [task.id]))).get(task.id)).toMatchObject([
      { person: equal.name, onBehalfOf: principal.name },
    ])
  })

  it('never lends a hand to its own matter: neither the maker’s nor to the maker', async () => {
    const asker = await makeUser(world, [{ role: 'sales' }, { role: 'approver', authorityLevel: 2 }])
    const friend = await approver(2)
    const { task } = await ask([{}], '5', asker)
    await away(friend, asker)
    expect(codeOf(await decide(asker, task))).toBe('OWN_APPLICATION')
    const theirs = valueOf(await world.as(friend, tx => reassignTask(tx, { ...task, to: friend.personId })))
    expect(codeOf(await decide(asker, theirs))).toBe('OWN_APPLICATION')
  })

  it('has no chains, holds from day to day where the absent person lives, and ends early', async () => {
    const [one, two, three] = [await approver(1), await approver(1), await approver(1)]
    await away(two, three)
    expect(
      codeOf(
        await world.as(one, tx =>
          substitute(tx, { substitutePersonId: two.personId, from: '2026-03-05', to: '2026-03-06', timeZone: 'Asia/Shanghai' }),
        ),
      ),
    ).toBe('SUBSTITUTE_AWAY')
    expect(
      await world.as(one, tx =>
        substitute(tx, { substitutePersonId: one.personId, from: '2026-03-05', to: '2026-03-01', timeZone: 'Mars' }),
      ),
    ).toMatchObject({
      kind: 'invalid',
      issues: [{ path: ['to'] }, { path: ['timeZone'] }, { path: ['substitute'] }],
    })
    // 08:00 UTC on the 5th is still the 4th in Honolulu… at 08:00 UTC it is 22:00 on the 4th.
    const there = valueOf(
      await world.as(one, tx =>
        substitute(tx, { substitutePersonId: three.personId, from: '2026-03-05', to: '2026-03-05', timeZone: 'Pacific/Honolulu' }),
      ),
    )
    expect(there.isInForce).toBe(false)
  })

  it('is limited to the kinds that it names', async () => {
    const { task } = await ask([{}])
    const [principal, other] = [await approver(1), await approver(1)]
    const theirs = valueOf(await world.as(principal, tx => reassignTask(tx, { ...task, to: principal.personId })))
    valueOf(
      await world.as(principal, tx =>
        substitute(tx, { substitutePersonId: other.personId, from: '2026-03-01', to: '2026-03-31', timeZone: 'UTC', kinds: ['write_off'] }),
      ),
    )
    expect(codeOf(await decide(other, theirs))).toBe('ASSIGNED_TO_ANOTHER')
  })

  it('of somebody who leaves frees what lay on their desk', async () => {
    const { task } = await ask([{}])
    const [leaver, successor] = [await approver(1), await approver(1)]
    const claimed = valueOf(await world.as(leaver, tx => reassignTask(tx, { ...task, to: leaver.personId })))
    expect(codeOf(await decide(successor, claimed))).toBe('ASSIGNED_TO_ANOTHER')
    expect(await world.asSystem(tx => releaseWorkOf(tx, leaver.personId, { successorPersonId: successor.personId }))).toBe(1)
    valueOf(await decide(successor, await reread(task)))
  })
})

describe('a matter', () => {
  it('is decided level by level and takes effect once', async () => {
    const { approval, task } = await ask([{ authorityLevel: 1 }, { authorityLevel: 2 }])
    valueOf(await decide(await approver(1), task, 'approve', { limit: '700000' }))
    const second = await next(approval)
    expect(second).toMatchObject({ level: 2, amount: '700000.00' })
    const director = await approver(2)
    valueOf(await decide(director, second))
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect(await world.asSystem(tx => attendApproval(tx, approval.id, world.now))).toEqual({ kind: 'ended', as: 'approved' })
    expect(await world.asSystem(tx => findAccount(tx, customer.accountId))).toMatchObject({ limitKind: 'amount', limitAmount: '700000.00' })
    const { edges } = await world.asSystem(tx => listAudit(tx, { approvalId: approval.id }, { first: 50 }))
    expect(edges.map(({ node }) => node.action).toReversed()).toEqual([
      'approval.start',
      'task.open',
      'task.approve',
      'task.open',
      'task.approve',
      'approval.approve',
    ])
  })

  it('whose figures rise asks everybody anew; whose figures fall stays signed; and without a policy it is blocked, never approved', async () => {
    const { approval, task } = await ask([{ authorityLevel: 1 }, { authorityLevel: 2 }], '500000')
    const first = await approver(1)
    valueOf(await decide(first, task))
    await next(approval)
    const amend = async (amount: string): Promise<Approval> => {
      const { version } = (await world.asSystem(tx => findApproval(tx, approval.id)))!
      const request = { recommendations: [{ kind: 'change_limit', amount }] }
      return valueOf(
        await world.as(maker, tx =>
          amendApproval(tx, { id: approval.id, version, amount: { amount, currency: 'CNY' }, request, comment: 'other figures' }),
        ),
      )
    }
    expect(await amend('500000')).toMatchObject({ round: 2, blocked: 'NO_POLICY_IN_FORCE', chain: [] })
    expect(await world.asSystem(tx => attendApproval(tx, approval.id, world.now))).toMatchObject({ kind: 'waiting', for: 'authority' })

    await world.asSystem(tx => publishPolicy(tx, AUTHORITY))
    expect((await amend('500000')).chain).toMatchObject([{ authorityLevel: 1 }])
    valueOf(await decide(first, await next(approval)))
    const lower = await amend('400000')
    expect(lower).toMatchObject({ round: 4, chain: [{ authorityLevel: 1, carriedFrom: expect.any(String) }] })
    const higher = await amend('900000')
    expect(higher).toMatchObject({ round: 5, chain: [{ authorityLevel: 1 }, { authorityLevel: 2 }] })
    expect(higher.chain.some(({ carriedFrom }) => carriedFrom !== undefined)).toBe(false)
    const again = await next(approval)
    expect(again).toMatchObject({ round: 5, level: 1, amount: '900000.00' })
    expect(await reread(task)).toMatchObject({ status: 'done' })
  })

  it('goes back to its maker and comes again; taken back, it is asked of nobody', async () => {
    const { approval, task } = await ask([{}])
    valueOf(await decide(await approver(1), task, 'return'))
    const returned = (await world.asSystem(tx => findApproval(tx, approval.id)))!
    expect(returned.status).toBe('returned')
    expect(
      codeOf(await world.as(await approver(1), tx => resubmitApproval(tx, { id: returned.id, version: returned.version, comment: 'x' }))),
    ).toBe('NOT_YOURS')
    const before = world.now
    world.now = new Date(before.getTime() + 3_600_000)
    const again = valueOf(
      await world.as(maker, tx => resubmitApproval(tx, { id: returned.id, version: returned.version, comment: 'figures added' })),
    )
    world.now = before
    expect(again).toMatchObject({ status: 'open', round: 2, stoppedMs: 3_600_000 })
    const recalled = valueOf(await world.as(maker, tx => recallApproval(tx, { ...again, comment: 'wait' })))
    expect(recalled.status).toBe('returned')
    expect(valueOf(await world.as(maker, tx => withdrawApproval(tx, { ...recalled, comment: 'not needed' }))).status).toBe('withdrawn')
    expect(await world.asSystem(tx => attendApproval(tx, approval.id, world.now))).toEqual({ kind: 'ended', as: 'withdrawn' })
  })

  it('is refused where its recommendations contradict each other', async () => {
    const asked = (recommendations: object[]) =>
      world.as(maker, tx =>
        requestApproval(tx, {
          key: 'k'.repeat(8),
          kind: 'limit_change',
          subjectId: customer.accountId,
          request: { recommendations },
          purpose: 'x',
        }),
      )
    expect(await asked([{ kind: 'change_limit', amount: '5000' }, { kind: 'hold' }])).toMatchObject({
      kind: 'invalid',
      issues: [{ code: 'INCOMPATIBLE' }],
    })
    expect(await asked([])).toMatchObject({ kind: 'invalid', issues: [{ code: 'NOTHING_RECOMMENDED' }] })
  })

  it('keeps files under safe names, of known types only', async () => {
    const { approval } = await ask([{}])
    const file = async function* () {
      yield Buffer.from('%PDF-1.7')
    }
    const attach = (fileName: string, mediaType: string) =>
      world.as(maker, tx => attachFile(tx, { approvalId: approval.id, fileName, mediaType, content: file() }))
    expect(valueOf(await attach('../../etc/报表 2025.pdf', 'application/pdf')).fileName).toBe('报表 2025.pdf')
    expect(await attach('run.exe', 'application/x-msdownload')).toMatchObject({
      kind: 'invalid',
      issues: [{ code: 'FILE_TYPE_NOT_ALLOWED' }],
    })
    expect(await attach('page.html', 'application/pdf')).toMatchObject({ kind: 'invalid' })
    expect(safeFileName('a\u202Efdp.exe')).toBe('afdp.exe')
    expect(safeFileName('...')).toBe('file')
  })
})

describe('deadlines', () => {
  it('count business hours, remind at half and nine tenths, then go up the ladder, and are never an approval', async () => {
    const [officer, manager] = [await approver(1), await approver(2)]
    expect([officer.id, manager.id]).toHaveLength(2)
    const { approval, task } = await ask([{ deadlineHours: 16 }])
    // Thursday 2026-03-05 16:00 in Shanghai: two hours left that day, eight on Friday, six on Monday.
    expect(task.dueAt.toISOString()).toBe('2026-03-09T08:00:00.000Z')
    expect(task.remindHalfAt!.toISOString()).toBe('2026-03-06T08:00:00.000Z')
    const at = async (moment: string) => {
      const attended = await world.asSystem(tx => attendApproval(tx, approval.id, new Date(moment)))
      const { reminders, escalations, status } = await reread(task)
      return [attended.kind, reminders, escalations, status]
    }
    expect(await at('2026-03-06T07:59:00Z')).toEqual(['waiting', 0, 0, 'open'])
    expect(await at('2026-03-06T08:00:00Z')).toEqual(['waiting', 1, 0, 'open'])
    expect(await at('2026-03-06T08:00:00Z')).toEqual(['waiting', 1, 0, 'open'])
    expect(await at('2026-03-07T12:00:00Z')).toEqual(['waiting', 1, 0, 'open'])
    expect(await at('2026-03-09T07:00:00Z')).toEqual(['waiting', 2, 0, 'open'])
    expect(await at('2026-03-09T08:00:00Z')).toEqual(['waiting', 2, 1, 'open'])
    expect(await at('2026-03-10T08:00:00Z')).toEqual(['waiting', 2, 2, 'open'])
    expect(await at('2027-03-10T08:00:00Z')).toEqual(['waiting', 2, 3, 'open'])
  })

  it('let the level above sign in place of those who are silent', async () => {
    const segment = world.consumer
    const [one, above] = [await approver(6, segment), await approver(7, segment)]
    const place = await makeCustomer(world, segment)
    const owner = await makeUser(world, [{ role: 'sales' }])
    const approval = valueOf(
      await world.as(owner, tx =>
        startApproval(tx, {
          kind: 'write_off',
          subjectId: place.accountId,
          segmentId: segment.id,
          customerId: place.customerId,
          amount: { amount: '5', currency: 'CNY' },
          makerPersonId: owner.personId,
          request: { documents: [] },
          route: { steps: stepsOf([6], { mode: 'all', deadlineHours: 1 }), reason: { en: 'x', zh: 'x' } },
        }),
      ),
    )
    const task = await next(approval)
    expect(codeOf(await decide(above, task))).toBe('NOT_A_SIGNATORY')
    const escalated = await next(approval, new Date('2026-03-06T09:00:00Z'))
    expect((await world.asSystem(tx => candidatesOf(tx, escalated))).map(({ personId }) => personId)).toEqual([
      one.personId,
      above.personId,
    ])
    valueOf(await decide(above, escalated))
    expect(await reread(task)).toMatchObject({ status: 'done', outcome: 'approve' })
  })
})

const AUTHORITY: Policy = {
  id: 'authority/trial',
  kind: 'authority',
  title: { en: 'Trial', zh: '试验' },
  facts: { proposedLimit: { type: 'money', currency: 'CNY' } },
  outputs: { levels: { type: 'list', of: 'string' } },
  steps: [
    {
      kind: 'formula',
      id: 'by-amount',
      expressions: [
        {
          id: 'levels',
          output: 'levels',
          expression: 'if proposedLimit <= 600000 then ["credit-officer"] else ["credit-officer", "credit-manager"]',
        },
      ],
    },
  ],
}

async function away(principal: User, other: User): Promise<void> {
  valueOf(
    await asActor(world.sql, actorOf(principal), tx =>
      substitute(tx, { substitutePersonId: other.personId, from: '2026-03-01', to: '2026-03-31', timeZone: 'Asia/Shanghai' }),
    ),
  )
}
