import { foldName } from '../fold-name.ts'
import type { Tx } from '../sql.ts'
import { DOCUMENT_TYPES, settlementSource, type PlanSubject } from './plan.ts'
import { bookRow } from './preview.ts'

/** Tells how far applying is; rejects to stop it. */
export type Step = (rowsDone: number) => Promise<void>

/** Does what the plan at hand says, inside the transaction that made it. */
export async function applyPlan(tx: Tx, subject: PlanSubject, step: Step): Promise<void> {
  await openCustomers(tx, subject)
  switch (subject.kind) {
    case 'customers':
      await changeCustomers(tx, subject)
      break
    case 'statements':
      await applyStatements(tx, subject)
      break
    case 'payments':
      await applyPayments(tx, subject, step)
      await applyAllocations(tx, subject)
      break
    case 'credit_notes':
      await applyDocuments(tx, subject, step)
      await applyAllocations(tx, subject)
      break
    default:
      await applyDocuments(tx, subject, step)
      if (subject.kind === 'invoices') {
        if (subject.tellsSettlements) await applySettlements(tx, subject)
        await applyDisputes(tx, subject)
      }
  }
}

// Few enough for a pause between them to be felt as progress, many enough for the pause not to be felt otherwise.
const BATCH = 50_000

async function openCustomers(tx: Tx, { kind, segmentId, source }: PlanSubject): Promise<void> {
  await tx`
    create temporary table plan_uses on commit drop as
    select customer_number as number, case when min(currency) = max(currency) then min(currency) end as currency,
      max((details ->> 'paymentTermsDays')::int) as terms, bool_or(state in ('new', 'changed')) as is_changed
    from plan where state <> 'wrong' group by 1`
  for (let last = ''; ;) {
    // Customers whose rows are all wrong for another reason stay away too.
    const fresh = await tx<{ number: string; name: string }[]>`
      select number, name from plan_customers join plan_uses using (number)
      where customer_id is null and number > ${last} order by number limit 5000`
    if (fresh.length === 0) break
    last = fresh.at(-1)!.number
    await tx`
      insert into customers (number, name, search_name, source, created_at, updated_at)
      select fresh.*, ${source}, ${tx.now}, ${tx.now}
      from unnest(${fresh.map(({ number }) => number)}::text[], ${fresh.map(({ name }) => name)}::text[], ${fresh.map(({ name }) => foldName(name))}::text[]) fresh`
  }
  await tx`
    update plan_customers pc set customer_id = c.id
    from customers c where c.number = pc.number and pc.customer_id is null`
  // The account is in the currency that the customer is invoiced in, where that is one; else in the segment's.
  await tx`
    insert into credit_accounts (customer_id, segment_id, currency, created_at, updated_at, payment_terms_days)
    select pc.customer_id, ${segmentId}, coalesce(u.currency, s.currency), ${tx.now}, ${tx.now}, u.terms
    from plan_customers pc
    join plan_uses u using (number)
    join segments s on s.id = ${segmentId}
    where pc.account_id is null and pc.customer_id is not null
    on conflict do nothing`
  await tx`
    insert into customer_names (customer_id, name)
    select pc.customer_id, n.name from plan_names n join plan_customers pc on pc.number = n.customer_number join plan_uses u on u.number = pc.number
    where pc.customer_id is not null
    on conflict do nothing`
  if (kind === 'customers')
    await tx`update plan p set customer_id = pc.customer_id from plan_customers pc where pc.number = p.customer_number and p.customer_id is null`
}

