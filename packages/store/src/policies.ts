import type { PolicyCase } from '@surety/credit'
import { canonicalJson, hashPolicy, type Policy, type Text } from '@surety/engine'
import { appendAudit } from './audit.ts'
import { groupBy } from './group.ts'
import { publishChange } from './live.ts'
import type { Fragment } from './page.ts'
import type { Tx } from './sql.ts'

export interface StoredPolicy {
  readonly id: string
  readonly kind: string
  readonly title: Text
}

/** A published version; it never changes. */
export interface PolicyVersion {
  readonly policyId: string
  readonly version: number
  readonly hash: string
  readonly document: Policy
  readonly effectiveFrom: Date
  /** Null: came with the product. */
  readonly publishedBy: string | null
  readonly publishedAt: Date
  /** Examples that held when it was published. */
  readonly cases: readonly PolicyCase[]
  /** The request by which people published it. */
  readonly changeRequestId: string | null
  /** Called back before it took effect. */
  readonly recalledAt: Date | null
}

export type VersionStatus = 'in_force' | 'scheduled' | 'superseded' | 'recalled'

export interface PolicyRef {
  readonly policyId: string
  readonly version: number
}

/** What a version is at a moment, beside the one that is in force then. */
export function versionStatus(version: PolicyVersion, inForce: PolicyVersion | undefined, at: Date): VersionStatus {
  if (version.recalledAt !== null) return 'recalled'
  if (version.effectiveFrom > at) return 'scheduled'
  return version.version === inForce?.version ? 'in_force' : 'superseded'
}

export async function listPolicies(tx: Tx): Promise<StoredPolicy[]> {
  return tx<StoredPolicy[]>`select id, kind, title from policies order by kind, id`
}

export async function findPolicy(tx: Tx, id: string): Promise<StoredPolicy | undefined> {
  const [policy] = await tx<StoredPolicy[]>`select id, kind, title from policies where id = ${id}`
  return policy
}

/** Newest version first. */
export async function versionsOf(tx: Tx, policyIds: readonly string[]): Promise<Map<string, PolicyVersion[]>> {
  const rows = await tx<VersionRow[]>`${selectVersions(tx)} where v.policy_id = any (${policyIds as string[]}) order by v.version desc`
  return groupBy(policyIds, rows.map(toVersion), ({ policyId }) => policyId)
}

/** In the order asked for; undefined where there is no such version. */
export async function findPolicyVersions(tx: Tx, refs: readonly PolicyRef[]): Promise<(PolicyVersion | undefined)[]> {
  const rows = await tx<VersionRow[]>`
    ${selectVersions(tx)} join unnest(${refs.map(({ policyId }) => policyId)}::text[], ${refs.map(({ version }) => version)}::int[]) as w (policy_id, version) on v.policy_id = w.policy_id and v.version = w.version`
  const found = new Map(rows.map(row => [`${row.policy_id} ${row.version}`, toVersion(row)]))
  return refs.map(({ policyId, version }) => found.get(`${policyId} ${version}`))
}

/** Which version of a policy holds at a moment; now unless said otherwise. */
export async function policyInForce(tx: Tx, policyId: string, at: Date = tx.now): Promise<PolicyVersion | undefined> {
  const [row] = await tx<VersionRow[]>`
    ${selectVersions(tx)} where v.policy_id = ${policyId} and v.effective_from <= ${at} and r.version is null order by v.effective_from desc, v.version desc limit 1`
  return row && toVersion(row)
}

/** Of each policy of a kind the version in force, by id. */
export async function policiesInForce(tx: Tx, kind: string, at: Date = tx.now): Promise<PolicyVersion[]> {
  const rows = await tx<VersionRow[]>`
    ${selectVersions(tx, tx`distinct on (v.policy_id)`)} join policies p on p.id = v.policy_id
    where p.kind = ${kind} and v.effective_from <= ${at} and r.version is null order by v.policy_id, v.effective_from desc, v.version desc`
  return rows.map(toVersion)
}

/** The newest version that was not called back, in force already or not: what the next change starts from. */
export async function newestVersion(tx: Tx, policyId: string): Promise<PolicyVersion | undefined> {
  const [row] = await tx<
    VersionRow[]
  >`${selectVersions(tx)} where v.policy_id = ${policyId} and r.version is null order by v.version desc limit 1`
  return row && toVersion(row)
}

