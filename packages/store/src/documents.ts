import { createHash } from 'node:crypto'
import { amountOf, plainAmount } from './amounts.ts'
import { appendAudit } from './audit.ts'
import { publishLedgerChange } from './ledger-change.ts'
import { selectPage, type Fragment, type Page, type PageRequest, type Sort, type SortKey } from './page.ts'
import { today, type Tx } from './sql.ts'

export type DocumentType = 'order' | 'delivery' | 'invoice' | 'credit_note'

export interface LedgerDocument {
  readonly id: string
  readonly segmentId: number
  readonly customerId: string
  readonly type: DocumentType
  readonly number: string
  readonly source: string
  readonly issuedOn: string
  readonly dueOn: string | null
  readonly currency: string
  readonly amount: string
  /** An invoice: not yet paid; a credit note: not yet used; an order: not yet delivered; a delivery: not yet invoiced. */
  readonly openAmount: string
  readonly terms: string | null
  readonly cancelledOn: string | null
  /** Null when nothing is open or it has no due date; negative before it is due. */
  readonly daysPastDue: number | null
  readonly isDisputed: boolean
}

export type DocumentState = 'open' | 'overdue' | 'closed'
export const DOCUMENT_SORT_FIELDS = ['issuedOn', 'dueOn', 'amount', 'openAmount', 'number'] as const
export type DocumentSortField = (typeof DOCUMENT_SORT_FIELDS)[number]

export interface DocumentFilter {
  readonly customerId: string
  readonly type?: DocumentType
  readonly state?: DocumentState
}

export interface NewDocument {
  readonly segmentId: number
  readonly customerId: string
  readonly type: DocumentType
  readonly number: string
  readonly source: string
  readonly issuedOn: string
  readonly dueOn?: string | null
  readonly currency: string
  readonly amount: string
  readonly terms?: string | null
  /** Ids of documents that are there already: what a delivery or an invoice fulfils, what an invoice charges for. */
  readonly orderId?: string
  readonly deliveryId?: string
  readonly isPrepaid?: boolean
}

export interface Added<T> {
  /** Ids by place in what was given; also of those that were there with the same content. */
  readonly ids: readonly (string | null)[]
  readonly added: number
  readonly same: number
  /** Their number is taken by something else. */
  readonly conflicts: readonly T[]
}

export async function listDocuments(
  tx: Tx,
  filter: DocumentFilter,
  sort: Sort<DocumentSortField>,
  page: PageRequest,
): Promise<Page<LedgerDocument>> {
  const { expression, type } = SORT_KEYS[sort.field](tx)
  const matched = tx`
    select d.*, d.id as page_id, ${expression} as page_key,
      case when d.open_amount > 0 and d.cancelled_on is null then ${today(tx)}::date - d.due_on end as days_past_due,
      exists (select from disputes x where x.document_id = d.id and x.closed_on is null) as is_disputed
    from documents d where d.customer_id = ${filter.customerId}
      ${filter.type ? tx`and d.type = ${filter.type}` : tx``}
      ${filter.state ? tx`and ${STATES[filter.state](tx)}` : tx``}`
  return selectPage<DocumentRow, LedgerDocument>(tx, matched, type, sort.descending ?? false, page, toDocument)
}

/** Adds documents in bulk; those known already with the same content are left alone. Adding them again changes nothing. */
export async function addDocuments(tx: Tx, documents: readonly NewDocument[]): Promise<Added<NewDocument>> {
  const rows = documents.map(document => ({ ...toColumns(document), content_hash: contentHash(document) }))
  const inserted = await tx<{ id: string; segment_id: number; source: string; type: string; number: string }[]>`
    insert into documents (segment_id, customer_id, type, number, source, issued_on, due_on, currency, amount, open_amount, terms, order_id, delivery_id, is_prepaid, content_hash, created_at)
    select segment_id, customer_id, type, number, source, issued_on, due_on, currency, amount, amount, terms, order_id, delivery_id,
      is_prepaid or coalesce((select o.is_prepaid from documents o where o.id = r.order_id), false), decode(content_hash, 'hex'), ${tx.now}
    from jsonb_to_recordset(${tx.json(rows)}) as r (segment_id int, customer_id bigint, type text, number text, source text, issued_on date, due_on date, currency text,
      amount numeric, terms text, order_id bigint, delivery_id bigint, is_prepaid boolean, content_hash text)
    on conflict (number, source, type, segment_id) do nothing
    returning id, segment_id, source, type, number`
  await consume(
    tx,
    inserted.map(({ id }) => id),
  )
  const known = await tx<{ id: string; segment_id: number; source: string; type: string; number: string; hash: string }[]>`
    select d.id, d.segment_id, d.source, d.type, d.number, encode(d.content_hash, 'hex') as hash
    from jsonb_to_recordset(${tx.json(rows)}) as r (segment_id int, type text, number text, source text)
    join documents d on d.segment_id = r.segment_id and d.source = r.source and d.type = r.type and d.number = r.number`
  const keyOf = (row: { segment_id: number; source: string; type: string; number: string }): string =>
    JSON.stringify([row.segment_id, row.source, row.type, row.number])
  const byKey = new Map(known.map(row => [keyOf(row), row]))
  const ids = rows.map(row => {
    const found = byKey.get(keyOf(row))
    return found?.hash === row.content_hash ? found.id : null
  })
  const conflicts = documents.filter((_, index) => ids[index] === null)
  if (inserted.length > 0) {
    await publishLedgerChange(tx, 'ledger.addDocuments', documents, { documents: inserted.length })
  }
  return { ids, added: inserted.length, same: documents.length - inserted.length - conflicts.length, conflicts }
}

