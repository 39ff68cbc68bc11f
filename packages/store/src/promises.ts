import type { Tx } from './sql.ts'
export declare function makePromise(tx: Tx, promise: { readonly segmentId: number; readonly customerId: string; readonly amount: string; readonly currency: string; readonly madeOn: string; readonly dueOn: string; readonly note?: string }): Promise<string>
export declare function settlePromise(tx: Tx, id: string, state: 'kept' | 'broken' | 'cancelled', on: string): Promise<void>
