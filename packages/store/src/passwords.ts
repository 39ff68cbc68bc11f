import type { Sql, Tx } from './sql.ts'
import type { User } from './users.ts'
export type SignInAttempt =
  | { readonly kind: 'ok'; readonly user: User }
  /** Unknown login, wrong password or disabled: not told apart. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'locked'; readonly until: Date }
export declare function setPassword(tx: Tx, userId: string, password: string): Promise<void>
/** Checks a password, counts failures and locks the login for a growing time after five in a row. */
export declare function verifyPassword(sql: Sql, login: string, password: string): Promise<SignInAttempt>
