/** Everything that Temporal's bundler takes into the sandbox. */
export { approveMatter } from './approve-matter.ts'
export { collectPayments, startCollections } from './collect-payments.ts'
export { importLedger } from './import-ledger.ts'
export { measureImpact } from './measure-impact.ts'
export { publishPolicy } from './publish-policy.ts'
export { reviewAlerts } from './review-alerts.ts'
export { reviewApplication } from './review-application.ts'
