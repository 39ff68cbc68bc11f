import { createHash } from 'node:crypto'
import type { Text } from '@surety/engine'
import { asActor, SYSTEM, type Sql, type Tx } from './sql.ts'

/** A head of the chain, kept outside the database: what shows that the tail was cut or all of it written anew. */
export interface AuditAnchor {
  readonly sequence: number
  /** Hex. */
  readonly hash: string
}

/**
 * `changed`: the entry is not the one that was sealed (or its neighbours are). `missing`: the sealed entry is gone. `gap`: a link is gone.
 * `cut`: the chain ends before an anchor. `rewritten`: it is sound in itself but not the one that was anchored. `unqueued`: an entry that nobody would seal.
 */
export type AuditProblem = 'changed' | 'missing' | 'gap' | 'cut' | 'rewritten' | 'unqueued'

export type AuditVerification =
  | { readonly kind: 'intact'; readonly sealed: number; readonly unsealed: number; readonly head: AuditAnchor | null }
  | {
      readonly kind: 'broken'
      readonly sequence: number
      readonly entryId: string | null
      readonly problem: AuditProblem
      readonly message: Text
    }

export interface ChainState {
  readonly sealed: number
  readonly unsealed: number
  readonly head: AuditAnchor | null
}

/** Chains all entries that are not yet chained and says how many. One sealer works at a time; others wait for it. */
export async function sealAudit(sql: Sql): Promise<number> {
  for (let total = 0; ;) {
    const sealed = await asActor(sql, SYSTEM, sealBatch)
    total += sealed
    if (sealed < BATCH) return total
  }
}

/** Computes the chain anew and names the first entry that does not fit. Anchors must be heads of this chain. */
export async function verifyAudit(sql: Sql, options: { readonly anchors?: readonly AuditAnchor[] } = {}): Promise<AuditVerification> {
  // One snapshot for all that follows, so that a sealer at work does not look like damage.
  return asActor(sql, SYSTEM, tx => verifyIn(tx, options.anchors ?? []), { isolation: 'snapshot' })
}

export async function headOfChain(sql: Sql): Promise<ChainState> {
  return asActor(sql, SYSTEM, async tx => {
    const [head] = await tx<
      { sequence: string; hash: string }[]
    >`select sequence, encode(hash, 'hex') as hash from audit_chain order by sequence desc limit 1`
    const [queue] = await tx<{ count: string }[]>`select count(*) from audit_unsealed`
    return {
      sealed: Number(head?.sequence ?? 0),
      unsealed: Number(queue!.count),
      head: head ? { sequence: Number(head.sequence), hash: head.hash } : null,
    }
  })
}

const BATCH = 2000
const GENESIS = Buffer.alloc(32)
const LOCK = '5823002'

interface EntryRow {
  readonly id: string | null
  readonly at: string
  readonly actor_kind: string
  readonly user_id: string | null
  readonly person_id: string | null
  readonly action: string
  readonly entity: string
  readonly entity_id: string
  readonly segment_id: number | null
  readonly reason: string | null
  readonly before: string | null
  readonly after: string | null
  readonly key: string | null
}

interface LinkRow extends EntryRow {
  readonly sequence: string
  readonly entry_id: string
  readonly hash: Buffer
}

async function verifyIn(tx: Tx, heads: readonly AuditAnchor[]): Promise<AuditVerification> {
  const anchors = new Map(heads.map(({ sequence, hash }) => [sequence, hash.toLowerCase()]))
  let previous: Buffer = GENESIS
  let sequence = 0
  for (;;) {
    const links = await readLinks(tx, sequence)
    for (const link of links) {
      sequence += 1
      if (Number(link.sequence) !== sequence) return broken(sequence, null, 'gap')
      if (link.id === null) return broken(sequence, link.entry_id, 'missing')
      const hash = hashOf(previous, link)
      if (!hash.equals(link.hash)) return broken(sequence, link.entry_id, 'changed')
      const anchored = anchors.get(sequence)
      if (anchored !== undefined && anchored !== hash.toString('hex')) return broken(sequence, link.entry_id, 'rewritten')
      previous = hash
    }
    if (links.length < BATCH) break
  }
  const furthest = Math.max(0, ...anchors.keys())
  if (furthest > sequence) return broken(sequence + 1, null, 'cut')
  const [stray] = await tx<{ id: string }[]>`
    select e.id from audit_entries e
    where not exists (select from audit_chain c where c.entry_id = e.id) and not exists (select from audit_unsealed u where u.entry_id = e.id)
    order by e.id limit 1`
  if (stray) return broken(sequence + 1, stray.id, 'unqueued')
  const [queue] = await tx<{ count: string }[]>`select count(*) from audit_unsealed`
  return {
    kind: 'intact',
    sealed: sequence,
    unsealed: Number(queue!.count),
    head: sequence === 0 ? null : { sequence, hash: previous.toString('hex') },
  }
}

