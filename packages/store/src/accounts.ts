import type { AccountStatus } from '@surety/credit'
import type { Exposure } from './exposure.ts'
import type { Tx } from './sql.ts'
export type LimitKind = 'none' | 'amount' | 'unlimited'
export interface Account {
  readonly id: string
  readonly customerId: string
  readonly segmentId: number
  readonly currency: string
  readonly limitKind: LimitKind
  readonly limitAmount: string | null
  readonly limitValidTo: string | null
  readonly paymentTermsDays: number | null
  readonly grade: string | null
  readonly score: number | null
  readonly gradedAt: Date | null
  readonly gradeValidTo: string | null
  readonly nextReviewOn: string | null
  readonly status: AccountStatus
  readonly version: number
}
export interface AccountView extends Account {
  readonly exposure: Exposure
}
export declare function findAccount(tx: Tx, id: string): Promise<Account | undefined>
export declare function findAccounts(tx: Tx, ids: readonly string[]): Promise<Map<string, Account>>
/** Accounts of each customer that the actor sees, largest exposure first. */
export declare function accountsOf(tx: Tx, customerIds: readonly string[]): Promise<Map<string, AccountView[]>>
export declare function setGrade(tx: Tx, accountId: string, grade: { readonly grade: string; readonly score: number | null; readonly validTo?: string | null; readonly decisionId?: string; readonly on?: string }): Promise<void>
export declare function setAccountStatus(tx: Tx, accountId: string, status: AccountStatus, reason: string): Promise<void>
