import { asActor, attendApproval, findApprovalOf, returnApplication, SYSTEM, tasksOf } from '@surety/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { populate, type Populated } from './populate.ts'
import { startTestApi, type TestApi, type TestClient } from './support.ts'

const ERRORS =
  '... on Error { code message { en zh } } ... on InvalidInputError { issues { path code message { en zh } } } ... on ConflictError { current }'
const DECIDE = `mutation ($input: DecideTaskInput!) { decideTask(input: $input) { __typename ${ERRORS}
  ... on MutationTaskSuccess { data { status outcome version canDecide cannotDecideReason { en } votes { person outcome limit { amount currency } comment level } } } } }`
const SUBMIT = `mutation ($input: SubmitApplicationInput!) { submitApplication(input: $input) { __typename ${ERRORS}
  ... on MutationApplicationSuccess { data { id status requestedLimit { amount currency } customer { name } requestedBy { login } canWithdraw timeline { totalCount edges { node { action actor { login } } } } } } } }`

describe('applications and tasks', () => {
  let api: TestApi
  let thing: Populated
  let maker: TestClient
  let first: TestClient
  let second: TestClient
  beforeAll(async () => {
    api = await startTestApi()
    thing = await populate(api, api.north, 'WORK')
    await api.addUser('first', [{ role: 'approver', segmentId: api.north.id, authorityLevel: 1 }])
    await api.addUser('second', [{ role: 'approver', segmentId: api.north.id, authorityLevel: 2 }])
    maker = await api.signIn('maker-WORK')
    first = await api.signIn('first')
    second = await api.signIn('second')
  })
  afterAll(() => api.close())

  const vote = async (client: TestClient, input: object): Promise<Record<string, any>> =>
    (await client.ask(DECIDE, { input: { id: thing.taskId, version: 1, ...input } })).data.decideTask

  it('tell each viewer whether they can decide, and why not', async () => {
    const query = `{ task(id: "${thing.taskId}") { canDecide cannotDecideReason { en zh } level levelCount amount { amount currency } application { status recommendedLimit { amount } levels } } }`
    expect((await first.ask(query)).data.task).toEqual({
      canDecide: true,
      cannotDecideReason: null,
      level: 1,
      levelCount: 2,
      amount: { amount: expect.stringMatching(/^9000(\.0+)?$/), currency: 'CNY' },
      application: { status: 'IN_APPROVAL', recommendedLimit: { amount: expect.stringMatching(/^8000(\.0+)?$/) }, levels: [1, 2] },
    })
    const own = (await maker.ask(query)).data.task
    expect(own.canDecide).toBe(false)
    expect(own.cannotDecideReason.zh).toMatch(/\p{Script=Han}/u)
  })

  it('show an approver what waits for them, and count it', async () => {
    const query = '{ counters { tasks } tasks { totalCount edges { node { id } } } }'
    expect((await first.ask(query)).data).toEqual({
      counters: { tasks: 1 },
      tasks: { totalCount: 1, edges: [{ node: { id: thing.taskId } }] },
    })
    expect((await maker.ask(query)).data).toEqual({ counters: { tasks: 0 }, tasks: { totalCount: 0, edges: [] } })
  })

  it('need a word when they are rejected or returned', async () => {
    expect(await vote(first, { outcome: 'REJECT' })).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: ['comment'] }] })
    expect(await vote(first, { outcome: 'RETURN', comment: '   ' })).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['comment'] }],
    })
  })

  it('take no limit of nothing and no terms of ten years', async () => {
    const refused = await vote(first, { outcome: 'APPROVE', limit: '0', termsDays: 3650 })
    expect(refused).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: ['limit'] }, { path: ['termsDays'] }] })
    expect(refused['issues'][0].message).toEqual({ en: 'The limit must be more than zero.', zh: '额度必须大于零。' })
  })

  it('are decided once: of two who act on the same version one is told that somebody was faster', async () => {
    const outcomes = await Promise.all([
      vote(first, { outcome: 'APPROVE', limit: '7000', comment: 'less' }),
      vote(second, { outcome: 'APPROVE' }),
    ])
    expect(outcomes.filter(({ __typename }) => __typename === 'MutationTaskSuccess')).toHaveLength(1)
    const later = await vote(second, { outcome: 'APPROVE' })
    expect(['ConflictError', 'NotAllowedError']).toContain(later['__typename'])
  })

  it('of a version that is not current are a conflict that tells the current one', async () => {
    const task = await asActor(api.sql, SYSTEM, async tx => {
      await attendApproval(tx, (await findApprovalOf(tx, 'credit_application', thing.applicationId))!.id, tx.now)
      return (await tasksOf(tx, [thing.applicationId])).get(thing.applicationId)!.find(({ level }) => level === 2)
    })
    const { data } = await second.ask(DECIDE, { input: { id: task!.id, version: 7, outcome: 'APPROVE' } })
    expect(data.decideTask).toMatchObject({ __typename: 'ConflictError', current: { id: task!.id, version: 1, status: 'open' } })
  })

  it('are submitted once for a key, seen at once, and woken through the outbox', async () => {
    const { customerId } = await populate(api, api.south, 'SUBMIT')
    await asActor(
      api.sql,
      SYSTEM,
      tx => tx`update credit_applications set status = 'rejected', closed_at = now() where customer_id = ${customerId}`,
    )
    const clerk = await api.signIn('maker-SUBMIT')
    const input = {
      key: 'the-same-key',
      customer: customerId,
      segment: String(api.south.id),
      requestedLimit: '1200.50',
      requestedTermsDays: 30,
      purpose: '旺季备货',
    }
    const submitted = (await clerk.ask(SUBMIT, { input })).data.submitApplication
    expect(submitted).toMatchObject({
      __typename: 'MutationApplicationSuccess',
      data: {
        status: 'SUBMITTED',
        requestedLimit: { currency: 'EUR' },
        customer: { name: 'SUBMIT Trading' },
        requestedBy: { login: 'maker-SUBMIT' },
        canWithdraw: true,
        timeline: { totalCount: 1, edges: [{ node: { action: 'application.submit', actor: { login: 'maker-SUBMIT' } } }] },
      },
    })
    const again = (await clerk.ask(SUBMIT, { input })).data.submitApplication
    expect(again.data.id).toBe(submitted.data.id)
    const waiting = await asActor(api.sql, SYSTEM, tx => tx`select key from outbox where key like ${`application-${submitted.data.id}-%`}`)
    expect(waiting).toHaveLength(1)
  })

  it('name all that is wrong with a request, in both languages', async () => {
    const input = { key: 'short', customer: thing.customerId, segment: String(api.north.id), requestedLimit: '-5', requestedTermsDays: 999 }
    const refused = (await maker.ask(SUBMIT, { input })).data.submitApplication
    expect(refused.issues.map(({ path }: { path: string[] }) => path.join('.'))).toEqual(['key', 'requestedLimit', 'requestedTermsDays'])
    for (const { message } of refused.issues) expect(message.zh).toMatch(/\p{Script=Han}/u)
  })

  it('say that a customer is not there as a type', async () => {
    for (const customer of ['999999', 'nonsense']) {
      const input = { key: 'some-other-key', customer, segment: String(api.north.id), requestedLimit: '5' }
      expect((await maker.ask(SUBMIT, { input })).data.submitApplication).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' })
    }
  })

  it('are returned, submitted again by who made them, and withdrawn', async () => {
    const { applicationId } = await populate(api, api.south, 'ROUND')
    const clerk = await api.signIn('maker-ROUND')
    const stranger = await api.signIn('maker-SUBMIT')
    await asActor(api.sql, SYSTEM, tx => returnApplication(tx, applicationId, { round: 1, reason: 'more figures' }))
    const { application } = (await clerk.ask(`{ application(id: "${applicationId}") { version status canResubmit } }`)).data
    expect(application).toMatchObject({ status: 'RETURNED', canResubmit: true })
    const resubmit = `mutation ($input: ResubmitApplicationInput!) { resubmitApplication(input: $input) { __typename ${ERRORS} ... on MutationApplicationSuccess { data { status round version } } } }`
    const input = { id: applicationId, version: application.version, requestedLimit: '8500', comment: 'figures attached' }
    expect((await stranger.ask(resubmit, { input })).data.resubmitApplication).toMatchObject({
      __typename: 'NotAllowedError',
      code: 'NOT_YOURS',
    })
    const again = (await clerk.ask(resubmit, { input })).data.resubmitApplication
    expect(again.data).toMatchObject({ status: 'SUBMITTED', round: 2 })
    const withdraw = `mutation ($input: WithdrawApplicationInput!) { withdrawApplication(input: $input) { __typename ${ERRORS} ... on MutationApplicationSuccess { data { status canWithdraw } } } }`
    expect(
      (await clerk.ask(withdraw, { input: { id: applicationId, version: again.data.version, reason: 'not needed' } })).data
        .withdrawApplication.data,
    ).toEqual({ status: 'WITHDRAWN', canWithdraw: false })
  })
})