async function changeCustomers(tx: Tx, subject: PlanSubject): Promise<void> {
  await auditChanges(tx, subject, 'Customer', async () => {
    for (let last = '0'; ;) {
      const renamed = await tx<{ id: string; name: string }[]>`
        select pc.customer_id as id, pc.name from plan_customers pc
        where pc.known_name <> pc.name and pc.customer_id > ${last} and exists (select from plan p where p.customer_id = pc.customer_id and p.state = 'changed')
        order by pc.customer_id limit 5000`
      if (renamed.length === 0) break
      last = renamed.at(-1)!.id
      await tx`
        update customers c set name = fresh.name, search_name = fresh.search_name
        from unnest(${renamed.map(({ id }) => id)}::bigint[], ${renamed.map(({ name }) => name)}::text[], ${renamed.map(({ name }) => foldName(name))}::text[])
          as fresh (id, name, search_name)
        where c.id = fresh.id`
    }
    await tx`
      update customers c set
        registration_number = coalesce(p.details ->> 'registrationNumber', c.registration_number),
        country = coalesce(p.details ->> 'country', c.country),
        industry_scheme = coalesce(p.details ->> 'industryScheme', c.industry_scheme),
        industry_code = coalesce(p.details ->> 'industryCode', c.industry_code),
        size = coalesce(p.details ->> 'size', c.size),
        is_listed = coalesce((p.details ->> 'isListed')::boolean, c.is_listed),
        customer_since = coalesce((p.details ->> 'customerSince')::date, c.customer_since),
        version = c.version + case when p.state = 'changed' then 1 else 0 end,
        updated_at = ${tx.now}
      from plan p where p.customer_id = c.id and p.state in ('new', 'changed')`
  })
  await tx`
    update credit_accounts a set payment_terms_days = (p.details ->> 'paymentTermsDays')::int, version = a.version + 1, updated_at = ${tx.now}
    from plan p
    where p.customer_id = a.customer_id and a.segment_id = ${subject.segmentId} and p.state = 'changed'
      and (p.details ->> 'paymentTermsDays')::int is distinct from coalesce(a.payment_terms_days, -1)
      and p.details ? 'paymentTermsDays'`
  await tx`
    insert into customer_contacts (customer_id, name, email, phone)
    select p.customer_id, p.details ->> 'contactName', p.details ->> 'contactEmail', p.details ->> 'contactPhone'
    from plan p where p.state in ('new', 'changed') and p.details ? 'contactName'
    on conflict (customer_id, name) do update set
      email = coalesce(excluded.email, customer_contacts.email), phone = coalesce(excluded.phone, customer_contacts.phone)`
}

async function applyDocuments(tx: Tx, subject: PlanSubject, step: Step): Promise<void> {
  const { kind, segmentId, source } = subject
  const type = DOCUMENT_TYPES[kind as keyof typeof DOCUMENT_TYPES]
  await inBatches(
    tx,
    step,
    (from, to) => tx`
    insert into documents (segment_id, customer_id, type, number, source, issued_on, due_on, currency, amount, open_amount, terms, is_prepaid, closed_on, cancelled_on, content_hash, created_at)
    select ${segmentId}, pc.customer_id, ${type}, p.number, ${source}, p.on_day, p.due_on, p.currency, p.amount,
      coalesce(p.open_amount, p.amount - coalesce(p.settled_amount, 0)), p.terms, coalesce((p.details ->> 'isPrepaid')::boolean, false), p.closed_on, p.cancelled_on, p.content_hash, ${tx.now}
    from plan p join plan_customers pc on pc.number = p.customer_number
    where p.state = 'new' and p.row_number >= ${from} and p.row_number < ${to}`,
  )
  await auditChanges(
    tx,
    subject,
    'Document',
    () => tx`
    update documents d set
      issued_on = p.on_day, due_on = p.due_on, currency = p.currency, amount = p.amount, terms = p.terms,
      is_prepaid = coalesce((p.details ->> 'isPrepaid')::boolean, d.is_prepaid), closed_on = p.closed_on, cancelled_on = p.cancelled_on, content_hash = p.content_hash,
      open_amount = coalesce(p.open_amount, p.amount - p.applied_elsewhere - coalesce(p.settled_amount, 0))
    from plan p where p.target_id = d.id and p.state = 'changed' and p.differs`,
  )
}

