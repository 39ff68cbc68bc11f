import type { LedgerRecord, PolicyCase } from '@surety/credit'
import type { Policy } from '@surety/engine'
import { appendAudit } from '../audit.ts'
import { syncPolicies } from '../policies.ts'
import { asActor, SYSTEM, type Sql } from '../sql.ts'
import { seedApprovals } from './demo-approvals.ts'
import { seedApplications } from './demo-applications.ts'
import { seedBook } from './demo-book.ts'
import { seedPolicyChange } from './demo-policies.ts'
import { createDemoUsers } from './demo-users.ts'
import { gradeAccounts } from './grade-accounts.ts'
import { seedViews } from './demo-views.ts'
import { loadLedger } from './load-ledger.ts'

export interface SeedDemoOptions {
  /** Policies that came with the product; published first, since they grade the accounts. */
  readonly policies: readonly Policy[]
  /** Their examples, by policy. */
  readonly cases?: ReadonlyMap<string, readonly PolicyCase[]>
  /** Of the segments; CNY unless said otherwise. */
  readonly currency?: string
  readonly log?: (line: string) => void
}

export type SeededDemo =
  | {
      readonly kind: 'seeded'
      readonly customers: number
      readonly documents: number
      readonly payments: number
      readonly graded: number
      readonly applications: number
    }
  | { readonly kind: 'present' }

/**
 * Fills an empty house with a demo company: colleagues, segments, a generated ledger, grades as the assessment policy decides them,
 * and applications in all their states. All of it or nothing; the second time finds it there. Its today is that of the clock,
 * so generate the ledger up to that day.
 */
export async function seedDemo(sql: Sql, records: Iterable<LedgerRecord>, options: SeedDemoOptions): Promise<SeededDemo> {
  const log = options.log ?? (() => {})
  const seeded = await asActor(sql, SYSTEM, async (tx): Promise<SeededDemo> => {
    await tx`select pg_advisory_xact_lock(${LOCK})`
    const [mark] = await tx`select from audit_entries where key = ${MARK}`
    if (mark) return { kind: 'present' }
    await syncPolicies(tx, options.policies, options.cases)
    const users = await createDemoUsers(tx)
    const ledger = await loadLedger(tx, records, { salesOwnerUserId: users.sales.id, currency: options.currency ?? 'CNY' })
    log(`${ledger.customerIds.length} customers, ${ledger.documents} documents, ${ledger.payments} payments`)
    // What was just written is read at once, and nobody has counted it yet.
    await tx`analyze`
    const applications = await seedApplications(tx, users)
    log(`${applications} applications`)
    log(`${await seedApprovals(tx, users)} other matters`)
    await seedViews(tx, users.approvers.at(-1)!)
    // Last, so that the grade of today is the newest.
    const graded = await gradeAccounts(tx, ledger.customerIds)
    log(`${graded} accounts graded`)
    await seedBook(tx, users)
    const result = {
      kind: 'seeded',
      customers: ledger.customerIds.length,
      documents: ledger.documents,
      payments: ledger.payments,
      graded,
      applications,
    } as const
    await appendAudit(tx, { action: 'demo.seed', entity: 'Demo', entityId: 'demo', after: result, key: MARK })
    return result
  })
  if (seeded.kind === 'seeded') await seedPolicyChange(sql)
  return seeded
}

const MARK = 'demo-seed'
const LOCK = '5823005'
