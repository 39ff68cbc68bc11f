import { createHash } from 'node:crypto'
import postgres from 'postgres'
import { amountOf, plainAmount } from './amounts.ts'
import { appendAudit } from './audit.ts'
import { undoApplications, type Added } from './documents.ts'
import { publishLedgerChange } from './ledger-change.ts'
import { selectPage, type Page, type PageRequest } from './page.ts'
import type { Tx } from './sql.ts'

export interface Payment {
  readonly id: string
  readonly segmentId: number
  readonly customerId: string
  readonly number: string
  readonly source: string
  readonly receivedOn: string
  readonly currency: string
  readonly amount: string
  readonly unappliedAmount: string
  readonly cancelledOn: string | null
}

export interface NewPayment {
  readonly segmentId: number
  readonly customerId: string
  readonly number: string
  readonly source: string
  readonly receivedOn: string
  readonly currency: string
  readonly amount: string
  readonly method?: 'transfer' | 'bill' | 'cheque' | 'cash' | 'card'
  readonly billId?: string
}

/** An amount of a payment or of a credit note set against an invoice. */
export interface NewPaymentApplication {
  readonly source: { readonly kind: 'payment' | 'creditNote'; readonly id: string }
  readonly documentId: string
  /** Negative: undoes. */
  readonly amount: string
  readonly on: string
}

/** Newest first. */
export async function listPayments(tx: Tx, customerId: string, page: PageRequest): Promise<Page<Payment>> {
  const matched = tx`select p.*, p.id as page_id, p.received_on as page_key from payments p where p.customer_id = ${customerId}`
  return selectPage<PaymentRow, Payment>(tx, matched, 'date', true, page, toPayment)
}

/** Adds payments in bulk; those known already with the same content are left alone. */
export async function addPayments(tx: Tx, payments: readonly NewPayment[]): Promise<Added<NewPayment>> {
  const rows = payments.map(payment => ({
    segment_id: payment.segmentId,
    customer_id: payment.customerId,
    number: payment.number,
    source: payment.source,
    received_on: payment.receivedOn,
    currency: payment.currency,
    amount: payment.amount,
    method: payment.method ?? null,
    bill_id: payment.billId ?? null,
    content_hash: paymentHash(payment),
  }))
  const inserted = await tx<{ id: string }[]>`
    insert into payments (segment_id, customer_id, number, source, received_on, currency, amount, unapplied_amount, method, bill_id, content_hash, created_at)
    select segment_id, customer_id, number, source, received_on, currency, amount, amount, method, bill_id, decode(content_hash, 'hex'), ${tx.now}
    from jsonb_to_recordset(${tx.json(rows)}) as r (segment_id int, customer_id bigint, number text, source text, received_on date, currency text, amount numeric, method text, bill_id bigint, content_hash text)
    on conflict (segment_id, source, number) do nothing returning id`
  const known = await tx<{ id: string; segment_id: number; source: string; number: string; hash: string }[]>`
    select p.id, p.segment_id, p.source, p.number, encode(p.content_hash, 'hex') as hash
    from jsonb_to_recordset(${tx.json(rows)}) as r (segment_id int, number text, source text)
    join payments p on p.segment_id = r.segment_id and p.source = r.source and p.number = r.number`
  const keyOf = (row: { segment_id: number; source: string; number: string }): string =>
    JSON.stringify([row.segment_id, row.source, row.number])
  const byKey = new Map(known.map(row => [keyOf(row), row]))
  const ids = rows.map(row => {
    const found = byKey.get(keyOf(row))
    return found?.hash === row.content_hash ? found.id : null
  })
  const conflicts = payments.filter((_, index) => ids[index] === null)
  if (inserted.length > 0) await publishLedgerChange(tx, 'ledger.addPayments', payments, { payments: inserted.length })
  return { ids, added: inserted.length, same: payments.length - inserted.length - conflicts.length, conflicts }
}

