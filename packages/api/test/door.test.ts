import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GRAPHQL_HEADERS, startTestApi, type TestApi } from './support.ts'

describe('the GraphQL door', () => {
  let api: TestApi
  let production: TestApi
  beforeAll(async () => {
    api = await startTestApi()
    production = await startTestApi({ environment: 'production' })
  })
  afterAll(async () => {
    await api.close()
    await production.close()
  })

  const deep = `{ customers { edges { node { customer { applications { edges { node { customer { applications { edges { node { customer { applications { edges { node { id } } } } } } } } } } } } } } }`
  const repeat = (count: number, part: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => part(index)).join(' ')
  const refusals: readonly (readonly [what: string, query: string])[] = [
    ['a query that goes too deep', deep],
    ['too many aliases', `{ ${repeat(50, index => `a${index}: instance { version }`)} }`],
    ['too many tokens', `{ instance { ${repeat(5000, () => 'version')} } }`],
    ['too many directives', `{ instance { version ${repeat(40, () => '@include(if: true)')} } }`],
    [
      'a query that costs too much',
      `{ customers(first: 200) { edges { node { customer { documents(first: 200) { edges { node { id number } } } } } } } }`,
    ],
    [
      'pages within pages as a variable',
      `query ($n: Int = 200) { customers(first: $n) { edges { node { customer { payments(first: $n) { edges { node { id } } } } } } } }`,
    ],
    ['something that is no GraphQL', `{ instance `],
    ['a field that is not there', `{ instance { versoin } }`],
    ['a variable of the wrong type', `query ($id: ID!) { customer(id: $id) { id } }`],
    ['a day that is none', `{ ageing(asOf: "2026-02-31") { total } }`],
    [
      'a number where a decimal text belongs',
      `mutation { submitApplication(input: { key: "k1234567", customer: "1", segment: "1", requestedLimit: 12.5 }) { __typename } }`,
    ],
  ]
  it.each(refusals)('refuses %s with 400 and no detail of ours', async (_what, query) => {
    const { status, errors, data } = await api.anonymous().ask(query)
    expect(errors.length).toBeGreaterThan(0)
    expect({ status, data }).toEqual({ status: 400, data: undefined })
    expect(JSON.stringify(errors)).not.toMatch(/node_modules|\bat .*\.[jt]s|stack|limit of|exceeds|did you mean/i)
  })

  it('tells its schema in development and hides it in production', async () => {
    const query = '{ __schema { queryType { name } } }'
    expect((await api.anonymous().ask(query)).data.__schema.queryType.name).toBe('Query')
    const hidden = await production.anonymous().ask(query)
    expect({ status: hidden.status, data: hidden.data }).toEqual({ status: 400, data: undefined })
    expect((await production.anonymous().ask('{ instance { environment } }')).data.instance.environment).toBe('production')
  })

  const instance = '{ instance { version } }'
  const sent = (init: RequestInit, path = '/graphql'): Promise<Response> => fetch(api.url + path, init)
  const body = JSON.stringify({ query: instance })
  const badRequests: readonly (readonly [what: string, status: number, send: () => Promise<Response>])[] = [
    ['a mutation by GET', 405, () => sent({ headers: GRAPHQL_HEADERS }, `/graphql?query=${encodeURIComponent('mutation { signOut }')}`)],
    [
      'a body of plain text, as a form can send',
      415,
      () => sent({ method: 'POST', headers: { ...GRAPHQL_HEADERS, 'content-type': 'text/plain' }, body }),
    ],
    [
      'a form',
      403,
      () =>
        sent({
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: `query=${encodeURIComponent(instance)}`,
        }),
    ],
    ['a link', 403, () => sent({}, `/graphql?query=${encodeURIComponent(instance)}`)],
    [
      'a request from another site',
      403,
      () => sent({ method: 'POST', headers: { ...GRAPHQL_HEADERS, origin: 'https://elsewhere.example' }, body }),
    ],
    [
      'a batch',
      400,
      () => sent({ method: 'POST', headers: GRAPHQL_HEADERS, body: JSON.stringify([{ query: instance }, { query: instance }]) }),
    ],
    ['a body that is no JSON', 400, () => sent({ method: 'POST', headers: GRAPHQL_HEADERS, body: '{"query":' })],
    [
      'two megabytes',
      413,
      () =>
        sent({
          method: 'POST',
          headers: GRAPHQL_HEADERS,
          body: JSON.stringify({ query: instance, variables: { x: 'x'.repeat(2_000_000) } }),
        }),
    ],
  ]
  it.each(badRequests)('refuses %s with %i', async (_what, status, send) => {
    const response = await send()
    expect(response.status).toBe(status)
    expect(await response.text()).not.toMatch(/node_modules|stack/)
  })

  it('masks what is not expected and writes it to the log under the same number', async () => {
    const broken = await startTestApi()
    await broken.addUser('boss', [{ role: 'admin', segmentId: null, authorityLevel: null }])
    const boss = await broken.signIn('boss')
    // A clock that is no date makes every query with a moment in it fail.
    broken.clock.now = new Date(Number.NaN)
    const { errors, status } = await boss.ask('{ viewer { segments { code } } }')
    expect({ status, codes: errors.map(({ extensions }) => extensions?.['code']) }).toEqual({ status: 500, codes: ['INTERNAL_ERROR'] })
    expect(JSON.stringify(errors)).not.toMatch(/Invalid time|RangeError|node_modules|select /i)
    expect(broken.log.some(line => line.includes(errors[0]!.extensions!['requestId'] as string))).toBe(true)
    await broken.close()
  })

  it('answers with the headers of a strict page', async () => {
    const response = await sent({ headers: { accept: 'application/json' } }, '/healthz')
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(response.headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('x-powered-by')).toBeNull()
  })

  it('says whether it lives and whether it is ready', async () => {
    expect((await sent({}, '/healthz')).status).toBe(200)
    const ready = await sent({}, '/readyz')
    expect({ status: ready.status, body: await ready.json() }).toEqual({
      status: 200,
      body: { ready: true, postgres: true, temporal: true, worker: true, migrations: true },
    })
  })
})
