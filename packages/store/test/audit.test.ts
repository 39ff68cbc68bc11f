import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appendAudit, headOfChain, listAudit, sealAudit, verifyAudit, type AuditAnchor } from '../src/index.ts'
import { makeUser, useWorld } from './support.ts'

const world = useWorld()

async function write(count: number): Promise<void> {
  await world.asSystem(async tx => {
    for (let number = 1; number <= count; number++)
      await appendAudit(tx, {
        action: 'test.act',
        entity: 'Test',
        entityId: String(number),
        segmentId: world.industrial.id,
        after: { number },
      })
  })
}

/** As somebody with all power over the database, who switches the guards off. */
async function tamper(act: (sql: postgres.Sql) => PromiseLike<unknown>): Promise<void> {
  const sql = postgres(world.ownerUrl, { max: 1, onnotice: () => {} })
  await sql`set session_replication_role = replica`
  await act(sql)
  await sql.end()
}

describe('the audit chain', () => {
  it('seals what was written and holds', async () => {
    await write(5)
    expect((await headOfChain(world.sql)).unsealed).toBeGreaterThanOrEqual(5)
    expect(await sealAudit(world.sql)).toBeGreaterThanOrEqual(5)
    expect(await sealAudit(world.sql)).toBe(0)
    expect(await verifyAudit(world.sql)).toMatchObject({ kind: 'intact', unsealed: 0, head: (await headOfChain(world.sql)).head })
  })

  it('has no fork and no gap after 32 writers and sealers at once', async () => {
    const before = (await headOfChain(world.sql)).sealed
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        for (let round = 0; round < 5; round++) {
          await write(3)
          await sealAudit(world.sql)
        }
      }),
    )
    await sealAudit(world.sql)
    expect(await verifyAudit(world.sql)).toMatchObject({ kind: 'intact', sealed: before + 32 * 15, unsealed: 0 })
  })

  it('writes an act with a key once, however often it is retried', async () => {
    for (let attempt = 0; attempt < 3; attempt++)
      await world.asSystem(tx => appendAudit(tx, { action: 'test.once', entity: 'Test', entityId: '1', key: 'once' }))
    const page = await world.asSystem(tx => listAudit(tx, { action: 'test.once' }, {}))
    expect(page.totalCount).toBe(1)
  })

  it('refuses changes through the application and through the owner alike', async () => {
    await expect(world.asSystem(tx => tx`update audit_entries set reason = 'x'`)).rejects.toThrow()
    const owner = postgres(world.ownerUrl, { max: 1, onnotice: () => {} })
    await expect(owner`delete from audit_entries`).rejects.toThrow(/append-only/)
    await expect(owner`truncate audit_entries cascade`).rejects.toThrow(/append-only/)
    await expect(owner`update audit_chain set hash = hash`).rejects.toThrow(/append-only/)
    await owner.end()
  })
})

