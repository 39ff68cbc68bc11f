import { describe, expect, it } from 'vitest'
import {
  actorOf,
  createApiKey,
  createUser,
  deleteExpiredSessions,
  disableUser,
  endSession,
  findUserByLogin,
  listAudit,
  revokeApiKey,
  SESSION_IDLE_MS,
  SESSION_LIFETIME_MS,
  setGrants,
  setPassword,
  startSession,
  updatePreferences,
  useApiKey,
  useSession,
  verifyPassword,
} from '../src/index.ts'
import { makeUser, useWorld } from './support.ts'

const world = useWorld()
const HOUR = 3_600_000
const later = (ms: number): void => {
  world.now = new Date(world.now.getTime() + ms)
}

describe('sessions', () => {
  it('know the user by the token, of which only a hash is stored', async () => {
    const user = await makeUser(world, [{ role: 'sales', segmentId: world.industrial.id }])
    const { token } = await world.asSystem(tx => startSession(tx, user.id))
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(await useSession(world.sql, token)).toEqual(user)
    const [stored] = await world.sql`select encode(token_hash, 'base64') as hash from sessions where user_id = ${user.id}`
    expect(stored!['hash']).not.toContain(token.slice(0, 10))
  })

  it('end after eight idle hours, and after seven days however busy', async () => {
    const user = await makeUser(world, [])
    const idle = await world.asSystem(tx => startSession(tx, user.id))
    const busy = await world.asSystem(tx => startSession(tx, user.id))
    later(SESSION_IDLE_MS - HOUR)
    expect(await useSession(world.sql, busy.token)).toBeDefined()
    later(HOUR)
    expect(await useSession(world.sql, idle.token)).toBeUndefined()
    for (let elapsed = SESSION_IDLE_MS; elapsed < SESSION_LIFETIME_MS; elapsed += 6 * HOUR) {
      expect(await useSession(world.sql, busy.token)).toBeDefined()
      later(6 * HOUR)
    }
    expect(await useSession(world.sql, busy.token)).toBeUndefined()
    expect(await deleteExpiredSessions(world.sql)).toBeGreaterThanOrEqual(2)
  })

  it('change their token with every sign-in', async () => {
    const user = await makeUser(world, [])
    const first = await world.asSystem(tx => startSession(tx, user.id))
    const second = await world.asSystem(tx => startSession(tx, user.id, { previousToken: first.token }))
    expect(await useSession(world.sql, first.token)).toBeUndefined()
    expect(await useSession(world.sql, second.token)).toBeDefined()
    await world.asSystem(tx => endSession(tx, second.token))
    expect(await useSession(world.sql, second.token)).toBeUndefined()
  })

  it('die with their user', async () => {
    const user = await makeUser(world, [])
    const { token } = await world.asSystem(tx => startSession(tx, user.id))
    await world.asSystem(tx => disableUser(tx, user.id, 'left'))
    expect(await useSession(world.sql, token)).toBeUndefined()
  })
})

