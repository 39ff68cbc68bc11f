import type { Sql } from '@surety/store'
import { createImportLedgerActivities } from './import-ledger.ts'
import { createMeasureImpactActivities } from './measure-impact.ts'
import { createPolicyShelf } from './policy-shelf.ts'
import { createPublishPolicyActivities } from './publish-policy.ts'
import { createReviewApplicationActivities } from './review-application.ts'

export type Activities = ReturnType<typeof createActivities>

export function createActivities({ sql }: { readonly sql: Sql }) {
  return {
    ...createReviewApplicationActivities({ sql, policies: createPolicyShelf() }),
    ...createImportLedgerActivities({ sql }),
    ...createMeasureImpactActivities({ sql }),
    ...createPublishPolicyActivities({ sql }),
  }
}
