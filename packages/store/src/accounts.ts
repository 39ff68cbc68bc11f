import type { AccountStatus } from '@surety/credit'
import { amountOrNull } from './amounts.ts'
import { appendAudit } from './audit.ts'
import { exposuresOf, type Exposure } from './exposure.ts'
import { groupBy } from './group.ts'
import { publishChange } from './live.ts'
import { today, type Tx } from './sql.ts'

export type LimitKind = 'none' | 'amount' | 'unlimited'

/** What a customer may owe to a segment, and how good it is. */
export interface Account {
  readonly id: string
  readonly customerId: string
  readonly segmentId: number
  readonly currency: string
  readonly limitKind: LimitKind
  readonly limitAmount: string | null
  readonly limitValidTo: string | null
  readonly paymentTermsDays: number | null
  readonly grade: string | null
  readonly score: number | null
  readonly gradedAt: Date | null
  readonly gradeValidTo: string | null
  readonly nextReviewOn: string | null
  readonly status: AccountStatus
  readonly version: number
}

export interface AccountView extends Account {
  readonly exposure: Exposure
}

export async function findAccount(tx: Tx, id: string): Promise<Account | undefined> {
  return (await findAccounts(tx, [id])).get(id)
}

export async function findAccounts(tx: Tx, ids: readonly string[]): Promise<Map<string, Account>> {
  const rows = await tx<AccountRow[]>`select * from credit_accounts where id = any (${ids as string[]}::bigint[])`
  return new Map(rows.map(row => [row.id, toAccount(row)]))
}

/** Accounts with their exposure, by id. */
export async function findAccountViews(tx: Tx, ids: readonly string[]): Promise<Map<string, AccountView>> {
  const [accounts, exposures] = await Promise.all([findAccounts(tx, ids), exposuresOf(tx, ids)])
  return new Map([...accounts].map(([id, account]) => [id, { ...account, exposure: exposures.get(id)! }]))
}

/** Accounts of each customer that the actor sees, largest exposure first. */
export async function accountsOf(tx: Tx, customerIds: readonly string[]): Promise<Map<string, AccountView[]>> {
  const rows = await tx<{ id: string }[]>`select id from credit_accounts where customer_id = any (${customerIds as string[]}::bigint[])`
  const views = [
    ...(
      await findAccountViews(
        tx,
        rows.map(({ id }) => id),
      )
    ).values(),
  ]
  const largestFirst = views.toSorted(
    (left, right) => Number(right.exposure.total) - Number(left.exposure.total) || Number(left.id) - Number(right.id),
  )
  return groupBy(customerIds, largestFirst, ({ customerId }) => customerId)
}

export interface NewGrade {
  readonly grade: string
  readonly score: number | null
  readonly validTo?: string | null
  readonly nextReviewOn?: string | null
  /** The assessment that it comes from; graded once by each. */
  readonly decisionId?: string
  /** Today unless said otherwise. */
  readonly on?: string
}

/** Grades an account: history, account, audit and live change together. */
export async function setGrade(
  tx: Tx,
  accountId: string,
  { grade, score, validTo, nextReviewOn, decisionId, on }: NewGrade,
): Promise<void> {
  const [before] = await tx<AccountRow[]>`select * from credit_accounts where id = ${accountId} for update`
  if (!before) throw new AccountNotFound(accountId)
  const day = on ?? today(tx)
  const { count } = await tx`
    insert into credit_grades (account_id, segment_id, grade, score, graded_on, valid_to, decision_id, created_at)
    values (${accountId}, ${before.segment_id}, ${grade}, ${score}, ${day}, ${validTo ?? null}, ${decisionId ?? null}, ${tx.now})
    on conflict (decision_id) do nothing`
  if (count === 0) return
  await tx`
    update credit_accounts set grade = ${grade}, score = ${score}, graded_at = ${on ? `${on}T00:00:00Z` : tx.now}, grade_valid_to = ${validTo ?? null},
      next_review_on = coalesce(${nextReviewOn ?? null}::date, next_review_on), version = version + 1, updated_at = ${tx.now}
    where id = ${accountId}`
  await recordAccount(tx, before, {
    action: 'account.grade',
    before: { grade: before.grade, score: before.score },
    after: { grade, score, validTo: validTo ?? null, decisionId: decisionId ?? null },
  })
}

export async function setAccountStatus(tx: Tx, accountId: string, status: AccountStatus, reason: string): Promise<void> {
  const [before] = await tx<AccountRow[]>`select * from credit_accounts where id = ${accountId} for update`
  if (!before) throw new AccountNotFound(accountId)
  if (before.status === status) return
  await tx`insert into account_statuses (account_id, segment_id, status, since) values (${accountId}, ${before.segment_id}, ${status}, ${today(tx)})`
  await tx`update credit_accounts set status = ${status}, version = version + 1, updated_at = ${tx.now} where id = ${accountId}`
  await recordAccount(tx, before, { action: 'account.status', reason, before: { status: before.status }, after: { status } })
}

export class AccountNotFound extends Error {
  readonly code = 'ACCOUNT_NOT_FOUND'
  constructor(id: string) {
    super(`Account ${id} does not exist or belongs to another segment.`)
  }
}

interface AccountRow {
  readonly id: string
  readonly customer_id: string
  readonly segment_id: number
  readonly currency: string
  readonly limit_kind: LimitKind
  readonly limit_amount: string | null
  readonly limit_valid_to: string | null
  readonly payment_terms_days: number | null
  readonly grade: string | null
  readonly score: number | null
  readonly graded_at: Date | null
  readonly grade_valid_to: string | null
  readonly next_review_on: string | null
  readonly status: AccountStatus
  readonly version: number
}

function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    customerId: row.customer_id,
    segmentId: row.segment_id,
    currency: row.currency,
    limitKind: row.limit_kind,
    limitAmount: amountOrNull(row.limit_amount, row.currency),
    limitValidTo: row.limit_valid_to,
    paymentTermsDays: row.payment_terms_days,
    grade: row.grade,
    score: row.score,
    gradedAt: row.graded_at,
    gradeValidTo: row.grade_valid_to,
    nextReviewOn: row.next_review_on,
    status: row.status,
    version: row.version,
  }
}

async function recordAccount(
  tx: Tx,
  account: AccountRow,
  act: { action: string; reason?: string; before: unknown; after: unknown },
): Promise<void> {
  await appendAudit(tx, { ...act, entity: 'CreditAccount', entityId: account.id, segmentId: account.segment_id })
  await publishChange(tx, { entity: 'CreditAccount', id: account.id, customerId: account.customer_id, segmentId: account.segment_id })
}
