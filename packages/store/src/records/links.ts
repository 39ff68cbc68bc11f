import type { Tx } from '../sql.ts'
import type { Target } from './outcomes.ts'

/** Drafts of invoices stand among the deliveries of a source of their own: what will be invoiced and is not yet. */
export function draftSource(source: string): string {
  return `${source}/draft`
}

/**
 * Ties documents to the orders and deliveries that they name and that name them, whichever came first, and counts anew what of those is
 * open. `orders` and `deliveries` are ids whose links may have gone.
 */
export async function linkDocuments(
  tx: Tx,
  { segmentId, source }: Target,
  what: 'order' | 'delivery' | 'draft' | 'invoice',
  ids: readonly string[],
  affected: { readonly orders: readonly string[]; readonly deliveries: readonly string[] },
): Promise<void> {
  const own = await tx<Linked[]>`
    update documents d set order_id = l.order_id, delivery_id = l.delivery_id
    from (
      select n.id,
        (select o.id from documents o where o.segment_id = ${segmentId} and o.source = ${source} and o.type = 'order' and o.number = n.order_number
          and o.customer_id = n.customer_id and o.currency = n.currency) as order_id,
        case when n.type <> 'invoice' then null
          when n.delivery_number is not null then (select v.id from documents v where v.segment_id = ${segmentId} and v.source = ${source} and v.type = 'delivery' and v.number = n.delivery_number
            and v.customer_id = n.customer_id and v.currency = n.currency)
          else (select v.id from documents v where v.segment_id = ${segmentId} and v.source = ${draftSource(source)} and v.type = 'delivery' and v.number = n.number
            and v.customer_id = n.customer_id and v.cancelled_on is null) end as delivery_id
      from documents n where n.id = any (${ids as string[]}::bigint[]) and n.type in ('delivery', 'invoice')
    ) l
    where d.id = l.id and (d.order_id, d.delivery_id) is distinct from (l.order_id, l.delivery_id)
    returning d.order_id, d.delivery_id`
  const waiting = what === 'invoice' ? [] : await WAITING[what](tx, source, ids)
  const linked = [...own, ...waiting]
  const orders = distinct([...(what === 'order' ? ids : []), ...affected.orders, ...linked.flatMap(({ order_id }) => order_id ?? [])])
  const isDelivery = what === 'delivery' || what === 'draft'
  const deliveries = distinct([
    ...(isDelivery ? ids : []),
    ...affected.deliveries,
    ...linked.flatMap(({ delivery_id }) => delivery_id ?? []),
  ])
  // A delivery whose own amount changed leaves more or less of its order.
  const touched = isDelivery || what === 'invoice' ? distinct([...orders, ...(await ordersOf(tx, ids))]) : orders
  if (touched.length > 0) {
    await inheritPrepayment(tx, touched)
    await recountOrders(tx, touched)
  }
  if (deliveries.length > 0) await recountDeliveries(tx, deliveries)
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)]
}

async function ordersOf(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx<
    { id: string }[]
  >`select distinct order_id as id from documents where id = any (${ids as string[]}::bigint[]) and order_id is not null`
  return rows.map(({ id }) => id)
}

/** Documents that have waited for these: each by an index of what still waits. */
const WAITING: Readonly<Record<'order' | 'delivery' | 'draft', (tx: Tx, source: string, ids: readonly string[]) => PromiseLike<Linked[]>>> =
  {
    order: (tx, source, ids) => tx<Linked[]>`
    update documents d set order_id = t.id from documents t
    where t.id = any (${ids as string[]}::bigint[]) and d.segment_id = t.segment_id and d.source = any (${[source, draftSource(source)]}) and d.order_number = t.number and d.order_number is not null
      and d.order_id is null and d.customer_id = t.customer_id and d.currency = t.currency
    returning d.order_id, d.delivery_id`,
    delivery: (tx, source, ids) => tx<Linked[]>`
    update documents d set delivery_id = t.id from documents t
    where t.id = any (${ids as string[]}::bigint[]) and d.segment_id = t.segment_id and d.source = ${source} and d.delivery_number = t.number and d.delivery_number is not null
      and d.delivery_id is null and d.type = 'invoice' and d.customer_id = t.customer_id and d.currency = t.currency
    returning d.order_id, d.delivery_id`,
    draft: (tx, source, ids) => tx<Linked[]>`
    update documents d set delivery_id = t.id from documents t
    where t.id = any (${ids as string[]}::bigint[]) and t.cancelled_on is null and d.segment_id = t.segment_id and d.source = ${source} and d.type = 'invoice' and d.number = t.number
      and d.delivery_number is null and d.delivery_id is null and d.customer_id = t.customer_id and d.currency = t.currency
    returning d.order_id, d.delivery_id`,
  }

interface Linked {
  readonly order_id: string | null
  readonly delivery_id: string | null
}

async function inheritPrepayment(tx: Tx, orders: readonly string[]): Promise<void> {
  await tx`
    update documents d set is_prepaid = o.is_prepaid from documents o
    where d.type = 'delivery' and d.order_id = any (${orders as string[]}::bigint[]) and o.id = d.order_id and d.is_prepaid <> o.is_prepaid`
}

/** An order is open for what neither a delivery nor an invoice of its own has fulfilled, and for no more than its source says. */
async function recountOrders(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx`
    update documents o set open_amount = counted.open
    from (
      select o.id, greatest(0, least(coalesce(o.told_open_amount, o.amount), o.amount - coalesce(done.amount, 0))) as open
      from documents o
      left join lateral (
        select sum(n.amount) as amount from documents n
        where n.order_id = o.id and n.cancelled_on is null and (n.type = 'delivery' or (n.type = 'invoice' and n.delivery_id is null))
      ) done on true
      where o.id = any (${ids as string[]}::bigint[]) and o.type = 'order'
    ) counted
    where counted.id = o.id and o.open_amount <> counted.open`
}

/** A delivery is open until an invoice charges for it; a draft that names a delivery never is, as that one is. */
async function recountDeliveries(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx`
    update documents v set open_amount = counted.open
    from (
      select v.id, case when v.told_open_amount = 0 or exists (select from documents n where n.delivery_id = v.id and n.type = 'invoice' and n.cancelled_on is null) then 0 else v.amount end as open
      from documents v where v.id = any (${ids as string[]}::bigint[]) and v.type = 'delivery'
    ) counted
    where counted.id = v.id and v.open_amount <> counted.open`
}
