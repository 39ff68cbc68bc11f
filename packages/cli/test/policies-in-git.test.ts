import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Policy, TableStep } from '@surety/engine'
import {
  asActor,
  connect,
  createUser,
  findChange,
  openDraftsOf,
  policyInForce,
  publishPolicy,
  savePolicyDraft,
  SYSTEM,
  actorOf,
  type Sql,
  type User,
} from '@surety/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { surety } from './support.ts'

// Each command is a process of its own.
vi.setConfig({ testTimeout: 180_000 })

const folder = mkdtempSync(join(tmpdir(), 'surety-policies-'))
const ID = 'policy-approval/standard'
const file = join(folder, ID, 'policy.json')
let database: TestDatabase
let sql: Sql
let officer: User
let here: Record<string, string>

beforeAll(async () => {
  database = await createTestDatabase()
  sql = connect(database.appUrl)
  here = { SURETY_DATABASE_URL: database.appUrl }
  officer = await asActor(sql, SYSTEM, async tx => {
    await publishPolicy(
      tx,
      JSON.parse(readFileSync(new URL('../../../rules/policy-approval/standard/policy.json', import.meta.url), 'utf8')) as Policy,
    )
    await createUser(tx, { name: 'Ana', login: 'analyst', grants: [{ role: 'analyst', segmentId: null, authorityLevel: null }] })
    return createUser(tx, { name: 'Olga', login: 'officer', grants: [{ role: 'risk_officer', segmentId: null, authorityLevel: null }] })
  })
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await sql.end()
  await database.drop()
})

const plan = (...more: string[]) => surety(['policies', 'plan', folder, ...more], here)
const push = (...more: string[]) => surety(['policies', 'push', folder, '--as', 'officer', ...more], here)

/** Sets the hours that a row of the matrix gives. */
function setHours(row: string, hours: string): void {
  const document = JSON.parse(readFileSync(file, 'utf8')) as Policy
  writeFileSync(file, JSON.stringify(withHours(document, row, hours), undefined, 2))
}

function withHours(document: Policy, row: string, hours: string): Policy {
  const [table] = document.steps as [TableStep]
  return {
    ...document,
    steps: [{ ...table, rows: table.rows.map(one => (one.id === row ? { ...one, then: [one.then[0]!, hours, one.then[2]!] } : one)) }],
  }
}

test('policies go from the book into a folder and back as drafts, and never into force', async () => {
  expect(await surety(['policies', 'pull', folder], here)).toMatchObject({ code: 0, stdout: expect.stringContaining(`${ID} version 1`) })
  expect(await plan('--detailed-exitcode')).toMatchObject({ code: 0 })
  expect(await push()).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to push') })

  setHours('structure', '20')
  const planned = await plan('--detailed-exitcode')
  expect(planned.code).toBe(2)
  expect(planned.stdout).toMatch(/~ policy-approval\/standard\n.*16.*20/)
  expect((await asActor(sql, SYSTEM, tx => openDraftsOf(tx, [ID]))).size).toBe(0)

  const pushed = await push('--submit', 'structure takes longer', '--acknowledge', 'known', '--json')
  expect(pushed).toMatchObject({ code: 0 })
  const { changeRequests } = pushed.json() as { changeRequests: { id: string }[] }
  const change = (await asActor(sql, SYSTEM, tx => findChange(tx, changeRequests[0]!.id)))!
  expect(change).toMatchObject({ status: 'in_review', intent: 'structure takes longer', makerId: officer.id, approvalLevels: [2, 3] })
  expect((await asActor(sql, SYSTEM, tx => policyInForce(tx, ID)))!.version).toBe(1)
})

test('what somebody does in the console meanwhile stays, and the same cell is a conflict that pushes nothing', async () => {
  const draft = (await asActor(sql, SYSTEM, tx => openDraftsOf(tx, [ID]))).get(ID)!
  const saved = await asActor(sql, actorOf(officer), tx =>
    savePolicyDraft(tx, {
      id: draft.id,
      baseRevision: draft.revision,
      document: withHours(draft.document, 'new', '30'),
      cases: draft.cases,
    }),
  )
  expect(saved).toMatchObject({ kind: 'ok' })
  setHours('nobody-moves', '6')
  expect(await push()).toMatchObject({ code: 0 })
  const hours = async (): Promise<Record<string, string>> => {
    const { document } = (await asActor(sql, SYSTEM, tx => openDraftsOf(tx, [ID]))).get(ID)!
    return Object.fromEntries((document.steps[0] as TableStep).rows.map(row => [row.id, row.then[1]!]))
  }
  expect(await hours()).toMatchObject({ structure: '20', new: '30', 'nobody-moves': '6' })

  setHours('new', '31')
  const clash = await push()
  expect(clash).toMatchObject({ code: 1, stdout: expect.stringContaining('conflict') })
  expect(await hours()).toMatchObject({ new: '30' })
})

test('the rights of the one in whose name it is pushed hold', async () => {
  setHours('new', '30')
  const document = JSON.parse(readFileSync(file, 'utf8')) as Policy
  const [table] = document.steps as [TableStep]
  writeFileSync(
    file,
    JSON.stringify({ ...document, steps: [{ ...table, rows: table.rows.filter(({ id }) => id !== 'some-move') }] }, undefined, 2),
  )
  expect(await surety(['policies', 'push', folder, '--as', 'analyst'], here)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('You may change thresholds and results'),
  })
  expect(await surety(['policies', 'push', folder, '--as', 'nobody'], here)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('nobody'),
  })
})