/** Of every policy the document in force: what a policy that asks others finds. */
export async function documentsInForce(tx: Tx): Promise<Policy[]> {
  const rows = await tx<VersionRow[]>`
    ${selectVersions(tx, tx`distinct on (v.policy_id)`)} where v.effective_from <= ${tx.now} and r.version is null order by v.policy_id, v.effective_from desc, v.version desc`
  return rows.map(row => toVersion(row).document)
}

export interface PublishOptions {
  /** Now unless said otherwise. */
  readonly effectiveFrom?: Date
  readonly reason?: string
  readonly cases?: readonly PolicyCase[]
  /** By which people agreed to it. Without one it comes with the product, and the actor has to be nobody: the database knows. */
  readonly changeRequestId?: string
}

/** Publishes the next version; what comes with the product is no new version when its content is the newest one's. */
export async function publishPolicy(
  tx: Tx,
  document: Policy,
  { effectiveFrom, reason, cases = [], changeRequestId }: PublishOptions = {},
): Promise<PolicyVersion> {
  const newest = await lockNewest(tx, document)
  const hash = hashPolicy(document)
  if (newest?.hash === hash && changeRequestId === undefined) return toVersion(newest)
  const { $schema: _, ...content } = document
  const [row] = await tx<VersionRow[]>`
    insert into policy_versions (policy_id, version, hash, document, effective_from, published_by, published_at, cases, change_request_id)
    values (${document.id}, ${(newest?.version ?? 0) + 1}, ${hash}, ${canonicalJson(content)}, ${effectiveFrom ?? tx.now}, ${tx.actor.userId ?? null}, ${tx.now},
      ${tx.json(cases as never)}, ${changeRequestId ?? null}) returning *, null as recalled_at`
  const version = toVersion(row!)
  await appendAudit(tx, {
    action: 'policy.publish',
    entity: 'Policy',
    entityId: document.id,
    reason: reason ?? null,
    before: newest && { version: newest.version, hash: newest.hash },
    after: { version: version.version, hash, effectiveFrom: version.effectiveFrom },
  })
  await publishChange(tx, { entity: 'Policy', id: document.id, segmentId: null })
  return version
}

/** Publishes those that came with the product and differ from the newest version; one that a person published is left alone. */
export async function syncPolicies(
  tx: Tx,
  documents: readonly Policy[],
  cases: ReadonlyMap<string, readonly PolicyCase[]> = new Map(),
): Promise<{ published: readonly PolicyRef[] }> {
  const published: PolicyRef[] = []
  for (const document of documents) {
    const newest = await lockNewest(tx, document)
    if (newest && (newest.published_by !== null || newest.hash === hashPolicy(document))) continue
    const { policyId, version } = await publishPolicy(tx, document, { cases: cases.get(document.id) ?? [] })
    published.push({ policyId, version })
  }
  return { published }
}

interface VersionRow {
  readonly policy_id: string
  readonly version: number
  readonly hash: string
  readonly document: string
  readonly effective_from: Date
  readonly published_by: string | null
  readonly published_at: Date
  readonly cases: readonly PolicyCase[]
  readonly change_request_id: string | null
  readonly recalled_at: Date | null
}

function selectVersions(tx: Tx, distinct: Fragment = tx``): Fragment {
  return tx`select ${distinct} v.*, r.recalled_at from policy_versions v left join policy_recalls r on r.policy_id = v.policy_id and r.version = v.version`
}

// The policy's row is the lock: versions are numbered without gaps whoever publishes at once.
async function lockNewest(tx: Tx, document: Policy): Promise<VersionRow | undefined> {
  await tx`
    insert into policies (id, kind, title, created_at) values (${document.id}, ${document.kind ?? 'policy'}, ${tx.json(document.title as never)}, ${tx.now})
    on conflict (id) do update set kind = excluded.kind, title = excluded.title`
  const [newest] = await tx<VersionRow[]>`${selectVersions(tx)} where v.policy_id = ${document.id} order by v.version desc limit 1`
  return newest
}

// A version never changes, so its text is parsed once a process.
const parsed = new Map<string, Policy>()

function toVersion(row: VersionRow): PolicyVersion {
  const document = parsed.get(row.hash) ?? (JSON.parse(row.document) as Policy)
  parsed.set(row.hash, document)
  return {
    policyId: row.policy_id,
    version: row.version,
    hash: row.hash,
    document,
    effectiveFrom: row.effective_from,
    publishedBy: row.published_by,
    publishedAt: row.published_at,
    cases: row.cases,
    changeRequestId: row.change_request_id,
    recalledAt: row.recalled_at,
  }
}
