import { asActor, connect, disableUser, publishChange, SYSTEM, type User } from '@surety/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GRAPHQL_HEADERS, startTestApi, type TestApi, type TestClient } from './support.ts'

describe('live changes', () => {
  let api: TestApi
  let clerk: TestClient
  let leaver: User
  beforeAll(async () => {
    api = await startTestApi()
    await api.addUser('clerk', [{ role: 'sales', segmentId: api.north.id, authorityLevel: null }])
    leaver = await api.addUser('leaver', [{ role: 'sales', segmentId: api.north.id, authorityLevel: null }])
    clerk = await api.signIn('clerk')
  })
  afterAll(() => api.close())

  const publish = (entity: string, id: string, segmentId: number | null): Promise<void> =>
    asActor(api.sql, SYSTEM, tx => publishChange(tx, { entity, id, customerId: '7', segmentId }))

  it('arrive as they are committed, over one stream that is not compressed', async () => {
    await using stream = await subscribe(clerk)
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    expect(stream.headers.get('content-encoding') ?? 'none').toBe('none')
    await publish('Task', '41', api.north.id)
    expect(await stream.next()).toEqual({ entity: 'Task', id: '41', customer: '7', at: api.clock.now.toISOString() })
  })

  it('tell nobody what is not theirs to see', async () => {
    await using stream = await subscribe(clerk)
    await publish('Task', '1', api.south.id)
    await publish('Import', '2', api.north.id)
    await publish('SomethingNew', '3', api.north.id)
    await publish('Policy', '4', null)
    expect((await stream.next())?.id).toBe('4')
  })

  it('reach many at once over one connection to the database', async () => {
    const streams = await Promise.all(Array.from({ length: 40 }, () => subscribe(clerk)))
    await publish('Task', '42', api.north.id)
    expect(await Promise.all(streams.map(async stream => (await stream.next())?.id))).toEqual(streams.map(() => '42'))
    const [{ count }] = (await api.sql<
      { count: string }[]
    >`select count(*) from pg_stat_activity where datname = current_database() and query ilike 'listen%'`) as unknown as [{ count: string }]
    expect(Number(count)).toBeLessThanOrEqual(1)
    await Promise.all(streams.map(stream => stream[Symbol.asyncDispose]()))
  })

  it('are refused to who is signed out', async () => {
    const response = await api.anonymous().fetch('/graphql', {
      method: 'POST',
      headers: { ...GRAPHQL_HEADERS, accept: 'text/event-stream' },
      body: JSON.stringify({ query: CHANGES }),
    })
    expect(await response.text()).toContain('UNAUTHENTICATED')
  })

  it('end for everybody when the program stops, so that browsers connect elsewhere', async () => {
    const other = await startTestApi()
    await other.addUser('clerk', [{ role: 'sales', segmentId: other.north.id, authorityLevel: null }])
    const stream = await subscribe(await other.signIn('clerk'))
    const ended = stream.next()
    await other.close()
    expect(await ended).toBeUndefined()
  })

  it('end when the connection to the database was lost, for something may have been missed, and begin anew', async () => {
    const stream = await subscribe(clerk)
    const owner = connect(api.ownerUrl, { max: 1 })
    await owner`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
    await owner.end()
    expect(await stream.next()).toBeUndefined()
    await using again = await subscribe(clerk)
    await publish('Task', '43', api.north.id)
    expect((await again.next())?.id).toBe('43')
  })

  it('end when the session does', async () => {
    await using stream = await subscribe(await api.signIn('leaver'))
    await asActor(api.sql, SYSTEM, tx => disableUser(tx, leaver.id, 'left'))
    expect(await stream.next()).toBeUndefined()
  })
})

const CHANGES = 'subscription { changes { entity id customer at } }'

interface Stream extends AsyncDisposable {
  readonly headers: Headers
  /** The next change; undefined when the stream has ended. */
  next(): Promise<{ entity: string; id: string; customer: string; at: string } | undefined>
}

async function subscribe(client: TestClient): Promise<Stream> {
  const aborted = new AbortController()
  const response = await client.fetch('/graphql', {
    method: 'POST',
    headers: { ...GRAPHQL_HEADERS, accept: 'text/event-stream' },
    body: JSON.stringify({ query: CHANGES }),
    signal: aborted.signal,
  })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  // The stream begins with a comment; by then the server listens.
  text += (await reader.read()).value
  return {
    headers: response.headers,
    async next() {
      for (;;) {
        const match = /event: next\ndata: (.*)\n\n/.exec(text)
        if (match) {
          text = text.slice(match.index + match[0].length)
          return JSON.parse(match[1]!).data.changes
        }
        const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true }))
        if (done || text.includes('event: complete')) return undefined
        text += value
      }
    },
    async [Symbol.asyncDispose]() {
      aborted.abort()
    },
  }
}
