-- What machines bring and what they are told: records that arrive in any order, webhooks, reconciliation with the books of the source,
-- and exchange rates through a third currency.

-- ── links between documents, whichever side arrives first ───────────────────────────────────────
-- What a document says of others is kept as it was said; the id beside it is filled in once the other side is there.

alter table documents
  add column order_number text,
  add column delivery_number text,
  -- an order: what its source says is not delivered yet, where it says so
  add column told_open_amount numeric(20, 4) check (told_open_amount >= 0),
  -- an order that was closed and opened again: what had been checked before counts no more
  add column reopened_at timestamptz;
create index documents_wanting_order on documents (segment_id, source, order_number) where order_number is not null and order_id is null;
create index documents_wanting_delivery on documents (segment_id, source, delivery_number) where delivery_number is not null and delivery_id is null;

alter table bills
  -- neither changes exposure: who passes a bill on answers for it until it is honoured
  add column endorsed_on date,
  add column endorsed_to text,
  add column discounted_on date,
  add column discounted_with text;

-- What a payment or a credit note says that it settles. Applications follow from it: as much as the invoice has room for, earlier claims first,
-- and anew whenever the invoice, the payer or another claim changes. So it does not matter what arrives first.
create table application_claims (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  payment_id bigint references payments,
  credit_note_id bigint references documents,
  invoice_number text not null,
  -- null: the invoice is not there yet
  invoice_id bigint references documents,
  -- zero: no longer claimed; what had been applied is undone
  amount numeric(20, 4) not null check (amount >= 0),
  claimed_on date not null,
  check (num_nonnulls(payment_id, credit_note_id) = 1)
);
create unique index application_claims_payment on application_claims (payment_id, invoice_number) where payment_id is not null;
create unique index application_claims_credit_note on application_claims (credit_note_id, invoice_number) where credit_note_id is not null;
create index application_claims_invoice on application_claims (invoice_id) where invoice_id is not null;
create index application_claims_waiting on application_claims (segment_id, invoice_number) where invoice_id is null;

-- An application may be corrected more than once on one day, so the pair and the day alone don't tell two apart.
alter table payment_applications add column turn int not null default 0;
drop index payment_applications_once;
drop index applications_of_credit_note_once;
create unique index payment_applications_once on payment_applications (payment_id, document_id, applied_on, (amount > 0), turn) where payment_id is not null;
create unique index applications_of_credit_note_once on payment_applications (credit_note_id, document_id, applied_on, (amount > 0), turn) where credit_note_id is not null;

-- ── what was received ───────────────────────────────────────────────────────────────────────────

create table record_versions (
  segment_id int not null references segments,
  source text not null,
  kind text not null,
  number text not null,
  -- the source's own count of its versions: an older one that arrives late changes nothing
  sequence bigint not null,
  content_hash bytea not null,
  primary key (segment_id, source, kind, number)
);
comment on table record_versions is 'The newest version of each record that came with a sequence.';

create table record_keys (
  segment_id int not null references segments,
  source text not null,
  key text not null,
  kind text not null,
  number text not null,
  content_hash bytea not null,
  received_at timestamptz not null,
  primary key (segment_id, source, key)
);
comment on table record_keys is 'Keys of single lines: the same key again is the same line.';

-- Brought by machines, an instrument is known by its reference.
alter table instruments add column source text;
create unique index instruments_reference on instruments (segment_id, source, reference) where source is not null;

-- ── exchange rates ──────────────────────────────────────────────────────────────────────────────

create table exchange_rate_pairs (
  from_currency char(3) not null,
  to_currency char(3) not null,
  primary key (from_currency, to_currency)
);
comment on table exchange_rate_pairs is 'Which pairs there are rates of, so that the newest of each is found without reading them all.';
insert into exchange_rate_pairs select distinct from_currency, to_currency from exchange_rates;
create function note_exchange_rate_pairs() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into exchange_rate_pairs select distinct from_currency, to_currency from fresh on conflict do nothing;
  return null;
end $$;
create trigger exchange_rates_pairs after insert on exchange_rates referencing new table as fresh for each statement execute function note_exchange_rate_pairs();

