import type { Tx } from '../sql.ts'
import type { ImportKind } from './fields.ts'
import type { ImportRow } from './import.ts'
import type { ProblemCode } from './problems.ts'
import { stagingTable } from './staging-table.ts'

/** What is being imported, and where to. */
export interface PlanSubject {
  readonly id: string
  readonly kind: ImportKind
  readonly segmentId: number
  readonly source: string
  /** The file says which invoices are settled; one that does not leaves what is known about that alone. */
  readonly tellsSettlements: boolean
}

export function planSubject(
  row: Pick<ImportRow, 'id' | 'segment_id' | 'source'>,
  kind: ImportKind,
  tellsSettlements: boolean,
): PlanSubject {
  return { id: row.id, kind, segmentId: row.segment_id, source: row.source, tellsSettlements }
}

/**
 * Holds staged rows against the book as it is now. Leaves temporary tables until the transaction ends:
 *
 * - `plan_customers`: each customer number in the rows, its customer and account where there are, the name it would get
 * - `plan_names`: each spelling
 * - `plan`: each row with its `state` (new, changed, same, repeat, wrong), the `target_id` that it concerns, and `problem`
 * - `plan_allocations`: for payments and credit notes, what each wants to settle; `plan_dues`: what of that is right and not done yet
 *
 * Preview and apply run the same plan, so that what is shown is what is done.
 */
export async function planImport(tx: Tx, subject: PlanSubject): Promise<void> {
  // Hashing a million rows in a few megabytes would go through the disk.
  await tx`select set_config('work_mem', '96MB', true)`
  await tx`drop table if exists plan_names, plan_customers, plan_repeats, plan_allocations, plan_dues, plan`
  await planCustomers(tx, subject)
  await planRepeats(tx, subject)
  await PLANNERS[subject.kind](tx, subject)
  await tx`create index on plan (row_number)`
  await tx`analyze plan`
  if (subject.kind === 'payments' || subject.kind === 'credit_notes') await planAllocations(tx, subject)
}

/** Codes that a plan gives; a plan made anew gives them anew. */
export const PLAN_CODES = [
  'UNKNOWN_CUSTOMER',
  'DUPLICATE',
  'OTHER_CUSTOMER',
  'OTHER_CURRENCY',
  'LESS_THAN_APPLIED',
  'UNKNOWN_INVOICE',
  'INVOICE_OF_OTHER_CUSTOMER',
  'INVOICE_IN_OTHER_CURRENCY',
  'OVER_APPLIED',
  'APPLIED_MORE_THAN_PAID',
  'NO_APPLIED_AMOUNT',
  'ALREADY_APPLIED',
] as const satisfies readonly ProblemCode[]

/** Payments that an invoice file implies are kept apart from those that a payment file brings. */
export function settlementSource(source: string): string {
  return `${source}/settlement`
}

type Planner = (tx: Tx, subject: PlanSubject) => Promise<void>

const PLANNERS: Readonly<Record<ImportKind, Planner>> = {
  customers: planCustomerRows,
  invoices: planDocuments,
  orders: planDocuments,
  credit_notes: planDocuments,
  payments: planPayments,
  statements: planStatements,
}

export const DOCUMENT_TYPES = { invoices: 'invoice', orders: 'order', credit_notes: 'credit_note' } as const

async function planCustomers(tx: Tx, { id, segmentId }: PlanSubject): Promise<void> {
  const staged = tx(stagingTable(id))
  await tx`
    create temporary table plan_names on commit drop as
    select customer_number, customer_name as name, count(*) as rows, min(row_number) as first_row
    from ${staged} where customer_name is not null group by 1, 2`
  // The spelling that most rows have; among equals the first.
  await tx`
    create temporary table plan_customers on commit drop as
    with numbers as (select customer_number, min(row_number) as first_row from ${staged} group by 1),
    best as (select distinct on (customer_number) customer_number, name from plan_names order by customer_number, rows desc, first_row)
    select n.customer_number as number, n.first_row, c.id as customer_id, c.name as known_name, a.id as account_id, best.name
    from numbers n
    left join best using (customer_number)
    left join customers c on c.number = n.customer_number
    left join credit_accounts a on a.customer_id = c.id and a.segment_id = ${segmentId}`
  await tx`analyze plan_customers`
}

async function planRepeats(tx: Tx, { id }: PlanSubject): Promise<void> {
  const staged = tx(stagingTable(id))
  // Rows of one payment may differ in the invoice that they settle, and in nothing else.
  await tx`
    create temporary table plan_repeats on commit drop as
    with numbers as (select number from ${staged} group by number having count(*) > 1)
    select s.number, min(s.row_number) as first_row, max(s.row_number) as last_row, count(distinct s.content_hash) > 1 as differs
    from ${staged} s join numbers using (number) group by s.number`
  await tx`analyze plan_repeats`
}