describe('passwords', () => {
  it('are kept as argon2id and checked without regard to the case of the login', async () => {
    const user = await makeUser(world, [], { login: 'Li.Wei', password: 'correct horse' })
    const [row] = await world.sql`select password_hash from users where id = ${user.id}`
    expect(row!['password_hash']).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await verifyPassword(world.sql, 'li.wei', 'correct horse')).toMatchObject({ kind: 'ok', user: { id: user.id } })
    expect(await verifyPassword(world.sql, 'li.wei', 'wrong')).toEqual({ kind: 'refused' })
    expect(await verifyPassword(world.sql, 'nobody', 'wrong')).toEqual({ kind: 'refused' })
  })

  it('lock a login for a growing time after five failures in a row', async () => {
    await makeUser(world, [], { login: 'locked', password: 'secret' })
    for (let attempt = 1; attempt < 5; attempt++) expect(await verifyPassword(world.sql, 'locked', 'x')).toEqual({ kind: 'refused' })
    expect(await verifyPassword(world.sql, 'locked', 'x')).toMatchObject({ kind: 'locked', until: new Date(world.now.getTime() + 60_000) })
    expect(await verifyPassword(world.sql, 'locked', 'secret')).toMatchObject({ kind: 'locked' })
    later(60_001)
    expect(await verifyPassword(world.sql, 'locked', 'x')).toMatchObject({ kind: 'locked', until: new Date(world.now.getTime() + 120_000) })
    later(120_001)
    expect(await verifyPassword(world.sql, 'locked', 'secret')).toMatchObject({ kind: 'ok' })
    expect(await verifyPassword(world.sql, 'locked', 'x')).toEqual({ kind: 'refused' })
  })

  it('don’t open a disabled login or one without a password', async () => {
    const user = await makeUser(world, [], { login: 'off', password: 'secret' })
    await makeUser(world, [], { login: 'demo', isDemo: true })
    await world.asSystem(tx => disableUser(tx, user.id, 'left'))
    expect(await verifyPassword(world.sql, 'off', 'secret')).toEqual({ kind: 'refused' })
    expect(await verifyPassword(world.sql, 'demo', 'nobody has this password')).toEqual({ kind: 'refused' })
  })

  it('end all sessions when they change', async () => {
    const user = await makeUser(world, [], { password: 'old' })
    const { token } = await world.asSystem(tx => startSession(tx, user.id))
    await world.asSystem(tx => setPassword(tx, user.id, 'new'))
    expect(await useSession(world.sql, token)).toBeUndefined()
  })
})

describe('users', () => {
  it('see the segments of their grants, or all', async () => {
    const both = await makeUser(world, [
      { role: 'sales', segmentId: world.consumer.id },
      { role: 'collector', segmentId: world.industrial.id },
      { role: 'analyst', segmentId: world.industrial.id },
    ])
    expect(actorOf(both).segments).toEqual([world.industrial.id, world.consumer.id])
    expect(actorOf(await makeUser(world, [{ role: 'auditor' }])).segments).toBe('*')
    expect(actorOf(await makeUser(world, [])).segments).toEqual([])
  })

  it('may have several logins and stay one person', async () => {
    const first = await makeUser(world, [{ role: 'sales' }])
    const second = await world.asSystem(tx => createUser(tx, { name: 'x', login: 'second', personId: first.personId, grants: [] }))
    expect(second).toMatchObject({ personId: first.personId, name: first.name })
    expect(await world.asSystem(tx => findUserByLogin(tx, 'SECOND'))).toEqual(second)
  })

  it('leave a trace when their grants or preferences change', async () => {
    const user = await makeUser(world, [{ role: 'sales' }])
    await world.asSystem(tx => setGrants(tx, user.id, [{ role: 'approver', segmentId: null, authorityLevel: 2 }], 'promoted'))
    expect(await world.asSystem(tx => updatePreferences(tx, user.id, { language: 'en', preferences: { theme: 'dark' } }))).toMatchObject({
      language: 'en',
      preferences: { theme: 'dark' },
    })
    expect(await world.asSystem(tx => updatePreferences(tx, user.id, { preferences: { density: 'compact' } }))).toMatchObject({
      preferences: { theme: 'dark', density: 'compact' },
    })
    const { edges } = await world.asSystem(tx => listAudit(tx, { entity: 'User', entityId: user.id }, {}))
    expect(edges.map(({ node }) => node.action)).toEqual(['user.preferences', 'user.preferences', 'user.grant', 'user.create'])
    expect(edges[2]!.node).toMatchObject({
      reason: 'promoted',
      before: { grants: [{ role: 'sales' }] },
      after: { grants: [{ role: 'approver', authorityLevel: 2 }] },
    })
  })
})

describe('API keys', () => {
  it('stand for one segment until they are revoked', async () => {
    const { key, token } = await world.asSystem(tx => createApiKey(tx, { name: 'erp', segmentId: world.consumer.id, scopes: ['ingest'] }))
    expect(await useApiKey(world.sql, token)).toEqual({ kind: 'api', keyId: key.id, segments: [world.consumer.id], scopes: ['ingest'] })
    expect(await useApiKey(world.sql, `${token}x`)).toBeUndefined()
    await world.asSystem(tx => revokeApiKey(tx, key.id, 'leaked'))
    expect(await useApiKey(world.sql, token)).toBeUndefined()
  })
})
