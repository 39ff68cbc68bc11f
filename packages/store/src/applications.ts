import type { Page, PageRequest, Sort } from './page.ts'
import type { Result } from './result.ts'
import type { Tx } from './sql.ts'
export const APPLICATION_STATUSES = ['submitted', 'in_approval', 'returned', 'approved', 'rejected', 'withdrawn'] as const
export type ApplicationStatus = (typeof APPLICATION_STATUSES)[number]
export interface CreditApplication {
  readonly id: string
  readonly segmentId: number
  readonly customerId: string
  readonly accountId: string
  readonly requestedLimit: string
  readonly currency: string
  readonly requestedTermsDays: number | null
  readonly purpose: string | null
  readonly requestedBy: string
  readonly status: ApplicationStatus
  readonly assessmentId: string | null
  readonly recommendationId: string | null
  readonly authorityId: string | null
  readonly recommendedLimit: string | null
  readonly recommendedTermsDays: number | null
  readonly approvedLimit: string | null
  readonly approvedTermsDays: number | null
  readonly grade: string | null
  readonly score: number | null
  readonly levels: readonly number[] | null
  readonly currentLevel: number | null
  readonly round: number
  readonly version: number
  readonly submittedAt: Date
  readonly returnedAt: Date | null
  readonly closedAt: Date | null
  /** By the actor, now. */
  readonly canWithdraw: boolean
  readonly canResubmit: boolean
}
export interface ApplicationRequest {
  readonly requestedLimit: string
  readonly requestedTermsDays?: number | null
  readonly purpose?: string | null
}
export interface NewApplication extends ApplicationRequest {
  /** Chosen by the client; the same key twice is the same application. */
  readonly key: string
  readonly customerId: string
  readonly segmentId: number
}
export interface ApplicationFilter {
  readonly query?: string
  readonly statuses?: readonly ApplicationStatus[]
  readonly mine?: boolean
  readonly customerId?: string
}
export const APPLICATION_SORT_FIELDS = ['submittedAt', 'amount', 'customer', 'status'] as const
export type ApplicationSortField = (typeof APPLICATION_SORT_FIELDS)[number]
/** What the policies made of a round. */
export interface Assessment {
  readonly round: number
  readonly assessmentId: string
  readonly recommendationId?: string
  readonly authorityId?: string
  readonly recommendedLimit?: string
  readonly recommendedTermsDays?: number
  readonly grade?: string
  readonly score?: number
  /** Authority levels to pass, lowest first; empty: none. */
  readonly levels: readonly number[]
}
export declare function listApplications(tx: Tx, filter: ApplicationFilter, sort: Sort<ApplicationSortField>, page: PageRequest): Promise<Page<CreditApplication>>
export declare function findApplication(tx: Tx, id: string): Promise<CreditApplication | undefined>
export declare function findApplications(tx: Tx, ids: readonly string[]): Promise<Map<string, CreditApplication>>
/** Needs an actor with a user. Tells the workflows. */
export declare function submitApplication(tx: Tx, application: NewApplication): Promise<Result<CreditApplication>>
export declare function resubmitApplication(tx: Tx, input: ApplicationRequest & { readonly id: string; readonly version: number; readonly comment: string }): Promise<Result<CreditApplication>>
export declare function withdrawApplication(tx: Tx, input: { readonly id: string; readonly version: number; readonly reason: string }): Promise<Result<CreditApplication>>
// What the workflow records. Each is for a round, harmless when repeated, and gives back the application as it is then;
// an application that was withdrawn or resubmitted meanwhile stays as it is, so look at `status` and `round`.
export declare function recordAssessment(tx: Tx, applicationId: string, assessment: Assessment): Promise<CreditApplication>
/** Puts the limit in force: that which the last approver granted, else the recommended one. */
export declare function approveApplication(tx: Tx, applicationId: string, input: { readonly round: number; readonly reason: string; readonly validTo?: string; readonly nextReviewOn?: string }): Promise<CreditApplication>
export declare function rejectApplication(tx: Tx, applicationId: string, input: { readonly round: number; readonly reason: string }): Promise<CreditApplication>
export declare function returnApplication(tx: Tx, applicationId: string, input: { readonly round: number; readonly reason: string }): Promise<CreditApplication>
