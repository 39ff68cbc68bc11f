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
export * from './exposure.ts'
export * from './ledger/exposure-ledger.ts'
export {
  cancelReservation,
  checkOrder,
  expireReservations,
  type OrderCheckAnswer,
  type OrderCheckRequest,
  type OrderCheckResult,
} from './order-check/check-order.ts'
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
export * from './portfolio.ts'
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
export * from './tasks.ts'
export * from './counters.ts'
export * from './search.ts'
export * from './import/index.ts'
export * from './demo/seed-demo.ts'
