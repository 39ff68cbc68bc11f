import { addDays, Decimal } from '@surety/credit'
import type { DocumentType } from '../documents.ts'
import type { Tx } from '../sql.ts'
import { draftSource, linkDocuments } from './links.ts'
import { plain, saysTheSame, type Line, type Outcomes, type Target } from './outcomes.ts'
import { placeLines, type Place } from './places.ts'
import type { Claim, RecordReader } from './record-reader.ts'
import { claimInvoices, settleClaims, writeClaims } from './settle-claims.ts'

/** A line about an order, delivery, draft, invoice or credit note. */
export interface DocumentLine extends Line {
  readonly customerNumber: string
  readonly currency: string
  readonly said: SaidOfDocument
  readonly claims: readonly Claim[]
}

/** What a source says of a document; the rest follows from it. */
interface SaidOfDocument {
  readonly issuedOn: string
  readonly dueOn: string | null
  readonly currency: string
  readonly amount: string
  readonly terms: string | null
  /** Of an order; a delivery has it from its order. */
  readonly isPrepaid: boolean
  readonly toldOpenAmount: string | null
  readonly orderNumber: string | null
  readonly deliveryNumber: string | null
  readonly closedOn: string | null
  readonly cancelledOn: string | null
}

export type DocumentKind = 'orders' | 'deliveries' | 'draft-invoices' | 'invoices' | 'credit-notes'

export function readDocument(kind: DocumentKind, reader: RecordReader): Omit<DocumentLine, 'hash' | 'line' | 'sequence' | 'key'> {
  const number = reader.required('number', reader.text('number'))
  const customerNumber = reader.required('customerNumber', reader.text('customerNumber'))
  const currency = reader.currency()
  const issuedOn = reader.required('issuedOn', reader.date('issuedOn'))
  const amount = reader.required('amount', reader.amount('amount', currency, kind === 'credit-notes' ? 'positive' : 'not-negative'))
  const has = (...kinds: readonly DocumentKind[]): boolean => kinds.includes(kind)
  const terms = has('invoices') ? (reader.text('terms') ?? null) : null
  const toldOpenAmount = has('orders') ? (reader.amount('openAmount', currency) ?? null) : null
  if (toldOpenAmount !== null && amount !== undefined && new Decimal(toldOpenAmount).greaterThan(amount))
    reader.wrong('openAmount', 'SETTLED_TOO_MUCH', { amount })
  const deliveryNumber = has('draft-invoices', 'invoices') ? (reader.text('deliveryNumber') ?? null) : null
  const isDraftOfDelivery = kind === 'draft-invoices' && deliveryNumber !== null
  return {
    number,
    customerNumber,
    customerName: reader.text('customerName'),
    currency,
    said: {
      issuedOn,
      dueOn: has('orders') ? (reader.date('dueOn') ?? null) : has('invoices') ? dueOn(reader, issuedOn, terms) : null,
      currency,
      amount,
      terms,
      isPrepaid: has('orders') ? (reader.flag('isPrepaid') ?? false) : false,
      // What a draft says of a delivery, that delivery stands for.
      toldOpenAmount: isDraftOfDelivery ? '0' : toldOpenAmount,
      orderNumber: has('deliveries', 'draft-invoices', 'invoices') && !isDraftOfDelivery ? (reader.text('orderNumber') ?? null) : null,
      deliveryNumber,
      closedOn: has('orders') ? (reader.date('closedOn') ?? null) : null,
      cancelledOn: reader.date('cancelledOn') ?? null,
    },
    claims: has('credit-notes') ? reader.claims(currency, amount, issuedOn) : [],
  }
}

function dueOn(reader: RecordReader, issuedOn: string | undefined, terms: string | null): string | null {
  const given = reader.date('dueOn')
  if (given !== undefined) return given
  const days = terms === null ? undefined : /^(?:net|n|月结|账期)?\s*(\d{1,3})\s*(?:d|days?|天|日)?$/i.exec(terms.normalize('NFKC'))?.[1]
  if (days !== undefined && issuedOn !== undefined) return addDays(issuedOn, Number(days))
  if (reader.problems.length === 0) reader.wrong('dueOn', 'NO_DUE_DATE')
  return null
}

