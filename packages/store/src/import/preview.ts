import { Decimal, minorUnits } from '@surety/credit'
import type { Tx } from '../sql.ts'
import type { PlanSubject } from './plan.ts'

export interface ImportCounts {
  /** Rows read, the header not among them. */
  readonly rows: number
  readonly new: number
  readonly changed: number
  readonly same: number
  readonly wrong: number
  readonly newCustomers: number
  /** Customers that gain a spelling of their name. */
  readonly mergedNames: number
  /** Of all rows that are right, so that they can be held against the source's own totals. */
  readonly totals: readonly { readonly amount: string; readonly currency: string }[]
}

/** One thing that applying would do. */
export interface ImportChange {
  readonly kind: 'new' | 'changed' | 'customer' | 'settlement'
  readonly row: number
  readonly key: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

/** What the plan at hand amounts to; rows that were wrong by themselves never reached it. */
export async function countPlan(tx: Tx, { kind }: PlanSubject, wrongRows: number): Promise<ImportCounts> {
  const isAllocating = kind === 'payments' || kind === 'credit_notes'
  const [row] = await tx<CountRow[]>`
    select
      count(*) as rows,
      count(*) filter (where state = 'new' or (state = 'repeat' and ${isAllocating ? tx`exists (select from plan_dues a where a.row_number = p.row_number)` : tx`false`})) as new,
      count(*) filter (where state = 'changed') as changed,
      count(*) filter (where state = 'wrong') as wrong,
      (select count(*) from plan_customers where customer_id is null and name is not null) as new_customers,
      (
        select count(*) from plan_customers c
        where exists (
          select from plan_names n
          where n.customer_number = c.number and n.name <> coalesce(c.known_name, c.name)
            and not exists (select from customer_names k where k.customer_id = c.customer_id and k.name = n.name)
        )
      ) as merged_names
    from plan p`
  const totals = await tx<{ currency: string; amount: string }[]>`
    select currency, sum(amount)::text as amount from plan where state in ('new', 'changed', 'same') and amount is not null group by currency order by currency`
  const counts = row!
  const [rows, fresh, changed, wrong] = [counts.rows, counts.new, counts.changed, counts.wrong].map(Number) as [
    number,
    number,
    number,
    number,
  ]
  return {
    rows: rows + wrongRows,
    new: fresh,
    changed,
    same: rows - fresh - changed - wrong,
    wrong: wrong + wrongRows,
    newCustomers: Number(counts.new_customers),
    mergedNames: Number(counts.merged_names),
    totals: totals.map(({ currency, amount }) => ({ currency, amount: withMinorUnits(amount, currency) })),
  }
}

/** A few rows of each sort, before and after. */
export async function samplePlan(tx: Tx, subject: PlanSubject): Promise<ImportChange[]> {
  const { kind } = subject
  const isAllocating = kind === 'payments' || kind === 'credit_notes'
  const customers = await tx<{ row_number: string; number: string; name: string; names: string[] }[]>`
    select c.first_row as row_number, c.number, c.name,
      array(select n.name from plan_names n where n.customer_number = c.number and n.name <> c.name order by n.rows desc, n.first_row limit 5) as names
    from plan_customers c where c.customer_id is null and c.name is not null order by c.first_row limit 10`
  const rows = await tx<SampleRow[]>`
    (select *, null::jsonb as before from plan where state = 'new' order by row_number limit 10)
    union all
    (select p.*, to_jsonb(book.*) as before from plan p left join lateral (${bookRow(tx, kind)}) book on true where state = 'changed' order by row_number limit 40)
    order by row_number`
  const settlements = isAllocating
    ? await tx<{ row_number: string; number: string; invoice_number: string; invoice_open_amount: string; amount: string }[]>`
        select row_number, number, invoice_number, invoice_open_amount, amount from plan_dues order by row_number limit 10`
    : []
  return [
    ...(kind === 'customers'
      ? []
      : customers.map(({ row_number, number, name, names }): ImportChange => ({
          kind: 'customer',
          row: Number(row_number),
          key: number,
          before: null,
          after: { name, ...(names.length > 0 && { otherNames: names }) },
        }))),
    ...rows.map((row): ImportChange => ({
      kind: row.state,
      row: Number(row.row_number),
      key: row.number,
      before: row.before && filled(row.before),
      after: filled(afterOf(row, kind)),
    })),
    ...settlements.map((row): ImportChange => ({
      kind: 'settlement',
      row: Number(row.row_number),
      key: row.invoice_number,
      before: { openAmount: shortened(row.invoice_open_amount) },
      after: { openAmount: shortened(subtract(row.invoice_open_amount, row.amount)), settledBy: row.number },
    })),
  ]
}

interface CountRow {
  readonly rows: string
  readonly new: string
  readonly changed: string
  readonly wrong: string
  readonly new_customers: string
  readonly merged_names: string
}

interface SampleRow {
  readonly row_number: string
  readonly state: 'new' | 'changed'
  readonly number: string
  readonly customer_number: string
  readonly customer_name: string | null
  readonly on_day: string | null
  readonly due_on: string | null
  readonly currency: string | null
  readonly amount: string | null
  readonly open_amount: string | null
  readonly terms: string | null
  readonly settled_on: string | null
  readonly settled_amount: string | null
  readonly is_disputed: boolean | null
  readonly closed_on: string | null
  readonly cancelled_on: string | null
  readonly details: Readonly<Record<string, string>> | null
  readonly before: Readonly<Record<string, unknown>> | null
}

/** The row of the book that a changed row concerns, in the words of the fields. */
export function bookRow(tx: Tx, kind: PlanSubject['kind']) {
  switch (kind) {
    case 'customers':
      return tx`
        select c.name as "customerName", c.registration_number as "registrationNumber", c.country, c.industry_scheme as "industryScheme",
          c.industry_code as "industryCode", c.size, c.is_listed as "isListed", c.customer_since as "customerSince"
        from customers c where c.id = p.target_id`
    case 'payments':
      return tx`
        select y.received_on as "receivedOn", y.currency, trim_scale(y.amount)::text as amount, trim_scale(y.unapplied_amount)::text as "unappliedAmount", y.cancelled_on as "cancelledOn"
        from payments y where y.id = p.target_id`
    case 'statements':
      return tx`
        select f.currency, f.audited as "isAudited", f.period_months as "periodMonths", f.items
        from financial_statements f where f.id = p.target_id`
    default:
      return tx`
        select d.issued_on as "issuedOn", d.due_on as "dueOn", d.currency, trim_scale(d.amount)::text as amount, trim_scale(d.open_amount)::text as "openAmount",
          d.terms, nullif(d.is_prepaid, false) as "isPrepaid", d.closed_on as "closedOn", d.cancelled_on as "cancelledOn",
          (select true from disputes x where x.document_id = d.id and x.closed_on is null limit 1) as "isDisputed"
        from documents d where d.id = p.target_id`
  }
}

function afterOf(row: SampleRow, kind: PlanSubject['kind']): Record<string, unknown> {
  switch (kind) {
    case 'customers':
      return {
        customerName: row.customer_name,
        ...row.details,
        ...(row.details?.['isListed'] && { isListed: row.details['isListed'] === 'true' }),
      }
    case 'payments':
      return {
        customer: row.customer_number,
        receivedOn: row.on_day,
        currency: row.currency,
        amount: row.amount,
        cancelledOn: row.cancelled_on,
      }
    case 'statements': {
      const { isAudited, periodMonths, ...items } = row.details ?? {}
      return {
        customer: row.customer_number,
        currency: row.currency,
        isAudited: isAudited === undefined ? null : isAudited === 'true',
        periodMonths: periodMonths === undefined ? null : Number(periodMonths),
        items,
      }
    }
    default:
      return {
        customer: row.customer_number,
        issuedOn: row.on_day,
        dueOn: row.due_on,
        currency: row.currency,
        amount: row.amount,
        ...(kind === 'orders'
          ? { openAmount: row.open_amount ?? row.amount }
          : kind === 'invoices'
            ? { openAmount: subtract(row.amount ?? '0', row.settled_amount ?? '0') }
            : {}),
        terms: row.terms,
        settledOn: row.settled_on,
        isDisputed: row.is_disputed || null,
        isPrepaid: row.details?.['isPrepaid'] === 'true' || null,
        closedOn: row.closed_on,
        cancelledOn: row.cancelled_on,
      }
  }
}

function filled(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined))
}

function withMinorUnits(amount: string, currency: string): string {
  const [whole = '0', decimals = ''] = shortened(amount).split('.')
  const padded = decimals.padEnd(minorUnits(currency), '0')
  return padded === '' ? whole : `${whole}.${padded}`
}

function shortened(numeric: string): string {
  return numeric.includes('.') ? numeric.replace(/\.?0+$/, '') : numeric
}

function subtract(left: string, right: string): string {
  return new Decimal(left).minus(right).toFixed()
}
