import { createHash, randomBytes } from 'node:crypto'
import { appendAudit } from './audit.ts'
import { asActor, SYSTEM, type Actor, type Sql, type Tx } from './sql.ts'

/** What a machine signs in with; it belongs to one segment. */
export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly segmentId: number
  readonly scopes: readonly string[]
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
}

export interface NewApiKey {
  readonly name: string
  readonly segmentId: number
  readonly scopes: readonly string[]
}

export interface ApiKeyActor extends Actor {
  readonly kind: 'api'
  readonly keyId: string
}

/** The token is shown this once. */
export async function createApiKey(tx: Tx, { name, segmentId, scopes }: NewApiKey): Promise<{ key: ApiKey; token: string }> {
  const token = `surety_${randomBytes(32).toString('base64url')}`
  const [row] = await tx<ApiKeyRow[]>`
    insert into api_keys (name, token_hash, segment_id, scopes, created_by, created_at)
    values (${name}, ${hashOf(token)}, ${segmentId}, ${scopes as string[]}, ${tx.actor.userId ?? null}, ${tx.now}) returning *`
  const key = toApiKey(row!)
  await appendAudit(tx, { action: 'apiKey.create', entity: 'ApiKey', entityId: key.id, segmentId, after: { name, scopes } })
  return { key, token }
}

export async function listApiKeys(tx: Tx): Promise<ApiKey[]> {
  return (await tx<ApiKeyRow[]>`select * from api_keys order by id`).map(toApiKey)
}

export async function revokeApiKey(tx: Tx, id: string, reason: string): Promise<void> {
  const [row] = await tx<ApiKeyRow[]>`update api_keys set revoked_at = ${tx.now} where id = ${id} and revoked_at is null returning *`
  if (row) await appendAudit(tx, { action: 'apiKey.revoke', entity: 'ApiKey', entityId: id, segmentId: row.segment_id, reason })
}

/** Whom a token stands for; undefined when unknown or revoked. */
export async function useApiKey(sql: Sql, token: string): Promise<ApiKeyActor | undefined> {
  return asActor(sql, SYSTEM, async tx => {
    const [row] = await tx<ApiKeyRow[]>`select * from api_keys where token_hash = ${hashOf(token)} and revoked_at is null`
    if (!row) return undefined
    if (!row.last_used_at || tx.now.getTime() - row.last_used_at.getTime() > 60_000)
      await tx`update api_keys set last_used_at = ${tx.now} where id = ${row.id}`
    return { kind: 'api', keyId: row.id, segments: [row.segment_id], scopes: row.scopes }
  })
}

interface ApiKeyRow {
  readonly id: string
  readonly name: string
  readonly segment_id: number
  readonly scopes: string[]
  readonly created_at: Date
  readonly last_used_at: Date | null
  readonly revoked_at: Date | null
}

function toApiKey({ id, name, segment_id, scopes, created_at, last_used_at, revoked_at }: ApiKeyRow): ApiKey {
  return { id, name, segmentId: segment_id, scopes, createdAt: created_at, lastUsedAt: last_used_at, revokedAt: revoked_at }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