-- The rate of each currency into another that is known best on a day: as stored or its inverse, whichever is newer, else through the euro,
-- else through any third currency that both have a rate with. Fractions until the end, so that there is one division.
create function exchange_rates_into(target text, day date)
returns table (from_currency text, rate numeric, valid_on date, source text)
language sql stable parallel safe set search_path = public, pg_temp
as $$
  with newest as materialized (
    select p.from_currency::text as f, p.to_currency::text as t, r.rate, r.valid_on, r.source
    from exchange_rate_pairs p
    cross join lateral (
      select rate, valid_on, source from exchange_rates x
      where x.from_currency = p.from_currency and x.to_currency = p.to_currency and x.valid_on <= day order by x.valid_on desc limit 1
    ) r
  ), either as (
    select f, t, rate as over, 1::numeric as under, valid_on, source, 1 as preference from newest
    union all
    select t, f, 1, rate, valid_on, source, 2 from newest
  ), known as (
    select f, over, under, valid_on, source, 1 as way, preference from either where t = target
    union all
    select l.f, l.over * r.over, l.under * r.under, least(l.valid_on, r.valid_on),
      l.source || case when r.source = l.source then '' else ', ' || r.source end || ' via ' || l.t, case l.t when 'EUR' then 2 else 3 end, l.preference + r.preference
    from either l join either r on r.f = l.t and r.t = target where l.f <> target and l.t <> target
  )
  select distinct on (f) f, over / under, valid_on, source from known order by f, way, valid_on desc, preference
$$;

-- ── reconciliation ──────────────────────────────────────────────────────────────────────────────

create table reconciliations (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  -- extract: the open items of a source against ours · ledger: entries, balances and documents against each other
  kind text not null check (kind in ('extract', 'ledger')),
  source text,
  as_of date not null,
  -- how many were held against each other, how many findings of each sort, totals by currency
  counts jsonb not null,
  totals jsonb not null,
  finding_count int not null,
  created_by bigint references users,
  created_at timestamptz not null
);
create index reconciliations_segment on reconciliations (segment_id, id desc);

create table reconciliation_findings (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  reconciliation_id bigint not null references reconciliations on delete cascade,
  kind text not null check (kind in ('missing-here', 'missing-there', 'amount-differs', 'entries-differ', 'balance-differs')),
  customer_number text not null,
  customer_name text,
  document_type text,
  document_number text,
  category text,
  currency char(3) not null,
  ours numeric(24, 4),
  theirs numeric(24, 4)
);
create index reconciliation_findings_report on reconciliation_findings (reconciliation_id, id);

-- ── webhooks ────────────────────────────────────────────────────────────────────────────────────

create table webhooks (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  name text not null check (length(trim(name)) between 1 and 200),
  url text not null check (length(url) <= 2000),
  events text[] not null check (cardinality(events) > 0),
  -- AES-256-GCM: nonce, ciphertext, tag; the key is not in the database
  secret bytea not null,
  -- signs beside the new one until then, so that the receiver can change in its own time
  former_secret bytea,
  former_until timestamptz,
  status text not null default 'active' check (status in ('active', 'disabled')),
  disabled_reason text,
  -- in a row; any success sets it back
  failures int not null default 0,
  created_by bigint references users,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version int not null default 1
);
create index webhooks_segment on webhooks (segment_id) where status = 'active';

