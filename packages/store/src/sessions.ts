import type { Sql, Tx } from './sql.ts'
import type { User } from './users.ts'
export interface NewSession {
  /** For the cookie; never stored. */
  readonly token: string
  readonly expiresAt: Date
}
export declare const SESSION_IDLE_MS: number
export declare const SESSION_LIFETIME_MS: number
/** Signs in. An earlier token of the same browser is ended: the token changes with every sign-in. */
export declare function startSession(tx: Tx, userId: string, options?: { readonly userAgent?: string; readonly previousToken?: string }): Promise<NewSession>
/** The user behind a token and marks it as seen; undefined when unknown, idle too long, too old, or its user is disabled. */
export declare function useSession(sql: Sql, token: string): Promise<User | undefined>
export declare function endSession(tx: Tx, token: string): Promise<void>
export declare function endSessionsOf(tx: Tx, userId: string): Promise<void>
export declare function deleteExpiredSessions(sql: Sql): Promise<number>
