import { connect } from '@surety/store'
import type { House } from './house.ts'

const ENTRIES_EACH = 10

/** Fills a segment up to so many customers `C1`, `C2`, …, each with a limit, three open invoices and ten entries in the ledger; by SQL, as the API would take days. */
export async function growTo({ ownerUrl }: House, segmentId: number, customers: number): Promise<{ entries: number }> {
  const sql = connect(ownerUrl, { max: 1 })
  try {
    await sql.begin(async tx => {
      // What triggers would post one by one is written as it would come out.
      await tx`select set_config('session_replication_role', 'replica', true), set_config('surety.segments', '*', true)`
      const [first] = await tx<{ number: number }[]>`select count(*)::int + 1 as number from customers where number like 'C%'`
      const range = tx`generate_series(${first!.number}::int, ${customers}::int) n`
      await tx`insert into customers (number, name, search_name, created_at, updated_at) select 'C' || n, 'Customer ' || n, 'customer ' || n, now(), now() from ${range}`
      await tx`
        insert into credit_accounts (customer_id, segment_id, currency, limit_kind, limit_amount, created_at, updated_at)
        select c.id, ${segmentId}, 'CNY', 'amount', 100000000000, now(), now() from customers c
        where c.number like 'C%' and not exists (select from credit_accounts a where a.customer_id = c.id)`
      await tx`create temporary table grown on commit drop as
        select a.id as account_id, a.customer_id from credit_accounts a where a.segment_id = ${segmentId} and not exists (select from credit_limits l where l.account_id = a.id)`
      await tx`insert into credit_limits (account_id, segment_id, kind, amount, currency, valid_from, reason, created_at) select account_id, ${segmentId}, 'amount', 100000000000, 'CNY', current_date - 30, 'bench', now() from grown`
      await tx`
        insert into documents (segment_id, customer_id, type, number, source, issued_on, due_on, currency, amount, open_amount, content_hash, created_at)
        select ${segmentId}, customer_id, 'invoice', 'I' || customer_id || '-' || i, 'erp', current_date - 20, current_date + 10, 'CNY', 100, 100, '\\x00', now() from grown, generate_series(1, 3) i`
      // Seven invoices that were paid, and three that are open.
      await tx`
        insert into exposure_entries (at, account_id, segment_id, category, currency, amount, source_kind, source_id, source_number)
        select now() - interval '20 days', g.account_id, ${segmentId}, 'receivables', 'CNY', 100, 'invoice', d.id, d.number from grown g join documents d on d.customer_id = g.customer_id`
      await tx`
        insert into exposure_entries (at, account_id, segment_id, category, currency, amount, source_kind, source_id, source_number)
        select now() - interval '40 days', account_id, ${segmentId}, 'receivables', 'CNY', case when i % 2 = 0 then 50 else -50 end, 'invoice', -account_id * 10 - i / 2, 'old' from grown, generate_series(0, ${ENTRIES_EACH - 5}) i`
      await tx`insert into exposure_entries (at, account_id, segment_id, category, currency, amount, source_kind, source_id, source_number)
        select now() - interval '50 days', account_id, ${segmentId}, 'unapplied_cash', 'CNY', -1, 'payment', -account_id, 'old' from grown`
      await tx`insert into exposure_balances (account_id, segment_id, category, currency, amount, updated_at)
        select account_id, ${segmentId}, category, currency, sum(amount), now() from exposure_entries where account_id in (select account_id from grown) group by 1, 3, 4`
    })
    await sql`analyze`
    const [count] = await sql<
      { entries: number }[]
    >`select (select reltuples::int from pg_class where oid = 'exposure_entries'::regclass) as entries`
    return { entries: count!.entries }
  } finally {
    await sql.end()
  }
}
