import type { Tx } from './sql.ts'
export interface Counters {
  /** Open and for the actor to decide. */
  readonly tasks: number
  /** The actor's own that are not closed. */
  readonly applications: number
  /** Imports that wait for somebody or are at work. */
  readonly imports: number
}
export declare function countersOf(tx: Tx): Promise<Counters>
