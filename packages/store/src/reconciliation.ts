import { Decimal } from '@surety/credit'
import { amountOf, amountOrNull } from './amounts.ts'
import { appendAudit } from './audit.ts'
import { once } from './effects.ts'
import { reconcileExposure } from './ledger/exposure-ledger.ts'
import { publishChange } from './live.ts'
import { selectPage, type Page, type PageRequest } from './page.ts'
import { asActor, SYSTEM, today, type Sql, type Tx } from './sql.ts'

export const EXTRACT_TYPES = ['order', 'delivery', 'invoice', 'credit-note', 'payment', 'bill'] as const

/** Something that is open in the books of a source. */
export interface ExtractItem {
  readonly type: (typeof EXTRACT_TYPES)[number]
  readonly number: string
  readonly customerNumber: string
  readonly currency: string
  /** Positive for all types. */
  readonly openAmount: string
}

export type FindingKind = 'missing-here' | 'missing-there' | 'amount-differs' | 'entries-differ' | 'balance-differs'

/** A report on whether two tellings of what is open agree. */
export interface Reconciliation {
  readonly id: string
  readonly segmentId: number
  /** `extract`: the source's open items against ours · `ledger`: entries, balances and documents against each other. */
  readonly kind: 'extract' | 'ledger'
  readonly source: string | null
  readonly asOf: string
  readonly counts: Readonly<Record<string, number>>
  /** By currency and, for an extract, type: what is open by us and by them. */
  readonly totals: readonly {
    readonly type: string | null
    readonly currency: string
    readonly ours: string
    readonly theirs: string
    readonly difference: string
  }[]
  readonly findingCount: number
  readonly createdAt: Date
}

/** One thing on which they differ. */
export interface ReconciliationFinding {
  readonly id: string
  readonly kind: FindingKind
  readonly customerNumber: string
  readonly customerName: string | null
  readonly documentType: string | null
  readonly documentNumber: string | null
  readonly category: string | null
  readonly currency: string
  /** Of the ledger: what the documents say, and what the entries or balances do. */
  readonly ours: string | null
  readonly theirs: string | null
}

/** By how much a customer's findings differ in all. */
export interface CustomerDifference {
  readonly customerNumber: string
  readonly customerName: string | null
  readonly currency: string
  readonly findings: number
  readonly ours: string
  readonly theirs: string
  readonly difference: string
}

export interface Extract {
  readonly segmentId: number
  readonly source: string
  readonly asOf?: string | undefined
  readonly items: readonly ExtractItem[]
}

/** Holds everything that a source has open against what of that source is open here, and keeps the report. */
export async function reconcileExtract(tx: Tx, { segmentId, source, asOf = today(tx), items }: Extract): Promise<Reconciliation> {
  await tx`
    create temporary table extract_items on commit drop as
    select type, number, "customerNumber" as customer_number, currency, sum("openAmount") as amount
    from jsonb_to_recordset(${tx.json(items as never)}) as r (type text, number text, "customerNumber" text, currency text, "openAmount" numeric) group by 1, 2, 3, 4`
  await tx`
    create temporary table extract_differences on commit drop as
    with ours as (
      select replace(d.type, '_', '-') as type, d.number, c.number as customer_number, d.currency::text as currency, d.open_amount as amount
      from documents d join customers c on c.id = d.customer_id
      where d.segment_id = ${segmentId} and d.source = ${source} and d.open_amount > 0 and d.cancelled_on is null and d.closed_on is null
      union all
      select 'payment', p.number, c.number, p.currency, p.unapplied_amount from payments p join customers c on c.id = p.customer_id
      where p.segment_id = ${segmentId} and p.source = ${source} and p.unapplied_amount > 0 and p.cancelled_on is null and not p.is_dishonoured
      union all
      select 'bill', b.number, c.number, b.currency, b.amount from bills b join customers c on c.id = b.customer_id
      where b.segment_id = ${segmentId} and b.source = ${source} and b.honoured_on is null and b.dishonoured_on is null
    )
    select coalesce(o.type, t.type) as type, coalesce(o.number, t.number) as number, coalesce(o.customer_number, t.customer_number) as customer_number, coalesce(o.currency, t.currency) as currency,
      o.amount as ours, t.amount as theirs
    from ours o full join (select * from extract_items where amount <> 0) t on t.type = o.type and t.number = o.number and t.customer_number = o.customer_number and t.currency = o.currency`
  const totals = await tx<{ type: string; currency: string; ours: string; theirs: string }[]>`
    select type, currency, coalesce(sum(ours), 0) as ours, coalesce(sum(theirs), 0) as theirs from extract_differences group by 1, 2 order by 1, 2`
  const [counted] = await tx<
    { ours: number; theirs: number; agreeing: number; missing_here: number; missing_there: number; differing: number }[]
  >`
    select count(ours)::int as ours, count(theirs)::int as theirs, count(*) filter (where ours = theirs)::int as agreeing, count(*) filter (where ours is null)::int as missing_here,
      count(*) filter (where theirs is null)::int as missing_there, count(*) filter (where ours <> theirs)::int as differing
    from extract_differences`
  const { missing_here: missingHere, missing_there: missingThere, differing: amountDiffers, ...counts } = counted!
  return record(tx, {
    segmentId,
    kind: 'extract',
    source,
    asOf,
    counts: { ...counts, missingHere, missingThere, amountDiffers },
    totals,
    findings: tx`
      select case when d.ours is null then 'missing-here' when d.theirs is null then 'missing-there' else 'amount-differs' end as kind, d.customer_number, c.name as customer_name, d.type as document_type,
        d.number as document_number, null::text as category, d.currency, d.ours, d.theirs
      from extract_differences d left join customers c on c.number = d.customer_number
      where d.ours is distinct from d.theirs order by abs(coalesce(d.ours, 0) - coalesce(d.theirs, 0)) desc, d.type, d.number`,
  })
}

