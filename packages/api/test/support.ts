import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { asActor, connect, createSegment, createUser, SYSTEM, type RoleGrant, type Segment, type Sql, type User } from '@surety/store'
import { pino } from 'pino'
import { createTestDatabase } from '../../../test/support/database.ts'
import type { Config } from '../src/config.ts'
import { BULK_CONNECTIONS } from '../src/ingest/turns.ts'
import { createLiveHub } from '../src/live/hub.ts'
import { createServer } from '../src/server.ts'

export const PASSWORD = 'correct horse battery staple'

/** The API on a database of its own, with a clock that the test may move. */
export interface TestApi {
  readonly url: string
  readonly sql: Sql
  readonly clock: { now: Date }
  /** Connects past all row rules and rights. */
  readonly ownerUrl: string
  /** Lines that were logged, as text. */
  readonly log: string[]
  readonly north: Segment
  readonly south: Segment
  /** Makes somebody with these roles; their password is `PASSWORD`. */
  addUser(login: string, grants: readonly RoleGrant[], options?: { readonly isDemo?: boolean }): Promise<User>
  signIn(login: string): Promise<TestClient>
  anonymous(): TestClient
  close(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // What comes back is looked at in many ways; its types are the schema's to keep.
  // oxlint-disable-next-line no-explicit-any
  readonly data: any
  readonly errors: readonly {
    readonly message: string
    readonly path?: readonly (string | number)[]
    readonly extensions?: Record<string, unknown>
  }[]
}

export interface TestClient {
  readonly cookie: string | undefined
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>
  fetch(path: string, init?: RequestInit): Promise<Response>
}

export async function startTestApi(overrides: Partial<Config> = {}): Promise<TestApi> {
  const database = await createTestDatabase()
  const clock = { now: new Date('2026-03-02T09:00:00Z') }
  const sql = connect(database.appUrl, { max: 8, clock: () => clock.now })
  const bulk = connect(database.appUrl, { max: BULK_CONNECTIONS, clock: () => clock.now })
  const log: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) })
  const live = createLiveHub(sql, () => {})
  const yes = async (): Promise<boolean> => true
  const server = createServer({
    config: { ...CONFIG, ...overrides },
    sql,
    bulk,
    live,
    logger,
    probes: { postgres: async () => (await sql`select 1`).length === 1, migrations: yes, temporal: yes, worker: yes },
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const asSystem = <T>(fn: Parameters<typeof asActor<T>>[2]): Promise<T> => asActor(sql, SYSTEM, fn)
  const north = await asSystem(tx => createSegment(tx, { code: 'NORTH', name: { en: 'North', zh: '北方' }, currency: 'CNY' }))
  const south = await asSystem(tx => createSegment(tx, { code: 'SOUTH', name: { en: 'South', zh: '南方' }, currency: 'EUR' }))
  return {
    url,
    sql,
    clock,
    ownerUrl: database.ownerUrl,
    log,
    north,
    south,
    addUser: (login, grants, options = {}) =>
      asSystem(tx => createUser(tx, { name: `${login} the person`, login, password: PASSWORD, grants, ...options })),
    async signIn(login) {
      const { data, errors, headers } = await createClient(url).ask(SIGN_IN, { input: { login, password: PASSWORD } })
      if (data?.signIn.__typename !== 'MutationSignInSuccess')
        throw new Error(`${login} can not sign in: ${JSON.stringify({ data, errors })}`)
      return createClient(url, headers.getSetCookie()[0]!.split(';')[0])
    },
    anonymous: () => createClient(url),
    async close() {
      await live.close()
      server.close()
      server.closeAllConnections()
      await Promise.all([sql.end({ timeout: 5 }), bulk.end({ timeout: 5 })])
      await database.drop()
    },
  }
}

export const GRAPHQL_HEADERS = { 'content-type': 'application/json', accept: 'application/json', 'x-graphql-yoga-csrf': '1' }
export const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { __typename
  ... on MutationSignInSuccess { data { user { login } } }
  ... on Error { code message { en zh } } ... on InvalidInputError { issues { path code message { en zh } } } } }`

const CONFIG: Config = {
  databaseUrl: '',
  temporalAddress: '',
  temporalNamespace: 'default',
  temporalUi: 'http://127.0.0.1:8233',
  port: 0,
  host: '127.0.0.1',
  isDemo: false,
  environment: 'test',
  logLevel: 'debug',
  consoleFolder: '/nowhere',
  trustProxy: 'loopback',
  auditAnchorsFile: undefined,
  secret: 'a secret of the house',
  version: '0.0.0',
}

function createClient(url: string, cookie?: string): TestClient {
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(url + path, { ...init, headers: { ...(cookie && { cookie }), ...(init.headers as Record<string, string>) } })
  return {
    cookie,
    fetch: ask,
    async ask(query, variables = {}) {
      const response = await ask('/graphql', { method: 'POST', headers: GRAPHQL_HEADERS, body: JSON.stringify({ query, variables }) })
      const { data, errors = [] } = (await response.json()) as Pick<Answer, 'data' | 'errors'>
      return { status: response.status, headers: response.headers, data, errors }
    },
  }
}
