import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asActor, connect, headOfChain, sealAudit, SYSTEM, verifyAudit } from '@surety/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuditCheck } from '../src/audit-check.ts'
import { populate } from './populate.ts'
import { startTestApi, type TestApi, type TestClient } from './support.ts'

describe('the record', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surety-anchors-'))
  let api: TestApi
  let auditor: TestClient
  beforeAll(async () => {
    api = await startTestApi()
    await populate(api, api.north, 'RECORD')
    await api.addUser('auditor', [{ role: 'auditor', segmentId: null, authorityLevel: null }])
    auditor = await api.signIn('auditor')
    await sealAudit(api.sql)
  })
  afterAll(async () => {
    await api.close()
    rmSync(folder, { recursive: true })
  })

  it('tells how far it is sealed and that it is intact', async () => {
    const { data } = await auditor.ask(
      '{ auditChain { sealed unsealed head ok firstBad problem { en } verifiedAt } auditEntries { totalCount edges { node { hash } } } }',
    )
    expect(data.auditChain).toMatchObject({ unsealed: 0, ok: true, firstBad: null, problem: null, verifiedAt: api.clock.now.toISOString() })
    expect(data.auditChain.sealed).toBe(data.auditEntries.totalCount)
    expect(data.auditEntries.edges[0].node.hash).toBe(data.auditChain.head)
  })

  it('is found by who did it, what it was about and when', async () => {
    const ask = async (filter: string): Promise<number> =>
      (await auditor.ask(`{ auditEntries(filter: { ${filter} }) { totalCount } }`)).data.auditEntries.totalCount
    expect(await ask('action: "application.submit"')).toBe(1)
    expect(await ask('entity: "CreditApplication", entityId: "1"')).toBeGreaterThan(0)
    expect(await ask('from: "2026-03-02", to: "2026-03-02"')).toBeGreaterThan(0)
    expect(await ask('from: "2026-03-03"')).toBe(0)
    expect(await ask('actor: "999999"')).toBe(0)
    expect(await ask('actor: "nobody"')).toBe(0)
  })

  it('names the entry that somebody changed behind its back', async () => {
    const check = createAuditCheck(api.sql, undefined, 0)
    const owner = connect(api.ownerUrl, { max: 1 })
    await owner`alter table audit_entries disable trigger user`
    const [changed] = await asActor(
      owner,
      SYSTEM,
      tx => tx<{ id: string }[]>`update audit_entries set reason = 'nothing to see' where action = 'application.submit' returning id`,
    )
    expect((await check()).verification).toMatchObject({ kind: 'broken', entryId: changed!.id, problem: 'changed' })
    await asActor(owner, SYSTEM, tx => tx`update audit_entries set reason = 'RECORD purpose' where id = ${changed!.id}`)
    expect((await check()).verification.kind).toBe('intact')
    await owner.end()
  })

  it('is held against what was noted outside the database', async () => {
    const { head } = await headOfChain(api.sql)
    const file = join(folder, 'anchors.ndjson')
    writeFileSync(file, `${JSON.stringify({ at: '2026-03-02T09:00:00Z', ...head })}\n{"at":"half a li`)
    expect((await createAuditCheck(api.sql, file, 0)()).verification.kind).toBe('intact')
    writeFileSync(file, `${JSON.stringify({ sequence: head!.sequence + 5, hash: head!.hash })}\n`)
    expect((await createAuditCheck(api.sql, file, 0)()).verification).toMatchObject({ kind: 'broken', problem: 'cut' })
    expect((await createAuditCheck(api.sql, join(folder, 'none'), 0)()).verification).toEqual(await verifyAudit(api.sql))
  })

  it('is computed once for many who ask together', async () => {
    const check = createAuditCheck(api.sql, undefined)
    const found = await Promise.all(Array.from({ length: 10 }, () => check()))
    expect(new Set(found).size).toBe(1)
  })
})