/** Holds the entries of the exposure ledger against its balances and against the documents, and keeps the report; a difference names its document. */
export async function reconcileLedger(tx: Tx, segmentId: number): Promise<Reconciliation> {
  const accounts = await tx<{ id: string }[]>`select id from credit_accounts where segment_id = ${segmentId}`
  const drift = await reconcileExposure(tx, { accountIds: accounts.map(({ id }) => id), atMost: 10_000 })
  const totals = await tx<{ type: null; currency: string; ours: string; theirs: string }[]>`
    select null as type, currency, sum(told) as ours, sum(balance) as theirs from (
      select currency, amount as told, 0 as balance from exposure_sources where segment_id = ${segmentId}
      union all select currency, 0, amount from exposure_balances where segment_id = ${segmentId}
    ) both_sides group by currency order by currency`
  const rows = drift.map(finding =>
    finding.kind === 'source'
      ? {
          kind: 'entries-differ',
          accountId: finding.accountId,
          documentType: finding.source.kind,
          documentNumber: finding.source.number,
          category: finding.category,
          currency: finding.currency,
          ours: finding.documents,
          theirs: finding.entries,
        }
      : {
          kind: 'balance-differs',
          accountId: finding.accountId,
          documentType: null,
          documentNumber: null,
          category: finding.category,
          currency: finding.currency,
          ours: finding.entries,
          theirs: finding.balance,
        },
  )
  return record(tx, {
    segmentId,
    kind: 'ledger',
    source: null,
    asOf: today(tx),
    counts: {
      accounts: accounts.length,
      entriesDiffer: rows.filter(({ kind }) => kind === 'entries-differ').length,
      balancesDiffer: rows.filter(({ kind }) => kind === 'balance-differs').length,
    },
    totals,
    findings: tx`
      select r.kind, c.number as customer_number, c.name as customer_name, r."documentType" as document_type, r."documentNumber" as document_number, r.category, r.currency, r.ours, r.theirs
      from jsonb_to_recordset(${tx.json(rows)}) as r (kind text, "accountId" bigint, "documentType" text, "documentNumber" text, category text, currency text, ours numeric, theirs numeric)
      join credit_accounts a on a.id = r."accountId" join customers c on c.id = a.customer_id`,
  })
}

/** Reconciles the ledger of every segment that was not looked at today; any number of processes may do this at once. Gives back the reports that found something. */
export async function reconcileLedgersDaily(sql: Sql): Promise<Reconciliation[]> {
  const segments = await asActor(
    sql,
    SYSTEM,
    tx => tx<{ id: number }[]>`
    select id from segments s where not exists (select from effects where key = 'reconcile-ledger-' || s.id || '-' || ${today(tx)}::text) order by id`,
  )
  const found: Reconciliation[] = []
  for (const { id } of segments) {
    const report = await asActor(sql, { ...SYSTEM, segments: [id] }, tx =>
      once(tx, `reconcile-ledger-${id}-${today(tx)}`, async () => {
        const { findingCount, id: reportId } = await reconcileLedger(tx, id)
        return { findingCount, reportId }
      }),
    )
    if (report.findingCount > 0) {
      const full = await asActor(sql, SYSTEM, tx => findReconciliation(tx, report.reportId))
      if (full) found.push(full)
    }
  }
  return found
}

export async function findReconciliation(tx: Tx, id: string): Promise<Reconciliation | undefined> {
  const [row] = await tx<ReportRow[]>`select * from reconciliations where id = ${id}`
  return row && toReport(row)
}

/** Newest first. */
export async function listReconciliations(tx: Tx, page: PageRequest): Promise<Page<Reconciliation>> {
  return selectPage<ReportRow, Reconciliation>(
    tx,
    tx`select r.*, r.id as page_id, r.id::numeric as page_key from reconciliations r`,
    'numeric',
    true,
    page,
    toReport,
  )
}

