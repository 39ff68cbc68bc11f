import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { asActor, connect, createCustomer, createSegment, createUser, SYSTEM, type Role, type Sql } from '@surety/store'
import { Client, Connection } from '@temporalio/client'
import { startHouse, type House } from '../support/house.ts'

export interface ApprovalTrial {
  readonly rounds: number
  readonly casesPerRound: number
  readonly log?: (line: string) => void
}

/** What came of it. An effect is a row that a case leaves: decision, task, vote, limit, act in the record. */
export interface ApprovalTrialReport {
  readonly rounds: number
  readonly kills: Readonly<Record<string, number>>
  readonly cases: number
  readonly ended: number
  readonly effects: number
  readonly lost: number
  readonly doubled: number
  /** Runs of activities, and how many of them were another attempt at the same. */
  readonly activityAttempts: number
  readonly repeatedAttempts: number
  /** Requests that people sent again because no answer came. */
  readonly repeatedRequests: number
  readonly seconds: number
  readonly wrong: readonly string[]
}

const PARTS = ['worker', 'api', 'temporal', 'postgres'] as const
const PASSWORD = 'correct horse battery staple'
/** Longer than five deaths a minute would allow, after which a house gives up. */
const BETWEEN_KILLS_MS = 9_000

/** People ask for limits and approve them through the API, while parts of the house are killed in turn under them. */
export async function tryApprovals({ rounds, casesPerRound, log = () => {} }: ApprovalTrial): Promise<ApprovalTrialReport> {
  const startedAt = Date.now()
  const home = mkdtempSync(join(tmpdir(), 'surety-chaos-'))
  const house = await startHouse({ home, environment: { SURETY_DEMO: '0' } })
  const sql = connect(house.environment['SURETY_DATABASE_URL']!, { max: 3 })
  const kills: Record<string, number> = {}
  try {
    const customers = await fill(sql, rounds * casesPerRound)
    const people = await signInAll(house)
    const ending = new AbortController()
    const approving = people.approvers.map(person => approveAll(person, ending.signal))
    let submitted = 0
    for (let round = 0; round < rounds; round += 1) {
      const submitting = Array.from({ length: casesPerRound }, () => submit(people.maker, customers[submitted++]!))
      await sleep(700)
      const part = PARTS[round % PARTS.length]!
      process.kill(house.pidOf(part), 'SIGKILL')
      kills[part] = (kills[part] ?? 0) + 1
      log(`round ${round + 1}: ${part} killed, ${submitted} cases`)
      await Promise.all(submitting)
      await sleep(BETWEEN_KILLS_MS)
    }
    await until(async () => (await openCases(sql)) === 0, 240_000)
    ending.abort()
    await Promise.all(approving)
    // What a late retry might double has time to.
    await sleep(2_000)
    const counted = await countEffects(sql)
    const attempts = await countAttempts(house)
    return {
      rounds,
      kills,
      cases: rounds * casesPerRound,
      ...counted,
      ...attempts,
      repeatedRequests: people.maker.repeats + people.approvers.reduce((sum, { repeats }) => sum + repeats, 0),
      seconds: Math.round((Date.now() - startedAt) / 1000),
    }
  } finally {
    await sql.end({ timeout: 1 })
    await house.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

interface Place {
  readonly customerId: string
  readonly segmentId: number
}

async function fill(sql: Sql, count: number): Promise<Place[]> {
  return asActor(sql, SYSTEM, async tx => {
    const segment = await createSegment(tx, { code: 'chaos', name: { en: 'Chaos', zh: '混沌' }, currency: 'CNY' })
    const people: [string, Role, number | null][] = [
      ['maker', 'sales', null],
      ['level1', 'approver', 1],
      ['level2', 'approver', 2],
      ['level3', 'approver', 3],
    ]
    for (const [login, role, authorityLevel] of people)
      await createUser(tx, { name: login, login, password: PASSWORD, grants: [{ role, segmentId: null, authorityLevel }] })
    const places: Place[] = []
    for (let index = 0; index < count; index += 1) {
      const { customer } = await createCustomer(
        tx,
        { number: `K${index}`, name: `Customer ${index}` },
        { segmentId: segment.id, currency: 'CNY' },
      )
      places.push({ customerId: customer.id, segmentId: segment.id })
    }
    return places
  })
}

/** Somebody at a browser: asks again until an answer comes. */
interface Person {
  repeats: number
  ask<T>(query: string, variables: object): Promise<T>
}

async function signInAll(house: House): Promise<{ maker: Person; approvers: Person[] }> {
  const [maker, ...approvers] = await Promise.all(['maker', 'level1', 'level2', 'level3'].map(login => signIn(house.address, login)))
  return { maker: maker!, approvers }
}

async function signIn(address: string, login: string): Promise<Person> {
  const response = await post(address, SIGN_IN, { input: { login, password: PASSWORD } })
  const cookie = response.headers
    .getSetCookie()
    .map(header => header.split(';')[0])
    .join('; ')
  const person: Person = {
    repeats: 0,
    async ask<T>(query: string, variables: object): Promise<T> {
      for (;;) {
        try {
          const answer = await post(address, query, variables, cookie)
          const { data, errors } = (await answer.json()) as { data?: T; errors?: unknown[] }
          if (answer.ok && data && !errors) return data
        } catch {
          // Killed under us; asked again below.
        }
        person.repeats += 1
        await sleep(300)
      }
    },
  }
  return person
}

function post(address: string, query: string, variables: object, cookie = ''): Promise<Response> {
  return fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(10_000),
  })
}

