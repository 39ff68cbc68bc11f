import { asActor, reconcileExposure, SYSTEM, takeRecords, type DeliveryReceipt, type RecordKind } from '../../src/index.ts'
import { useWorld, type World } from '../support.ts'

export interface Books extends World {
  send(kind: RecordKind, ...records: unknown[]): Promise<DeliveryReceipt>
  /** `invoice INV-1` → what is open of it, in plain notation; payments and bills likewise. */
  open(): Promise<Record<string, string>>
  /** `receivables EUR` → balance. */
  balances(customerNumber?: string): Promise<Record<string, string>>
  drift(): Promise<unknown[]>
}

export const CUSTOMER = { customerNumber: 'C1', customerName: 'Acme Ltd' }

/** A database with the doors for records, into the industrial segment and from the books `erp`. */
export function useBooks(): Books {
  const books = useWorld() as Books
  books.send = (kind, ...records) =>
    asActor(books.sql, SYSTEM, tx => takeRecords(tx, { kind, segmentId: books.industrial.id, source: 'erp', name: 'test', records }))
  books.open = () =>
    books.asSystem(async tx => {
      const rows = await tx<{ name: string; open: string }[]>`
        select type || ' ' || number as name, trim_scale(open_amount)::text as open from documents
        union all select 'payment ' || number, trim_scale(unapplied_amount)::text from payments order by 1`
      return Object.fromEntries(rows.map(({ name, open }) => [name, open]))
    })
  books.balances = (number = 'C1') =>
    books.asSystem(async tx => {
      const rows = await tx<{ name: string; amount: string }[]>`
        select b.category || ' ' || b.currency as name, trim_scale(b.amount)::text as amount from exposure_balances b
        join credit_accounts a on a.id = b.account_id join customers c on c.id = a.customer_id where c.number = ${number} and b.amount <> 0 order by 1`
      return Object.fromEntries(rows.map(({ name, amount }) => [name, amount]))
    })
  books.drift = () => books.asSystem(tx => reconcileExposure(tx))
  return books
}