create table webhook_deliveries (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  webhook_id bigint not null references webhooks on delete cascade,
  -- the same for every attempt: receivers tell a repetition by it
  message_id text not null,
  event text not null,
  payload jsonb not null,
  status text not null default 'waiting' check (status in ('waiting', 'delivered', 'failed')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null,
  delivered_at timestamptz,
  response_status int,
  last_error text,
  duration_ms int,
  created_at timestamptz not null
);
create index webhook_deliveries_due on webhook_deliveries (next_attempt_at) where status = 'waiting';
create index webhook_deliveries_webhook on webhook_deliveries (webhook_id, id desc);

-- Queued by triggers, in the transaction that makes it so: whoever places a hold or changes a limit can't forget to tell.
create function queue_webhook_event(segment int, event_type text, data jsonb) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  message text;
begin
  if not exists (select from webhooks where segment_id = segment and status = 'active' and event_type = any (events)) then return; end if;
  message := 'msg_' || replace(gen_random_uuid()::text, '-', '');
  insert into webhook_deliveries (segment_id, webhook_id, message_id, event, payload, next_attempt_at, created_at)
  select segment, w.id, message, event_type, jsonb_build_object('type', event_type, 'timestamp', to_char(exposure_clock() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', data),
    exposure_clock(), exposure_clock()
  from webhooks w where w.segment_id = segment and w.status = 'active' and event_type = any (w.events) order by w.id;
  perform pg_notify('surety_webhooks', '');
end $$;
revoke execute on function queue_webhook_event(int, text, jsonb) from public;

create function tell_hold() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.status = old.status then return null; end if;
  perform queue_webhook_event(new.segment_id, case new.status when 'open' then 'hold.placed' when 'released' then 'hold.released' else 'hold.cancelled' end,
    jsonb_build_object('holdId', new.id::text, 'orderNumber', new.order_number, 'source', new.source, 'customerNumber', (select number from customers where id = new.customer_id),
      'amount', trim_scale(new.amount)::text, 'currency', new.currency, 'releaseLevel', new.release_level, 'releasedItself', new.status = 'released' and new.released_by is null));
  return null;
end $$;
create trigger holds_tell after insert or update of status on holds for each row execute function tell_hold();

create function tell_limit() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform queue_webhook_event(new.segment_id, 'limit.changed', jsonb_build_object('limitId', new.id::text, 'accountId', new.account_id::text,
    'customerNumber', (select c.number from credit_accounts a join customers c on c.id = a.customer_id where a.id = new.account_id),
    'kind', new.kind, 'amount', trim_scale(new.amount)::text, 'currency', new.currency, 'paymentTermsDays', new.payment_terms_days, 'validFrom', new.valid_from, 'validTo', new.valid_to));
  return null;
end $$;
create trigger credit_limits_tell after insert on credit_limits for each row execute function tell_limit();

create function tell_decision() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform queue_webhook_event(new.segment_id, 'decision.made', jsonb_build_object('decisionId', new.id::text, 'kind', new.kind, 'outcome', new.outcome, 'subject', new.subject,
    'customerNumber', (select number from customers where id = new.customer_id), 'policy', new.policy_id, 'policyVersion', new.policy_version));
  return null;
end $$;
create trigger decisions_tell after insert on decisions for each row execute function tell_decision();

create function tell_refused_check() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform queue_webhook_event(new.segment_id, 'check.refused', jsonb_build_object('checkId', new.id::text, 'orderNumber', new.order_number, 'source', new.source,
    'customerNumber', (select c.number from credit_accounts a join customers c on c.id = a.customer_id where a.id = new.account_id),
    'amount', trim_scale(new.amount)::text, 'currency', new.currency, 'checkpoint', new.checkpoint, 'rules', new.response -> 'rules'));
  return null;
end $$;
create trigger order_checks_tell after insert on order_checks for each row when (new.action = 'hold') execute function tell_refused_check();

create function tell_account_status() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform queue_webhook_event(new.segment_id, 'account.statusChanged', jsonb_build_object('accountId', new.account_id::text, 'status', new.status, 'since', new.since,
    'customerNumber', (select c.number from credit_accounts a join customers c on c.id = a.customer_id where a.id = new.account_id)));
  return null;
end $$;
create trigger account_statuses_tell after insert on account_statuses for each row execute function tell_account_status();

create function tell_reconciliation() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform queue_webhook_event(new.segment_id, 'reconciliation.finished', jsonb_build_object('reconciliationId', new.id::text, 'kind', new.kind, 'source', new.source, 'asOf', new.as_of, 'findings', new.finding_count));
  return null;
end $$;
create trigger reconciliations_tell after insert on reconciliations for each row execute function tell_reconciliation();

-- ── who sees it ─────────────────────────────────────────────────────────────────────────────────

do $$
declare name text;
begin
  foreach name in array array['application_claims', 'record_versions', 'record_keys', 'reconciliations', 'reconciliation_findings', 'webhooks', 'webhook_deliveries'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy by_segment on %I using ((select visible_segments()) is null or segment_id = any ((select visible_segments())::int[]))', name);
  end loop;
end $$;
revoke update, delete on reconciliations, reconciliation_findings from surety_app;
revoke delete on webhook_deliveries from surety_app;