async function sealBatch(tx: Tx): Promise<number> {
  await tx`select pg_advisory_xact_lock(${LOCK})`
  const [head] = await tx<{ sequence: string; hash: Buffer }[]>`select sequence, hash from audit_chain order by sequence desc limit 1`
  const entries = await tx<EntryRow[]>`
    select ${entryColumns(tx)} from audit_unsealed u join audit_entries e on e.id = u.entry_id order by u.entry_id limit ${BATCH}`
  if (entries.length === 0) return 0
  let previous: Buffer = head?.hash ?? GENESIS
  const hashes = entries.map(entry => (previous = hashOf(previous, entry)).toString('hex'))
  const ids = entries.map(({ id }) => id!)
  await tx`
    insert into audit_chain (sequence, entry_id, hash)
    select ${head?.sequence ?? '0'}::bigint + n, entry_id, decode(hash, 'hex')
    from unnest(${ids}::bigint[], ${hashes}::text[]) with ordinality as link (entry_id, hash, n)`
  await tx`delete from audit_unsealed where entry_id = any (${ids}::bigint[])`
  return entries.length
}

function readLinks(tx: Tx, after: number) {
  return tx<LinkRow[]>`
    select c.sequence, c.entry_id, c.hash, ${entryColumns(tx)}
    from audit_chain c left join audit_entries e on e.id = c.entry_id
    where c.sequence > ${after} order by c.sequence limit ${BATCH}`
}

function entryColumns(tx: Tx) {
  return tx`e.id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, e.actor_kind, e.user_id, e.person_id, e.action, e.entity, e.entity_id,
    e.segment_id, e.reason, e.before::text as before, e.after::text as after, e.key`
}

// A JSON array of the columns in this order, values of jsonb as PostgreSQL prints them: anybody can compute it with a query and sha256.
function hashOf(previous: Buffer, entry: EntryRow): Buffer {
  const canonical = JSON.stringify([
    entry.id,
    entry.at,
    entry.actor_kind,
    entry.user_id,
    entry.person_id,
    entry.action,
    entry.entity,
    entry.entity_id,
    entry.segment_id,
    entry.reason,
    entry.before,
    entry.after,
    entry.key,
  ])
  return createHash('sha256').update(previous).update(canonical).digest()
}

function broken(sequence: number, entryId: string | null, problem: AuditProblem): AuditVerification {
  return { kind: 'broken', sequence, entryId, problem, message: PROBLEMS[problem](sequence, entryId) }
}

const PROBLEMS: Record<AuditProblem, (sequence: number, entryId: string | null) => Text> = {
  changed: (sequence, id) => ({
    en: `Entry ${id}, link ${sequence} of the chain, is not what was sealed.`,
    zh: `第 ${sequence} 环（记录 ${id}）与封存时的内容不符。`,
  }),
  missing: (sequence, id) => ({
    en: `Entry ${id}, link ${sequence} of the chain, is gone.`,
    zh: `第 ${sequence} 环对应的记录 ${id} 已不存在。`,
  }),
  gap: sequence => ({ en: `Link ${sequence} of the chain is gone.`, zh: `审计链缺少第 ${sequence} 环。` }),
  cut: sequence => ({
    en: `The chain ends before link ${sequence}, but a later head was anchored: its tail was cut.`,
    zh: `审计链在第 ${sequence} 环之前中断，而锚定的链头更靠后：链尾被截断。`,
  }),
  rewritten: (sequence, id) => ({
    en: `Link ${sequence} (entry ${id}) is not the one that was anchored: the chain was written anew.`,
    zh: `第 ${sequence} 环（记录 ${id}）与锚定值不符：审计链被重写。`,
  }),
  unqueued: (_sequence, id) => ({
    en: `Entry ${id} is neither sealed nor waiting to be.`,
    zh: `记录 ${id} 既未封存，也不在待封存队列中。`,
  }),
}
