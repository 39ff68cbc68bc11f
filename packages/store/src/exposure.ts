import { Decimal, ORDER_HORIZON_DAYS, roundAmount, type Money } from '@surety/credit'
import { amountOf } from './amounts.ts'
import type { Fragment } from './page.ts'
import { today, type Tx } from './sql.ts'

/** What an account owes and has on order, in its currency. */
export interface Exposure {
  readonly currency: string
  /** In force today: a temporary limit while it lasts, else the standing one. */
  readonly limitKind: 'none' | 'amount' | 'unlimited'
  readonly limit: string | null
  /** The last day of the temporary limit in force; null: the standing one is. */
  readonly temporaryUntil: string | null
  readonly openOrders: string
  readonly deliveries: string
  readonly receivables: string
  /** Bills receivable, not matured. */
  readonly bills: string
  /** Payments and credit notes not yet applied. */
  readonly unappliedCash: string
  readonly total: string
  /** What instruments add to the limit, and what they take off the exposure. */
  readonly raisedBy: string
  readonly reducedBy: string
  /** Limit and what raises it, less exposure and what reduces that; null where the limit is none or unlimited. */
  readonly available: string | null
  /** Percent of the limit and what raises it; null without an amount. */
  readonly utilisation: number | null
  readonly overdue: string
  readonly oldestOverdueDays: number | null
  /** Amounts in currencies without a stored rate; they are in none of the figures above. */
  readonly unconverted: readonly Money[]
}

/** Exposure of accounts today. */
export async function exposuresOf(tx: Tx, accountIds: readonly string[]): Promise<Map<string, Exposure>> {
  const ids = accountIds as string[]
  const rows = await tx<ExposureRow[]>`
    with ${exposureTables(tx, tx`customer_id = any (array(select customer_id from credit_accounts where id = any (${ids}::bigint[])))`, tx`a.id = any (${ids}::bigint[])`)}
    select * from exposures`
  return new Map(rows.map(row => [row.account_id, toExposure(row, today(tx))]))
}

/**
 * Common table expressions for a `with`, the last of them `exposures`: one row an account, amounts in its currency.
 * Reads the partial indexes of what is open and nothing else. `scope` narrows documents, payments and so on by customer or segment, `scopeOfAccounts` the accounts `a`.
 */
