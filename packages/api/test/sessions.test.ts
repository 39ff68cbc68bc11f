import { asActor, disableUser, SESSION_IDLE_MS, SESSION_LIFETIME_MS, setGrants, SYSTEM } from '@surety/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GRAPHQL_HEADERS, PASSWORD, SIGN_IN, startTestApi, type Answer, type TestApi, type TestClient } from './support.ts'

const VIEWER = '{ viewer { user { login } roles { role segment { code } } scopes segments { code } language preferences } }'
const MINUTE = 60_000

describe('sessions', () => {
  let api: TestApi
  let demo: TestApi
  beforeAll(async () => {
    api = await startTestApi()
    demo = await startTestApi({ isDemo: true, environment: 'demo' })
    await api.addUser('clerk', [{ role: 'sales', segmentId: api.north.id, authorityLevel: null }])
    for (const instance of [api, demo]) {
      await instance.addUser('guest', [{ role: 'approver', segmentId: instance.north.id, authorityLevel: 2 }], { isDemo: true })
      await instance.addUser('real', [{ role: 'admin', segmentId: null, authorityLevel: null }])
    }
  })
  afterAll(async () => {
    await api.close()
    await demo.close()
  })

  const attempt = (login: string, password: string, from = api): Promise<Answer> =>
    from.anonymous().ask(SIGN_IN, { input: { login, password } })
  const later = (ms: number): void => void (api.clock.now = new Date(api.clock.now.getTime() + ms))
  const isSignedIn = async (client: TestClient): Promise<boolean> => (await client.ask(VIEWER)).data.viewer !== null

  it('begin with login and password and tell who one is', async () => {
    const clerk = await api.signIn('clerk')
    expect((await clerk.ask(VIEWER)).data.viewer).toEqual({
      user: { login: 'clerk' },
      roles: [{ role: 'SALES', segment: { code: 'NORTH' } }],
      scopes: [
        'customer.read',
        'portfolio.read',
        'policy.read',
        'decision.read',
        'application.read',
        'application.submit',
        'task.read',
        'order.check',
        'hold.read',
        'alert.read',
      ],
      segments: [{ code: 'NORTH' }],
      language: 'zh-CN',
      preferences: {},
    })
  })

  it('are nobody’s without a cookie', async () => {
    const { data, errors } = await api.anonymous().ask('{ viewer { user { id } } counters { tasks } }')
    expect({ data, code: errors[0]?.extensions?.['code'] }).toEqual({ data: null, code: 'UNAUTHENTICATED' })
  })

  it('live in a cookie that no script reads and no other site sends', async () => {
    const { headers } = await attempt('clerk', PASSWORD)
    expect(headers.getSetCookie()).toHaveLength(1)
    expect(headers.getSetCookie()[0]).toMatch(/^__Host-surety=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800; Secure$/)
  })

  it('live in a plain cookie where a browser would refuse a secure one', async () => {
    const response = await fetchAs(api, 'surety.intranet', { input: { login: 'clerk', password: PASSWORD } })
    expect(response).toMatch(/^surety=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/)
  })

  it('change their token at every sign-in and end the one before', async () => {
    const first = await api.signIn('clerk')
    const again = await first.ask(SIGN_IN, { input: { login: 'clerk', password: PASSWORD } })
    const token = again.headers.getSetCookie()[0]!.split(';')[0]!
    expect(token).not.toBe(first.cookie)
    expect(await isSignedIn(first)).toBe(false)
  })

  it('end when one signs out, and take the cookie away', async () => {
    const clerk = await api.signIn('clerk')
    const { data, headers } = await clerk.ask('mutation { signOut }')
    expect(data.signOut).toBe(true)
    expect(headers.getSetCookie()[0]).toMatch(/^__Host-surety=; .*Max-Age=0/)
    expect(await isSignedIn(clerk)).toBe(false)
    expect((await clerk.ask('mutation { signOut }')).data.signOut).toBe(true)
  })

  it('end after lying idle, and do not while they are used', async () => {
    const clerk = await api.signIn('clerk')
    later(SESSION_IDLE_MS - MINUTE)
    expect(await isSignedIn(clerk)).toBe(true)
    later(SESSION_IDLE_MS - MINUTE)
    expect(await isSignedIn(clerk)).toBe(true)
    later(SESSION_IDLE_MS + MINUTE)
    expect(await isSignedIn(clerk)).toBe(false)
  })

  it('end at their absolute age however busy they are', async () => {
    const clerk = await api.signIn('clerk')
    for (let age = 0; age < SESSION_LIFETIME_MS - SESSION_IDLE_MS / 2; age += SESSION_IDLE_MS / 2) {
      expect(await isSignedIn(clerk)).toBe(true)
      later(SESSION_IDLE_MS / 2)
    }
    later(SESSION_IDLE_MS / 2)
    expect(await isSignedIn(clerk)).toBe(false)
  })

  it('end when their person is disabled, and follow a change of roles at once', async () => {
    const user = await api.addUser('leaver', [{ role: 'sales', segmentId: api.north.id, authorityLevel: null }])
    const leaver = await api.signIn('leaver')
    await asActor(api.sql, SYSTEM, tx =>
      setGrants(tx, user.id, [{ role: 'auditor', segmentId: api.south.id, authorityLevel: null }], 'moved'),
    )
    expect((await leaver.ask(VIEWER)).data.viewer.roles).toEqual([{ role: 'AUDITOR', segment: { code: 'SOUTH' } }])
    await asActor(api.sql, SYSTEM, tx => disableUser(tx, user.id, 'left'))
    expect(await isSignedIn(leaver)).toBe(false)
    expect((await attempt('leaver', PASSWORD)).data.signIn.code).toBe('SIGN_IN_REFUSED')
  })

  it('are not told from a guess: a wrong password and an unknown login get one answer', async () => {
    const wrong = (await attempt('clerk', 'wrong')).data.signIn
    const unknown = (await attempt('nobody', 'wrong')).data.signIn
    expect(wrong).toEqual(unknown)
    expect(wrong).toMatchObject({
      __typename: 'NotAllowedError',
      code: 'SIGN_IN_REFUSED',
      message: { en: expect.stringMatching(/wrong/), zh: expect.stringMatching(/错误/) },
    })
  })

  it('are refused with the right password while the login is locked, with the same answer', async () => {
    await api.addUser('locked', [{ role: 'sales', segmentId: api.north.id, authorityLevel: null }])
    for (let index = 0; index < 5; index += 1) await attempt('locked', 'wrong')
    expect((await attempt('locked', PASSWORD)).data.signIn.code).toBe('SIGN_IN_REFUSED')
    later(2 * MINUTE)
    expect((await attempt('locked', PASSWORD)).data.signIn.__typename).toBe('MutationSignInSuccess')
  })

  it('can not be tried for without end from one place', async () => {
    later(2 * MINUTE)
    const codes: string[] = []
    for (let index = 0; index < 32; index += 1) codes.push((await attempt(`nobody${index}`, 'wrong')).data.signIn.code)
    expect(codes.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 'SIGN_IN_REFUSED'))
    expect(codes.slice(30)).toEqual(['TOO_MANY_ATTEMPTS', 'TOO_MANY_ATTEMPTS'])
    later(2 * MINUTE)
    expect((await attempt('clerk', PASSWORD)).data.signIn.__typename).toBe('MutationSignInSuccess')
  })

  it('name what is missing in both languages', async () => {
    const { signIn } = (await attempt('', '')).data
    expect(signIn).toMatchObject({
      __typename: 'InvalidInputError',
      code: 'INVALID_INPUT',
      issues: [{ path: ['login'] }, { path: ['password'] }],
    })
    expect(signIn.issues[0].message).toEqual({ en: 'Enter your login.', zh: '请输入登录名。' })
  })

  const SIGN_IN_DEMO = `mutation ($login: String!) { signInDemo(login: $login) { __typename ... on Error { code } } }`

  it('begin with one click in a demo, for the people of the demo alone', async () => {
    const anonymous = demo.anonymous()
    expect((await anonymous.ask('{ demoUsers { login name role authorityLevel } instance { demo } }')).data).toEqual({
      demoUsers: [{ login: 'guest', name: 'guest the person', role: 'APPROVER', authorityLevel: 2 }],
      instance: { demo: true },
    })
    expect((await anonymous.ask(SIGN_IN_DEMO, { login: 'guest' })).data.signInDemo.__typename).toBe('MutationSignInSuccess')
    expect((await anonymous.ask(SIGN_IN_DEMO, { login: 'real' })).data.signInDemo).toEqual({
      __typename: 'NotAllowedError',
      code: 'SIGN_IN_REFUSED',
    })
  })

  it('never begin with one click elsewhere', async () => {
    const anonymous = api.anonymous()
    expect((await anonymous.ask('{ demoUsers { login } instance { demo } }')).data).toEqual({ demoUsers: [], instance: { demo: false } })
    expect((await anonymous.ask(SIGN_IN_DEMO, { login: 'guest' })).data.signInDemo).toEqual({
      __typename: 'NotAllowedError',
      code: 'NOT_A_DEMO',
    })
  })

  it('keep what their person prefers', async () => {
    const clerk = await api.signIn('clerk')
    const update = `mutation ($input: PreferencesInput!) { updatePreferences(input: $input) { __typename
      ... on MutationUpdatePreferencesSuccess { data { language preferences } } ... on InvalidInputError { issues { path } } } }`
    expect((await clerk.ask(update, { input: { language: 'en', theme: 'dark' } })).data.updatePreferences.data).toEqual({
      language: 'en',
      preferences: { theme: 'dark' },
    })
    expect((await clerk.ask(update, { input: { density: 'compact' } })).data.updatePreferences.data).toEqual({
      language: 'en',
      preferences: { theme: 'dark', density: 'compact' },
    })
    expect((await clerk.ask(update, { input: { theme: 'purple' } })).data.updatePreferences).toEqual({
      __typename: 'InvalidInputError',
      issues: [{ path: ['theme'] }],
    })
  })

  it('never write a password or a token to the log', async () => {
    const clerk = await api.signIn('clerk')
    const token = clerk.cookie!.split('=')[1]!
    await clerk.ask(VIEWER)
    expect(api.log.length).toBeGreaterThan(0)
    expect(api.log.filter(line => line.includes(PASSWORD) || line.includes(token))).toEqual([])
  })
})

/** The cookie that a sign-in under another host name gets; fetch lets nobody choose it. */
async function fetchAs(api: TestApi, host: string, variables: object): Promise<string> {
  const { request } = await import('node:http')
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const sent = request(`${api.url}/graphql`, { method: 'POST', headers: { ...GRAPHQL_HEADERS, host } }, response => {
    response.resume()
    response.on('end', () => resolve(response.headers['set-cookie']?.[0] ?? ''))
  })
  sent.on('error', reject)
  sent.end(JSON.stringify({ query: SIGN_IN, variables }))
  return promise
}
