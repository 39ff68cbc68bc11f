import type { Sql, Tx } from './sql.ts'

/** Something changed; who listens reads it again. */
export interface Change {
  /** GraphQL type name, e.g. `Task`. */
  readonly entity: string
  readonly id: string
  readonly customerId: string | null
  /** Null: everybody may know. */
  readonly segmentId: number | null
  readonly at: string
}
export declare function publishChange(tx: Tx, change: { readonly entity: string; readonly id: string; readonly customerId?: string | null; readonly segmentId: number | null }): Promise<void>
/** Calls `fn` for each change committed anywhere; `onGap` after a lost connection came back, when changes may have been missed. */
export declare function listenChanges(sql: Sql, fn: (change: Change) => void, onGap?: () => void): Promise<{ stop(): Promise<void> }>