async function submit(maker: Person, { customerId, segmentId }: Place): Promise<void> {
  const input = {
    key: `chaos-${customerId}-key`,
    customer: customerId,
    segment: String(segmentId),
    requestedLimit: '600000',
    requestedTermsDays: 45,
  }
  await maker.ask(SUBMIT, { input })
}

async function approveAll(person: Person, signal: AbortSignal): Promise<void> {
  const done = new Set<string>()
  while (!signal.aborted) {
    const { tasks } = await person.ask<{ tasks: { edges: { node: { id: string; version: number; level: number } }[] } }>(MINE, {})
    for (const { node } of tasks.edges) {
      if (done.has(node.id)) continue
      const input = {
        id: node.id,
        version: node.version,
        outcome: 'APPROVE',
        comment: 'as discussed',
        ...(node.level === 1 && { limit: '5000', overrideReason: 'OTHER' }),
      }
      await person.ask(DECIDE, { input })
      done.add(node.id)
    }
    await sleep(400)
  }
}

async function openCases(sql: Sql): Promise<number> {
  try {
    const [row] = await asActor(
      sql,
      SYSTEM,
      tx =>
        tx<
          { open: number }[]
        >`select count(*)::int as open from credit_applications where status not in ('approved', 'rejected', 'withdrawn')`,
    )
    return row!.open
  } catch {
    return -1
  }
}

async function countEffects(sql: Sql) {
  const rows = await asActor(
    sql,
    SYSTEM,
    tx => tx<CaseRow[]>`
      select a.id, a.status, coalesce(array_length(a.levels, 1), 0) as levels,
        (select count(*)::int from decisions where subject = 'application:' || a.id) as decisions,
        (select count(*)::int from tasks where application_id = a.id) as tasks,
        (select count(*)::int from task_votes where application_id = a.id) as votes,
        (select count(*)::int from credit_limits where application_id = a.id) as limits,
        (select trim_scale(limit_amount)::text from credit_accounts where id = a.account_id) as limit_in_force,
        (select count(*)::int from audit_entries e where (e.entity = 'CreditApplication' and e.entity_id = a.id::text)
          or (e.entity = 'Task' and e.entity_id in (select id::text from tasks where application_id = a.id))
          or (e.entity = 'CreditAccount' and e.entity_id = a.account_id::text)) as acts
      from credit_applications a order by a.id`,
  )
  const wrong: string[] = []
  let lost = 0
  let doubled = 0
  let effects = 0
  for (const row of rows) {
    // Submitted, assessed, graded, approved and the limit set, and each level opened and signed.
    const wanted = { decisions: 3, tasks: row.levels, votes: row.levels, limits: 1, acts: 5 + 2 * row.levels }
    for (const [name, expected] of Object.entries(wanted)) {
      const found = row[name as keyof typeof wanted]
      effects += found
      lost += Math.max(0, expected - found)
      doubled += Math.max(0, found - expected)
      if (found !== expected) wrong.push(`application ${row.id}: ${found} ${name} instead of ${expected}`)
    }
    if (row.status !== 'approved' || row.limit_in_force !== '5000')
      wrong.push(`application ${row.id} is ${row.status}, limit ${row.limit_in_force}`)
  }
  return { ended: rows.filter(({ status }) => status === 'approved').length, effects, lost, doubled, wrong: wrong.slice(0, 20) }
}

interface CaseRow {
  readonly id: string
  readonly status: string
  readonly levels: number
  readonly decisions: number
  readonly tasks: number
  readonly votes: number
  readonly limits: number
  readonly limit_in_force: string | null
  readonly acts: number
}

async function countAttempts(house: House): Promise<{ activityAttempts: number; repeatedAttempts: number }> {
  const connection = await Connection.connect({ address: house.environment['TEMPORAL_ADDRESS']! })
  const client = new Client({ connection, namespace: house.environment['TEMPORAL_NAMESPACE']! })
  let activityAttempts = 0
  let repeatedAttempts = 0
  for await (const { workflowId } of client.workflow.list({ query: 'WorkflowType = "reviewApplication"' })) {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory()
    for (const event of events ?? []) {
      const attempt = event.activityTaskStartedEventAttributes?.attempt
      if (!attempt) continue
      activityAttempts += attempt
      repeatedAttempts += attempt - 1
    }
  }
  await connection.close()
  return { activityAttempts, repeatedAttempts }
}

async function until(holds: () => Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs
  while (Date.now() < deadline) {
    if (await holds()) return
    await sleep(500)
  }
}

const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }'
const SUBMIT = 'mutation ($input: SubmitApplicationInput!) { submitApplication(input: $input) { __typename } }'
const DECIDE = 'mutation ($input: DecideTaskInput!) { decideTask(input: $input) { __typename ... on Error { code } } }'
const MINE = '{ tasks(view: MINE, first: 100) { edges { node { id version level } } } }'