const TYPES: Readonly<Record<DocumentKind, DocumentType>> = {
  orders: 'order',
  deliveries: 'delivery',
  'draft-invoices': 'delivery',
  invoices: 'invoice',
  'credit-notes': 'credit_note',
}

/** Brings documents into the book; what they name and what names them is tied to them, and what is open of all of them counted anew. */
export async function writeDocuments(
  tx: Tx,
  target: Target,
  kind: DocumentKind,
  lines: readonly DocumentLine[],
  outcomes: Outcomes,
): Promise<void> {
  const type = TYPES[kind]
  const source = kind === 'draft-invoices' ? draftSource(target.source) : target.source
  const places = await placeLines(tx, target, lines, outcomes)
  const known = await findKnown(tx, { ...target, source }, type, lines)
  await refuseStrangers(tx, target, lines, places, known, outcomes)
  const right = lines.filter(line => !outcomes.isWrong(line))
  const fresh = right.filter(({ number }) => !known.has(number))
  const changed = right.filter(line => known.has(line.number) && !saysTheSame(known.get(line.number)!.said, line.said))
  const ids = new Map([...known].map(([number, { id }]) => [number, id]))
  for (const { number, id } of await insertDocuments(tx, { ...target, source }, type, fresh, places)) ids.set(number, id)
  await updateDocuments(tx, changed, known)
  for (const line of fresh) outcomes.is(line, 'new')
  for (const line of changed) {
    const before = known.get(line.number)!
    outcomes.is(line, 'changed')
    outcomes.changes.push({ entity: 'Document', id: before.id, before: before.said, after: line.said })
    if (type === 'order' && isOver(before.said) && !isOver(line.said)) outcomes.reopened.push({ line: line.line, number: line.number })
  }
  const touched = [...fresh, ...changed]
  for (const { customerNumber } of touched) outcomes.customerIds.add(places.get(customerNumber)!.customerId)
  const touchedIds = touched.map(({ number }) => ids.get(number)!)
  if (touchedIds.length > 0 && type !== 'credit_note') {
    const former = changed.map(({ number }) => known.get(number)!)
    await linkDocuments(tx, target, kind === 'draft-invoices' ? 'draft' : type, touchedIds, {
      orders: former.flatMap(({ orderId }) => orderId ?? []),
      deliveries: former.flatMap(({ deliveryId }) => deliveryId ?? []),
    })
  }
  if (type === 'invoice')
    await settleClaims(tx, [...changed.map(({ number }) => ids.get(number)!), ...(await claimInvoices(tx, target, touchedIds))])
  if (type === 'credit_note') await settleCreditNotes(tx, target, right, ids, outcomes)
}

function isOver({ closedOn, cancelledOn }: SaidOfDocument): boolean {
  return closedOn !== null || cancelledOn !== null
}

interface Known {
  readonly id: string
  readonly customerId: string
  readonly customerNumber: string
  readonly orderId: string | null
  readonly deliveryId: string | null
  readonly said: SaidOfDocument
  /** Applied by what came without claims, such as a file: it does not follow. */
  readonly appliedOtherwise: string
  readonly isUsed: boolean
}

async function findKnown(
  tx: Tx,
  { segmentId, source }: Target,
  type: DocumentType,
  lines: readonly DocumentLine[],
): Promise<Map<string, Known>> {
  const rows = await tx<KnownRow[]>`
    select d.*, c.number as customer_number, coalesce((
      select sum(a.amount) from payment_applications a left join payments p on p.id = a.payment_id
      where (a.document_id = d.id or a.credit_note_id = d.id) and p.cancelled_on is null
        and not exists (select from application_claims k where k.invoice_id = a.document_id and (k.payment_id = a.payment_id or k.credit_note_id = a.credit_note_id))
    ), 0) as applied_otherwise
    from documents d join customers c on c.id = d.customer_id
    where d.segment_id = ${segmentId} and d.source = ${source} and d.type = ${type} and d.number = any (${lines.map(({ number }) => number)}::text[])`
  return new Map(
    rows.map(row => [
      row.number,
      {
        id: row.id,
        customerId: row.customer_id,
        customerNumber: row.customer_number,
        orderId: row.order_id,
        deliveryId: row.delivery_id,
        appliedOtherwise: row.applied_otherwise,
        isUsed: row.open_amount !== row.amount,
        said: {
          issuedOn: row.issued_on,
          dueOn: row.due_on,
          currency: row.currency,
          amount: plain(row.amount)!,
          terms: row.terms,
          isPrepaid: type === 'order' && row.is_prepaid,
          toldOpenAmount: plain(row.told_open_amount),
          orderNumber: row.order_number,
          deliveryNumber: row.delivery_number,
          closedOn: row.closed_on,
          cancelledOn: row.cancelled_on,
        },
      },
    ]),
  )
}

