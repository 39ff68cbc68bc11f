import type { Decision as EngineDecision, Outcome } from '@surety/engine'
import type { Page, PageRequest } from './page.ts'
import type { Tx } from './sql.ts'
export interface NewDecision {
  readonly segmentId: number
  readonly customerId: string
  readonly kind: string
  readonly policyId: string
  readonly policyVersion: number
  readonly policyHash: string
  readonly asOf: string
  readonly facts: Readonly<Record<string, unknown>>
  readonly sources?: Readonly<Record<string, unknown>>
  readonly result: EngineDecision
  /** What it was made for: `application:12`. */
  readonly subject?: string
  /** The same decision asked twice is one. */
  readonly key?: string
}
export interface Decision extends Required<Omit<NewDecision, 'key' | 'subject'>> {
  readonly id: string
  readonly outcome: Outcome
  readonly subject: string | null
  readonly decidedAt: Date
}
export declare function recordDecision(tx: Tx, decision: NewDecision): Promise<Decision>
export declare function findDecision(tx: Tx, id: string): Promise<Decision | undefined>
export declare function findDecisions(tx: Tx, ids: readonly string[]): Promise<Map<string, Decision>>
/** Newest first. */
export declare function listDecisions(tx: Tx, customerId: string, page: PageRequest): Promise<Page<Decision>>
