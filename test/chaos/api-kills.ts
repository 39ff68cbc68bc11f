import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { asActor, connect, createCustomer, createSegment, createUser, listenOutbox, outboxBacklog, SYSTEM, type Sql } from '@surety/store'
import { Client, Connection } from '@temporalio/client'
import { dispatchOutbox } from '../../packages/workflows/src/dispatch.ts'
import { freePort } from '../../scripts/services/ports.ts'
import { createTestDatabase } from '../support/database.ts'
import { temporalAddress } from '../support/temporal.ts'
import { createNamespace } from './namespace.ts'

export interface ApiKillTrial {
  readonly kills: number
  readonly log?: (line: string) => void
}

export interface ApiKillReport {
  readonly kills: number
  readonly applications: number
  /** Nobody had been told when the API died. */
  readonly unanswered: number
  readonly started: number
  /** Asked for, and not in the book or without a workflow. */
  readonly lost: number
  /** In the book more often than asked for, or started more often. */
  readonly doubled: number
  readonly seconds: number
}

const AT_ONCE = 3
const PASSWORD = 'correct horse battery staple'
const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }'
const SUBMIT = 'mutation ($input: SubmitApplicationInput!) { submitApplication(input: $input) { __typename ... on Error { code } } }'

/** People ask for limits, and the API is killed each time the database says that what they asked is in the book: before a workflow knows. */
export async function tryApiKills({ kills, log = () => {} }: ApiKillTrial): Promise<ApiKillReport> {
  const startedAt = Date.now()
  const database = await createTestDatabase()
  const namespace = await createNamespace()
  const connection = await Connection.connect({ address: temporalAddress() })
  const client = new Client({ connection, namespace })
  const sql = connect(database.appUrl, { max: 4 })
  const port = await freePort()
  let api = await startApi(database.appUrl, port)
  let unanswered = 0
  let committed = (): void => {}
  const listening = await listenOutbox(sql, () => committed())
  try {
    const { segmentId, customers } = await fill(sql, kills * AT_ONCE)
    const cookie = await signIn(port)
    for (let kill = 0; kill < kills; kill += 1) {
      const isCommitted = new Promise<void>(resolve => (committed = resolve))
      const asking = customers.slice(kill * AT_ONCE, (kill + 1) * AT_ONCE).map(async customer => {
        for (;;) {
          if (await submit(port, cookie, customer, segmentId)) return
          unanswered += 1
          await sleep(100)
          // Sent again to the next one, not to nobody.
          await restarted
        }
      })
      const restarted: Promise<void> = isCommitted.then(async () => {
        // Nobody carries until it is dead, so that it dies between the two.
        api.kill('SIGKILL')
        await once(api, 'exit')
        api = await startApi(database.appUrl, port)
      })
      await restarted
      const outbox = await dispatchOutbox(sql, client, { warn: () => {} })
      await Promise.all(asking)
      await untilCarried(sql)
      await outbox.stop()
      if ((kill + 1) % 50 === 0) log(`${kill + 1} kills, ${unanswered} answers missed`)
    }
    return { kills, unanswered, ...(await count(sql, client, customers)), seconds: Math.round((Date.now() - startedAt) / 1000) }
  } finally {
    api.kill('SIGKILL')
    await listening.stop()
    await connection.close()
    await sql.end({ timeout: 1 })
    await database.drop()
  }
}

async function startApi(databaseUrl: string, port: number): Promise<ChildProcess> {
  const api = spawn(process.execPath, [join(import.meta.dirname, '../../packages/api/src/main.ts')], {
    env: {
      PATH: process.env['PATH'],
      SURETY_DATABASE_URL: databaseUrl,
      SURETY_PORT: String(port),
      SURETY_HOST: '127.0.0.1',
      SURETY_LOG_LEVEL: 'fatal',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (let attempt = 0; attempt < 1200; attempt += 1) {
    const isUp = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) return api
    await sleep(25)
  }
  api.kill('SIGKILL')
  throw new Error('The API does not start.')
}

async function fill(sql: Sql, count: number): Promise<{ segmentId: number; customers: readonly string[] }> {
  return asActor(sql, SYSTEM, async tx => {
    const segment = await createSegment(tx, { code: 'chaos', name: { en: 'Chaos', zh: '混沌' }, currency: 'CNY' })
    await createUser(tx, {
      name: 'maker',
      login: 'maker',
      password: PASSWORD,
      grants: [{ role: 'sales', segmentId: null, authorityLevel: null }],
    })
    const customers: string[] = []
    for (let index = 0; index < count; index += 1) {
      const { customer } = await createCustomer(
        tx,
        { number: `K${index}`, name: `Customer ${index}` },
        { segmentId: segment.id, currency: 'CNY' },
      )
      customers.push(customer.id)
    }
    return { segmentId: segment.id, customers }
  })
}

async function signIn(port: number): Promise<string> {
  const response = await post(port, SIGN_IN, { input: { login: 'maker', password: PASSWORD } })
  return response.headers
    .getSetCookie()
    .map(header => header.split(';')[0])
    .join('; ')
}

/** Whether an answer came. One that says no is a fault of the trial. */
async function submit(port: number, cookie: string, customer: string, segmentId: number): Promise<boolean> {
  const input = { key: `chaos-${customer}-key`, customer, segment: String(segmentId), requestedLimit: '600000', requestedTermsDays: 45 }
  let body: unknown
  try {
    body = await (await post(port, SUBMIT, { input }, cookie)).json()
  } catch {
    return false
  }
  const answer = (body as { data?: { submitApplication: { code?: string } } | null }).data?.submitApplication
  if (answer && answer.code === undefined) return true
  throw new Error(`The application was refused: ${JSON.stringify(body)}`)
}

function post(port: number, query: string, variables: object, cookie = ''): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(10_000),
  })
}

async function untilCarried(sql: Sql): Promise<void> {
  for (let attempt = 0; attempt < 1200 && (await outboxBacklog(sql)).waiting > 0; attempt += 1) await sleep(25)
}

async function count(sql: Sql, client: Client, customers: readonly string[]) {
  const rows = await asActor(
    sql,
    SYSTEM,
    tx =>
      tx<{ id: string; customer: string }[]>`
        select a.id, c.customer_id as customer from credit_applications a join credit_accounts c on c.id = a.account_id`,
  )
  let runs = await countRuns(client)
  // Visibility is written after the start.
  for (let attempt = 0; attempt < 50 && sum(runs) < rows.length; attempt += 1) {
    await sleep(200)
    runs = await countRuns(client)
  }
  const inBook = new Set(rows.map(({ customer }) => customer))
  const started = rows.filter(({ id }) => runs.has(`application-${id}`)).length
  return {
    applications: rows.length,
    started,
    lost: customers.filter(customer => !inBook.has(customer)).length + (rows.length - started),
    doubled: rows.length - inBook.size + (sum(runs) - runs.size),
  }
}

async function countRuns(client: Client): Promise<Map<string, number>> {
  const runs = new Map<string, number>()
  for await (const { workflowId } of client.workflow.list({ query: 'WorkflowType = "reviewApplication"' }))
    runs.set(workflowId, (runs.get(workflowId) ?? 0) + 1)
  return runs
}

function sum(runs: ReadonlyMap<string, number>): number {
  return [...runs.values()].reduce((total, one) => total + one, 0)
}