/** The largest differences first. */
export async function listFindings(tx: Tx, reconciliationId: string, page: PageRequest): Promise<Page<ReconciliationFinding>> {
  const matched = tx`select f.*, f.id as page_id, f.id::numeric as page_key from reconciliation_findings f where f.reconciliation_id = ${reconciliationId}`
  return selectPage<FindingRow, ReconciliationFinding>(tx, matched, 'numeric', false, page, toFinding)
}

/** Customers whose findings differ most, in their currencies; at most 500. */
export async function differencesByCustomer(tx: Tx, reconciliationId: string): Promise<CustomerDifference[]> {
  const rows = await tx<
    {
      customer_number: string
      customer_name: string | null
      currency: string
      findings: number
      ours: string
      theirs: string
      difference: string
    }[]
  >`
    select customer_number, max(customer_name) as customer_name, currency, count(*)::int as findings, sum(coalesce(ours, 0)) as ours, sum(coalesce(theirs, 0)) as theirs, sum(coalesce(ours, 0) - coalesce(theirs, 0)) as difference
    from reconciliation_findings where reconciliation_id = ${reconciliationId} group by customer_number, currency order by abs(sum(coalesce(ours, 0) - coalesce(theirs, 0))) desc, 1, 3 limit 500`
  return rows.map(row => ({
    customerNumber: row.customer_number,
    customerName: row.customer_name,
    currency: row.currency,
    findings: row.findings,
    ours: amountOf(row.ours, row.currency),
    theirs: amountOf(row.theirs, row.currency),
    difference: amountOf(row.difference, row.currency),
  }))
}

interface NewReport extends Pick<Reconciliation, 'segmentId' | 'kind' | 'source' | 'asOf' | 'counts'> {
  readonly totals: readonly { readonly type: string | null; readonly currency: string; readonly ours: string; readonly theirs: string }[]
  readonly findings: ReturnType<Tx>
}

async function record(tx: Tx, report: NewReport): Promise<Reconciliation> {
  const { segmentId, kind, source, asOf, counts, totals, findings } = report
  const [number] = await tx<{ id: string }[]>`select nextval(pg_get_serial_sequence('reconciliations', 'id')) as id`
  await tx`create temporary table reconciliation_rows on commit drop as select * from (${findings}) f`
  const [row] = await tx<ReportRow[]>`
    insert into reconciliations (id, segment_id, kind, source, as_of, counts, totals, finding_count, created_by, created_at) overriding system value
    select ${number!.id}, ${segmentId}, ${kind}, ${source}, ${asOf}, ${tx.json(counts)}, ${tx.json(totals)}, count(*), ${tx.actor.userId ?? null}, ${tx.now} from reconciliation_rows returning *`
  await tx`
    insert into reconciliation_findings (segment_id, reconciliation_id, kind, customer_number, customer_name, document_type, document_number, category, currency, ours, theirs)
    select ${segmentId}, ${row!.id}, kind, customer_number, customer_name, document_type, document_number, category, currency, ours, theirs from reconciliation_rows`
  await tx`drop table reconciliation_rows`
  const done = toReport(row!)
  await appendAudit(tx, {
    action: `reconciliation.${kind}`,
    entity: 'Reconciliation',
    entityId: done.id,
    segmentId,
    after: { source, asOf, ...counts, findings: done.findingCount },
  })
  await publishChange(tx, { entity: 'Reconciliation', id: done.id, segmentId })
  return done
}

interface ReportRow {
  readonly id: string
  readonly segment_id: number
  readonly kind: 'extract' | 'ledger'
  readonly source: string | null
  readonly as_of: string
  readonly counts: Readonly<Record<string, number>>
  readonly totals: readonly { readonly type: string | null; readonly currency: string; readonly ours: string; readonly theirs: string }[]
  readonly finding_count: number
  readonly created_at: Date
}

function toReport(row: ReportRow): Reconciliation {
  return {
    id: row.id,
    segmentId: row.segment_id,
    kind: row.kind,
    source: row.source,
    asOf: row.as_of,
    counts: row.counts,
    totals: row.totals.map(({ type, currency, ours, theirs }) => ({
      type,
      currency,
      ours: amountOf(ours, currency),
      theirs: amountOf(theirs, currency),
      difference: amountOf(minus(ours, theirs), currency),
    })),
    findingCount: row.finding_count,
    createdAt: row.created_at,
  }
}

interface FindingRow {
  readonly id: string
  readonly kind: FindingKind
  readonly customer_number: string
  readonly customer_name: string | null
  readonly document_type: string | null
  readonly document_number: string | null
  readonly category: string | null
  readonly currency: string
  readonly ours: string | null
  readonly theirs: string | null
}

function toFinding(row: FindingRow): ReconciliationFinding {
  return {
    id: row.id,
    kind: row.kind,
    customerNumber: row.customer_number,
    customerName: row.customer_name,
    documentType: row.document_type,
    documentNumber: row.document_number,
    category: row.category,
    currency: row.currency,
    ours: amountOrNull(row.ours, row.currency),
    theirs: amountOrNull(row.theirs, row.currency),
  }
}

function minus(left: string, right: string): string {
  return new Decimal(left).minus(right).toFixed()
}
