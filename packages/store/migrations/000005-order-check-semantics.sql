-- Credit groups, temporary limits, forced holds, exclusions from checks; and what makes a check cheap.

-- ── credit groups ───────────────────────────────────────────────────────────────────────────────

create table credit_groups (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  -- as customers carry it: customers.group_code
  code text not null,
  currency char(3) not null,
  limit_kind text not null check (limit_kind in ('none', 'amount', 'unlimited')),
  limit_amount numeric(20, 4) check (limit_amount >= 0),
  valid_from date not null,
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (segment_id, code),
  check ((limit_kind = 'amount') = (limit_amount is not null))
);
create index customers_group on customers (group_code) where group_code is not null;
comment on table credit_groups is 'Groups of customers with a limit of their own in a segment; the row is the lock on which order checks of its members take turns.';

-- ── temporary limits ────────────────────────────────────────────────────────────────────────────

alter table credit_limits add column temporary_until date check (temporary_until >= valid_from);
comment on column credit_limits.temporary_until is 'The last day of a temporary limit; after it the newest other one counts again, by the calendar alone.';
create index credit_limits_temporary on credit_limits (account_id) where temporary_until is not null;

create table limit_events (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  account_id bigint not null references credit_accounts,
  limit_id bigint not null references credit_limits,
  kind text not null check (kind in ('temporary-began', 'temporary-ended')),
  at timestamptz not null,
  unique (limit_id, kind)
);
comment on table limit_events is 'What the calendar alone did to limits, written when it was noticed.';

-- ── forced holds ────────────────────────────────────────────────────────────────────────────────

alter table holds add column is_forced boolean not null default false;
comment on column holds.is_forced is 'Placed by a person: it never releases itself.';

-- ── exclusions ──────────────────────────────────────────────────────────────────────────────────

create table check_exclusions (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  scope text not null check (scope in ('customer', 'group', 'all')),
  customer_id bigint references customers,
  group_code text,
  -- which kind of check, in credit's words
  kind text not null,
  -- excluded while the measured value is at most this; null: whatever the value
  up_to numeric(20, 4),
  valid_from date not null,
  -- the last day: every exclusion ends
  expires_on date not null check (expires_on >= valid_from),
  reason text not null check (length(trim(reason)) > 0),
  made_by bigint references users,
  ended_at timestamptz,
  created_at timestamptz not null,
  check ((scope = 'customer') = (customer_id is not null)),
  check ((scope = 'group') = (group_code is not null))
);
create index check_exclusions_live on check_exclusions (segment_id, expires_on) where ended_at is null;
comment on table check_exclusions is 'Checks that do not count for a customer, a group or all for a while; the more specific one wins.';

-- ── what makes a check cheap ────────────────────────────────────────────────────────────────────

-- Every check of a segment would share a lock on the same two rows; an account belongs to its segment, and what is checked by a version was read from it.
alter table order_checks drop constraint order_checks_segment_id_fkey, drop constraint order_checks_policy_id_policy_version_fkey;
alter table order_reservations drop constraint order_reservations_segment_id_fkey;
-- What has run out is found without reading what has not.
drop index order_reservations_account;
create index order_reservations_account on order_reservations (account_id, expires_at) where status = 'active';

create or replace function mark_holds_of_accounts(accounts bigint[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if cardinality(accounts) = 0 then return; end if;
  -- Counted, not flagged: a change that commits while somebody looks is still one to look at. In one order by all, so that two that meet wait and don't deadlock.
  update holds set changes = changes + 1
  where id in (select id from holds where status = 'open' and account_id = any (accounts) order by id for no key update);
  if found then perform pg_notify('surety_holds', ''); end if;
end $$;

create or replace function mark_holds_of_exposure() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from posted where amount < 0) then return null; end if;
  perform mark_holds_of_accounts(array(
    select h.account_id from posted p join holds h on h.account_id = p.account_id and h.status = 'open' where p.amount < 0
    union
    -- What one member pays frees orders of the others.
    select h.account_id from posted p
    join credit_accounts a on a.id = p.account_id join customers c on c.id = a.customer_id
    join credit_groups g on g.segment_id = a.segment_id and g.code = c.group_code
    join customers o on o.group_code = g.code join credit_accounts m on m.customer_id = o.id and m.segment_id = g.segment_id
    join holds h on h.account_id = m.id and h.status = 'open' where p.amount < 0
  ));
  return null;
end $$;

create function mark_holds_of_limit() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform mark_holds_of_accounts(array[new.account_id]);
  return null;
end $$;
create trigger credit_limits_holds after insert on credit_limits for each row when (new.temporary_until is not null) execute function mark_holds_of_limit();
create trigger limit_events_holds after insert on limit_events for each row execute function mark_holds_of_limit();

create function mark_holds_of_group() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform mark_holds_of_accounts(array(
    select a.id from customers c join credit_accounts a on a.customer_id = c.id and a.segment_id = new.segment_id where c.group_code = new.code));
  return null;
end $$;
create trigger credit_groups_holds after insert or update on credit_groups for each row execute function mark_holds_of_group();

create function mark_holds_of_exclusion() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform mark_holds_of_accounts(array(
    select h.account_id from holds h join customers c on c.id = h.customer_id
    where h.status = 'open' and h.segment_id = new.segment_id
      and case new.scope when 'customer' then h.customer_id = new.customer_id when 'group' then c.group_code = new.group_code else true end));
  return null;
end $$;
create trigger check_exclusions_holds after insert or update on check_exclusions for each row execute function mark_holds_of_exclusion();

-- A dispute is not in the ledger, and may clear a hold all the same.
create function mark_holds_of_dispute() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform mark_holds_of_accounts(array(
    select a.id from documents d join credit_accounts a on a.customer_id = d.customer_id and a.segment_id = d.segment_id where d.id = new.document_id));
  return null;
end $$;
create trigger disputes_holds after insert or update on disputes for each row execute function mark_holds_of_dispute();

-- ── who sees it ─────────────────────────────────────────────────────────────────────────────────

do $$
declare name text;
begin
  foreach name in array array['credit_groups', 'limit_events', 'check_exclusions'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy by_segment on %I using ((select visible_segments()) is null or segment_id = any ((select visible_segments())::int[]))', name);
  end loop;
end $$;
revoke delete on credit_groups, check_exclusions from surety_app;
revoke update, delete on limit_events from surety_app;
