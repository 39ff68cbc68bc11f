import type { ApprovalQuery } from '../../graphql/generated/graphql.ts'

/** A matter as far as its pages show it; the page of a task and its own both ask for it. */
export type ApprovalView = Pick<
  NonNullable<ApprovalQuery['approval']>,
  | 'id'
  | 'kind'
  | 'status'
  | 'round'
  | 'purpose'
  | 'request'
  | 'subject'
  | 'subjectId'
  | 'waitsFor'
  | 'blocked'
  | 'startedAt'
  | 'returnedAt'
  | 'closedAt'
  | 'stoppedHours'
  | 'workflowId'
  | 'granted'
  | 'steps'
  | 'comments'
  | 'attachments'
  | 'history'
> & { readonly tasks: readonly Omit<NonNullable<ApprovalQuery['approval']>['tasks'][number], 'canDecide'>[] }
