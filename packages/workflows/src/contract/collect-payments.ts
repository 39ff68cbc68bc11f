/** One workflow looks after the collections of one customer in one segment, for as long as something is open. */
export interface CollectPaymentsInput {
  readonly customerId: string
  readonly segmentId: number
}

export const COLLECT_PAYMENTS = 'collectPayments'

export function collectPaymentsId({ customerId, segmentId }: CollectPaymentsInput): string {
  return `collections-${segmentId}-${customerId}`
}

/** Starts or wakes the collections of all who have something due; one run a day. */
export const START_COLLECTIONS = 'startCollections'
