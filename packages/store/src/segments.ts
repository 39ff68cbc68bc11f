import type { Text } from '@surety/engine'
import type { Tx } from './sql.ts'
export interface Segment {
  readonly id: number
  readonly code: string
  readonly name: Text
  readonly currency: string
}
/** Those that the actor sees. */
export declare function listSegments(tx: Tx): Promise<Segment[]>
export declare function findSegments(tx: Tx, ids: readonly number[]): Promise<Map<number, Segment>>
export declare function createSegment(tx: Tx, segment: Omit<Segment, 'id'>): Promise<Segment>
