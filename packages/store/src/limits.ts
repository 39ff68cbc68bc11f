import type { LimitKind } from './accounts.ts'
import type { Tx } from './sql.ts'
export interface CreditLimit {
  readonly id: string
  readonly accountId: string
  readonly kind: LimitKind
  readonly amount: string | null
  readonly currency: string
  readonly paymentTermsDays: number | null
  readonly validFrom: string
  readonly validTo: string | null
  readonly reason: string
  readonly applicationId: string | null
  readonly decidedBy: string | null
  readonly createdAt: Date
}
export interface NewLimit {
  readonly accountId: string
  readonly kind: LimitKind
  readonly amount?: string | null
  readonly paymentTermsDays?: number | null
  readonly validTo?: string | null
  readonly nextReviewOn?: string | null
  readonly reason: string
  /** At most one limit comes from an application; asked again, the first one comes back. */
  readonly applicationId?: string
  readonly decidedBy?: string | null
}
/** Puts a limit in force: history, account, audit and live change together. */
export declare function setLimit(tx: Tx, limit: NewLimit): Promise<CreditLimit>
/** Newest first. */
export declare function limitHistoryOf(tx: Tx, accountIds: readonly string[]): Promise<Map<string, CreditLimit[]>>