describe('a tampered audit', () => {
  let anchor: AuditAnchor
  let links: { sequence: string; entry_id: string }[]

  beforeEach(async () => {
    await write(10)
    await sealAudit(world.sql)
    anchor = (await headOfChain(world.sql)).head!
    await tamper(async sql => {
      await sql`drop schema if exists kept cascade`
      await sql`create schema kept`
      await sql`create table kept.entries as select * from audit_entries`
      await sql`create table kept.chain as select * from audit_chain`
      links = await sql<{ sequence: string; entry_id: string }[]>`select sequence, entry_id from audit_chain`
    })
  })

  afterEach(() =>
    tamper(async sql => {
      await sql`delete from audit_chain`
      await sql`delete from audit_entries`
      await sql`delete from audit_unsealed`
      await sql`insert into audit_entries overriding system value select * from kept.entries`
      await sql`insert into audit_chain select * from kept.chain`
    }),
  )

  const linkOf = (offset: number): number => anchor.sequence - offset
  const entryOf = (offset: number): string => links.find(({ sequence }) => Number(sequence) === linkOf(offset))!.entry_id

  it('shows which entry was changed', async () => {
    await tamper(sql => sql`update audit_entries set after = '{"number": 99}' where id = ${entryOf(5)}`)
    expect(await verifyAudit(world.sql)).toMatchObject({ kind: 'broken', sequence: linkOf(5), entryId: entryOf(5), problem: 'changed' })
  })

  it('shows a change of the moment by a microsecond', async () => {
    await tamper(sql => sql`update audit_entries set at = at + interval '1 microsecond' where id = ${entryOf(2)}`)
    expect(await verifyAudit(world.sql)).toMatchObject({ problem: 'changed', entryId: entryOf(2) })
  })

  it('shows which entry was deleted, with its link or without', async () => {
    await tamper(sql => sql`delete from audit_entries where id = ${entryOf(4)}`)
    expect(await verifyAudit(world.sql)).toMatchObject({ problem: 'missing', entryId: entryOf(4), sequence: linkOf(4) })
    await tamper(sql => sql`delete from audit_chain where sequence = ${linkOf(4)}`)
    expect(await verifyAudit(world.sql)).toMatchObject({ problem: 'gap', sequence: linkOf(4) })
  })

  it('shows entries that changed places', async () => {
    await tamper(async sql => {
      await sql`update audit_chain set entry_id = -entry_id where sequence in (${linkOf(3)}, ${linkOf(6)})`
      await sql`update audit_chain set entry_id = case sequence when ${linkOf(3)} then ${entryOf(6)}::bigint else ${entryOf(3)}::bigint end where sequence in (${linkOf(3)}, ${linkOf(6)})`
    })
    expect(await verifyAudit(world.sql)).toMatchObject({ problem: 'changed', sequence: linkOf(6) })
  })

  it('shows a cut tail to whoever kept the head elsewhere', async () => {
    await tamper(async sql => {
      await sql`delete from audit_entries where id in (select entry_id from audit_chain where sequence > ${linkOf(3)})`
      await sql`delete from audit_chain where sequence > ${linkOf(3)}`
    })
    expect(await verifyAudit(world.sql)).toMatchObject({ kind: 'intact' })
    expect(await verifyAudit(world.sql, { anchors: [anchor] })).toMatchObject({ kind: 'broken', problem: 'cut', sequence: linkOf(3) + 1 })
  })

  it('shows a chain that was written anew to whoever kept the head elsewhere', async () => {
    await tamper(async sql => {
      await sql`update audit_entries set reason = 'never happened' where id = ${entryOf(5)}`
      await sql`insert into audit_unsealed select entry_id from audit_chain where sequence >= ${linkOf(5)}`
      await sql`delete from audit_chain where sequence >= ${linkOf(5)}`
    })
    await sealAudit(world.sql)
    expect(await verifyAudit(world.sql)).toMatchObject({ kind: 'intact' })
    expect(await verifyAudit(world.sql, { anchors: [anchor] })).toMatchObject({
      kind: 'broken',
      problem: 'rewritten',
      sequence: anchor.sequence,
    })
  })

  it('shows an entry that was smuggled past the sealer', async () => {
    await write(1)
    await tamper(sql => sql`delete from audit_unsealed`)
    expect(await verifyAudit(world.sql)).toMatchObject({ kind: 'broken', problem: 'unqueued' })
  })
})

describe('reading the audit', () => {
  it('pages newest first and filters by who, what and when', async () => {
    const user = await makeUser(world, [{ role: 'admin' }])
    await world.as(user, tx => appendAudit(tx, { action: 'test.byUser', entity: 'Test', entityId: '7', reason: 'because' }))
    const page = await world.asSystem(tx => listAudit(tx, { userId: user.id, from: '2026-03-05', to: '2026-03-05' }, { first: 1 }))
    expect(page).toMatchObject({
      totalCount: 1,
      edges: [{ node: { action: 'test.byUser', reason: 'because', userId: user.id, hash: null } }],
    })
    expect((await world.asSystem(tx => listAudit(tx, { userId: user.id, to: '2026-03-04' }, {}))).totalCount).toBe(0)
    await sealAudit(world.sql)
    expect((await world.asSystem(tx => listAudit(tx, { userId: user.id }, {}))).edges[0]!.node.hash).toMatch(/^[0-9a-f]{64}$/)
  })
})
