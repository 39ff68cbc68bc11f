import { describe, expect, it } from 'vitest'
import {
  acceptInvitation,
  deleteView,
  disableUser,
  findInvited,
  INVITATION_MS,
  inviteUser,
  listColleagues,
  listSavedViews,
  renewInvitation,
  saveView,
  verifyPassword,
  type Invitation,
  type Result,
} from '../src/index.ts'
import { makeUser, useWorld } from './support.ts'

const world = useWorld()
const PASSWORD = 'a long enough password'
const grants = [{ role: 'analyst', segmentId: null, authorityLevel: null }] as const

describe('an invitation', () => {
  it('lets its person set a password once, and sign in with it', async () => {
    const { token } = valueOf(await invite('ming', 'ming@example.com'))
    expect(await world.asSystem(tx => findInvited(tx, token))).toMatchObject({ login: 'ming' })
    expect(await world.asSystem(tx => acceptInvitation(tx, token, PASSWORD))).toMatchObject({ login: 'ming' })
    expect(await verifyPassword(world.sql, 'ming', PASSWORD)).toMatchObject({ kind: 'ok' })
    expect(await world.asSystem(tx => acceptInvitation(tx, token, 'another long password'))).toBeUndefined()
  })

  it('ends after a week, with a newer one, and when its user is disabled', async () => {
    const { user, token: first } = valueOf(await invite('late', 'late@example.com'))
    const { token: second } = valueOf(await world.asSystem(tx => renewInvitation(tx, user.id)))
    expect(await world.asSystem(tx => findInvited(tx, first))).toBeUndefined()
    const before = world.now
    world.now = new Date(before.getTime() + INVITATION_MS)
    expect(await world.asSystem(tx => acceptInvitation(tx, second, PASSWORD))).toBeUndefined()
    world.now = before
    await world.asSystem(tx => disableUser(tx, user.id, 'left'))
    expect(await world.asSystem(tx => acceptInvitation(tx, second, PASSWORD))).toBeUndefined()
    expect(await world.asSystem(tx => renewInvitation(tx, user.id))).toEqual({ kind: 'notFound' })
  })

  it('of an address that is known makes a further login of the same natural person', async () => {
    const one = valueOf(await invite('twin-a', 'Twin@example.com'))
    const other = valueOf(await invite('twin-b', 'twin@example.com'))
    expect(other.user.personId).toBe(one.user.personId)
  })

  it('to a login that is taken is refused by name', async () => {
    await invite('taken', 'a@example.com')
    expect(await invite('TAKEN', 'b@example.com')).toMatchObject({ kind: 'invalid', issues: [{ path: ['login'], code: 'LOGIN_TAKEN' }] })
  })

  it('shows among the colleagues until it is used', async () => {
    const { token } = valueOf(await invite('shown', 'shown@example.com'))
    const shown = async () => (await world.asSystem(listColleagues)).find(({ login }) => login === 'shown')
    expect(await shown()).toMatchObject({ email: 'shown@example.com', invitedUntil: new Date(world.now.getTime() + INVITATION_MS) })
    await world.asSystem(tx => acceptInvitation(tx, token, PASSWORD))
    expect(await shown()).toMatchObject({ invitedUntil: null })
  })
})

describe('a saved view', () => {
  const view = { list: 'tasks', name: 'Large and late', query: { view: 'team', 'f.overdue': '1', sort: '-amount' }, isShared: false }

  it('is seen by its owner, and by colleagues once it is shared', async () => {
    const [owner, colleague] = [await makeUser(world, []), await makeUser(world, [])]
    const saved = valueOf(await world.as(owner, tx => saveView(tx, view)))
    expect(saved).toMatchObject({ ...view, isOwn: true })
    expect(await world.as(colleague, tx => listSavedViews(tx, 'tasks'))).toEqual([])
    await world.as(owner, tx => saveView(tx, { ...view, id: saved.id, isShared: true }))
    expect(await world.as(colleague, tx => listSavedViews(tx, 'tasks'))).toMatchObject([{ id: saved.id, isOwn: false }])
    expect(await world.as(colleague, tx => listSavedViews(tx, 'applications'))).toEqual([])
  })

  it('is changed and forgotten by its owner alone', async () => {
    const [owner, colleague] = [await makeUser(world, []), await makeUser(world, [])]
    const { id } = valueOf(await world.as(owner, tx => saveView(tx, { ...view, isShared: true })))
    expect(await world.as(colleague, tx => saveView(tx, { ...view, id, name: 'Mine now' }))).toEqual({ kind: 'notFound' })
    expect(await world.as(colleague, tx => deleteView(tx, id))).toEqual({ kind: 'notFound' })
    expect(await world.as(owner, tx => deleteView(tx, id))).toMatchObject({ kind: 'ok' })
  })

  it('has a name of its own among its owner’s', async () => {
    const owner = await makeUser(world, [])
    await world.as(owner, tx => saveView(tx, view))
    expect(await world.as(owner, tx => saveView(tx, { ...view, name: 'large AND late' }))).toMatchObject({
      kind: 'invalid',
      issues: [{ path: ['name'], code: 'NAME_TAKEN' }],
    })
  })
})

const invite = (login: string, email: string): Promise<Result<Invitation>> =>
  world.asSystem(tx => inviteUser(tx, { name: `${login} Person`, login, email, grants }))

function valueOf<T>(result: Result<T>): T {
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result))
  return result.value
}
