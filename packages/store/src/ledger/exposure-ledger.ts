import { amountOf } from '../amounts.ts'
import { selectPage, type Page, type PageRequest } from '../page.ts'
import type { Tx } from '../sql.ts'

export const EXPOSURE_CATEGORIES = ['open_orders', 'deliveries', 'receivables', 'bills', 'unapplied_cash', 'reservations'] as const
export type ExposureCategory = (typeof EXPOSURE_CATEGORIES)[number]
export type ExposureSourceKind = 'order' | 'delivery' | 'invoice' | 'credit_note' | 'payment' | 'bill' | 'reservation'

/** One move of exposure; it never changes. */
export interface ExposureEntry {
  readonly id: string
  readonly at: Date
  readonly accountId: string
  readonly category: ExposureCategory
  readonly currency: string
  /** Signed; unapplied cash is negative while it is there. */
  readonly amount: string
  readonly source: { readonly kind: ExposureSourceKind; readonly id: string; readonly number: string }
}

export interface ExposureBalance {
  readonly accountId: string
  readonly category: ExposureCategory
  readonly currency: string
  readonly amount: string
}

/** Where the ledger and what it is made from tell different amounts. */
export type ExposureDrift = {
  readonly accountId: string
  readonly category: ExposureCategory
  readonly currency: string
} & (
  | { readonly kind: 'source'; readonly source: ExposureEntry['source']; readonly entries: string; readonly documents: string }
  | { readonly kind: 'balance'; readonly entries: string; readonly balance: string }
)

/** The moves of an account, newest first. */
export async function listExposureEntries(tx: Tx, accountId: string, page: PageRequest): Promise<Page<ExposureEntry>> {
  const matched = tx`select e.*, e.id as page_id, e.id::numeric as page_key from exposure_entries e where e.account_id = ${accountId}`
  return selectPage<EntryRow, ExposureEntry>(tx, matched, 'numeric', true, page, toEntry)
}

/** What the ledger says that accounts owe now, in the currencies of the documents; orders beyond the horizon are in it. */
export async function exposureBalancesOf(tx: Tx, accountIds: readonly string[]): Promise<ExposureBalance[]> {
  const rows = await tx<BalanceRow[]>`
    select account_id, category, currency, amount from exposure_balances
    where account_id = any (${accountIds as string[]}::bigint[]) and amount <> 0 order by account_id, category, currency`
  return rows.map(row => ({
    accountId: row.account_id,
    category: row.category,
    currency: row.currency,
    amount: amountOf(row.amount, row.currency),
  }))
}

export interface ReconcileOptions {
  readonly accountIds?: readonly string[]
  /** So many differences at most; 1,000 unless said otherwise. */
  readonly atMost?: number
}

/** Recomputes the ledger from documents, payments, bills and reservations, and its balances from its entries; names what differs. */
export async function reconcileExposure(tx: Tx, { accountIds, atMost = 1000 }: ReconcileOptions = {}): Promise<ExposureDrift[]> {
  const scope = accountIds ? tx`where account_id = any (${accountIds as string[]}::bigint[])` : tx``
  const sources = await tx<SourceDriftRow[]>`
    select account_id, exposure_category(source_kind) as category, currency, source_kind, source_id, max(source_number) as source_number, sum(entered) as entered, sum(told) as told
    from (
      select account_id, currency, source_kind, source_id, source_number, amount as entered, 0 as told from exposure_entries ${scope}
      union all
      select account_id, currency, source_kind, source_id, source_number, 0, amount from exposure_sources ${scope}
    ) both_sides
    group by account_id, currency, source_kind, source_id having sum(entered) <> sum(told)
    order by account_id, source_kind, source_id limit ${atMost}`
  const balances = await tx<BalanceDriftRow[]>`
    select account_id, category, currency, sum(entered) as entered, sum(balance) as balance
    from (
      select account_id, category, currency, amount as entered, 0 as balance from exposure_entries ${scope}
      union all
      select account_id, category, currency, 0, amount from exposure_balances ${scope}
    ) both_sides
    group by 1, 2, 3 having sum(entered) <> sum(balance) order by 1, 2, 3 limit ${atMost}`
  return [
    ...sources.map((row): ExposureDrift => ({
      kind: 'source',
      accountId: row.account_id,
      category: row.category,
      currency: row.currency,
      source: { kind: row.source_kind, id: row.source_id, number: row.source_number },
      entries: amountOf(row.entered, row.currency),
      documents: amountOf(row.told, row.currency),
    })),
    ...balances.map((row): ExposureDrift => ({
      kind: 'balance',
      accountId: row.account_id,
      category: row.category,
      currency: row.currency,
      entries: amountOf(row.entered, row.currency),
      balance: amountOf(row.balance, row.currency),
    })),
  ]
}

interface EntryRow {
  readonly id: string
  readonly at: Date
  readonly account_id: string
  readonly category: ExposureCategory
  readonly currency: string
  readonly amount: string
  readonly source_kind: ExposureSourceKind
  readonly source_id: string
  readonly source_number: string
}

interface BalanceRow {
  readonly account_id: string
  readonly category: ExposureCategory
  readonly currency: string
  readonly amount: string
}

interface BalanceDriftRow extends Omit<BalanceRow, 'amount'> {
  readonly entered: string
  readonly balance: string
}

interface SourceDriftRow extends Omit<BalanceRow, 'amount'> {
  readonly source_kind: ExposureSourceKind
  readonly source_id: string
  readonly source_number: string
  readonly entered: string
  readonly told: string
}

function toEntry(row: EntryRow): ExposureEntry {
  return {
    id: row.id,
    at: row.at,
    accountId: row.account_id,
    category: row.category,
    currency: row.currency,
    amount: amountOf(row.amount, row.currency),
    source: { kind: row.source_kind, id: row.source_id, number: row.source_number },
  }
}
