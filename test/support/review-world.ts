import type { Policy } from '@surety/engine'
import {
  actorOf,
  asActor,
  connect,
  createCustomer,
  createSegment,
  createUser,
  decideTask,
  findApplication,
  listTasks,
  publishPolicy,
  resubmitApplication,
  submitApplication,
  withdrawApplication,
  SYSTEM,
  type CreditApplication,
  type Result,
  type Role,
  type Sql,
  type Task,
  type TaskDecision,
  type User,
} from '@surety/store'
import { createTestDatabase } from './database.ts'

/** A book of its own in which one person asks for limits and two others, on two levels, approve them. */
export interface ReviewWorld {
  readonly appUrl: string
  readonly sql: Sql
  submit(): Promise<CreditApplication>
  read(id: string): Promise<CreditApplication>
  /** Approves as soon as the task of the level is there. */
  approve(applicationId: string, level: number): Promise<void>
  /** Any other decision of the level, with a comment. */
  decide(applicationId: string, level: number, outcome: 'reject' | 'return'): Promise<void>
  resubmit(applicationId: string): Promise<void>
  withdraw(applicationId: string): Promise<void>
  /** What the record holds of an application: limit, decisions, tasks, votes, acts, and messages still to be carried. */
  effectsOf(applicationId: string): Promise<Effects>
  close(): Promise<void>
}

export interface Effects {
  readonly status: string
  readonly limits: number
  readonly limitInForce: string | null
  readonly decisions: number
  readonly tasks: number
  readonly votes: number
  /** Acts on the application and its tasks, sorted; each once. */
  readonly acts: readonly string[]
}

export async function createReviewWorld(): Promise<ReviewWorld> {
  const database = await createTestDatabase()
  const sql = connect(database.appUrl, { max: 5 })
  const segment = await asActor(sql, SYSTEM, tx =>
    createSegment(tx, { code: 'industrial', name: { en: 'Industrial', zh: '工业品' }, currency: 'CNY' }),
  )
  const person = (login: string, role: Role, authorityLevel: number | null): Promise<User> =>
    asActor(sql, SYSTEM, tx => createUser(tx, { name: login, login, grants: [{ role, segmentId: null, authorityLevel }] }))
  const maker = await person('maker', 'sales', null)
  const approvers = [await person('first', 'approver', 1), await person('second', 'approver', 2)]
  await asActor(sql, SYSTEM, async tx => {
    for (const policy of POLICIES) await publishPolicy(tx, policy)
  })
  let customers = 0

  const openTaskFor = async (user: User, applicationId: string): Promise<Task> => {
    for (let attempt = 0; attempt < 900; attempt += 1) {
      const mine = await asActor(sql, actorOf(user), tx => listTasks(tx, 'mine', {}, { field: 'dueAt', descending: false }, { first: 50 }))
      const task = mine.edges.find(({ node }) => node.applicationId === applicationId)?.node
      if (task) return task
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    throw new Error(`No task of application ${applicationId} reached ${user.login} within 90 s.`)
  }

  const read = async (id: string): Promise<CreditApplication> => (await asActor(sql, SYSTEM, tx => findApplication(tx, id)))!
  const decide = async (applicationId: string, level: number, decision: Pick<TaskDecision, 'outcome' | 'comment'>): Promise<void> => {
    const user = approvers[level - 1]!
    const task = await openTaskFor(user, applicationId)
    expectOk(await asActor(sql, actorOf(user), tx => decideTask(tx, { id: task.id, version: task.version, ...decision })))
  }

  return {
    appUrl: database.appUrl,
    sql,
    async submit() {
      customers += 1
      const number = `C${customers}`
      const { customer } = await asActor(sql, SYSTEM, tx =>
        createCustomer(tx, { number, name: `Customer ${customers}` }, { segmentId: segment.id, currency: 'CNY' }),
      )
      return expectOk(
        await asActor(sql, actorOf(maker), tx =>
          submitApplication(tx, {
            key: number,
            customerId: customer.id,
            segmentId: segment.id,
            requestedLimit: '600000',
            requestedTermsDays: 45,
          }),
        ),
      )
    },
    read,
    approve: (applicationId, level) => decide(applicationId, level, { outcome: 'approve' }),
    decide: (applicationId, level, outcome) => decide(applicationId, level, { outcome, comment: 'figures are missing' }),
    async resubmit(id) {
      const { version } = await read(id)
      expectOk(
        await asActor(sql, actorOf(maker), tx =>
          resubmitApplication(tx, { id, version, requestedLimit: '500000', comment: 'figures added' }),
        ),
      )
    },
    async withdraw(id) {
      const { version } = await read(id)
      expectOk(await asActor(sql, actorOf(maker), tx => withdrawApplication(tx, { id, version, reason: 'not needed any more' })))
    },
    effectsOf: id =>
      asActor(sql, SYSTEM, async tx => {
        const application = (await findApplication(tx, id))!
        const [counts] = await tx<{ limits: number; decisions: number; tasks: number; votes: number; limit: string | null }[]>`
          select
            (select count(*)::int from credit_limits where application_id = ${id}) as limits,
            (select count(*)::int from decisions where subject = ${`application:${id}`}) as decisions,
            (select count(*)::int from tasks where application_id = ${id}) as tasks,
            (select count(*)::int from task_votes where application_id = ${id}) as votes,
            (select trim_scale(limit_amount)::text from credit_accounts where id = ${application.accountId}) as limit`
        const acts = await tx<{ action: string }[]>`
          select action from audit_entries
          where (entity = 'CreditApplication' and entity_id = ${id})
             or (entity = 'Task' and entity_id in (select id::text from tasks where application_id = ${id}))
             or (entity = 'CreditAccount' and entity_id = ${application.accountId})
          order by action, id`
        return {
          status: application.status,
          limits: counts!.limits,
          limitInForce: counts!.limit,
          decisions: counts!.decisions,
          tasks: counts!.tasks,
          votes: counts!.votes,
          acts: acts.map(({ action }) => action),
        }
      }),
    async close() {
      await sql.end({ timeout: 1 })
      await database.drop()
    },
  }
}

function expectOk<T>(result: Result<T>): T {
  if (result.kind === 'ok') return result.value
  throw new Error(`It was refused: ${JSON.stringify(result)}`)
}

const title = { en: 'Trial', zh: '试验' }
const grade = { type: 'enum', values: ['A', 'B', 'C', 'D', 'E'] } as const
const POLICIES: readonly Policy[] = [
  {
    id: 'assessment/trial',
    kind: 'assessment',
    title,
    facts: {},
    outputs: { grade, score: { type: 'integer' } },
    steps: [
      {
        kind: 'formula',
        id: 'fixed',
        expressions: [
          { id: 'grade', output: 'grade', expression: '"C"' },
          { id: 'score', output: 'score', expression: '65' },
        ],
      },
    ],
  },
  {
    id: 'limit-and-terms/trial',
    kind: 'limit-and-terms',
    title,
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
  },
  {
    id: 'authority/trial',
    kind: 'authority',
    title,
    facts: {},
    outputs: { levels: { type: 'list', of: 'string' } },
    steps: [
      { kind: 'formula', id: 'two', expressions: [{ id: 'levels', output: 'levels', expression: '["credit-officer", "credit-manager"]' }] },
    ],
  },
]
