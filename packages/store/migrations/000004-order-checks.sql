-- Order checks: what was asked and answered, what a released order reserves until it arrives as a document, and what holds an order back.

create table order_reservations (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  account_id bigint not null references credit_accounts,
  -- the order's number in the books that it will arrive from
  order_number text not null,
  source text not null,
  currency char(3) not null,
  amount numeric(20, 4) not null check (amount > 0),
  status text not null default 'active' check (status in ('active', 'arrived', 'expired', 'cancelled', 'replaced')),
  expires_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null,
  check ((status = 'active') = (ended_at is null))
);
-- An order reserves once.
create unique index order_reservations_active on order_reservations (segment_id, source, order_number) where status = 'active';
create index order_reservations_account on order_reservations (account_id) where status = 'active';
create index order_reservations_due on order_reservations (expires_at) where status = 'active';
comment on table order_reservations is 'What released orders take off the limit until they arrive as documents, end, or run out.';

create table order_checks (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  account_id bigint not null references credit_accounts,
  -- chosen by who asks; the same key again is the same check
  key text not null,
  -- SHA-256 of what was asked
  request_hash bytea not null,
  source text not null,
  order_number text not null,
  checkpoint text not null check (checkpoint in ('entered', 'confirmed', 'picked', 'shipped')),
  currency char(3) not null,
  amount numeric(20, 4) not null check (amount > 0),
  action text not null check (action in ('release', 'warn', 'hold')),
  reservation_id bigint references order_reservations,
  policy_id text not null,
  policy_version int not null,
  -- what was answered
  response jsonb not null,
  checked_at timestamptz not null,
  unique (segment_id, source, key),
  foreign key (policy_id, policy_version) references policy_versions (policy_id, version)
);
create index order_checks_order on order_checks (segment_id, source, order_number, id desc);
comment on table order_checks is 'Every check that counted, append-only, with its answer.';

create table holds (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  account_id bigint not null references credit_accounts,
  customer_id bigint not null references customers,
  source text not null,
  order_number text not null,
  currency char(3) not null,
  amount numeric(20, 4) not null check (amount > 0),
  -- what was checked, to be checked again when something changes
  request jsonb not null,
  -- the case: facts, rules and figures at the time
  decision_id bigint not null references decisions,
  release_level int check (release_level between 1 and 9),
  status text not null default 'open' check (status in ('open', 'released', 'cancelled')),
  -- null also when it released itself, as the figures changed
  released_by bigint references users,
  released_by_person bigint references persons,
  release_reason text,
  released_at timestamptz,
  -- how many changes there were that may clear it, and how many of them were looked at
  changes bigint not null default 0,
  reviewed_changes bigint not null default 0,
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check ((status = 'open') = (released_at is null))
);
-- One open hold an order.
create unique index holds_open_order on holds (segment_id, source, order_number) where status = 'open';
create index holds_segment on holds (segment_id, status, id desc);
create index holds_account on holds (account_id) where status = 'open';
create index holds_review_due on holds (id) where status = 'open' and changes > reviewed_changes;
comment on table holds is 'Orders held back; each with the decision that is its case, made in the same transaction.';

create table hold_reasons (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  hold_id bigint not null references holds,
  code text not null,
  text jsonb not null,
  -- the rule of the policy that says so; null where a person does
  rule text,
  cleared_at timestamptz,
  -- null: cleared itself, as the figures changed
  cleared_by bigint references users,
  created_at timestamptz not null
);
create unique index hold_reasons_standing on hold_reasons (hold_id, code) where cleared_at is null;
comment on table hold_reasons is 'Why an order is held; cleared one by one.';

-- Nobody releases an order that they themselves asked for.
create function refuse_own_release() returns trigger language plpgsql as $$
begin
  if new.status = 'released' and new.released_by_person::text = new.request ->> 'askedByPerson' then
    raise exception 'person % asked for order % and can not release it', new.released_by_person, new.order_number
      using errcode = 'insufficient_privilege', constraint = 'maker_is_not_checker';
  end if;
  return new;
end $$;
create trigger holds_four_eyes before insert or update on holds for each row execute function refuse_own_release();

-- ── reservations are exposure ───────────────────────────────────────────────────────────────────

create or replace view exposure_sources with (security_invoker = true) as
select a.id as account_id, s.* from (
  select customer_id, segment_id, type as source_kind, id as source_id, number as source_number, currency,
    document_exposure(type, open_amount, is_prepaid, closed_on, cancelled_on) as amount from documents
  union all
  select customer_id, segment_id, 'payment', id, number, currency, payment_exposure(unapplied_amount, is_dishonoured, cancelled_on) from payments
  union all
  select customer_id, segment_id, 'bill', id, number, currency, bill_exposure(amount, honoured_on, dishonoured_on) from bills
  union all
  select o.customer_id, r.segment_id, 'reservation', r.id, r.order_number, r.currency, r.amount
  from order_reservations r join credit_accounts o on o.id = r.account_id where r.status = 'active'
) s join credit_accounts a on a.customer_id = s.customer_id and a.segment_id = s.segment_id
where s.amount <> 0;