/** Makes `plan` of the rows that a kind has held against its part of the book: `judged` selects from `subjects`. */
async function createPlan(tx: Tx, { id }: PlanSubject, judged: ReturnType<Tx>): Promise<void> {
  // The columns are the same for every kind: what a connection has prepared for one has to fit the next.
  await tx`
    create temporary table plan on commit drop as
    with subjects as (
      select s.*, pc.customer_id, pc.account_id, pc.name as best_name, r.first_row, r.last_row, coalesce(r.differs, false) as is_contradicted
      from ${tx(stagingTable(id))} s
      join plan_customers pc on pc.number = s.customer_number
      left join plan_repeats r on r.number = s.number
    ),
    judged as (${judged}),
    named as (
      select *,
        case
          when customer_id is null and best_name is null then 'UNKNOWN_CUSTOMER'
          when is_contradicted then 'DUPLICATE'
          else own_problem
        end as problem
      from judged
    )
    select row_number, number, customer_number, customer_name, on_day, due_on, currency, amount, open_amount, terms, settled_on, settled_amount,
      is_disputed, invoice_number, applied_amount, applied_on, closed_on, cancelled_on, details, content_hash,
      customer_id, target_id, differs, first_row, last_row, old_currency, old_customer_id, problem, 0::numeric as applied_elsewhere,
      case
        when problem is not null then 'wrong'
        when first_row < row_number then 'repeat'
        when target_id is null then 'new'
        when differs then 'changed'
        else 'same'
      end as state
    from named`
}

async function planDocuments(tx: Tx, subject: PlanSubject): Promise<void> {
  const { kind, segmentId, source, tellsSettlements } = subject
  const type = DOCUMENT_TYPES[kind as keyof typeof DOCUMENT_TYPES]
  await createPlan(
    tx,
    subject,
    tx`
    select s.*, d.id as target_id, d.content_hash is distinct from s.content_hash as differs, d.currency::text as old_currency, d.customer_id as old_customer_id,
      case
        when d.customer_id is distinct from s.customer_id and d.id is not null then 'OTHER_CUSTOMER'
        when d.currency <> s.currency and d.open_amount <> d.amount then 'OTHER_CURRENCY'
      end as own_problem
    from subjects s
    left join documents d on d.segment_id = ${segmentId} and d.source = ${source} and d.type = ${type} and d.number = s.number`,
  )
  // What is applied to a changed document, other than by the settlement that the file itself brings, has to fit its new amount.
  if (kind !== 'orders') {
    await tx`
      update plan p set
        applied_elsewhere = applied.amount,
        state = case when applied.amount + coalesce(p.settled_amount, 0) > p.amount then 'wrong' else p.state end,
        problem = case when applied.amount + coalesce(p.settled_amount, 0) > p.amount then 'LESS_THAN_APPLIED' end
      from (
        select changed.row_number, coalesce(sum(a.amount), 0) as amount
        from plan changed
        join payment_applications a on a.document_id = changed.target_id or a.credit_note_id = changed.target_id
        left join payments y on y.id = a.payment_id
        where changed.state = 'changed' and y.cancelled_on is null and y.source is distinct from ${tellsSettlements ? settlementSource(source) : null}::text
        group by changed.row_number
      ) applied
      where applied.row_number = p.row_number`
  }
}

async function planPayments(tx: Tx, subject: PlanSubject): Promise<void> {
  const { segmentId, source } = subject
  await createPlan(
    tx,
    subject,
    tx`
    select s.*, y.id as target_id, y.content_hash is distinct from s.content_hash as differs, y.currency::text as old_currency, y.customer_id as old_customer_id,
      case
        when y.customer_id is distinct from s.customer_id and y.id is not null then 'OTHER_CUSTOMER'
        -- Taking a payment back is the one change that what it has settled allows.
        when y.content_hash <> s.content_hash and y.unapplied_amount <> y.amount
          and (y.received_on, y.currency, y.amount) is distinct from (s.on_day, s.currency::bpchar, s.amount) then 'ALREADY_APPLIED'
      end as own_problem
    from subjects s
    left join payments y on y.segment_id = ${segmentId} and y.source = ${source} and y.number = s.number`,
  )
}

