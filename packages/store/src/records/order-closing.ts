import { today, type Tx } from '../sql.ts'
import { plain } from './outcomes.ts'
import { takeRecords, type DeliveryReceipt } from './take-records.ts'

export interface OrderClosing {
  readonly segmentId: number
  readonly source: string
  readonly orderNumber: string
  /** Today unless said. */
  readonly on?: string | undefined
}

/** Closes an order, or opens it again: then it is checked as a new one. Undefined when there is no such order. */
export async function setOrderClosed(tx: Tx, closing: OrderClosing, isClosed: boolean): Promise<DeliveryReceipt | undefined> {
  const { segmentId, source, orderNumber } = closing
  const [row] = await tx<OrderRow[]>`
    select d.*, c.number as customer_number from documents d join customers c on c.id = d.customer_id
    where d.segment_id = ${segmentId} and d.source = ${source} and d.type = 'order' and d.number = ${orderNumber}`
  if (!row) return undefined
  const closedOn = isClosed ? (closing.on ?? row.closed_on ?? today(tx)) : null
  const record = {
    number: row.number,
    customerNumber: row.customer_number,
    issuedOn: row.issued_on,
    dueOn: row.due_on,
    currency: row.currency,
    amount: plain(row.amount),
    openAmount: plain(row.told_open_amount),
    isPrepaid: row.is_prepaid,
    closedOn,
    cancelledOn: row.cancelled_on,
  }
  return takeRecords(tx, { kind: 'orders', segmentId, source, name: `${isClosed ? 'close' : 'reopen'} ${orderNumber}`, records: [record] })
}

interface OrderRow {
  readonly number: string
  readonly customer_number: string
  readonly issued_on: string
  readonly due_on: string | null
  readonly currency: string
  readonly amount: string
  readonly told_open_amount: string | null
  readonly is_prepaid: boolean
  readonly closed_on: string | null
  readonly cancelled_on: string | null
}