interface KnownRow {
  readonly id: string
  readonly number: string
  readonly customer_id: string
  readonly customer_number: string
  readonly order_id: string | null
  readonly delivery_id: string | null
  readonly issued_on: string
  readonly due_on: string | null
  readonly currency: string
  readonly amount: string
  readonly open_amount: string
  readonly terms: string | null
  readonly is_prepaid: boolean
  readonly told_open_amount: string | null
  readonly order_number: string | null
  readonly delivery_number: string | null
  readonly closed_on: string | null
  readonly cancelled_on: string | null
  readonly applied_otherwise: string
}

async function refuseStrangers(
  tx: Tx,
  target: Target,
  lines: readonly DocumentLine[],
  places: ReadonlyMap<string, Place>,
  known: ReadonlyMap<string, Known>,
  outcomes: Outcomes,
): Promise<void> {
  const named = await findNamed(tx, target, lines)
  for (const line of lines) {
    if (outcomes.isWrong(line)) continue
    const { customerId } = places.get(line.customerNumber)!
    const before = known.get(line.number)
    if (before && before.customerId !== customerId)
      outcomes.wrong(line, 'number', 'OTHER_CUSTOMER', line.number, { customer: before.customerNumber })
    else if (before && before.said.currency !== line.currency && before.isUsed)
      outcomes.wrong(line, 'number', 'OTHER_CURRENCY', line.number, { currency: before.said.currency })
    else if (before && new Decimal(before.appliedOtherwise).greaterThan(line.said.amount))
      outcomes.wrong(line, 'amount', 'LESS_THAN_APPLIED', line.number, { applied: plain(before.appliedOtherwise)! })
    for (const [key, type, strange] of NAMED) {
      const number = line.said[key]
      const other = number === null ? undefined : named.get(`${type} ${number}`)
      if (other && other.customerId !== customerId)
        outcomes.wrong(line, key, `${strange}_OF_OTHER_CUSTOMER`, number!, { customer: other.customerNumber })
      else if (other && other.currency !== line.currency)
        outcomes.wrong(line, key, `${strange}_IN_OTHER_CURRENCY`, number!, { currency: other.currency })
    }
  }
}

const NAMED = [
  ['orderNumber', 'order', 'ORDER'],
  ['deliveryNumber', 'delivery', 'DELIVERY'],
] as const satisfies readonly (readonly [keyof SaidOfDocument, DocumentType, 'ORDER' | 'DELIVERY'])[]

async function findNamed(tx: Tx, { segmentId, source }: Target, lines: readonly DocumentLine[]) {
  const orders = [...new Set(lines.flatMap(({ said }) => said.orderNumber ?? []))]
  const deliveries = [...new Set(lines.flatMap(({ said }) => said.deliveryNumber ?? []))]
  if (orders.length + deliveries.length === 0) return new Map<string, never>()
  const rows = await tx<{ type: string; number: string; customer_id: string; customer_number: string; currency: string }[]>`
    select d.type, d.number, d.customer_id, c.number as customer_number, d.currency from documents d join customers c on c.id = d.customer_id
    where d.segment_id = ${segmentId} and d.source = ${source}
      and ((d.type = 'order' and d.number = any (${orders}::text[])) or (d.type = 'delivery' and d.number = any (${deliveries}::text[])))`
  return new Map(
    rows.map(row => [
      `${row.type} ${row.number}`,
      { customerId: row.customer_id, customerNumber: row.customer_number, currency: row.currency },
    ]),
  )
}

