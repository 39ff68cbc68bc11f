/** Reviews, approvals, collections: short activities on the book. */
export const MAIN_QUEUE = 'surety-main'
/** Imports and other long reads, kept away so that they never make an approver wait. */
export const BULK_QUEUE = 'surety-bulk'