/** Sets payments and credit notes against invoices and keeps what is open of both; throws `OVERAPPLIED` when more is applied than there is. */
export async function applyPayments(tx: Tx, applications: readonly NewPaymentApplication[]): Promise<void> {
  if (applications.length === 0) return
  const rows = applications.map(({ source, documentId, amount, on }) => ({
    payment_id: source.kind === 'payment' ? source.id : null,
    credit_note_id: source.kind === 'creditNote' ? source.id : null,
    document_id: documentId,
    amount,
    applied_on: on,
  }))
  const documentIds = rows.flatMap(({ document_id, credit_note_id }) =>
    credit_note_id === null ? [document_id] : [document_id, credit_note_id],
  )
  // Locked in one order by all, so that two that meet wait and don't deadlock.
  await tx`select from documents where id = any (${documentIds}::bigint[]) order by id for update`
  await tx`select from payments where id = any (${rows.flatMap(({ payment_id }) => payment_id ?? [])}::bigint[]) order by id for update`
  await refuseDead(tx, rows)
  const touched = await tx<{ customer_id: string; segment_id: number }[]>`
    with given as (
      select * from jsonb_to_recordset(${tx.json(rows as never)}) as r (payment_id bigint, credit_note_id bigint, document_id bigint, amount numeric, applied_on date)
    ), written as (
      insert into payment_applications (segment_id, payment_id, credit_note_id, document_id, amount, applied_on, created_at)
      select d.segment_id, g.payment_id, g.credit_note_id, g.document_id, g.amount, g.applied_on, ${tx.now} from given g join documents d on d.id = g.document_id
    ), used as (
      select id, sum(amount) as amount from (select document_id as id, amount from given union all select credit_note_id, amount from given where credit_note_id is not null) x group by id
    ), spent as (
      update payments p set unapplied_amount = p.unapplied_amount - s.amount
      from (select payment_id, sum(amount) as amount from given where payment_id is not null group by 1) s where p.id = s.payment_id
    )
    update documents d set open_amount = d.open_amount - u.amount from used u where d.id = u.id returning d.customer_id, d.segment_id`.catch(
    (error: unknown) => {
      throw error instanceof postgres.PostgresError && error.code === '23514' ? new Overapplied(error) : error
    },
  )
  await publishLedgerChange(
    tx,
    'ledger.applyPayments',
    touched.map(({ customer_id, segment_id }) => ({ customerId: customer_id, segmentId: segment_id })),
    { applications: applications.length },
  )
}

/** A payment that never came, such as a bounced one, from a day on; what it paid is open again. */
export async function cancelPayment(tx: Tx, id: string, on: string, reason: string): Promise<void> {
  const [payment] = await tx<PaymentRow[]>`select * from payments where id = ${id} for update`
  if (!payment || payment.cancelled_on !== null) return
  await undoApplications(tx, tx`payment_id = ${id}`, on)
  await tx`update payments set cancelled_on = ${on} where id = ${id}`
  await appendAudit(tx, {
    action: 'payment.cancel',
    entity: 'Payment',
    entityId: id,
    segmentId: payment.segment_id,
    reason,
    after: { cancelledOn: on },
  })
  await publishLedgerChange(tx, undefined, [{ customerId: payment.customer_id, segmentId: payment.segment_id }])
}

/** More was applied than was open on the document or left of the payment. */
export class Overapplied extends Error {
  readonly code = 'OVERAPPLIED'
  constructor(cause: Error) {
    super('More would be applied than is open on a document or left of a payment; nothing was applied.', { cause })
  }
}

/** One of the two is cancelled, or is not what can pay or be paid. */
export class NotApplicable extends Error {
  readonly code = 'NOT_APPLICABLE'
  constructor(documentId: string) {
    super(
      `To document ${documentId} can't be applied: it or what pays it is cancelled, or it is no invoice, or what pays is neither a payment nor a credit note. Nothing was applied.`,
    )
  }
}

interface PaymentRow {
  readonly id: string
  readonly segment_id: number
  readonly customer_id: string
  readonly number: string
  readonly source: string
  readonly received_on: string
  readonly currency: string
  readonly amount: string
  readonly unapplied_amount: string
  readonly cancelled_on: string | null
}

async function refuseDead(tx: Tx, rows: readonly object[]): Promise<void> {
  const [dead] = await tx<{ document_id: string }[]>`
    select g.document_id from jsonb_to_recordset(${tx.json(rows as never)}) as g (payment_id bigint, credit_note_id bigint, document_id bigint)
    where not exists (select from documents d where d.id = g.document_id and d.type = 'invoice' and d.cancelled_on is null)
      or (g.payment_id is not null and not exists (select from payments p where p.id = g.payment_id and p.cancelled_on is null))
      or (g.credit_note_id is not null and not exists (select from documents n where n.id = g.credit_note_id and n.type = 'credit_note' and n.cancelled_on is null))
    limit 1`
  if (dead) throw new NotApplicable(dead.document_id)
}

function toPayment(row: PaymentRow): Payment {
  return {
    id: row.id,
    segmentId: row.segment_id,
    customerId: row.customer_id,
    number: row.number,
    source: row.source,
    receivedOn: row.received_on,
    currency: row.currency,
    amount: amountOf(row.amount, row.currency),
    unappliedAmount: amountOf(row.unapplied_amount, row.currency),
    cancelledOn: row.cancelled_on,
  }
}

/** SHA-256, hex, of what a payment says. */
export function paymentHash({
  customerId,
  receivedOn,
  currency,
  amount,
}: Pick<NewPayment, 'customerId' | 'receivedOn' | 'currency' | 'amount'>): string {
  return createHash('sha256')
    .update(JSON.stringify([customerId, receivedOn, currency, plainAmount(amount)]))
    .digest('hex')
}