/** What payments and credit notes settle: as much as they say, else as much as is open, in order of date. */
async function planAllocations(tx: Tx, { kind, segmentId, source }: PlanSubject): Promise<void> {
  const sameSource = kind === 'payments' ? tx`a.payment_id = p.target_id` : tx`a.credit_note_id = p.target_id`
  await tx`
    create temporary table plan_allocations on commit drop as
    with invoices as (
      select distinct on (number) number, id, customer_id, currency, open_amount
      from documents
      where segment_id = ${segmentId} and type = 'invoice' and cancelled_on is null and number in (select invoice_number from plan where state <> 'wrong')
      order by number, source = ${source} desc, id
    ),
    wanted as (
      select distinct on (p.number, p.invoice_number) p.row_number, p.number, p.invoice_number, p.currency, p.amount, p.applied_amount,
        coalesce(p.applied_on, p.on_day) as applied_on, p.customer_id, i.id as invoice_id, i.customer_id as invoice_customer_id,
        i.currency as invoice_currency, i.open_amount as invoice_open_amount,
        (select sum(a.amount) from payment_applications a where a.document_id = i.id and ${sameSource}) as applied_already,
        count(*) over (partition by p.number) as targets,
        count(*) over (partition by p.number, p.invoice_number) as twins,
        count(*) over (partition by p.number, p.invoice_number, p.applied_amount) as identical
      from plan p left join invoices i on i.number = p.invoice_number
      where p.state <> 'wrong' and p.invoice_number is not null and p.cancelled_on is null
      order by p.number, p.invoice_number, p.row_number
    ),
    judged as (
      select *,
        case
          when invoice_id is null then 'UNKNOWN_INVOICE'
          when invoice_customer_id is distinct from customer_id then 'INVOICE_OF_OTHER_CUSTOMER'
          when invoice_currency <> currency then 'INVOICE_IN_OTHER_CURRENCY'
          when twins <> identical then 'DUPLICATE'
          when targets > twins and applied_amount is null and applied_already is null then 'NO_APPLIED_AMOUNT'
          when applied_already is not null and applied_amount is not null and applied_already <> applied_amount then 'ALREADY_APPLIED'
        end as problem,
        case when applied_already is null then coalesce(applied_amount, amount) else 0 end as demand
      from wanted
    ),
    queued as (
      select *,
        coalesce(sum(demand) filter (where problem is null) over (partition by invoice_id order by applied_on, row_number rows between unbounded preceding and 1 preceding), 0) as before,
        sum(case when problem is null then coalesce(applied_amount, 0) end) over (partition by number) as applied_in_all
      from judged
    )
    select row_number, number, invoice_id, invoice_number, applied_on, invoice_open_amount, applied_in_all, demand, applied_already,
      greatest(0, least(demand, invoice_open_amount - before)) as amount,
      coalesce(problem, case
        when applied_already is not null then null
        when applied_in_all > amount then 'APPLIED_MORE_THAN_PAID'
        when applied_amount is not null and applied_amount > invoice_open_amount - before then 'OVER_APPLIED'
      end) as problem
    from queued`
  // A payment whose application is wrong is wrong as a whole: cash that is in the book must say the same as the file.
  await tx`
    update plan p set state = 'wrong', problem = a.problem
    from (select distinct on (number) number, row_number, problem from plan_allocations where problem is not null order by number, row_number) a
    where a.number = p.number and p.state <> 'wrong'`
  await tx`
    create temporary table plan_dues on commit drop as
    select a.row_number, a.number, a.invoice_id, a.invoice_number, a.invoice_open_amount, a.applied_on, a.amount
    from plan_allocations a join plan p on p.row_number = a.row_number
    where p.state <> 'wrong' and a.applied_already is null and a.amount > 0`
  await tx`
    update plan p set state = 'changed'
    where p.state = 'same' and exists (select from plan_dues a where a.number = p.number)`
}

async function planCustomerRows(tx: Tx, subject: PlanSubject): Promise<void> {
  await createPlan(
    tx,
    subject,
    tx`
    select s.*, c.id as target_id,
      s.account_id is null
        or c.name is distinct from s.best_name
        or exists (
          select from jsonb_each_text(s.details) d
          where d.value is distinct from case d.key
            when 'registrationNumber' then c.registration_number
            when 'country' then c.country
            when 'industryScheme' then c.industry_scheme
            when 'industryCode' then c.industry_code
            when 'size' then c.size
            when 'isListed' then c.is_listed::text
            when 'customerSince' then c.customer_since::text
            when 'paymentTermsDays' then a.payment_terms_days::text
            else d.value
          end)
        or (s.details ? 'contactName' and not exists (
          select from customer_contacts k
          where k.customer_id = c.id and k.name = s.details ->> 'contactName'
            and k.email is not distinct from coalesce(s.details ->> 'contactEmail', k.email)
            and k.phone is not distinct from coalesce(s.details ->> 'contactPhone', k.phone)))
        as differs,
      null::text as old_currency, null::bigint as old_customer_id, null::text as own_problem
    from subjects s
    left join customers c on c.id = s.customer_id
    left join credit_accounts a on a.customer_id = c.id and a.segment_id = ${subject.segmentId}`,
  )
}

async function planStatements(tx: Tx, subject: PlanSubject): Promise<void> {
  await createPlan(
    tx,
    subject,
    tx`
    select s.*, f.id as target_id,
      (f.currency::text, f.audited, f.period_months, f.items) is distinct from (
        s.currency, coalesce((s.details ->> 'isAudited')::boolean, f.audited, false), coalesce((s.details ->> 'periodMonths')::int, f.period_months, 12), s.details - 'isAudited' - 'periodMonths'
      ) as differs,
      f.currency::text as old_currency, f.customer_id as old_customer_id, null::text as own_problem
    from subjects s
    left join financial_statements f on f.customer_id = s.customer_id and f.period_end = s.on_day and f.source = ${subject.source}`,
  )
}