export function exposureTables(tx: Tx, scope: Fragment = tx`true`, scopeOfAccounts: Fragment = scope): Fragment {
  const day = today(tx)
  return tx`
    items as (
      select customer_id, segment_id, currency, open_amount as amount, due_on,
        case when type = 'invoice' then 'receivable' when type = 'credit_note' then 'unapplied' when is_prepaid then 'none' when type = 'delivery' then 'delivery'
          when due_on is null or due_on <= ${day}::date + ${ORDER_HORIZON_DAYS}::int then 'order' else 'none' end as category
      from documents where open_amount > 0 and cancelled_on is null and closed_on is null and ${scope}
      union all
      select customer_id, segment_id, currency, unapplied_amount, null, 'unapplied'
      from payments where unapplied_amount > 0 and cancelled_on is null and not is_dishonoured and ${scope}
      union all
      select customer_id, segment_id, currency, amount, null, 'bill'
      from bills where honoured_on is null and dishonoured_on is null and ${scope}
    ),
    positions as materialized (
      select customer_id, segment_id, currency,
        coalesce(sum(amount) filter (where category = 'order'), 0) as orders,
        coalesce(sum(amount) filter (where category = 'delivery'), 0) as deliveries,
        coalesce(sum(amount) filter (where category = 'receivable'), 0) as receivables,
        coalesce(sum(amount) filter (where category = 'bill'), 0) as bills,
        coalesce(sum(amount) filter (where category = 'unapplied'), 0) as unapplied,
        coalesce(sum(amount) filter (where category = 'receivable' and due_on < ${day}::date), 0) as overdue,
        min(due_on) filter (where category = 'receivable' and due_on < ${day}::date) as oldest_due
      from items group by 1, 2, 3
    ),
    rates as (
      select r.from_currency as source, t.currency as target, r.rate
      from (select distinct a.currency from credit_accounts a where ${scopeOfAccounts}) t cross join lateral exchange_rates_into(t.currency, ${day}::date) r
    ),
    -- Few accounts owe in other currencies than their own, so only these are converted and summed.
    others as (
      select a.id as account_id, sum(p.orders * r.rate) as orders, sum(p.deliveries * r.rate) as deliveries, sum(p.receivables * r.rate) as receivables, sum(p.bills * r.rate) as bills,
        sum(p.unapplied * r.rate) as unapplied, sum(p.overdue * r.rate) as overdue, min(p.oldest_due) as oldest_due,
        jsonb_object_agg(p.currency, (p.orders + p.deliveries + p.receivables + p.bills - p.unapplied)::text) filter (where r.rate is null) as unconverted
      from positions p
      join credit_accounts a on a.customer_id = p.customer_id and a.segment_id = p.segment_id and a.currency <> p.currency
      left join rates r on r.source = p.currency and r.target = a.currency
      group by a.id
    ),
    secured as (
      select a.id as account_id, coalesce(sum(worth) filter (where effect = 'raises-limit'), 0) as raising, coalesce(sum(worth) filter (where effect = 'reduces-exposure'), 0) as reducing
      from credit_accounts a
      join (
        select i.customer_id, i.segment_id, i.effect, i.currency, least(round(i.value * i.percentage / 100, 2), i.cap) as value
        from instruments i
        where ${scope} and i.recorded_on <= ${day}::date and i.effective_from <= ${day}::date and (i.expires_on is null or i.expires_on >= ${day}::date) and (i.withdrawn_on is null or i.withdrawn_on > ${day}::date)
      ) i on i.customer_id = a.customer_id and i.segment_id = a.segment_id
      left join rates r on r.source = i.currency and r.target = a.currency and i.currency <> a.currency,
      lateral (select i.value * case when i.currency = a.currency then 1 else r.rate end as worth) w
      group by a.id
    ),
    temporary as (
      select distinct on (account_id) account_id, kind, amount, temporary_until from credit_limits
      where temporary_until >= ${day}::date and valid_from <= ${day}::date order by account_id, id desc
    ),
    sums as (
      select a.id as account_id, a.currency, coalesce(t.kind, a.limit_kind) as limit_kind, case when t.kind is null then a.limit_amount else t.amount end as limit_amount, t.temporary_until, o.unconverted, least(p.oldest_due, o.oldest_due) as oldest_due,
        coalesce(i.raising, 0) as raising, coalesce(i.reducing, 0) as reducing_at_most,
        coalesce(p.orders, 0) + coalesce(o.orders, 0) as orders, coalesce(p.deliveries, 0) + coalesce(o.deliveries, 0) as deliveries,
        coalesce(p.receivables, 0) + coalesce(o.receivables, 0) as receivables, coalesce(p.bills, 0) + coalesce(o.bills, 0) as bills,
        coalesce(p.unapplied, 0) + coalesce(o.unapplied, 0) as unapplied, coalesce(p.overdue, 0) + coalesce(o.overdue, 0) as overdue
      from credit_accounts a
      left join positions p on p.customer_id = a.customer_id and p.segment_id = a.segment_id and p.currency = a.currency
      left join others o on o.account_id = a.id
      left join secured i on i.account_id = a.id
      left join temporary t on t.account_id = a.id
      where ${scopeOfAccounts}
    ),
    totals as (select *, orders + deliveries + receivables + bills - unapplied as total from sums),
    exposures as (
      select t.*, c.reducing, t.limit_amount + t.raising - (t.total - c.reducing) as available,
        case when t.limit_amount + t.raising > 0 then (t.total - c.reducing) / (t.limit_amount + t.raising) * 100 end as utilisation
      from totals t, lateral (select greatest(least(t.reducing_at_most, t.total), 0) as reducing) c
    )`
}

interface ExposureRow {
  readonly account_id: string
  readonly currency: string
  readonly limit_kind: 'none' | 'amount' | 'unlimited'
  readonly limit_amount: string | null
  readonly temporary_until: string | null
  readonly orders: string
  readonly deliveries: string
  readonly receivables: string
  readonly bills: string
  readonly unapplied: string
  readonly overdue: string
  readonly raising: string
  readonly reducing: string
  readonly available: string | null
  readonly oldest_due: string | null
  readonly unconverted: Record<string, string> | null
  readonly total: string
  readonly utilisation: string | null
}

function toExposure(row: ExposureRow, day: string): Exposure {
  const { currency } = row
  const amount = (text: string): string => roundAmount(new Decimal(text), currency)
  return {
    currency,
    limitKind: row.limit_kind,
    limit: row.limit_amount === null ? null : amount(row.limit_amount),
    temporaryUntil: row.temporary_until,
    openOrders: amount(row.orders),
    deliveries: amount(row.deliveries),
    receivables: amount(row.receivables),
    bills: amount(row.bills),
    unappliedCash: amount(row.unapplied),
    total: amount(row.total),
    raisedBy: amount(row.raising),
    reducedBy: amount(row.reducing),
    available: row.available === null ? null : amount(row.available),
    utilisation: row.utilisation === null ? null : Math.round(Number(row.utilisation) * 100) / 100,
    overdue: amount(row.overdue),
    oldestOverdueDays: row.oldest_due === null ? null : Math.round((Date.parse(day) - Date.parse(row.oldest_due)) / 86_400_000),
    unconverted: Object.entries(row.unconverted ?? {}).map(([from, text]) => ({ amount: amountOf(text, from), currency: from })),
  }
}
