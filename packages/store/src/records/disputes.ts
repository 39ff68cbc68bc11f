import { Decimal } from '@surety/credit'
import type { Tx } from '../sql.ts'
import { plain, saysTheSame, type Line, type Outcomes, type Target } from './outcomes.ts'
import type { RecordReader } from './record-reader.ts'

export interface DisputeLine extends Line {
  readonly invoiceNumber: string
  readonly openedOn: string
  /** As text; held against the invoice's currency once that is known. */
  readonly amount: string | null
  readonly reason: string
  readonly closedOn: string | null
}

export function readDispute(reader: RecordReader): Omit<DisputeLine, 'hash' | 'line' | 'sequence' | 'key'> {
  const invoiceNumber = reader.required('invoiceNumber', reader.text('invoiceNumber'))
  const openedOn = reader.required('openedOn', reader.date('openedOn'))
  const closedOn = reader.date('closedOn') ?? null
  if (closedOn !== null && closedOn < openedOn) reader.wrong('closedOn', 'DATES_CROSSED', { other: openedOn })
  return {
    number: `${invoiceNumber}/${openedOn}`,
    invoiceNumber,
    openedOn,
    amount: reader.amount('amount', 'CLF', 'positive') ?? null,
    reason: reader.required('reason', reader.text('reason')),
    closedOn,
  }
}

/** Brings disputes into the book: one an invoice and day. */
export async function writeDisputes(
  tx: Tx,
  { segmentId, source }: Target,
  lines: readonly DisputeLine[],
  outcomes: Outcomes,
): Promise<void> {
  const rows = await tx<Row[]>`
    select i.number, i.id as document_id, i.customer_id, i.amount as invoice_amount, x.id, x.opened_on, x.amount, x.reason, x.closed_on
    from (select distinct on (number) * from documents where segment_id = ${segmentId} and type = 'invoice' and number = any (${lines.map(({ invoiceNumber }) => invoiceNumber)}::text[])
      order by number, (source = ${source}) desc, id) i
    left join disputes x on x.document_id = i.id`
  const invoices = new Map(rows.map(row => [row.number, row]))
  const known = new Map<string, Row>(rows.flatMap(row => (row.id === null ? [] : [[`${row.number}/${row.opened_on}`, row] as const])))
  const due: (DisputeLine & { readonly invoice: Row; readonly all: string })[] = []
  for (const line of lines) {
    const invoice = invoices.get(line.invoiceNumber)
    if (!invoice) {
      outcomes.wrong(line, 'invoiceNumber', 'UNKNOWN_INVOICE_YET', line.invoiceNumber)
      continue
    }
    const whole = plain(invoice.invoice_amount)!
    const all = line.amount ?? whole
    if (new Decimal(all).greaterThan(whole)) {
      outcomes.wrong(line, 'amount', 'DISPUTED_TOO_MUCH', all, { amount: whole })
      continue
    }
    const before = known.get(line.number)
    const said = { amount: all, reason: line.reason, closedOn: line.closedOn }
    const was = before && { amount: plain(before.amount), reason: before.reason, closedOn: before.closed_on }
    if (was && saysTheSame(was, said)) continue
    outcomes.is(line, before ? 'changed' : 'new')
    outcomes.customerIds.add(invoice.customer_id)
    if (before && was) outcomes.changes.push({ entity: 'Dispute', id: before.id!, before: was, after: said })
    due.push({ ...line, invoice, all })
  }
  await tx`
    insert into disputes (segment_id, document_id, amount, reason, opened_on, closed_on)
    select ${segmentId}, r."documentId", r.amount, r.reason, r."openedOn", r."closedOn"
    from jsonb_to_recordset(${tx.json(due.map(({ invoice, all, reason, openedOn, closedOn }) => ({ documentId: invoice.document_id, amount: all, reason, openedOn, closedOn })))})
      as r ("documentId" bigint, amount numeric, reason text, "openedOn" date, "closedOn" date)
    on conflict (document_id, opened_on) do update set amount = excluded.amount, reason = excluded.reason, closed_on = excluded.closed_on`
}

interface Row {
  readonly number: string
  readonly document_id: string
  readonly customer_id: string
  readonly invoice_amount: string
  readonly id: string | null
  readonly opened_on: string | null
  readonly amount: string | null
  readonly reason: string | null
  readonly closed_on: string | null
}
