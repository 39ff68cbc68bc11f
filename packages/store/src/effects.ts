import type { Tx } from './sql.ts'
/** Runs `fn` in this transaction unless it was done under this key before; then its remembered result comes back. The result is JSON. */
export declare function once<T>(tx: Tx, key: string, fn: () => Promise<T>): Promise<T>
