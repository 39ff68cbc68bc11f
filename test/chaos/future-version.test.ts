import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Policy, TableStep } from '@surety/engine'
import {
  actorOf,
  asActor,
  connect,
  createUser,
  decidePolicyChange,
  findChange,
  findImpact,
  openPolicyDraft,
  requestPolicyImpact,
  savePolicyDraft,
  submitPolicyChange,
  SYSTEM,
  type Result,
  type Role,
  type User,
} from '@surety/store'
import { expect, test } from 'vitest'
import { startHouse } from '../support/house.ts'

const ID = 'limit-and-terms/standard'
const PASSWORD = 'correct horse battery staple'
const WAIT_MS = 30_000

test('a version takes effect to the second while worker and API are killed and come back in between', { timeout: 600_000 }, async () => {
  const home = mkdtempSync(join(tmpdir(), 'surety-future-'))
  const house = await startHouse({ home, environment: { SURETY_DEMO: '0' } })
  const sql = connect(house.environment['SURETY_DATABASE_URL']!, { max: 3 })
  try {
    const person = (login: string, role: Role, authorityLevel: number | null): Promise<User> =>
      asActor(sql, SYSTEM, tx =>
        createUser(tx, { name: login, login, password: PASSWORD, grants: [{ role, segmentId: null, authorityLevel }] }),
      )
    const officer = await person('officer', 'risk_officer', null)
    const approvers = [await person('manager', 'approver', 2), await person('director', 'approver', 3)]
    const cookie = await signIn(house.address, 'officer')

    const { draft, impactId } = await asActor(sql, actorOf(officer), async tx => {
      const opened = valueOf(await openPolicyDraft(tx, ID))
      const saved = valueOf(
        await savePolicyDraft(tx, { id: opened.id, baseRevision: 1, document: changed(opened.document), cases: opened.cases }),
      )
      if (saved.kind !== 'saved') throw new Error('diverged')
      return { draft: saved.draft, impactId: valueOf(await requestPolicyImpact(tx, opened.id)).id }
    })
    // Measured by the worker, over the outbox and Temporal.
    await until(async () => (await asActor(sql, SYSTEM, tx => findImpact(tx, impactId)))?.status === 'done')
    const effectiveFrom = new Date(Date.now() + WAIT_MS)
    const change = await asActor(sql, actorOf(officer), async tx =>
      valueOf(
        await submitPolicyChange(tx, {
          draftId: draft.id,
          baseRevision: draft.revision,
          contentHash: draft.contentHash,
          intent: 'later',
          acknowledgements: [],
          effectiveFrom,
        }),
      ),
    )
    for (const approver of approvers) {
      const now = await asActor(sql, actorOf(approver), tx => findChange(tx, change.id))
      if (now!.refusal) continue
      valueOf(
        await asActor(sql, actorOf(approver), tx =>
          decidePolicyChange(tx, { id: change.id, contentHash: change.contentHash, outcome: 'approve' }),
        ),
      )
    }
    expect(await asActor(sql, SYSTEM, tx => findChange(tx, change.id))).toMatchObject({ status: 'approved', publishedVersion: 2 })
    // The workflow has begun to wait.
    await until(async () => Number((await sql`select count(*) as waiting from outbox where delivered_at is null`)[0]!['waiting']) === 0)

    const before = [house.pidOf('worker'), house.pidOf('api')]
    for (const pid of before) process.kill(pid, 'SIGKILL')
    const seen: { readonly from: number; readonly to: number; readonly version: number }[] = []
    while (Date.now() < effectiveFrom.getTime() + 5000) {
      const from = Date.now()
      const version = await versionInForce(house.address, cookie).catch(() => undefined)
      if (version !== undefined) seen.push({ from, to: Date.now(), version })
      await sleep(50)
    }
    const moment = effectiveFrom.getTime()
    const early = seen.filter(({ to, version }) => to < moment && version !== 1)
    const late = seen.filter(({ from, version }) => from >= moment && version !== 2)
    const first = seen.find(({ version }) => version === 2)
    console.log(
      `future version: ${seen.length} looks, first seen ${first ? first.to - moment : '?'} ms after its moment, ${early.length} early, ${late.length} late`,
    )
    expect(seen.some(({ to }) => to < moment)).toBe(true)
    expect({ early, late }).toEqual({ early: [], late: [] })
    expect(first!.to - moment).toBeLessThan(1000)
    expect([house.pidOf('worker'), house.pidOf('api')]).not.toEqual(before)

    await until(async () => (await asActor(sql, SYSTEM, tx => findChange(tx, change.id)))!.status === 'in_force')
    const acts = await asActor(
      sql,
      SYSTEM,
      tx =>
        tx<
          { at: Date }[]
        >`select at from audit_entries where action = 'policy.takeEffect' and entity_id = ${ID} and after ->> 'version' = '2'`,
    )
    expect(acts).toHaveLength(1)
    console.log(`future version: what follows was done ${acts[0]!.at.getTime() - moment} ms after its moment`)
  } finally {
    await sql.end({ timeout: 5 })
    await house.stop()
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
})

function changed(document: Policy): Policy {
  return {
    ...document,
    steps: document.steps.map(step =>
      step.id === 'grade-table'
        ? ({
            ...step,
            rows: (step as TableStep).rows.map(row => (row.id === 'b-new' ? { ...row, then: ['5000000', ...row.then.slice(1)] } : row)),
          } as TableStep)
        : step,
    ),
  }
}

const HEADERS = { 'content-type': 'application/json', accept: 'application/json', 'x-graphql-yoga-csrf': '1' }

async function signIn(address: string, login: string): Promise<string> {
  const query = `mutation { signIn(input: { login: "${login}", password: "${PASSWORD}" }) { __typename } }`
  const response = await fetch(`${address}/graphql`, { method: 'POST', headers: HEADERS, body: JSON.stringify({ query }) })
  return response.headers.getSetCookie()[0]!.split(';')[0]!
}

async function versionInForce(address: string, cookie: string): Promise<number> {
  const query = `{ policy(id: "${ID}") { current { version } } }`
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { ...HEADERS, cookie },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(2000),
  })
  const { data } = (await response.json()) as { data: { policy: { current: { version: number } } } }
  return data.policy.current.version
}

function valueOf<T>(result: Result<T>): T {
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result))
  return result.value
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 90_000; Date.now() < end; await sleep(200)) if (await holds()) return
  throw new Error('It did not come to that within 90 s.')
}