/** Payments that the settlement columns of an invoice file imply: one for each settled invoice, numbered after it. */
async function applySettlements(tx: Tx, { segmentId, source }: PlanSubject): Promise<void> {
  const settlements = settlementSource(source)
  await tx`
    create temporary table plan_settlements on commit drop as
    select d.id as document_id, d.customer_id, p.settled_on, p.settled_amount, p.currency, p.state,
      p.number || '/' || p.settled_on || '/' || trim_scale(p.settled_amount) as number
    from plan p join documents d on d.segment_id = ${segmentId} and d.source = ${source} and d.type = 'invoice' and d.number = p.number
    where p.state in ('new', 'changed') and (p.settled_on is not null or p.state = 'changed')`
  // A settlement that the file no longer tells, or tells otherwise, was never there.
  await tx`
    update payments y set cancelled_on = y.received_on
    from payment_applications a join plan_settlements s on s.document_id = a.document_id and s.state = 'changed'
    where y.id = a.payment_id and y.source = ${settlements} and y.cancelled_on is null and y.number is distinct from s.number`
  await tx`
    insert into payments (segment_id, customer_id, number, source, received_on, currency, amount, unapplied_amount, content_hash, created_at)
    select ${segmentId}, customer_id, number, ${settlements}, settled_on, currency, settled_amount, 0, sha256(convert_to(number, 'utf8')), ${tx.now}
    from plan_settlements where settled_on is not null
    on conflict (segment_id, source, number) do update set cancelled_on = null`
  await tx`
    insert into payment_applications (segment_id, payment_id, document_id, amount, applied_on, created_at)
    select ${segmentId}, y.id, s.document_id, s.settled_amount, s.settled_on, ${tx.now}
    from plan_settlements s join payments y on y.segment_id = ${segmentId} and y.source = ${settlements} and y.number = s.number
    on conflict do nothing`
}

const DISPUTE_REASON = 'import'

async function applyDisputes(tx: Tx, { segmentId, source }: PlanSubject): Promise<void> {
  const marked = tx`
    plan p join documents d on d.segment_id = ${segmentId} and d.source = ${source} and d.type = 'invoice' and d.number = p.number`
  // The file says that there is a dispute, not since when: since the invoice, then, until it was settled.
  await tx`
    insert into disputes (segment_id, document_id, amount, reason, opened_on, closed_on)
    select ${segmentId}, d.id, d.amount, ${DISPUTE_REASON}, p.on_day, p.settled_on
    from ${marked} where p.state in ('new', 'changed') and p.is_disputed and d.amount > 0
    on conflict (document_id, opened_on) do update set amount = excluded.amount, closed_on = excluded.closed_on`
  await tx`
    update disputes x set closed_on = greatest(x.opened_on, coalesce(p.settled_on, ${tx.now}::date))
    from ${marked} where p.state = 'changed' and p.is_disputed = false and x.document_id = d.id and x.reason = ${DISPUTE_REASON} and x.closed_on is null`
}

async function applyPayments(tx: Tx, subject: PlanSubject, step: Step): Promise<void> {
  const { segmentId, source } = subject
  await inBatches(
    tx,
    step,
    (from, to) => tx`
    insert into payments (segment_id, customer_id, number, source, received_on, currency, amount, unapplied_amount, cancelled_on, content_hash, created_at)
    select ${segmentId}, pc.customer_id, p.number, ${source}, p.on_day, p.currency, p.amount, p.amount, p.cancelled_on, p.content_hash, ${tx.now}
    from plan p join plan_customers pc on pc.number = p.customer_number
    where p.state = 'new' and p.row_number >= ${from} and p.row_number < ${to}`,
  )
  await auditChanges(tx, subject, 'Payment', async () => {
    await tx`
      update payments y set
        received_on = p.on_day, currency = p.currency, amount = p.amount, cancelled_on = p.cancelled_on, content_hash = p.content_hash,
        unapplied_amount = case when y.unapplied_amount = y.amount then p.amount else y.unapplied_amount end
      from plan p where p.target_id = y.id and p.state = 'changed' and p.differs`
    // A payment taken back opens again what it had settled; one given back settles it again.
    await reopenInvoices(
      tx,
      tx`
      select a.document_id from payment_applications a join plan p on p.target_id = a.payment_id
      where p.state = 'changed' and p.differs`,
    )
  })
}

