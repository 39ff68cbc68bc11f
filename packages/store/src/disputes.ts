import type { Tx } from './sql.ts'
export declare function openDispute(tx: Tx, dispute: { readonly documentId: string; readonly amount: string; readonly reason: string; readonly on: string }): Promise<string>
export declare function closeDispute(tx: Tx, id: string, on: string): Promise<void>
