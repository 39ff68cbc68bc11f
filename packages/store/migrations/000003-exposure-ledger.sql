-- The exposure ledger. Documents, payments and bills say what is owed; whatever changes one of them posts the difference here, in the
-- same statement, whoever changes it: an import, the API, a correction by hand. So no code path can forget a move, and a document that
-- arrives twice, which changes nothing, posts nothing.

create table exposure_entries (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  account_id bigint not null,
  segment_id int not null,
  category text not null check (category in ('open_orders', 'deliveries', 'receivables', 'bills', 'unapplied_cash', 'reservations')),
  currency char(3) not null,
  -- forward and reverse moves; unapplied cash is negative while it is there
  amount numeric(20, 4) not null check (amount <> 0),
  source_kind text not null check (source_kind in ('order', 'delivery', 'invoice', 'credit_note', 'payment', 'bill', 'reservation')),
  source_id bigint not null,
  source_number text not null
);
create index exposure_entries_account on exposure_entries (account_id, id desc);
comment on table exposure_entries is 'Append-only: every move of exposure, in the currency of what caused it. Written by triggers alone.';

create table exposure_balances (
  account_id bigint not null,
  segment_id int not null,
  category text not null,
  currency char(3) not null,
  amount numeric(20, 4) not null,
  -- moves once for each statement that touched it
  version bigint not null default 1,
  updated_at timestamptz not null,
  primary key (account_id, category, currency)
);
comment on table exposure_balances is 'The sum of exposure_entries, changed in the statement that writes them; the row is the lock on which writers take turns.';

-- ── what a source contributes ───────────────────────────────────────────────────────────────────
-- The far horizon is not applied here: an order far away is in the ledger, and those who read leave it out, so that no nightly run can fail to bring it in.

create function exposure_category(kind text) returns text language sql immutable parallel safe as $$
  select case kind when 'order' then 'open_orders' when 'delivery' then 'deliveries' when 'invoice' then 'receivables'
    when 'bill' then 'bills' when 'reservation' then 'reservations' else 'unapplied_cash' end
$$;
create function document_exposure(type text, open_amount numeric, is_prepaid boolean, closed_on date, cancelled_on date) returns numeric language sql immutable parallel safe as $$
  select case when closed_on is not null or cancelled_on is not null or (is_prepaid and type in ('order', 'delivery')) then 0
    when type = 'credit_note' then -open_amount else open_amount end
$$;
create function payment_exposure(unapplied_amount numeric, is_dishonoured boolean, cancelled_on date) returns numeric language sql immutable parallel safe as $$
  select case when is_dishonoured or cancelled_on is not null then 0 else -unapplied_amount end
$$;
create function bill_exposure(amount numeric, honoured_on date, dishonoured_on date) returns numeric language sql immutable parallel safe as $$
  select case when honoured_on is null and dishonoured_on is null then amount else 0 end
$$;

create view exposure_sources with (security_invoker = true) as
select a.id as account_id, s.* from (
  select customer_id, segment_id, type as source_kind, id as source_id, number as source_number, currency,
    document_exposure(type, open_amount, is_prepaid, closed_on, cancelled_on) as amount from documents
  union all
  select customer_id, segment_id, 'payment', id, number, currency, payment_exposure(unapplied_amount, is_dishonoured, cancelled_on) from payments
  union all
  select customer_id, segment_id, 'bill', id, number, currency, bill_exposure(amount, honoured_on, dishonoured_on) from bills
) s join credit_accounts a on a.customer_id = s.customer_id and a.segment_id = s.segment_id
where s.amount <> 0;
comment on view exposure_sources is 'What every document, payment and bill contributes now: what the ledger is recomputed from.';

-- ── posting ─────────────────────────────────────────────────────────────────────────────────────

create function exposure_clock() returns timestamptz language sql stable as $$
  select coalesce(nullif(current_setting('surety.now', true), '')::timestamptz, now())
$$;
comment on function exposure_clock() is 'The moment that the transaction works at, as its maker said.';

create function add_to_exposure_balances() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- In one order by all, so that two that meet wait and don't deadlock.
  insert into exposure_balances as b (account_id, segment_id, category, currency, amount, updated_at)
  select account_id, segment_id, category, currency, sum(amount), exposure_clock() from posted group by 1, 2, 3, 4 order by 1, 3, 4
  on conflict (account_id, category, currency) do update set amount = b.amount + excluded.amount, version = b.version + 1, updated_at = excluded.updated_at;
  return null;
end $$;
create trigger exposure_entries_balance after insert on exposure_entries referencing new table as posted
  for each statement execute function add_to_exposure_balances();

