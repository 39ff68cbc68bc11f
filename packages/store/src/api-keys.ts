import type { Actor, Sql, Tx } from './sql.ts'
export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly segmentId: number
  readonly scopes: readonly string[]
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
}
/** The token is shown this once. */
export declare function createApiKey(tx: Tx, key: { readonly name: string; readonly segmentId: number; readonly scopes: readonly string[] }): Promise<{ key: ApiKey; token: string }>
export declare function listApiKeys(tx: Tx): Promise<ApiKey[]>
export declare function revokeApiKey(tx: Tx, id: string): Promise<void>
/** Whom a token stands for; undefined when unknown or revoked. */
export declare function useApiKey(sql: Sql, token: string): Promise<(Actor & { readonly kind: 'api'; readonly keyId: string }) | undefined>