create function post_reservation_exposure() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into exposure_entries (at, account_id, segment_id, category, currency, amount, source_kind, source_id, source_number)
    select exposure_clock(), account_id, segment_id, 'reservations', currency, amount, 'reservation', id, order_number from fresh where status = 'active';
  else
    insert into exposure_entries (at, account_id, segment_id, category, currency, amount, source_kind, source_id, source_number)
    select exposure_clock(), account_id, segment_id, 'reservations', currency, sum(amount), 'reservation', id, max(order_number) from (
      select account_id, segment_id, currency, amount, id, order_number from fresh where status = 'active'
      union all
      select account_id, segment_id, currency, -amount, id, order_number from stale where status = 'active'
    ) m group by account_id, segment_id, currency, id having sum(amount) <> 0;
  end if;
  return null;
end $$;
create trigger reservations_exposure_insert after insert on order_reservations referencing new table as fresh for each statement execute function post_reservation_exposure();
create trigger reservations_exposure_update after update on order_reservations referencing old table as stale new table as fresh for each statement execute function post_reservation_exposure();

-- An order that arrives as a document is exposure of its own: what it had reserved ends in the same transaction.
create function end_arrived_reservations() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- What changed otherwise, such as by a delivery, ends nothing.
  if tg_op = 'INSERT' then
    update order_reservations r set status = 'arrived', ended_at = exposure_clock()
    from fresh f where f.type = 'order' and r.status = 'active' and r.segment_id = f.segment_id and r.source = f.source and r.order_number = f.number;
  else
    update order_reservations r set status = 'arrived', ended_at = exposure_clock()
    from fresh f join stale s on s.id = f.id
    where f.type = 'order' and (f.amount <> s.amount or f.cancelled_on is not null or f.closed_on is not null)
      and r.status = 'active' and r.segment_id = f.segment_id and r.source = f.source and r.order_number = f.number;
  end if;
  return null;
end $$;
create trigger documents_end_reservations after insert on documents referencing new table as fresh for each statement execute function end_arrived_reservations();
create trigger documents_end_changed_reservations after update on documents referencing old table as stale new table as fresh for each statement execute function end_arrived_reservations();

-- ── what may clear a hold ───────────────────────────────────────────────────────────────────────
-- Marked in the transaction that changes it, so that no change is missed whatever is down at the time.

create function mark_holds_of_accounts(accounts bigint[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- Counted, not flagged: a change that commits while somebody looks is still one to look at.
  update holds set changes = changes + 1 where status = 'open' and account_id = any (accounts);
  if found then perform pg_notify('surety_holds', ''); end if;
end $$;
create function mark_holds_of_exposure() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform mark_holds_of_accounts(array(select account_id from posted where amount < 0 intersect select account_id from holds where status = 'open'));
  return null;
end $$;
create trigger exposure_entries_holds after insert on exposure_entries referencing new table as posted for each statement execute function mark_holds_of_exposure();
create function mark_holds_of_account() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform mark_holds_of_accounts(array[new.id]);
  return null;
end $$;
create trigger credit_accounts_holds after update on credit_accounts for each row
  when (row(old.limit_kind, old.limit_amount, old.limit_valid_to, old.status, old.payment_terms_days) is distinct from row(new.limit_kind, new.limit_amount, new.limit_valid_to, new.status, new.payment_terms_days))
  execute function mark_holds_of_account();
create function mark_holds_of_instrument() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform mark_holds_of_accounts(array(select id from credit_accounts where customer_id = new.customer_id and segment_id = new.segment_id));
  return null;
end $$;
create trigger instruments_holds after insert or update on instruments for each row execute function mark_holds_of_instrument();
create function mark_holds_of_policy() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from policies where id = new.policy_id and kind = 'order-check') then
    perform mark_holds_of_accounts(array(select account_id from holds where status = 'open'));
  end if;
  return null;
end $$;
create trigger policy_versions_holds after insert on policy_versions for each row execute function mark_holds_of_policy();

-- ── who sees it ─────────────────────────────────────────────────────────────────────────────────

do $$
declare name text;
begin
  foreach name in array array['order_reservations', 'order_checks', 'holds', 'hold_reasons'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy by_segment on %I using ((select visible_segments()) is null or segment_id = any ((select visible_segments())::int[]))', name);
  end loop;
end $$;
create trigger order_checks_append_only before update or delete or truncate on order_checks for each statement execute function refuse_change();
revoke update, delete on order_checks from surety_app;
revoke delete on order_reservations, holds, hold_reasons from surety_app;
revoke insert, update, delete on exposure_sources from surety_app;
revoke execute on function mark_holds_of_accounts(bigint[]) from public;
