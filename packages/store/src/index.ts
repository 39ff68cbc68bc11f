/** What is remembered: one file a noun. Every function takes a transaction of `asActor` and sees what its actor may. */
export * from './sql.ts'
export * from './result.ts'
export type { Page, PageRequest, Sort } from './page.ts'
export { BadCursor, MAX_PAGE } from './page.ts'
export * from './migrate.ts'
export * from './dump-schema.ts'
export * from './audit.ts'
export * from './audit-chain.ts'
export * from './live.ts'
export * from './outbox.ts'
export * from './inbox.ts'
export * from './mail/mails.ts'
export * from './mail/mail-templates.ts'
export * from './mail/demo-inbox.ts'
export {
  MAIL_LANGUAGES,
  MAIL_TEMPLATE_KEYS,
  type MailLanguage,
  type MailParams,
  type MailTemplate,
  type MailTemplateKey,
} from './mail/shipped-templates.ts'
export * from './effects.ts'
export * from './blobs.ts'
export * from './segments.ts'
export * from './users.ts'
export * from './colleagues.ts'
export * from './saved-views.ts'
export * from './passwords.ts'
export * from './sessions.ts'
export * from './api-keys.ts'
export * from './customers.ts'
export * from './fold-name.ts'
export * from './accounts.ts'
export * from './limits.ts'
export * from './credit-groups.ts'
export * from './check-exclusions.ts'
export * from './exposure.ts'
export * from './ledger/exposure-ledger.ts'
export {
  cancelOrder,
  checkOrder,
  expireReservations,
  type OrderCheckAnswer,
  type OrderCheckRequest,
  type OrderCheckResult,
} from './order-check/check-order.ts'
export { AccountBusy, createOrderDesk, KeyRevoked, type OrderDesk } from './order-check/order-desk.ts'
export { listenHolds, reviewHolds } from './order-check/review-holds.ts'
export type { OrderAction, OrderRule } from './order-check/judge-order.ts'
export {
  findHold,
  HOLD_SORT_FIELDS,
  listHoldReasons,
  listHolds,
  reasonsOfHolds,
  releasersOf,
  type Hold,
  type HoldFilter,
  type HoldReason,
  type HoldSortField,
  type HoldStatus,
} from './holds.ts'
export { forceHold, recheckHold, releaseHold } from './hold-release.ts'
export * from './documents.ts'
export * from './payments.ts'
export * from './statements.ts'
export * from './disputes.ts'
export * from './promises.ts'
export * from './exchange-rates.ts'
export * from './ageing.ts'
export * from './figures.ts'
export * from './dunning.ts'
export * from './alerts.ts'
export * from './portfolio.ts'
export * from './appetite.ts'
export * from './securities.ts'
export * from './exposure-drill.ts'
export * from './account-statement.ts'
export * from './book.ts'
export * from './policies.ts'
export * from './policy-drafts.ts'
export * from './policy-impact.ts'
export * from './change-requests.ts'
export * from './library.ts'
export * from './decisions.ts'
export * from './applications.ts'
export * from './reviews.ts'
export * from './similar-cases.ts'
export {
  countMyTasks,
  countTasks,
  decideTask,
  decideTasks,
  findTask,
  findTasks,
  listTasks,
  OVERRIDE_REASONS,
  TASK_OUTCOMES,
  TASK_SORT_FIELDS,
  TASK_STATUSES,
  tasksOf,
  tasksOfApprovals,
  votesOf,
  type OverrideReason,
  type Task,
  type TaskCounts,
  type TaskDecision,
  type TaskFilter,
  type TaskOutcome,
  type TaskSortField,
  type TaskStatus,
  type TaskView,
  type Vote,
} from './tasks.ts'
export * from './task-acts.ts'
export {
  APPROVAL_KINDS,
  APPROVAL_STATUSES,
  findApproval,
  findApprovalOf,
  findApprovals,
  listApprovals,
  SIGNING_MODES,
  type Approval,
  type ApprovalFilter,
  type ApprovalKind,
  type ApprovalStatus,
  type ApprovalStep,
  type SigningMode,
} from './approval/approval.ts'
export { attendApproval, type Attended, type WaitsFor } from './approval/attend-approval.ts'
export { candidatesOf, type Candidate } from './approval/candidates.ts'
export { chainOf, stepsOf } from './approval/chain.ts'
export * from './approval/discussion.ts'
export { requestApproval, type ApprovalRequest, type AskableKind } from './approval/request-approval.ts'
export { amendApproval, recallApproval, resubmitApproval, withdrawApproval, type Rework } from './approval/rework-approval.ts'
export { startApproval, type NewApproval, type Route } from './approval/start-approval.ts'
export { tally, type CountedVote, type SigningRule } from './approval/tally.ts'
export * from './persons.ts'
export * from './substitutions.ts'
export * from './calendars.ts'
export * from './counters.ts'
export * from './search.ts'
export * from './import/index.ts'
export * from './records/index.ts'
export * from './reconciliation.ts'
export * from './webhooks.ts'
export * from './demo/seed-demo.ts'
