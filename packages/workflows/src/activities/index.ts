import type { Sql } from '@surety/store'
import type { Client } from '@temporalio/client'
import { createApproveMatterActivities } from './approve-matter.ts'
import { createCollectPaymentsActivities } from './collect-payments.ts'
import { createImportLedgerActivities } from './import-ledger.ts'
import { createMeasureImpactActivities } from './measure-impact.ts'
import { createPolicyShelf } from './policy-shelf.ts'
import { createPublishPolicyActivities } from './publish-policy.ts'
import { createReviewAlertsActivities } from './review-alerts.ts'
import { createReviewApplicationActivities } from './review-application.ts'

export type Activities = ReturnType<typeof createActivities>

export function createActivities({ sql, client }: { readonly sql: Sql; readonly client?: Client }) {
  return {
    ...createReviewApplicationActivities({ sql, policies: createPolicyShelf() }),
    ...createApproveMatterActivities({ sql }),
    ...createImportLedgerActivities({ sql }),
    ...createCollectPaymentsActivities({ sql, ...(client && { client }) }),
    ...createMeasureImpactActivities({ sql }),
    ...createPublishPolicyActivities({ sql }),
    ...createReviewAlertsActivities({ sql }),
  }
}
