import type { Tx } from '../sql.ts'
import type { Target } from './outcomes.ts'
import type { Claim } from './record-reader.ts'

export interface PayerClaims {
  readonly payer: { readonly kind: 'payment' | 'creditNote'; readonly id: string }
  readonly claims: readonly Claim[]
}

/** Puts what payers say that they settle in the place of what they said before. Gives back the invoices that this is about. */
export async function writeClaims(tx: Tx, { segmentId, source }: Target, payers: readonly PayerClaims[]): Promise<string[]> {
  const ids = (kind: PayerClaims['payer']['kind']): string[] => payers.flatMap(({ payer }) => (payer.kind === kind ? [payer.id] : []))
  const dropped = await tx<{ invoice_id: string | null }[]>`
    update application_claims set amount = 0 where amount > 0
      and (payment_id = any (${ids('payment')}::bigint[]) or credit_note_id = any (${ids('creditNote')}::bigint[])) returning invoice_id`
  const rows = payers.flatMap(({ payer, claims }) =>
    claims.map(({ invoiceNumber, amount, claimedOn }) => ({
      payment_id: payer.kind === 'payment' ? payer.id : null,
      credit_note_id: payer.kind === 'creditNote' ? payer.id : null,
      invoice_number: invoiceNumber,
      amount,
      claimed_on: claimedOn,
    })),
  )
  for (const [column, target] of [
    ['payment_id', tx`(payment_id, invoice_number) where payment_id is not null`],
    ['credit_note_id', tx`(credit_note_id, invoice_number) where credit_note_id is not null`],
  ] as const) {
    const own = rows.filter(row => row[column] !== null)
    if (own.length === 0) continue
    await tx`
      insert into application_claims (segment_id, payment_id, credit_note_id, invoice_number, amount, claimed_on)
      select ${segmentId}, payment_id, credit_note_id, invoice_number, amount, claimed_on
      from jsonb_to_recordset(${tx.json(own)}) as r (payment_id bigint, credit_note_id bigint, invoice_number text, amount numeric, claimed_on date)
      on conflict ${target} do update set amount = excluded.amount, claimed_on = excluded.claimed_on`
  }
  const found = await findInvoices(
    tx,
    { segmentId, source },
    tx`c.payment_id = any (${ids('payment')}::bigint[]) or c.credit_note_id = any (${ids('creditNote')}::bigint[])`,
  )
  return [...new Set([...dropped.flatMap(({ invoice_id }) => invoice_id ?? []), ...found])]
}

/** Gives claims that have waited for these invoices to them. Gives back those of the invoices that something is claimed of. */
export async function claimInvoices(tx: Tx, target: Target, ids: readonly string[]): Promise<string[]> {
  await findInvoices(
    tx,
    target,
    tx`c.segment_id = ${target.segmentId} and c.invoice_number in (select number from documents where id = any (${ids as string[]}::bigint[]))`,
  )
  const rows = await tx<
    { id: string }[]
  >`select distinct invoice_id as id from application_claims where invoice_id = any (${ids as string[]}::bigint[])`
  return rows.map(({ id }) => id)
}

// The invoice of that number in the same books, else in others of the segment; of the payer's customer and in its currency.
async function findInvoices(tx: Tx, { segmentId, source }: Target, which: ReturnType<Tx>): Promise<string[]> {
  await tx`
    update application_claims k set invoice_id = found.invoice_id
    from (
      select c.id, (
        select i.id from documents i
        where i.segment_id = ${segmentId} and i.type = 'invoice' and i.number = c.invoice_number
          and i.customer_id = coalesce(p.customer_id, n.customer_id) and i.currency = coalesce(p.currency, n.currency)
        order by (i.source = ${source}) desc, i.id limit 1
      ) as invoice_id
      from application_claims c left join payments p on p.id = c.payment_id left join documents n on n.id = c.credit_note_id
      where c.invoice_id is null and (${which})
    ) found
    where found.id = k.id and found.invoice_id is not null`
  const rows = await tx<
    { id: string }[]
  >`select distinct invoice_id as id from application_claims c where invoice_id is not null and (${which})`
  return rows.map(({ id }) => id)
}

/**
 * Applies what is claimed of invoices, and undoes what is claimed no more: as much as an invoice has room for, earlier claims first. What
 * comes out depends on what is in the book, and not on the order in which it came.
 */
