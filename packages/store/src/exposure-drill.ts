import { amountOf } from './amounts.ts'
import type { ExposureCategory, ExposureEntry, ExposureSourceKind } from './ledger/exposure-ledger.ts'
import { selectPage, type Page, type PageRequest } from './page.ts'
import type { Tx } from './sql.ts'

/** What one document, payment, bill or reservation contributes to a balance, and how many moves that took. */
export interface ExposureSource {
  readonly accountId: string
  readonly category: ExposureCategory
  readonly currency: string
  readonly kind: ExposureSourceKind
  readonly id: string
  readonly number: string
  readonly amount: string
  readonly moves: number
  readonly firstAt: Date
  readonly lastAt: Date
}

export interface ExposureDrill {
  readonly accountId: string
  readonly category?: ExposureCategory
  readonly currency?: string
  /** Also those that came and went. */
  readonly withSettled?: boolean
}

/** What a balance is made of, the largest first; their amounts add up to it. */
export async function listExposureSources(tx: Tx, drill: ExposureDrill, page: PageRequest): Promise<Page<ExposureSource>> {
  const matched = tx`
    select *, source_id as page_id, abs(amount) as page_key from (
      select account_id, category, currency, source_kind, source_id, max(source_number) as source_number, sum(amount) as amount, count(*) as moves, min(at) as first_at, max(at) as last_at
      from exposure_entries where account_id = ${drill.accountId}
        ${drill.category ? tx`and category = ${drill.category}` : tx``} ${drill.currency ? tx`and currency = ${drill.currency}` : tx``}
      group by 1, 2, 3, 4, 5 ${drill.withSettled ? tx`` : tx`having sum(amount) <> 0`}
    ) s`
  return selectPage<SourceRow, ExposureSource>(tx, matched, 'numeric', true, page, toSource)
}

/** The moves of one source in every category, oldest first: forward and back, and what is left. */
export async function movesOfSource(
  tx: Tx,
  accountId: string,
  { kind, id }: Pick<ExposureSource, 'kind' | 'id'>,
): Promise<(ExposureEntry & { readonly balance: string })[]> {
  const rows = await tx<MoveRow[]>`
    select *, sum(amount) over (partition by category, currency order by id) as balance from exposure_entries
    where account_id = ${accountId} and source_kind = ${kind} and source_id = ${id} order by id`
  return rows.map(row => ({
    id: row.id,
    at: row.at,
    accountId: row.account_id,
    category: row.category,
    currency: row.currency,
    amount: amountOf(row.amount, row.currency),
    source: { kind: row.source_kind, id: row.source_id, number: row.source_number },
    balance: amountOf(row.balance, row.currency),
  }))
}

interface SourceRow {
  readonly account_id: string
  readonly category: ExposureCategory
  readonly currency: string
  readonly source_kind: ExposureSourceKind
  readonly source_id: string
  readonly source_number: string
  readonly amount: string
  readonly moves: string
  readonly first_at: Date
  readonly last_at: Date
}

interface MoveRow extends Omit<SourceRow, 'moves' | 'first_at' | 'last_at'> {
  readonly id: string
  readonly at: Date
  readonly balance: string
}

function toSource(row: SourceRow): ExposureSource {
  return {
    accountId: row.account_id,
    category: row.category,
    currency: row.currency,
    kind: row.source_kind,
    id: row.source_id,
    number: row.source_number,
    amount: amountOf(row.amount, row.currency),
    moves: Number(row.moves),
    firstAt: row.first_at,
    lastAt: row.last_at,
  }
}
