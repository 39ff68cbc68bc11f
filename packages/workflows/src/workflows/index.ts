/** Everything that Temporal's bundler takes into the sandbox. */
export { importLedger } from './import-ledger.ts'
export { reviewApplication } from './review-application.ts'