export async function settleClaims(tx: Tx, invoiceIds: readonly string[]): Promise<void> {
  if (invoiceIds.length === 0) return
  const ids = invoiceIds as string[]
  await tx`
    with claims as (
      select c.id, c.segment_id, c.invoice_id, c.payment_id, c.credit_note_id, c.claimed_on, coalesce(p.number, n.number) as payer_number, i.amount as room,
        coalesce(p.cancelled_on, n.cancelled_on, i.cancelled_on, b.dishonoured_on) as ended_on,
        case when p.cancelled_on is null and n.cancelled_on is null and i.cancelled_on is null and not coalesce(p.is_dishonoured, false)
          and i.currency = coalesce(p.currency, n.currency) then c.amount else 0 end as wanted
      from application_claims c
      join documents i on i.id = c.invoice_id
      left join payments p on p.id = c.payment_id
      left join bills b on b.id = p.bill_id
      left join documents n on n.id = c.credit_note_id
      where c.invoice_id = any (${ids}::bigint[])
    ), others as (
      select a.document_id, sum(a.amount) as amount
      from payment_applications a left join payments p on p.id = a.payment_id left join documents n on n.id = a.credit_note_id
      where a.document_id = any (${ids}::bigint[]) and p.cancelled_on is null and n.cancelled_on is null
        and not exists (select from claims c where c.invoice_id = a.document_id and (c.payment_id = a.payment_id or c.credit_note_id = a.credit_note_id))
      group by 1
    ), queued as (
      select c.*, c.room - coalesce(o.amount, 0)
        - coalesce(sum(c.wanted) over (partition by c.invoice_id order by c.claimed_on, c.payment_id is null, c.payer_number, c.id rows between unbounded preceding and 1 preceding), 0) as left_for_it
      from claims c left join others o on o.document_id = c.invoice_id
    ), standing as (
      select a.document_id, a.payment_id, a.credit_note_id, sum(a.amount) as amount, max(a.turn) as turn, max(a.applied_on) as applied_on
      from payment_applications a where a.document_id = any (${ids}::bigint[]) group by 1, 2, 3
    )
    insert into payment_applications (segment_id, payment_id, credit_note_id, document_id, amount, applied_on, turn, created_at)
    select q.segment_id, q.payment_id, q.credit_note_id, q.invoice_id, m.amount, greatest(case when m.amount < 0 then q.ended_on end, q.claimed_on, s.applied_on), coalesce(s.turn + 1, 0), ${tx.now}
    from queued q
    left join standing s on s.document_id = q.invoice_id and (s.payment_id = q.payment_id or s.credit_note_id = q.credit_note_id),
      lateral (select greatest(0, least(q.wanted, q.left_for_it)) - coalesce(s.amount, 0) as amount) m
    where m.amount <> 0
    order by q.invoice_id, q.id`
  await tx`
    update documents i set open_amount = i.amount - counted.amount
    from (
      select i.id, coalesce(sum(a.amount) filter (where p.cancelled_on is null and n.cancelled_on is null), 0) as amount
      from documents i left join payment_applications a on a.document_id = i.id left join payments p on p.id = a.payment_id left join documents n on n.id = a.credit_note_id
      where i.id = any (${ids}::bigint[]) group by 1
    ) counted
    where counted.id = i.id and i.open_amount <> i.amount - counted.amount`
  await tx`
    update payments p set unapplied_amount = p.amount - counted.amount
    from (
      select c.payment_id as id, coalesce(sum(a.amount), 0) as amount
      from (select distinct payment_id from application_claims where invoice_id = any (${ids}::bigint[]) and payment_id is not null) c
      left join payment_applications a on a.payment_id = c.payment_id group by 1
    ) counted
    where counted.id = p.id and p.unapplied_amount <> p.amount - counted.amount`
  await tx`
    update documents n set open_amount = n.amount - counted.amount
    from (
      select c.credit_note_id as id, coalesce(sum(a.amount), 0) as amount
      from (select distinct credit_note_id from application_claims where invoice_id = any (${ids}::bigint[]) and credit_note_id is not null) c
      left join payment_applications a on a.credit_note_id = c.credit_note_id group by 1
    ) counted
    where counted.id = n.id and n.open_amount <> n.amount - counted.amount`
}