async function applyAllocations(tx: Tx, { kind, segmentId, source }: PlanSubject): Promise<void> {
  const isPayment = kind === 'payments'
  const payer = isPayment
    ? tx`join payments y on y.segment_id = ${segmentId} and y.source = ${source} and y.number = a.number`
    : tx`join documents y on y.segment_id = ${segmentId} and y.source = ${source} and y.type = 'credit_note' and y.number = a.number`
  await tx`
    insert into payment_applications (segment_id, payment_id, credit_note_id, document_id, amount, applied_on, created_at)
    select ${segmentId}, ${isPayment ? tx`y.id, null` : tx`null, y.id`}, a.invoice_id, a.amount, a.applied_on, ${tx.now}
    from plan_dues a ${payer}
    on conflict do nothing`
  const applied = tx`
    select y.id, sum(x.amount) as amount
    from (select distinct number from plan_dues) a ${payer}
    join payment_applications x on ${isPayment ? tx`x.payment_id` : tx`x.credit_note_id`} = y.id
    group by y.id`
  await (isPayment
    ? tx`update payments y set unapplied_amount = y.amount - applied.amount from (${applied}) applied where applied.id = y.id`
    : tx`update documents y set open_amount = y.amount - applied.amount from (${applied}) applied where applied.id = y.id`)
  await reopenInvoices(tx, tx`select invoice_id from plan_dues`)
}

/** Recounts what is open of some invoices. */
async function reopenInvoices(tx: Tx, ids: ReturnType<Tx>): Promise<void> {
  await tx`
    update documents d set open_amount = d.amount - counted.amount
    from (
      select touched.id, coalesce(sum(a.amount) filter (where y.cancelled_on is null and n.cancelled_on is null), 0) as amount
      from (select distinct ids.* from (${ids}) ids) touched (id)
      left join payment_applications a on a.document_id = touched.id
      left join payments y on y.id = a.payment_id
      left join documents n on n.id = a.credit_note_id
      group by touched.id
    ) counted
    where counted.id = d.id and d.open_amount <> d.amount - counted.amount`
}

async function applyStatements(tx: Tx, subject: PlanSubject): Promise<void> {
  await auditChanges(
    tx,
    subject,
    'FinancialStatement',
    () => tx`
    insert into financial_statements (customer_id, period_end, period_months, received_on, currency, audited, items, source)
    select pc.customer_id, p.on_day, coalesce((p.details ->> 'periodMonths')::int, 12), p.due_on, p.currency,
      coalesce((p.details ->> 'isAudited')::boolean, false), p.details - 'isAudited' - 'periodMonths', ${subject.source}
    from plan p join plan_customers pc on pc.number = p.customer_number
    where p.state in ('new', 'changed')
    on conflict (customer_id, period_end, source) do update set
      currency = excluded.currency, items = excluded.items,
      audited = excluded.audited, period_months = excluded.period_months`,
  )
}

/** One entry for everything that was and is now otherwise; what is new is told by the entry of the import itself. */
async function auditChanges(tx: Tx, subject: PlanSubject, entity: string, change: () => PromiseLike<unknown>): Promise<void> {
  const [changed] = await tx`select from plan where state = 'changed' limit 1`
  if (!changed) {
    await change()
    return
  }
  const rows = tx`
    select distinct on (p.target_id) p.target_id as entity_id, p.number, book.*
    from plan p cross join lateral (${bookRow(tx, subject.kind)}) book
    where p.state = 'changed' and p.differs`
  await tx`drop table if exists plan_before`
  await tx`create temporary table plan_before on commit drop as select entity_id, number, to_jsonb(r) - 'entity_id' as content from (${rows}) r`
  await change()
  const { kind, userId, personId } = tx.actor
  await tx`
    insert into audit_entries (at, actor_kind, user_id, person_id, action, entity, entity_id, segment_id, reason, before, after)
    select ${tx.now}, ${kind}, ${userId ?? null}, ${personId ?? null}, ${`${entity[0]!.toLowerCase()}${entity.slice(1)}.import`}, ${entity}, was.entity_id::text, ${subject.segmentId},
      ${`import ${subject.id}`}, was.content, to_jsonb(r) - 'entity_id'
    from plan_before was join (${rows}) r on r.entity_id = was.entity_id
    where was.content <> to_jsonb(r) - 'entity_id'
    order by was.entity_id`
}

async function inBatches(tx: Tx, step: Step, insert: (from: number, to: number) => PromiseLike<unknown>): Promise<void> {
  const [span] = await tx<
    { low: string | null; high: string | null }[]
  >`select min(row_number) as low, max(row_number) as high from plan where state = 'new'`
  if (span?.low === null || span?.high === null || !span) return
  for (let from = Number(span.low); from <= Number(span.high); from += BATCH) {
    await step(from)
    await insert(from, from + BATCH)
  }
  await step(Number(span.high))
}
