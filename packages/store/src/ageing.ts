import { AGEING_BUCKETS, Decimal, roundAmount, type AgeingBucket, type AgeingLine } from '@surety/credit'
import { groupBy } from './group.ts'
import type { Fragment } from './page.ts'
import { today, type Tx } from './sql.ts'

/** Ageing of a ledger in one currency, with what stands beside the buckets. */
export interface LedgerAgeing extends AgeingLine {
  readonly asOf: string
  /** Payments and credit notes not yet applied on that day. */
  readonly unapplied: string
}

export interface AgeingScope {
  /** Today unless said otherwise. */
  readonly asOf?: string
  readonly customerId?: string
  readonly segmentId?: number
}

/** Ageing on a day as it stood at its end, one line a currency: what was paid later was still open. */
export async function ageingOf(tx: Tx, { asOf, customerId, segmentId }: AgeingScope = {}): Promise<LedgerAgeing[]> {
  const day = asOf ?? today(tx)
  const scope = tx`true
    ${customerId === undefined ? tx`` : tx`and customer_id = ${customerId}`}
    ${segmentId === undefined ? tx`` : tx`and segment_id = ${segmentId}`}`
  const rows = await tx<
    AgeingRow[]
  >`select null as customer_id, currency, bucket, sum(count) as count, sum(amount) as amount from (${agedSums(tx, day, scope)}) s group by currency, bucket`
  return toLines(rows, day)
}

/** The same of many customers at once, each by itself. */
export async function ageingOfCustomers(tx: Tx, customerIds: readonly string[], asOf?: string): Promise<Map<string, LedgerAgeing[]>> {
  const day = asOf ?? today(tx)
  const rows = await tx<AgeingRow[]>`${agedSums(tx, day, tx`customer_id = any (${customerIds as string[]}::bigint[])`)}`
  const byCustomer = groupBy(customerIds, rows, ({ customer_id }) => customer_id!)
  return new Map([...byCustomer].map(([id, own]) => [id, toLines(own, day)]))
}

/**
 * What was open of documents on a day: what is open now, with everything that was applied after the day taken back.
 * So the recent past costs what is open and what has happened since, not the whole history.
 */
function openOn(tx: Tx, day: string, scope: Fragment): Fragment {
  return tx`
    select d.id, d.customer_id, d.segment_id, d.type, d.currency, d.due_on, d.open_amount + coalesce(l.amount, 0) as open_amount
    from documents d
    left join (
      select document_id, sum(amount) as amount from (
        select document_id, amount from payment_applications where applied_on > ${day}::date
        union all
        select credit_note_id, amount from payment_applications where applied_on > ${day}::date and credit_note_id is not null
        union all
        select document_id, amount from (${voidedApplications(tx)}) v where voided_on > ${day}::date
      ) later group by document_id
    ) l on l.document_id = d.id
    where d.type in ('invoice', 'credit_note') and d.issued_on <= ${day}::date and (d.cancelled_on is null or d.cancelled_on > ${day}::date)
      and (d.open_amount > 0 or l.amount is not null) and d.open_amount + coalesce(l.amount, 0) > 0 and ${scope}`
}

/**
 * Applications of payments and credit notes that were cancelled count until then: this takes them off what is open before that day.
 * One that was cancelled before it was applied never counted.
 */
export function voidedApplications(tx: Tx): Fragment {
  return tx`
    select a.document_id, -a.amount as amount, greatest(p.cancelled_on, a.applied_on) as voided_on
    from payments p join payment_applications a on a.payment_id = p.id where p.cancelled_on is not null
    union all
    select a.document_id, -a.amount, greatest(n.cancelled_on, a.applied_on)
    from documents n join payment_applications a on a.credit_note_id = n.id where n.cancelled_on is not null and n.type = 'credit_note'`
}

function unappliedOn(tx: Tx, day: string, scope: Fragment): Fragment {
  return tx`
    select p.customer_id, p.currency, p.unapplied_amount + coalesce(l.amount, 0) as amount
    from payments p
    left join (select payment_id, sum(amount) as amount from payment_applications where applied_on > ${day}::date and payment_id is not null group by 1) l on l.payment_id = p.id
    where p.received_on <= ${day}::date and (p.cancelled_on is null or p.cancelled_on > ${day}::date)
      and not exists (select from bills b where b.id = p.bill_id and b.dishonoured_on <= ${day}::date)
      and (p.unapplied_amount > 0 or l.amount is not null) and p.unapplied_amount + coalesce(l.amount, 0) > 0 and ${scope}`
}

function agedSums(tx: Tx, day: string, scope: Fragment): Fragment {
  return tx`
    select customer_id, currency, ${bucketOf(tx, day)} as bucket, count(*) as count, sum(open_amount) as amount
    from (${openOn(tx, day, scope)}) o group by 1, 2, 3
    union all
    select customer_id, currency, 'unapplied', count(*), sum(amount) from (${unappliedOn(tx, day, scope)}) u group by 1, 2`
}

function bucketOf(tx: Tx, day: string): Fragment {
  return tx`case when type = 'credit_note' then 'unapplied'
    when due_on is null or due_on >= ${day}::date then 'not-due'
    when ${day}::date - due_on <= 30 then '1-30'
    when ${day}::date - due_on <= 60 then '31-60'
    when ${day}::date - due_on <= 90 then '61-90'
    else 'over-90' end`
}

interface AgeingRow {
  readonly customer_id: string | null
  readonly currency: string
  readonly bucket: AgeingBucket | 'unapplied'
  readonly count: string
  readonly amount: string
}

function toLines(rows: readonly AgeingRow[], asOf: string): LedgerAgeing[] {
  const currencies = [...new Set(rows.map(({ currency }) => currency))].toSorted()
  return currencies.map(currency => {
    const own = rows.filter(row => row.currency === currency)
    const cell = (bucket: AgeingRow['bucket']): { count: number; sum: Decimal } => {
      const found = own.filter(row => row.bucket === bucket)
      return {
        count: found.reduce((count, row) => count + Number(row.count), 0),
        sum: found.reduce((sum, row) => sum.plus(row.amount), new Decimal(0)),
      }
    }
    const cells = AGEING_BUCKETS.map(bucket => [bucket, cell(bucket)] as const)
    const total = cells.reduce((sum, [, each]) => sum.plus(each.sum), new Decimal(0))
    return {
      currency,
      asOf,
      buckets: Object.fromEntries(
        cells.map(([bucket, { count, sum }]) => [bucket, { count, amount: roundAmount(sum, currency) }]),
      ) as AgeingLine['buckets'],
      count: cells.reduce((count, [, each]) => count + each.count, 0),
      total: roundAmount(total, currency),
      overdue: roundAmount(total.minus(cells[0]![1].sum), currency),
      unapplied: roundAmount(cell('unapplied').sum, currency),
    }
  })
}
