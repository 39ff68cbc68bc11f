/** What others need to know to talk to the workflows: queues, ids, messages. Types and constants only. */
export * from './queues.ts'
export * from './review-application.ts'
export * from './approve-matter.ts'
export * from './collect-payments.ts'
export * from './import-ledger.ts'
export * from './measure-impact.ts'
export * from './publish-policy.ts'
export * from './review-alerts.ts'
