import { heartbeat } from '@temporalio/activity'
import { asActor, reviewAlerts, SYSTEM, type AlertReview, type Sql } from '@surety/store'
import { createWarningPolicies } from '../early-warning/warning-policies.ts'

export type ReviewAlertsActivities = ReturnType<typeof createReviewAlertsActivities>

/** What came of a part of the book; where it ended is where the next part begins. */
export interface ReviewedAlerts extends AlertReview {
  readonly customers: number
  readonly lastAccountId: string | null
}

export function createReviewAlertsActivities({ sql }: { readonly sql: Sql }) {
  const policies = createWarningPolicies()
  return {
    /** Looks at the next accounts in order of their ids; null as the last one: there are no more. */
    async reviewAlertsOfSome(input: {
      readonly afterAccountId?: string
      readonly atMost: number
      readonly at: string
    }): Promise<ReviewedAlerts> {
      const at = new Date(input.at)
      const accounts = await asActor(
        sql,
        SYSTEM,
        tx => tx<{ id: string; customer_id: string; segment_id: number }[]>`
          select id, customer_id, segment_id from credit_accounts where id > ${input.afterAccountId ?? '0'} and status <> 'closed' order by id limit ${input.atMost}`,
        { at },
      )
      const sum = { opened: 0, changed: 0, closed: 0 }
      for (const [index, account] of accounts.entries()) {
        const review = await asActor(
          sql,
          { ...SYSTEM, segments: [account.segment_id] },
          async tx => reviewAlerts(tx, { customerId: account.customer_id, segmentId: account.segment_id }, await policies.inForce(tx)),
          { at },
        )
        for (const key of ['opened', 'changed', 'closed'] as const) sum[key] += review[key]
        if (index % 50 === 0) heartbeat(index)
      }
      return { ...sum, customers: accounts.length, lastAccountId: accounts.length < input.atMost ? null : accounts.at(-1)!.id }
    },
  }
}