/** Takes a document back as of a day; what was applied to it, or from it, is free again. */
export async function cancelDocument(tx: Tx, id: string, on: string, reason: string): Promise<void> {
  const [document] = await tx<DocumentRow[]>`select * from documents where id = ${id} for update`
  if (!document || document.cancelled_on !== null) return
  await undoApplications(tx, tx`document_id = ${id} or credit_note_id = ${id}`, on)
  if (document.type === 'delivery' || document.type === 'invoice') {
    await tx`update documents o set open_amount = least(o.amount, o.open_amount + ${document.amount}::numeric) where o.id = (select coalesce(delivery_id, order_id) from documents where id = ${id})`
  }
  await tx`update documents set cancelled_on = ${on} where id = ${id}`
  await appendAudit(tx, {
    action: 'document.cancel',
    entity: 'Document',
    entityId: id,
    segmentId: document.segment_id,
    reason,
    after: { cancelledOn: on },
  })
  await publishLedgerChange(tx, undefined, [{ customerId: document.customer_id, segmentId: document.segment_id }])
}

/** Writes the opposite of every application that is still standing. */
export async function undoApplications(tx: Tx, which: Fragment, on: string): Promise<void> {
  await tx`
    with standing as (
      select payment_id, credit_note_id, document_id, segment_id, sum(amount) as amount from payment_applications
      where ${which} group by 1, 2, 3, 4 having sum(amount) <> 0
    ), undone as (
      insert into payment_applications (segment_id, payment_id, credit_note_id, document_id, amount, applied_on, created_at)
      select segment_id, payment_id, credit_note_id, document_id, -amount, ${on}, ${tx.now} from standing
    ), freed_documents as (
      update documents d set open_amount = d.open_amount + s.amount
      from (select id, sum(amount) as amount from (select document_id as id, amount from standing union all select credit_note_id, amount from standing where credit_note_id is not null) x group by id) s
      where d.id = s.id
    )
    update payments p set unapplied_amount = p.unapplied_amount + s.amount
    from (select payment_id, sum(amount) as amount from standing where payment_id is not null group by 1) s where p.id = s.payment_id`
}

const SORT_KEYS: Record<DocumentSortField, (tx: Tx) => SortKey> = {
  issuedOn: tx => ({ expression: tx`d.issued_on`, type: 'date' }),
  dueOn: tx => ({ expression: tx`d.due_on`, type: 'date' }),
  amount: tx => ({ expression: tx`d.amount`, type: 'numeric' }),
  openAmount: tx => ({ expression: tx`d.open_amount`, type: 'numeric' }),
  number: tx => ({ expression: tx`d.number`, type: 'text' }),
}

const STATES: Record<DocumentState, (tx: Tx) => Fragment> = {
  open: tx => tx`d.open_amount > 0 and d.cancelled_on is null and d.closed_on is null`,
  overdue: tx => tx`d.type = 'invoice' and d.open_amount > 0 and d.cancelled_on is null and d.due_on < ${today(tx)}`,
  closed: tx => tx`(d.open_amount = 0 or d.cancelled_on is not null or d.closed_on is not null)`,
}

interface DocumentRow {
  readonly id: string
  readonly segment_id: number
  readonly customer_id: string
  readonly type: DocumentType
  readonly number: string
  readonly source: string
  readonly issued_on: string
  readonly due_on: string | null
  readonly currency: string
  readonly amount: string
  readonly open_amount: string
  readonly terms: string | null
  readonly cancelled_on: string | null
  readonly days_past_due: number | null
  readonly is_disputed: boolean
}

function toDocument(row: DocumentRow): LedgerDocument {
  return {
    id: row.id,
    segmentId: row.segment_id,
    customerId: row.customer_id,
    type: row.type,
    number: row.number,
    source: row.source,
    issuedOn: row.issued_on,
    dueOn: row.due_on,
    currency: row.currency,
    amount: amountOf(row.amount, row.currency),
    openAmount: amountOf(row.open_amount, row.currency),
    terms: row.terms,
    cancelledOn: row.cancelled_on,
    daysPastDue: row.days_past_due,
    isDisputed: row.is_disputed,
  }
}

function toColumns(document: NewDocument) {
  return {
    segment_id: document.segmentId,
    customer_id: document.customerId,
    type: document.type,
    number: document.number,
    source: document.source,
    issued_on: document.issuedOn,
    due_on: document.dueOn ?? null,
    currency: document.currency,
    amount: document.amount,
    terms: document.terms ?? null,
    order_id: document.orderId ?? null,
    delivery_id: document.deliveryId ?? null,
    is_prepaid: document.isPrepaid ?? false,
  }
}

/** SHA-256, hex, of what a document says: the same number with another content is a conflict. */
export function contentHash({
  customerId,
  issuedOn,
  dueOn,
  currency,
  amount,
  terms,
}: Pick<NewDocument, 'customerId' | 'issuedOn' | 'dueOn' | 'currency' | 'amount' | 'terms'>): string {
  return createHash('sha256')
    .update(JSON.stringify([customerId, issuedOn, dueOn ?? null, currency, plainAmount(amount), terms ?? null]))
    .digest('hex')
}

// A delivery takes from its order, an invoice closes its delivery, or takes from its order when it names no delivery.
async function consume(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx`
    update documents o set open_amount = greatest(0, o.open_amount - n.amount)
    from (select order_id, sum(amount) as amount from documents
      where id = any (${ids as string[]}::bigint[]) and order_id is not null and (type = 'delivery' or (type = 'invoice' and delivery_id is null)) group by 1) n
    where o.id = n.order_id and o.type = 'order'`
  await tx`
    update documents o set open_amount = 0
    from documents n where n.id = any (${ids as string[]}::bigint[]) and n.type = 'invoice' and n.delivery_id = o.id and o.type = 'delivery'`
}
