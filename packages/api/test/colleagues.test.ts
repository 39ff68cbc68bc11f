import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi, type TestClient } from './support.ts'

const ERRORS = '... on Error { code message { en zh } } ... on InvalidInputError { issues { path code message { en zh } } }'
const INVITE = `mutation ($input: InviteUserInput!) { inviteUser(input: $input) { __typename ${ERRORS} ... on MutationInvitationSuccess { data { user { id login } token } } } }`
const JOIN = `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename ${ERRORS} ... on MutationSignInSuccess { data { user { login } scopes } } } }`
const ROLES = `mutation ($input: SetRolesInput!) { setRoles(input: $input) { __typename ${ERRORS} ... on MutationColleagueSuccess { data { roles { role authorityLevel } } } } }`
const ACTIVE = `mutation ($input: SetUserActiveInput!) { setUserActive(input: $input) { __typename ${ERRORS} ... on MutationColleagueSuccess { data { isActive } } } }`

describe('colleagues', () => {
  let api: TestApi
  let admin: TestClient
  beforeAll(async () => {
    api = await startTestApi()
    await api.addUser('keeper', [{ role: 'admin', segmentId: null, authorityLevel: null }])
    admin = await api.signIn('keeper')
  })
  afterAll(() => api.close())

  const li = {
    name: 'Li Wei',
    login: 'li.wei',
    email: 'li@example.com',
    language: 'en',
    roles: [{ role: 'APPROVER', segment: undefined as string | undefined, authorityLevel: 2 }],
  }

  it('are invited with a role, set a password by the link, and are in', async () => {
    const { user, token } = (await admin.ask(INVITE, { input: { ...li, roles: [{ ...li.roles[0], segment: String(api.north.id) }] } })).data
      .inviteUser.data
    expect(user.login).toBe('li.wei')
    const nobody = api.anonymous()
    expect((await nobody.ask('query ($t: String!) { invitedPerson(token: $t) }', { t: token })).data.invitedPerson).toBe('Li Wei')
    const short = (await nobody.ask(JOIN, { input: { token, password: 'short' } })).data.acceptInvitation
    expect(short).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: ['password'] }] })
    const joined = (await nobody.ask(JOIN, { input: { token, password: 'a long enough password' } })).data.acceptInvitation
    expect(joined.data.scopes).toContain('task.decide')
    expect((await nobody.ask(JOIN, { input: { token, password: 'a long enough password' } })).data.acceptInvitation).toMatchObject({
      __typename: 'NotAllowedError',
      code: 'INVITATION_EXPIRED',
    })
  })

  it('are told what is wrong with an invitation, all at once', async () => {
    const input = { ...li, login: '!', email: 'nowhere', roles: [{ role: 'APPROVER' }] }
    const { issues } = (await admin.ask(INVITE, { input })).data.inviteUser
    expect(issues.map(({ path }: { path: string[] }) => path[0])).toEqual(['login', 'email', 'roles'])
  })

  it('change roles and leave by an administrator’s hand, never by their own', async () => {
    const user = await api.addUser('leaver', [{ role: 'sales', segmentId: null, authorityLevel: null }])
    const leaver = await api.signIn('leaver')
    const changed = (await admin.ask(ROLES, { input: { id: user.id, roles: [{ role: 'ANALYST' }], reason: 'moved' } })).data.setRoles
    expect(changed.data.roles).toEqual([{ role: 'ANALYST', authorityLevel: null }])
    const gone = (await admin.ask(ACTIVE, { input: { id: user.id, isActive: false, reason: 'left' } })).data.setUserActive
    expect(gone.data.isActive).toBe(false)
    expect((await leaver.ask('{ viewer { user { login } } }')).data.viewer).toBeNull()
    const { viewer } = (await admin.ask('{ viewer { user { id } } }')).data
    expect((await admin.ask(ROLES, { input: { id: viewer.user.id, roles: [], reason: 'x' } })).data.setRoles).toMatchObject({
      code: 'OWN_RIGHTS',
    })
    expect((await admin.ask(ACTIVE, { input: { id: viewer.user.id, isActive: false, reason: 'x' } })).data.setUserActive).toMatchObject({
      code: 'OWN_RIGHTS',
    })
  })
})

describe('saved views', () => {
  let api: TestApi
  beforeAll(async () => {
    api = await startTestApi()
    await api.addUser('one', [{ role: 'approver', segmentId: api.north.id, authorityLevel: 1 }])
    await api.addUser('two', [{ role: 'sales', segmentId: api.south.id, authorityLevel: null }])
  })
  afterAll(() => api.close())

  it('come back to their owner as saved, and to colleagues when shared', async () => {
    const [one, two] = [await api.signIn('one'), await api.signIn('two')]
    const save = `mutation ($input: SaveViewInput!) { saveView(input: $input) { __typename ${ERRORS} ... on MutationSavedViewSuccess { data { id name query } } } }`
    const list = '{ savedViews(list: TASKS) { name query isOwn isShared owner } }'
    const query = { view: 'team', 'f.grade': 'D,E' }
    expect((await one.ask(save, { input: { list: 'TASKS', name: ' Weak ones ', query } })).data.saveView.data).toMatchObject({
      name: 'Weak ones',
      query,
    })
    await one.ask(save, { input: { list: 'TASKS', name: 'Ours', query, isShared: true } })
    expect((await one.ask(list)).data.savedViews).toHaveLength(2)
    expect((await two.ask(list)).data.savedViews).toMatchObject([{ name: 'Ours', isOwn: false, owner: 'one the person' }])
    expect((await one.ask(save, { input: { list: 'TASKS', name: '', query: { q: 1 } } })).data.saveView.__typename).toBe(
      'InvalidInputError',
    )
  })
})
