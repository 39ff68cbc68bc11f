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

export interface NewChange {
  readonly entity: string
  readonly id: string
  readonly customerId?: string | null
  readonly segmentId: number | null
}

/** Tells all listeners when the transaction commits, and nobody when it does not. */
export async function publishChange(tx: Tx, change: NewChange): Promise<void> {
  const message: Change = {
    entity: change.entity,
    id: change.id,
    customerId: change.customerId ?? null,
    segmentId: change.segmentId,
    at: tx.now.toISOString(),
  }
  await tx`select pg_notify(${CHANNEL}, ${JSON.stringify(message)})`
}

/** Calls `fn` for each change committed anywhere; `onGap` after a lost connection came back, when changes may have been missed. */
export async function listenChanges(sql: Sql, fn: (change: Change) => void, onGap?: () => void): Promise<{ stop(): Promise<void> }> {
  let isFirst = true
  const { unlisten } = await sql.listen(
    CHANNEL,
    payload => fn(JSON.parse(payload) as Change),
    () => {
      if (!isFirst) onGap?.()
      isFirst = false
    },
  )
  return { stop: unlisten }
}

const CHANNEL = 'surety_live'