async function insertDocuments(
  tx: Tx,
  { segmentId, source }: Target,
  type: DocumentType,
  lines: readonly DocumentLine[],
  places: ReadonlyMap<string, Place>,
): Promise<readonly { readonly number: string; readonly id: string }[]> {
  if (lines.length === 0) return []
  const column = <T>(of: (line: DocumentLine) => T): T[] => lines.map(of)
  return tx<{ number: string; id: string }[]>`
    insert into documents (segment_id, customer_id, type, number, source, issued_on, due_on, currency, amount, open_amount, terms, is_prepaid, told_open_amount,
      order_number, delivery_number, closed_on, cancelled_on, content_hash, created_at)
    select ${segmentId}, r.customer_id, ${type}, r.number, ${source}, r.issued_on, r.due_on, r.currency, r.amount, least(r.amount, coalesce(r.told_open_amount, r.amount)), r.terms, r.is_prepaid, r.told_open_amount,
      r.order_number, r.delivery_number, r.closed_on, r.cancelled_on, decode(r.content_hash, 'hex'), ${tx.now}
    from unnest(
      ${column(({ customerNumber }) => places.get(customerNumber)!.customerId)}::bigint[], ${column(({ number }) => number)}::text[], ${column(({ said }) => said.issuedOn)}::text[]::date[], ${column(({ said }) => said.dueOn)}::text[]::date[],
      ${column(({ currency }) => currency)}::text[], ${column(({ said }) => said.amount)}::numeric[], ${column(({ said }) => said.terms)}::text[], ${column(({ said }) => String(said.isPrepaid))}::text[]::boolean[],
      ${column(({ said }) => said.toldOpenAmount)}::numeric[], ${column(({ said }) => said.orderNumber)}::text[], ${column(({ said }) => said.deliveryNumber)}::text[],
      ${column(({ said }) => said.closedOn)}::text[]::date[], ${column(({ said }) => said.cancelledOn)}::text[]::date[], ${column(({ hash }) => hash.toString('hex'))}::text[]
    ) as r (customer_id, number, issued_on, due_on, currency, amount, terms, is_prepaid, told_open_amount, order_number, delivery_number, closed_on, cancelled_on, content_hash)
    returning number, id`
}

async function updateDocuments(tx: Tx, lines: readonly DocumentLine[], known: ReadonlyMap<string, Known>): Promise<void> {
  if (lines.length === 0) return
  const rows = lines.map(({ number, said, hash }) => ({
    id: known.get(number)!.id,
    ...said,
    hash: hash.toString('hex'),
    isReopened: isOver(known.get(number)!.said) && !isOver(said),
  }))
  await tx`
    update documents d set issued_on = r."issuedOn", due_on = r."dueOn", currency = r.currency, amount = r.amount,
      -- For the time being; it is counted anew below.
      open_amount = least(r.amount, greatest(0, d.open_amount + r.amount - d.amount)),
      terms = r.terms, is_prepaid = case when d.type = 'order' then r."isPrepaid" else d.is_prepaid end, told_open_amount = r."toldOpenAmount", order_number = r."orderNumber",
      delivery_number = r."deliveryNumber", closed_on = r."closedOn", cancelled_on = r."cancelledOn", content_hash = decode(r.hash, 'hex'),
      reopened_at = case when r."isReopened" then ${tx.now} else d.reopened_at end
    from jsonb_to_recordset(${tx.json(rows)}) as r (id bigint, "issuedOn" date, "dueOn" date, currency text, amount numeric, terms text, "isPrepaid" boolean, "toldOpenAmount" numeric, "orderNumber" text,
      "deliveryNumber" text, "closedOn" date, "cancelledOn" date, hash text, "isReopened" boolean)
    where d.id = r.id`
}

async function settleCreditNotes(
  tx: Tx,
  target: Target,
  lines: readonly DocumentLine[],
  ids: ReadonlyMap<string, string>,
  outcomes: Outcomes,
): Promise<void> {
  const telling = lines.filter(({ claims, line }) => claims.length > 0 || outcomes.states.get(line) === 'changed')
  const invoices = await writeClaims(
    tx,
    target,
    telling.map(({ number, claims }) => ({ payer: { kind: 'creditNote', id: ids.get(number)! }, claims })),
  )
  await settleClaims(tx, invoices)
}
