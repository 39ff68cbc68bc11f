import type { Sql, Tx } from './sql.ts'

/** What the workflows are told; whoever delivers it turns it into a start or a signal with a deterministic id. */
export type WorkflowMessage =
  | { readonly kind: 'applicationSubmitted'; readonly applicationId: string; readonly segmentId: number }
  | { readonly kind: 'applicationChanged'; readonly applicationId: string; readonly segmentId: number }
  | { readonly kind: 'importRequested'; readonly importId: string; readonly segmentId: number; readonly step: 'stage' | 'apply'; readonly version: number }
export interface OutboxMessage {
  readonly id: string
  readonly key: string
  readonly payload: WorkflowMessage
  readonly attempts: number
}
/** Sends a message when the transaction commits; the same key twice is one message. */
export declare function enqueue(tx: Tx, message: { readonly topic: 'workflow'; readonly key: string; readonly payload: WorkflowMessage }): Promise<void>
/**
 * Hands due messages to `deliver` one after the other; each is marked delivered, or put off with growing delay when `deliver` rejects.
 * Any number of processes may do this at once: a message is claimed by one of them.
 */
export declare function deliverDue(sql: Sql, topic: 'workflow', deliver: (message: OutboxMessage) => Promise<void>, options?: { readonly batch?: number }): Promise<{ delivered: number; failed: number }>
/** Calls `fn` when messages were committed somewhere. Poll as well: a notification may get lost. */
export declare function listenOutbox(sql: Sql, fn: () => void): Promise<{ stop(): Promise<void> }>