create function post_document_exposure() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into exposure_entries (at, account_id, segment_id, category, currency, amount, source_kind, source_id, source_number)
    select exposure_clock(), a.id, f.segment_id, exposure_category(f.type), f.currency, m.amount, f.type, f.id, f.number
    from fresh f join credit_accounts a on a.customer_id = f.customer_id and a.segment_id = f.segment_id,
      lateral (select document_exposure(f.type, f.open_amount, f.is_prepaid, f.closed_on, f.cancelled_on) as amount) m
    where m.amount <> 0;
  else
    insert into exposure_entries (at, account_id, segment_id, category, currency, amount, source_kind, source_id, source_number)
    select exposure_clock(), a.id, m.segment_id, exposure_category(m.type), m.currency, sum(m.amount), m.type, m.id, max(m.number)
    from (
      select id, customer_id, segment_id, type, number, currency, document_exposure(type, open_amount, is_prepaid, closed_on, cancelled_on) as amount from fresh
      union all
      select id, customer_id, segment_id, type, number, currency, -document_exposure(type, open_amount, is_prepaid, closed_on, cancelled_on) from stale
    ) m join credit_accounts a on a.customer_id = m.customer_id and a.segment_id = m.segment_id
    group by a.id, m.segment_id, m.type, m.currency, m.id having sum(m.amount) <> 0;
  end if;
  return null;
end $$;
create trigger documents_exposure_insert after insert on documents referencing new table as fresh for each statement execute function post_document_exposure();
create trigger documents_exposure_update after update on documents referencing old table as stale new table as fresh for each statement execute function post_document_exposure();

create function post_payment_exposure() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into exposure_entries (at, account_id, segment_id, category, currency, amount, source_kind, source_id, source_number)
    select exposure_clock(), a.id, f.segment_id, 'unapplied_cash', f.currency, m.amount, 'payment', f.id, f.number
    from fresh f join credit_accounts a on a.customer_id = f.customer_id and a.segment_id = f.segment_id,
      lateral (select payment_exposure(f.unapplied_amount, f.is_dishonoured, f.cancelled_on) as amount) m
    where m.amount <> 0;
  else
    insert into exposure_entries (at, account_id, segment_id, category, currency, amount, source_kind, source_id, source_number)
    select exposure_clock(), a.id, m.segment_id, 'unapplied_cash', m.currency, sum(m.amount), 'payment', m.id, max(m.number)
    from (
      select id, customer_id, segment_id, number, currency, payment_exposure(unapplied_amount, is_dishonoured, cancelled_on) as amount from fresh
      union all
      select id, customer_id, segment_id, number, currency, -payment_exposure(unapplied_amount, is_dishonoured, cancelled_on) from stale
    ) m join credit_accounts a on a.customer_id = m.customer_id and a.segment_id = m.segment_id
    group by a.id, m.segment_id, m.currency, m.id having sum(m.amount) <> 0;
  end if;
  return null;
end $$;
create trigger payments_exposure_insert after insert on payments referencing new table as fresh for each statement execute function post_payment_exposure();
create trigger payments_exposure_update after update on payments referencing old table as stale new table as fresh for each statement execute function post_payment_exposure();

create function post_bill_exposure() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into exposure_entries (at, account_id, segment_id, category, currency, amount, source_kind, source_id, source_number)
    select exposure_clock(), a.id, f.segment_id, 'bills', f.currency, m.amount, 'bill', f.id, f.number
    from fresh f join credit_accounts a on a.customer_id = f.customer_id and a.segment_id = f.segment_id,
      lateral (select bill_exposure(f.amount, f.honoured_on, f.dishonoured_on) as amount) m
    where m.amount <> 0;
  else
    insert into exposure_entries (at, account_id, segment_id, category, currency, amount, source_kind, source_id, source_number)
    select exposure_clock(), a.id, m.segment_id, 'bills', m.currency, sum(m.amount), 'bill', m.id, max(m.number)
    from (
      select id, customer_id, segment_id, number, currency, bill_exposure(amount, honoured_on, dishonoured_on) as amount from fresh
      union all
      select id, customer_id, segment_id, number, currency, -bill_exposure(amount, honoured_on, dishonoured_on) from stale
    ) m join credit_accounts a on a.customer_id = m.customer_id and a.segment_id = m.segment_id
    group by a.id, m.segment_id, m.currency, m.id having sum(m.amount) <> 0;
  end if;
  return null;
end $$;
create trigger bills_exposure_insert after insert on bills referencing new table as fresh for each statement execute function post_bill_exposure();
create trigger bills_exposure_update after update on bills referencing old table as stale new table as fresh for each statement execute function post_bill_exposure();

-- ── who sees it ─────────────────────────────────────────────────────────────────────────────────

alter table exposure_entries enable row level security;
alter table exposure_entries force row level security;
create policy by_segment on exposure_entries using ((select visible_segments()) is null or segment_id = any ((select visible_segments())::int[]));
alter table exposure_balances enable row level security;
alter table exposure_balances force row level security;
create policy by_segment on exposure_balances using ((select visible_segments()) is null or segment_id = any ((select visible_segments())::int[]));

create trigger exposure_entries_append_only before update or delete or truncate on exposure_entries for each statement execute function refuse_change();
-- The application reads; only the triggers, which run as the owner, write.
revoke insert, update, delete on exposure_entries, exposure_balances, exposure_sources from surety_app;

-- ── what is there already ───────────────────────────────────────────────────────────────────────

select set_config('surety.segments', '*', true);
insert into exposure_entries (at, account_id, segment_id, category, currency, amount, source_kind, source_id, source_number)
select now(), account_id, segment_id, exposure_category(source_kind), currency, amount, source_kind, source_id, source_number from exposure_sources;
