-- What the migrations made; read it, never run it. Written by the test that checks it.

CREATE OR REPLACE FUNCTION public.add_to_exposure_balances()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  -- In one order by all, so that two that meet wait and don't deadlock.
  insert into exposure_balances as b (account_id, segment_id, category, currency, amount, updated_at)
  select account_id, segment_id, category, currency, sum(amount), exposure_clock() from posted group by 1, 2, 3, 4 order by 1, 3, 4
  on conflict (account_id, category, currency) do update set amount = b.amount + excluded.amount, version = b.version + 1, updated_at = excluded.updated_at;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.bill_exposure(amount numeric, honoured_on date, dishonoured_on date)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case when honoured_on is null and dishonoured_on is null then amount else 0 end
$function$;

CREATE OR REPLACE FUNCTION public.customer_id_of(wanted_number text)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET "surety.segments" TO '*'
AS $function$ select id from customers where number = wanted_number $function$;

CREATE OR REPLACE FUNCTION public.document_exposure(type text, open_amount numeric, is_prepaid boolean, closed_on date, cancelled_on date)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case when closed_on is not null or cancelled_on is not null or (is_prepaid and type in ('order', 'delivery')) then 0
    when type = 'credit_note' then -open_amount else open_amount end
$function$;

CREATE OR REPLACE FUNCTION public.end_arrived_reservations()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.exposure_category(kind text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case kind when 'order' then 'open_orders' when 'delivery' then 'deliveries' when 'invoice' then 'receivables'
    when 'bill' then 'bills' when 'reservation' then 'reservations' else 'unapplied_cash' end
$function$;

CREATE OR REPLACE FUNCTION public.exposure_clock()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(nullif(current_setting('surety.now', true), '')::timestamptz, now())
$function$;
comment on function exposure_clock() is 'The moment that the transaction works at, as its maker said.';

CREATE OR REPLACE FUNCTION public.mark_holds_of_account()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform mark_holds_of_accounts(array[new.id]);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.mark_holds_of_accounts(accounts bigint[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  -- Counted, not flagged: a change that commits while somebody looks is still one to look at.
  update holds set changes = changes + 1 where status = 'open' and account_id = any (accounts);
  if found then perform pg_notify('surety_holds', ''); end if;
end $function$;

CREATE OR REPLACE FUNCTION public.mark_holds_of_exposure()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform mark_holds_of_accounts(array(select account_id from posted where amount < 0 intersect select account_id from holds where status = 'open'));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.mark_holds_of_instrument()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform mark_holds_of_accounts(array(select id from credit_accounts where customer_id = new.customer_id and segment_id = new.segment_id));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.mark_holds_of_policy()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if exists (select from policies where id = new.policy_id and kind = 'order-check') then
    perform mark_holds_of_accounts(array(select account_id from holds where status = 'open'));
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.next_customer_id()
 RETURNS bigint
 LANGUAGE sql
AS $function$ select nextval(pg_get_serial_sequence('customers', 'id')) $function$;

CREATE OR REPLACE FUNCTION public.payment_exposure(unapplied_amount numeric, is_dishonoured boolean, cancelled_on date)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case when is_dishonoured or cancelled_on is not null then 0 else -unapplied_amount end
$function$;

CREATE OR REPLACE FUNCTION public.post_bill_exposure()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.post_document_exposure()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.post_payment_exposure()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.post_reservation_exposure()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.queue_audit_entry()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into audit_unsealed (entry_id) values (new.id);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_own_release()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.status = 'released' and new.released_by_person::text = new.request ->> 'askedByPerson' then
    raise exception 'person % asked for order % and can not release it', new.released_by_person, new.order_number
      using errcode = 'insufficient_privilege', constraint = 'maker_is_not_checker';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_own_vote()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (
    select from credit_applications a join users u on u.id = a.requested_by
    where a.id = new.application_id and u.person_id = new.person_id
  ) then
    raise exception 'person % asked for application % and can not decide on it', new.person_id, new.application_id
      using errcode = 'insufficient_privilege', constraint = 'maker_is_not_checker';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.visible_segments()
 RETURNS integer[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select case coalesce(current_setting('surety.segments', true), '')
    when '' then '{}'::int[]
    when '*' then null
    else string_to_array(current_setting('surety.segments', true), ',')::int[]
  end
$function$;
comment on function visible_segments() is 'Segments that the current transaction may see; null means all, empty means none.';

create table account_statuses (
  id bigint generated always as identity not null,
  account_id bigint not null,
  segment_id integer not null,
  status text not null,
  since date not null,
  constraint account_statuses_pkey PRIMARY KEY (id),
  constraint account_statuses_status_check CHECK ((status = ANY (ARRAY['active'::text, 'watch'::text, 'held'::text, 'closed'::text]))),
  constraint account_statuses_account_id_fkey FOREIGN KEY (account_id) REFERENCES credit_accounts(id),
  constraint account_statuses_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE INDEX account_statuses_account ON public.account_statuses USING btree (account_id, id DESC);
alter table account_statuses enable row level security;
alter table account_statuses force row level security;
create policy by_segment on account_statuses for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select on account_statuses to surety_app;

create table api_keys (
  id bigint generated always as identity not null,
  name text not null,
  token_hash bytea not null,
  segment_id integer not null,
  scopes text[] not null,
  created_by bigint,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_token_hash_key UNIQUE (token_hash),
  constraint api_keys_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint api_keys_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id),
  constraint api_keys_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
alter table api_keys enable row level security;
alter table api_keys force row level security;
create policy by_segment on api_keys for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on api_keys to surety_app;

create table audit_chain (
  sequence bigint not null,
  entry_id bigint not null,
  hash bytea not null,
  constraint audit_chain_pkey PRIMARY KEY (sequence),
  constraint audit_chain_entry_id_key UNIQUE (entry_id),
  constraint audit_chain_hash_check CHECK ((length(hash) = 32)),
  constraint audit_chain_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES audit_entries(id)
);
comment on table audit_chain is 'hash = sha256(previous hash ‖ canonical entry); written by one sealer at a time, in batches, so that business transactions need not queue for it.';
CREATE TRIGGER audit_chain_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_chain FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant insert, select on audit_chain to surety_app;

create table audit_entries (
  id bigint generated always as identity not null,
  at timestamp with time zone not null,
  actor_kind text not null,
  user_id bigint,
  person_id bigint,
  action text not null,
  entity text not null,
  entity_id text not null,
  segment_id integer,
  reason text,
  before jsonb,
  after jsonb,
  key text,
  constraint audit_entries_pkey PRIMARY KEY (id),
  constraint audit_entries_key_key UNIQUE (key),
  constraint audit_entries_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'system'::text, 'api'::text]))),
  constraint audit_entries_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id),
  constraint audit_entries_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id),
  constraint audit_entries_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX audit_entries_at ON public.audit_entries USING btree (at DESC);
CREATE INDEX audit_entries_entity ON public.audit_entries USING btree (entity, entity_id, id DESC);
CREATE INDEX audit_entries_user ON public.audit_entries USING btree (user_id, id DESC);
CREATE TRIGGER audit_entries_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entries_queue AFTER INSERT ON public.audit_entries FOR EACH ROW EXECUTE FUNCTION queue_audit_entry();
alter table audit_entries enable row level security;
alter table audit_entries force row level security;
create policy audit_read on audit_entries for select using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
create policy audit_write on audit_entries for insert with check (true);
grant insert, select on audit_entries to surety_app;

create table audit_unsealed (
  entry_id bigint not null,
  constraint audit_unsealed_pkey PRIMARY KEY (entry_id),
  constraint audit_unsealed_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES audit_entries(id)
);
grant delete, insert, select, update on audit_unsealed to surety_app;

create table bills (
  id bigint generated always as identity not null,
  segment_id integer not null,
  customer_id bigint not null,
  number text not null,
  source text not null,
  kind text not null,
  received_on date not null,
  matures_on date not null,
  currency character(3) not null,
  amount numeric(20,4) not null,
  honoured_on date,
  dishonoured_on date,
  constraint bills_pkey PRIMARY KEY (id),
  constraint bills_segment_id_source_number_key UNIQUE (segment_id, source, number),
  constraint bills_amount_check CHECK ((amount > (0)::numeric)),
  constraint bills_check CHECK ((num_nonnulls(honoured_on, dishonoured_on) <= 1)),
  constraint bills_kind_check CHECK ((kind = ANY (ARRAY['bank'::text, 'commercial'::text]))),
  constraint bills_customer_id_segment_id_fkey FOREIGN KEY (customer_id, segment_id) REFERENCES credit_accounts(customer_id, segment_id)
);
CREATE INDEX bills_open ON public.bills USING btree (customer_id, segment_id) INCLUDE (currency, amount) WHERE ((honoured_on IS NULL) AND (dishonoured_on IS NULL));
CREATE TRIGGER bills_exposure_insert AFTER INSERT ON public.bills REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION post_bill_exposure();
CREATE TRIGGER bills_exposure_update AFTER UPDATE ON public.bills REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION post_bill_exposure();
alter table bills enable row level security;
alter table bills force row level security;
create policy by_segment on bills for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on bills to surety_app;

create table blob_chunks (
  sha256 bytea not null,
  number integer not null,
  content bytea not null,
  constraint blob_chunks_pkey PRIMARY KEY (sha256, number),
  constraint blob_chunks_sha256_fkey FOREIGN KEY (sha256) REFERENCES blobs(sha256) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
alter table blob_chunks enable row level security;
alter table blob_chunks force row level security;
create policy by_import on blob_chunks for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (EXISTS ( SELECT
   FROM imports i
  WHERE (i.blob_sha256 = blob_chunks.sha256))))) with check (true);
grant delete, insert, select, update on blob_chunks to surety_app;

create table blobs (
  sha256 bytea not null,
  size bigint not null,
  chunks integer not null,
  created_at timestamp with time zone not null,
  constraint blobs_pkey PRIMARY KEY (sha256),
  constraint blobs_sha256_check CHECK ((length(sha256) = 32))
);
alter table blobs enable row level security;
alter table blobs force row level security;
create policy by_import on blobs for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (EXISTS ( SELECT
   FROM imports i
  WHERE (i.blob_sha256 = blobs.sha256))))) with check (true);
grant delete, insert, select, update on blobs to surety_app;

create table credit_accounts (
  id bigint generated always as identity not null,
  customer_id bigint not null,
  segment_id integer not null,
  currency character(3) not null,
  limit_kind text default 'none'::text not null,
  limit_amount numeric(20,4),
  limit_valid_to date,
  payment_terms_days integer,
  grade text,
  score integer,
  graded_at timestamp with time zone,
  grade_valid_to date,
  next_review_on date,
  status text default 'active'::text not null,
  version integer default 1 not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint credit_accounts_pkey PRIMARY KEY (id),
  constraint credit_accounts_customer_id_segment_id_key UNIQUE (customer_id, segment_id),
  constraint credit_accounts_check CHECK (((limit_kind = 'amount'::text) = (limit_amount IS NOT NULL))),
  constraint credit_accounts_limit_amount_check CHECK ((limit_amount >= (0)::numeric)),
  constraint credit_accounts_limit_kind_check CHECK ((limit_kind = ANY (ARRAY['none'::text, 'amount'::text, 'unlimited'::text]))),
  constraint credit_accounts_payment_terms_days_check CHECK ((payment_terms_days >= 0)),
  constraint credit_accounts_status_check CHECK ((status = ANY (ARRAY['active'::text, 'watch'::text, 'held'::text, 'closed'::text]))),
  constraint credit_accounts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint credit_accounts_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE INDEX credit_accounts_segment ON public.credit_accounts USING btree (segment_id, customer_id);
CREATE TRIGGER credit_accounts_holds AFTER UPDATE ON public.credit_accounts FOR EACH ROW WHEN ((((((old.limit_kind IS DISTINCT FROM new.limit_kind) OR (old.limit_amount IS DISTINCT FROM new.limit_amount)) OR (old.limit_valid_to IS DISTINCT FROM new.limit_valid_to)) OR (old.status IS DISTINCT FROM new.status)) OR (old.payment_terms_days IS DISTINCT FROM new.payment_terms_days))) EXECUTE FUNCTION mark_holds_of_account();
alter table credit_accounts enable row level security;
alter table credit_accounts force row level security;
create policy by_segment on credit_accounts for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select, update on credit_accounts to surety_app;

create table credit_applications (
  id bigint generated always as identity not null,
  segment_id integer not null,
  customer_id bigint not null,
  account_id bigint not null,
  requested_limit numeric(20,4) not null,
  currency character(3) not null,
  requested_terms_days integer,
  purpose text,
  requested_by bigint not null,
  status text not null,
  assessment_id bigint,
  recommendation_id bigint,
  authority_id bigint,
  recommended_limit numeric(20,4),
  recommended_terms_days integer,
  grade text,
  score integer,
  levels integer[],
  current_level integer,
  approved_limit numeric(20,4),
  approved_terms_days integer,
  round integer default 1 not null,
  returned_at timestamp with time zone,
  version integer default 1 not null,
  idempotency_key text,
  submitted_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  constraint credit_applications_pkey PRIMARY KEY (id),
  constraint credit_applications_idempotency_key_key UNIQUE (idempotency_key),
  constraint credit_applications_requested_limit_check CHECK ((requested_limit > (0)::numeric)),
  constraint credit_applications_requested_terms_days_check CHECK ((requested_terms_days >= 0)),
  constraint credit_applications_status_check CHECK ((status = ANY (ARRAY['submitted'::text, 'in_approval'::text, 'returned'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text]))),
  constraint credit_applications_account_id_fkey FOREIGN KEY (account_id) REFERENCES credit_accounts(id),
  constraint credit_applications_assessment_id_fkey FOREIGN KEY (assessment_id) REFERENCES decisions(id),
  constraint credit_applications_authority_id_fkey FOREIGN KEY (authority_id) REFERENCES decisions(id),
  constraint credit_applications_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint credit_applications_recommendation_id_fkey FOREIGN KEY (recommendation_id) REFERENCES decisions(id),
  constraint credit_applications_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES users(id),
  constraint credit_applications_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE INDEX credit_applications_customer ON public.credit_applications USING btree (customer_id, id DESC);
CREATE UNIQUE INDEX credit_applications_one_open ON public.credit_applications USING btree (account_id) WHERE (status = ANY (ARRAY['submitted'::text, 'in_approval'::text]));
CREATE INDEX credit_applications_status ON public.credit_applications USING btree (segment_id, status, id DESC);
alter table credit_applications enable row level security;
alter table credit_applications force row level security;
create policy by_segment on credit_applications for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select, update on credit_applications to surety_app;

create table credit_grades (
  id bigint generated always as identity not null,
  account_id bigint not null,
  segment_id integer not null,
  grade text not null,
  score integer,
  graded_on date not null,
  valid_to date,
  decision_id bigint,
  created_at timestamp with time zone not null,
  constraint credit_grades_pkey PRIMARY KEY (id),
  constraint credit_grades_decision_id_key UNIQUE (decision_id),
  constraint credit_grades_account_id_fkey FOREIGN KEY (account_id) REFERENCES credit_accounts(id),
  constraint credit_grades_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decisions(id),
  constraint credit_grades_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table credit_grades is 'Every grade an account ever had; the account carries the newest.';
CREATE INDEX credit_grades_account ON public.credit_grades USING btree (account_id, id DESC);
alter table credit_grades enable row level security;
alter table credit_grades force row level security;
create policy by_segment on credit_grades for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select on credit_grades to surety_app;

create table credit_limits (
  id bigint generated always as identity not null,
  account_id bigint not null,
  segment_id integer not null,
  kind text not null,
  amount numeric(20,4),
  currency character(3) not null,
  payment_terms_days integer,
  valid_from date not null,
  valid_to date,
  next_review_on date,
  reason text not null,
  application_id bigint,
  decided_by bigint,
  created_at timestamp with time zone not null,
  constraint credit_limits_pkey PRIMARY KEY (id),
  constraint credit_limits_check CHECK (((kind = 'amount'::text) = (amount IS NOT NULL))),
  constraint credit_limits_kind_check CHECK ((kind = ANY (ARRAY['none'::text, 'amount'::text, 'unlimited'::text]))),
  constraint credit_limits_account_id_fkey FOREIGN KEY (account_id) REFERENCES credit_accounts(id),
  constraint credit_limits_application_id_fkey FOREIGN KEY (application_id) REFERENCES credit_applications(id),
  constraint credit_limits_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES users(id),
  constraint credit_limits_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table credit_limits is 'Every limit an account ever had; the account carries the one in force.';
CREATE INDEX credit_limits_account ON public.credit_limits USING btree (account_id, id DESC);
CREATE UNIQUE INDEX credit_limits_application ON public.credit_limits USING btree (application_id) WHERE (application_id IS NOT NULL);
alter table credit_limits enable row level security;
alter table credit_limits force row level security;
create policy by_segment on credit_limits for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select on credit_limits to surety_app;

create table customer_contacts (
  id bigint generated always as identity not null,
  customer_id bigint not null,
  name text not null,
  title text,
  email text,
  phone text,
  constraint customer_contacts_pkey PRIMARY KEY (id),
  constraint customer_contacts_customer_id_name_key UNIQUE (customer_id, name),
  constraint customer_contacts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id) ON DELETE CASCADE
);
alter table customer_contacts enable row level security;
alter table customer_contacts force row level security;
create policy by_account on customer_contacts for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (EXISTS ( SELECT
   FROM credit_accounts a
  WHERE (a.customer_id = customer_contacts.customer_id)))));
grant delete, insert, select, update on customer_contacts to surety_app;

create table customer_incidents (
  id bigint generated always as identity not null,
  customer_id bigint not null,
  kind text not null,
  happened_on date not null,
  note text,
  constraint customer_incidents_pkey PRIMARY KEY (id),
  constraint customer_incidents_customer_id_kind_happened_on_key UNIQUE (customer_id, kind, happened_on),
  constraint customer_incidents_kind_check CHECK ((kind = ANY (ARRAY['insolvency'::text, 'insolvency-ended'::text, 'lawsuit'::text, 'cover-withdrawn'::text, 'cover-restored'::text]))),
  constraint customer_incidents_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id)
);
alter table customer_incidents enable row level security;
alter table customer_incidents force row level security;
create policy by_account on customer_incidents for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (EXISTS ( SELECT
   FROM credit_accounts a
  WHERE (a.customer_id = customer_incidents.customer_id)))));
grant delete, insert, select, update on customer_incidents to surety_app;

create table customer_names (
  customer_id bigint not null,
  name text not null,
  constraint customer_names_pkey PRIMARY KEY (customer_id, name),
  constraint customer_names_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id) ON DELETE CASCADE
);
comment on table customer_names is 'Every spelling under which a customer has arrived.';
alter table customer_names enable row level security;
alter table customer_names force row level security;
create policy by_account on customer_names for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (EXISTS ( SELECT
   FROM credit_accounts a
  WHERE (a.customer_id = customer_names.customer_id)))));
grant delete, insert, select, update on customer_names to surety_app;

create table customers (
  id bigint generated by default as identity not null,
  number text not null,
  name text not null,
  search_name text not null,
  registration_number text,
  country character(2) default 'CN'::bpchar not null,
  industry_scheme text,
  industry_code text,
  customer_since date,
  size text,
  is_listed boolean default false not null,
  group_code text,
  status text default 'active'::text not null,
  status_since date,
  language text default 'zh-CN'::text not null,
  sales_owner_user_id bigint,
  source text default 'manual'::text not null,
  version integer default 1 not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint customers_pkey PRIMARY KEY (id),
  constraint customers_number_key UNIQUE (number),
  constraint customers_industry_scheme_check CHECK ((industry_scheme = ANY (ARRAY['GB/T 4754'::text, 'NACE'::text]))),
  constraint customers_size_check CHECK ((size = ANY (ARRAY['micro'::text, 'small'::text, 'medium'::text, 'large'::text]))),
  constraint customers_status_check CHECK ((status = ANY (ARRAY['active'::text, 'inactive'::text, 'bankrupt'::text]))),
  constraint customers_sales_owner_user_id_fkey FOREIGN KEY (sales_owner_user_id) REFERENCES users(id)
);
alter table customers enable row level security;
alter table customers force row level security;
create policy by_account on customers for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (EXISTS ( SELECT
   FROM credit_accounts a
  WHERE (a.customer_id = customers.id))))) with check (true);
grant insert, select, update on customers to surety_app;

create table decisions (
  id bigint generated always as identity not null,
  segment_id integer not null,
  customer_id bigint not null,
  kind text not null,
  policy_id text not null,
  policy_version integer not null,
  policy_hash text not null,
  as_of date not null,
  facts jsonb not null,
  sources jsonb default '{}'::jsonb not null,
  result jsonb not null,
  outcome text not null,
  subject text,
  key text,
  decided_at timestamp with time zone not null,
  constraint decisions_pkey PRIMARY KEY (id),
  constraint decisions_key_key UNIQUE (key),
  constraint decisions_outcome_check CHECK ((outcome = ANY (ARRAY['approve'::text, 'refer'::text, 'decline'::text]))),
  constraint decisions_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint decisions_policy_id_policy_version_policy_hash_fkey FOREIGN KEY (policy_id, policy_version, policy_hash) REFERENCES policy_versions(policy_id, version, hash),
  constraint decisions_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE INDEX decisions_customer ON public.decisions USING btree (customer_id, id DESC);
CREATE TRIGGER decisions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
alter table decisions enable row level security;
alter table decisions force row level security;
create policy by_segment on decisions for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select on decisions to surety_app;

create table demo_inbox (
  id bigint generated always as identity not null,
  message_id text not null,
  recipient text not null,
  subject text not null,
  body text not null,
  copies integer default 1 not null,
  received_at timestamp with time zone not null,
  constraint demo_inbox_pkey PRIMARY KEY (id),
  constraint demo_inbox_message_id_key UNIQUE (message_id)
);
alter table demo_inbox enable row level security;
alter table demo_inbox force row level security;
create policy by_administrator on demo_inbox for all using ((( SELECT visible_segments() AS visible_segments) IS NULL));
grant delete, insert, select, update on demo_inbox to surety_app;

create table disputes (
  id bigint generated always as identity not null,
  segment_id integer not null,
  document_id bigint not null,
  amount numeric(20,4) not null,
  reason text not null,
  opened_on date not null,
  closed_on date,
  constraint disputes_pkey PRIMARY KEY (id),
  constraint disputes_document_id_opened_on_key UNIQUE (document_id, opened_on),
  constraint disputes_amount_check CHECK ((amount > (0)::numeric)),
  constraint disputes_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id),
  constraint disputes_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
alter table disputes enable row level security;
alter table disputes force row level security;
create policy by_segment on disputes for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on disputes to surety_app;

create table documents (
  id bigint generated always as identity not null,
  segment_id integer not null,
  customer_id bigint not null,
  type text not null,
  number text not null,
  source text not null,
  issued_on date not null,
  due_on date,
  currency character(3) not null,
  amount numeric(20,4) not null,
  open_amount numeric(20,4) not null,
  terms text,
  order_id bigint,
  delivery_id bigint,
  is_prepaid boolean default false not null,
  closed_on date,
  cancelled_on date,
  content_hash bytea not null,
  created_at timestamp with time zone not null,
  constraint documents_pkey PRIMARY KEY (id),
  constraint documents_number_source_type_segment_id_key UNIQUE (number, source, type, segment_id),
  constraint documents_amount_check CHECK ((amount >= (0)::numeric)),
  constraint documents_check CHECK (((open_amount >= (0)::numeric) AND (open_amount <= amount))),
  constraint documents_type_check CHECK ((type = ANY (ARRAY['order'::text, 'delivery'::text, 'invoice'::text, 'credit_note'::text]))),
  constraint documents_customer_id_segment_id_fkey FOREIGN KEY (customer_id, segment_id) REFERENCES credit_accounts(customer_id, segment_id),
  constraint documents_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES documents(id),
  constraint documents_order_id_fkey FOREIGN KEY (order_id) REFERENCES documents(id)
);
CREATE INDEX documents_cancelled ON public.documents USING btree (cancelled_on) WHERE (cancelled_on IS NOT NULL);
CREATE INDEX documents_customer ON public.documents USING btree (customer_id, segment_id, type, issued_on);
CREATE INDEX documents_delivery ON public.documents USING btree (delivery_id) WHERE (delivery_id IS NOT NULL);
CREATE INDEX documents_open ON public.documents USING btree (customer_id, segment_id) INCLUDE (type, currency, due_on, open_amount, is_prepaid) WHERE ((open_amount > (0)::numeric) AND (cancelled_on IS NULL) AND (closed_on IS NULL));
CREATE INDEX documents_order ON public.documents USING btree (order_id) WHERE (order_id IS NOT NULL);
CREATE TRIGGER documents_end_changed_reservations AFTER UPDATE ON public.documents REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION end_arrived_reservations();
CREATE TRIGGER documents_end_reservations AFTER INSERT ON public.documents REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION end_arrived_reservations();
CREATE TRIGGER documents_exposure_insert AFTER INSERT ON public.documents REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION post_document_exposure();
CREATE TRIGGER documents_exposure_update AFTER UPDATE ON public.documents REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION post_document_exposure();
alter table documents enable row level security;
alter table documents force row level security;
create policy by_segment on documents for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select, update on documents to surety_app;

create table effects (
  key text not null,
  segment_id integer,
  result jsonb,
  at timestamp with time zone not null,
  constraint effects_pkey PRIMARY KEY (key),
  constraint effects_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table effects is 'What an activity has already done; written in the transaction that did it.';
alter table effects enable row level security;
alter table effects force row level security;
create policy by_segment on effects for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on effects to surety_app;

create table exchange_rates (
  from_currency character(3) not null,
  to_currency character(3) not null,
  valid_on date not null,
  rate numeric(24,12) not null,
  source text not null,
  constraint exchange_rates_pkey PRIMARY KEY (from_currency, to_currency, valid_on),
  constraint exchange_rates_check CHECK ((to_currency <> from_currency)),
  constraint exchange_rates_rate_check CHECK ((rate > (0)::numeric))
);
grant delete, insert, select, update on exchange_rates to surety_app;

create table exposure_balances (
  account_id bigint not null,
  segment_id integer not null,
  category text not null,
  currency character(3) not null,
  amount numeric(20,4) not null,
  version bigint default 1 not null,
  updated_at timestamp with time zone not null,
  constraint exposure_balances_pkey PRIMARY KEY (account_id, category, currency)
);
comment on table exposure_balances is 'The sum of exposure_entries, changed in the statement that writes them; the row is the lock on which writers take turns.';
alter table exposure_balances enable row level security;
alter table exposure_balances force row level security;
create policy by_segment on exposure_balances for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant select on exposure_balances to surety_app;

create table exposure_entries (
  id bigint generated always as identity not null,
  at timestamp with time zone not null,
  account_id bigint not null,
  segment_id integer not null,
  category text not null,
  currency character(3) not null,
  amount numeric(20,4) not null,
  source_kind text not null,
  source_id bigint not null,
  source_number text not null,
  constraint exposure_entries_pkey PRIMARY KEY (id),
  constraint exposure_entries_amount_check CHECK ((amount <> (0)::numeric)),
  constraint exposure_entries_category_check CHECK ((category = ANY (ARRAY['open_orders'::text, 'deliveries'::text, 'receivables'::text, 'bills'::text, 'unapplied_cash'::text, 'reservations'::text]))),
  constraint exposure_entries_source_kind_check CHECK ((source_kind = ANY (ARRAY['order'::text, 'delivery'::text, 'invoice'::text, 'credit_note'::text, 'payment'::text, 'bill'::text, 'reservation'::text])))
);
comment on table exposure_entries is 'Append-only: every move of exposure, in the currency of what caused it. Written by triggers alone.';
CREATE INDEX exposure_entries_account ON public.exposure_entries USING btree (account_id, id DESC);
CREATE TRIGGER exposure_entries_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.exposure_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER exposure_entries_balance AFTER INSERT ON public.exposure_entries REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION add_to_exposure_balances();
CREATE TRIGGER exposure_entries_holds AFTER INSERT ON public.exposure_entries REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION mark_holds_of_exposure();
alter table exposure_entries enable row level security;
alter table exposure_entries force row level security;
create policy by_segment on exposure_entries for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant select on exposure_entries to surety_app;

create table financial_statements (
  id bigint generated always as identity not null,
  customer_id bigint not null,
  period_end date not null,
  period_months integer default 12 not null,
  received_on date not null,
  currency character(3) not null,
  audited boolean default false not null,
  items jsonb not null,
  source text not null,
  constraint financial_statements_pkey PRIMARY KEY (id),
  constraint financial_statements_customer_id_period_end_source_key UNIQUE (customer_id, period_end, source),
  constraint financial_statements_period_months_check CHECK (((period_months >= 1) AND (period_months <= 24))),
  constraint financial_statements_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id)
);
alter table financial_statements enable row level security;
alter table financial_statements force row level security;
create policy by_account on financial_statements for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (EXISTS ( SELECT
   FROM credit_accounts a
  WHERE (a.customer_id = financial_statements.customer_id)))));
grant delete, insert, select, update on financial_statements to surety_app;

create table hold_reasons (
  id bigint generated always as identity not null,
  segment_id integer not null,
  hold_id bigint not null,
  code text not null,
  text jsonb not null,
  rule text,
  cleared_at timestamp with time zone,
  cleared_by bigint,
  created_at timestamp with time zone not null,
  constraint hold_reasons_pkey PRIMARY KEY (id),
  constraint hold_reasons_cleared_by_fkey FOREIGN KEY (cleared_by) REFERENCES users(id),
  constraint hold_reasons_hold_id_fkey FOREIGN KEY (hold_id) REFERENCES holds(id),
  constraint hold_reasons_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table hold_reasons is 'Why an order is held; cleared one by one.';
CREATE UNIQUE INDEX hold_reasons_standing ON public.hold_reasons USING btree (hold_id, code) WHERE (cleared_at IS NULL);
alter table hold_reasons enable row level security;
alter table hold_reasons force row level security;
create policy by_segment on hold_reasons for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select, update on hold_reasons to surety_app;

create table holds (
  id bigint generated always as identity not null,
  segment_id integer not null,
  account_id bigint not null,
  customer_id bigint not null,
  source text not null,
  order_number text not null,
  currency character(3) not null,
  amount numeric(20,4) not null,
  request jsonb not null,
  decision_id bigint not null,
  release_level integer,
  status text default 'open'::text not null,
  released_by bigint,
  released_by_person bigint,
  release_reason text,
  released_at timestamp with time zone,
  changes bigint default 0 not null,
  reviewed_changes bigint default 0 not null,
  version integer default 1 not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint holds_pkey PRIMARY KEY (id),
  constraint holds_amount_check CHECK ((amount > (0)::numeric)),
  constraint holds_check CHECK (((status = 'open'::text) = (released_at IS NULL))),
  constraint holds_release_level_check CHECK (((release_level >= 1) AND (release_level <= 9))),
  constraint holds_status_check CHECK ((status = ANY (ARRAY['open'::text, 'released'::text, 'cancelled'::text]))),
  constraint holds_account_id_fkey FOREIGN KEY (account_id) REFERENCES credit_accounts(id),
  constraint holds_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint holds_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decisions(id),
  constraint holds_released_by_fkey FOREIGN KEY (released_by) REFERENCES users(id),
  constraint holds_released_by_person_fkey FOREIGN KEY (released_by_person) REFERENCES persons(id),
  constraint holds_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table holds is 'Orders held back; each with the decision that is its case, made in the same transaction.';
CREATE INDEX holds_account ON public.holds USING btree (account_id) WHERE (status = 'open'::text);
CREATE UNIQUE INDEX holds_open_order ON public.holds USING btree (segment_id, source, order_number) WHERE (status = 'open'::text);
CREATE INDEX holds_review_due ON public.holds USING btree (id) WHERE ((status = 'open'::text) AND (changes > reviewed_changes));
CREATE INDEX holds_segment ON public.holds USING btree (segment_id, status, id DESC);
CREATE TRIGGER holds_four_eyes BEFORE INSERT OR UPDATE ON public.holds FOR EACH ROW EXECUTE FUNCTION refuse_own_release();
alter table holds enable row level security;
alter table holds force row level security;
create policy by_segment on holds for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select, update on holds to surety_app;

create table import_errors (
  id bigint generated always as identity not null,
  segment_id integer not null,
  import_id bigint not null,
  row_number bigint not null,
  column_name text,
  code text not null,
  message_en text not null,
  message_zh text not null,
  value text,
  constraint import_errors_pkey PRIMARY KEY (id),
  constraint import_errors_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id) ON DELETE CASCADE,
  constraint import_errors_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE INDEX import_errors_import ON public.import_errors USING btree (import_id, row_number);
alter table import_errors enable row level security;
alter table import_errors force row level security;
create policy by_segment on import_errors for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on import_errors to surety_app;

create table import_mappings (
  segment_id integer not null,
  header_hash bytea not null,
  kind text not null,
  mapping jsonb not null,
  format jsonb not null,
  updated_at timestamp with time zone not null,
  constraint import_mappings_pkey PRIMARY KEY (segment_id, header_hash),
  constraint import_mappings_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
alter table import_mappings enable row level security;
alter table import_mappings force row level security;
create policy by_segment on import_mappings for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on import_mappings to surety_app;

create table imports (
  id bigint generated always as identity not null,
  segment_id integer not null,
  kind text,
  source text default 'file'::text not null,
  file_name text not null,
  blob_sha256 bytea,
  status text not null,
  format jsonb default '{}'::jsonb not null,
  columns jsonb default '[]'::jsonb not null,
  mapping jsonb default '{}'::jsonb not null,
  sample jsonb default '[]'::jsonb not null,
  counts jsonb default '{}'::jsonb not null,
  rows_total bigint,
  rows_done bigint default 0 not null,
  cancel_requested boolean default false not null,
  error jsonb,
  created_by bigint,
  created_at timestamp with time zone not null,
  applied_at timestamp with time zone,
  version integer default 1 not null,
  preview jsonb default '[]'::jsonb not null,
  constraint imports_pkey PRIMARY KEY (id),
  constraint imports_kind_check CHECK ((kind = ANY (ARRAY['customers'::text, 'invoices'::text, 'payments'::text, 'credit_notes'::text, 'orders'::text, 'statements'::text]))),
  constraint imports_status_check CHECK ((status = ANY (ARRAY['uploaded'::text, 'staging'::text, 'ready'::text, 'applying'::text, 'applied'::text, 'cancelled'::text, 'failed'::text]))),
  constraint imports_blob_sha256_fkey FOREIGN KEY (blob_sha256) REFERENCES blobs(sha256),
  constraint imports_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id),
  constraint imports_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE INDEX imports_segment ON public.imports USING btree (segment_id, id DESC);
alter table imports enable row level security;
alter table imports force row level security;
create policy by_segment on imports for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on imports to surety_app;

create table inbox (
  source text not null,
  key text not null,
  segment_id integer not null,
  request_hash bytea not null,
  response jsonb,
  received_at timestamp with time zone not null,
  constraint inbox_pkey PRIMARY KEY (source, key),
  constraint inbox_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
alter table inbox enable row level security;
alter table inbox force row level security;
create policy by_segment on inbox for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on inbox to surety_app;

create table instruments (
  id bigint generated always as identity not null,
  segment_id integer not null,
  customer_id bigint not null,
  type text not null,
  effect text not null,
  value numeric(20,4) not null,
  currency character(3) not null,
  percentage numeric(7,4) not null,
  cap numeric(20,4),
  recorded_on date not null,
  effective_from date not null,
  expires_on date,
  withdrawn_on date,
  reference text,
  constraint instruments_pkey PRIMARY KEY (id),
  constraint instruments_cap_check CHECK ((cap >= (0)::numeric)),
  constraint instruments_effect_check CHECK ((effect = ANY (ARRAY['raises-limit'::text, 'reduces-exposure'::text]))),
  constraint instruments_percentage_check CHECK (((percentage >= (0)::numeric) AND (percentage <= (100)::numeric))),
  constraint instruments_type_check CHECK ((type = ANY (ARRAY['guarantee'::text, 'collateral'::text, 'insurance'::text, 'letter-of-credit'::text, 'deposit'::text]))),
  constraint instruments_value_check CHECK ((value >= (0)::numeric)),
  constraint instruments_customer_id_segment_id_fkey FOREIGN KEY (customer_id, segment_id) REFERENCES credit_accounts(customer_id, segment_id)
);
CREATE INDEX instruments_customer ON public.instruments USING btree (customer_id, segment_id);
CREATE TRIGGER instruments_holds AFTER INSERT OR UPDATE ON public.instruments FOR EACH ROW EXECUTE FUNCTION mark_holds_of_instrument();
alter table instruments enable row level security;
alter table instruments force row level security;
create policy by_segment on instruments for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on instruments to surety_app;

create table invitations (
  token_hash bytea not null,
  user_id bigint not null,
  invited_by bigint,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint invitations_pkey PRIMARY KEY (token_hash),
  constraint invitations_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES users(id),
  constraint invitations_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
comment on table invitations is 'Links by which a colleague sets a password once; the token itself is in the link alone.';
CREATE UNIQUE INDEX invitations_open ON public.invitations USING btree (user_id) WHERE (used_at IS NULL);
grant delete, insert, select, update on invitations to surety_app;

create table mail_templates (
  key text not null,
  language text not null,
  subject text not null,
  body text not null,
  version integer default 1 not null,
  updated_by bigint,
  updated_at timestamp with time zone not null,
  constraint mail_templates_pkey PRIMARY KEY (key, language),
  constraint mail_templates_body_check CHECK (((length(body) >= 1) AND (length(body) <= 20000))),
  constraint mail_templates_language_check CHECK ((language = ANY (ARRAY['zh-CN'::text, 'en'::text]))),
  constraint mail_templates_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 300))),
  constraint mail_templates_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES users(id)
);
comment on table mail_templates is 'A company''s own words; where a row is missing, the words that ship are used.';
grant delete, insert, select, update on mail_templates to surety_app;

create table mails (
  id bigint generated always as identity not null,
  segment_id integer,
  key text not null,
  template text not null,
  language text not null,
  user_id bigint,
  customer_id bigint,
  address text not null,
  params jsonb not null,
  subject text,
  body text,
  status text default 'queued'::text not null,
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone not null,
  last_error text,
  created_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  constraint mails_pkey PRIMARY KEY (id),
  constraint mails_key_key UNIQUE (key),
  constraint mails_check CHECK (((status = 'sent'::text) = (sent_at IS NOT NULL))),
  constraint mails_language_check CHECK ((language = ANY (ARRAY['zh-CN'::text, 'en'::text]))),
  constraint mails_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'failed'::text]))),
  constraint mails_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint mails_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id),
  constraint mails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX mails_created ON public.mails USING btree (created_at);
CREATE INDEX mails_customer ON public.mails USING btree (customer_id, created_at);
CREATE INDEX mails_due ON public.mails USING btree (next_attempt_at) WHERE (status = ANY (ARRAY['queued'::text, 'sending'::text]));
alter table mails enable row level security;
alter table mails force row level security;
create policy by_segment on mails for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[])))) with check (true);
grant delete, insert, select, update on mails to surety_app;

create table order_checks (
  id bigint generated always as identity not null,
  segment_id integer not null,
  account_id bigint not null,
  key text not null,
  request_hash bytea not null,
  source text not null,
  order_number text not null,
  checkpoint text not null,
  currency character(3) not null,
  amount numeric(20,4) not null,
  action text not null,
  reservation_id bigint,
  policy_id text not null,
  policy_version integer not null,
  response jsonb not null,
  checked_at timestamp with time zone not null,
  constraint order_checks_pkey PRIMARY KEY (id),
  constraint order_checks_segment_id_source_key_key UNIQUE (segment_id, source, key),
  constraint order_checks_action_check CHECK ((action = ANY (ARRAY['release'::text, 'warn'::text, 'hold'::text]))),
  constraint order_checks_amount_check CHECK ((amount > (0)::numeric)),
  constraint order_checks_checkpoint_check CHECK ((checkpoint = ANY (ARRAY['entered'::text, 'confirmed'::text, 'picked'::text, 'shipped'::text]))),
  constraint order_checks_account_id_fkey FOREIGN KEY (account_id) REFERENCES credit_accounts(id),
  constraint order_checks_policy_id_policy_version_fkey FOREIGN KEY (policy_id, policy_version) REFERENCES policy_versions(policy_id, version),
  constraint order_checks_reservation_id_fkey FOREIGN KEY (reservation_id) REFERENCES order_reservations(id),
  constraint order_checks_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table order_checks is 'Every check that counted, append-only, with its answer.';
CREATE INDEX order_checks_order ON public.order_checks USING btree (segment_id, source, order_number, id DESC);
CREATE TRIGGER order_checks_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.order_checks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
alter table order_checks enable row level security;
alter table order_checks force row level security;
create policy by_segment on order_checks for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select on order_checks to surety_app;

create table order_reservations (
  id bigint generated always as identity not null,
  segment_id integer not null,
  account_id bigint not null,
  order_number text not null,
  source text not null,
  currency character(3) not null,
  amount numeric(20,4) not null,
  status text default 'active'::text not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint order_reservations_pkey PRIMARY KEY (id),
  constraint order_reservations_amount_check CHECK ((amount > (0)::numeric)),
  constraint order_reservations_check CHECK (((status = 'active'::text) = (ended_at IS NULL))),
  constraint order_reservations_status_check CHECK ((status = ANY (ARRAY['active'::text, 'arrived'::text, 'expired'::text, 'cancelled'::text, 'replaced'::text]))),
  constraint order_reservations_account_id_fkey FOREIGN KEY (account_id) REFERENCES credit_accounts(id),
  constraint order_reservations_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table order_reservations is 'What released orders take off the limit until they arrive as documents, end, or run out.';
CREATE INDEX order_reservations_account ON public.order_reservations USING btree (account_id) WHERE (status = 'active'::text);
CREATE UNIQUE INDEX order_reservations_active ON public.order_reservations USING btree (segment_id, source, order_number) WHERE (status = 'active'::text);
CREATE INDEX order_reservations_due ON public.order_reservations USING btree (expires_at) WHERE (status = 'active'::text);
CREATE TRIGGER reservations_exposure_insert AFTER INSERT ON public.order_reservations REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION post_reservation_exposure();
CREATE TRIGGER reservations_exposure_update AFTER UPDATE ON public.order_reservations REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION post_reservation_exposure();
alter table order_reservations enable row level security;
alter table order_reservations force row level security;
create policy by_segment on order_reservations for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select, update on order_reservations to surety_app;

create table outbox (
  id bigint generated always as identity not null,
  topic text not null,
  key text not null,
  payload jsonb not null,
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone not null,
  delivered_at timestamp with time zone,
  last_error text,
  created_at timestamp with time zone not null,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_key_key UNIQUE (key),
  constraint outbox_topic_check CHECK ((topic = ANY (ARRAY['workflow'::text, 'mail'::text, 'webhook'::text])))
);
CREATE INDEX outbox_due ON public.outbox USING btree (next_attempt_at) WHERE (delivered_at IS NULL);
alter table outbox enable row level security;
alter table outbox force row level security;
create policy by_sender on outbox for all using ((( SELECT visible_segments() AS visible_segments) IS NULL)) with check (true);
grant delete, insert, select, update on outbox to surety_app;

create table payment_applications (
  id bigint generated always as identity not null,
  segment_id integer not null,
  payment_id bigint,
  credit_note_id bigint,
  document_id bigint not null,
  amount numeric(20,4) not null,
  applied_on date not null,
  created_at timestamp with time zone not null,
  constraint payment_applications_pkey PRIMARY KEY (id),
  constraint payment_applications_amount_check CHECK ((amount <> (0)::numeric)),
  constraint payment_applications_check CHECK ((num_nonnulls(payment_id, credit_note_id) = 1)),
  constraint payment_applications_credit_note_id_fkey FOREIGN KEY (credit_note_id) REFERENCES documents(id),
  constraint payment_applications_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id),
  constraint payment_applications_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id)
);
CREATE UNIQUE INDEX applications_of_credit_note_once ON public.payment_applications USING btree (credit_note_id, document_id, applied_on, ((amount > (0)::numeric))) WHERE (credit_note_id IS NOT NULL);
CREATE INDEX payment_applications_day ON public.payment_applications USING btree (applied_on);
CREATE INDEX payment_applications_document ON public.payment_applications USING btree (document_id);
CREATE UNIQUE INDEX payment_applications_once ON public.payment_applications USING btree (payment_id, document_id, applied_on, ((amount > (0)::numeric))) WHERE (payment_id IS NOT NULL);
alter table payment_applications enable row level security;
alter table payment_applications force row level security;
create policy by_segment on payment_applications for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select on payment_applications to surety_app;

create table payments (
  id bigint generated always as identity not null,
  segment_id integer not null,
  customer_id bigint not null,
  number text not null,
  source text not null,
  received_on date not null,
  currency character(3) not null,
  amount numeric(20,4) not null,
  unapplied_amount numeric(20,4) not null,
  method text,
  bill_id bigint,
  is_dishonoured boolean default false not null,
  cancelled_on date,
  content_hash bytea not null,
  created_at timestamp with time zone not null,
  constraint payments_pkey PRIMARY KEY (id),
  constraint payments_segment_id_source_number_key UNIQUE (segment_id, source, number),
  constraint payments_amount_check CHECK ((amount > (0)::numeric)),
  constraint payments_check CHECK (((unapplied_amount >= (0)::numeric) AND (unapplied_amount <= amount))),
  constraint payments_method_check CHECK ((method = ANY (ARRAY['transfer'::text, 'bill'::text, 'cheque'::text, 'cash'::text, 'card'::text]))),
  constraint payments_bill_id_fkey FOREIGN KEY (bill_id) REFERENCES bills(id),
  constraint payments_customer_id_segment_id_fkey FOREIGN KEY (customer_id, segment_id) REFERENCES credit_accounts(customer_id, segment_id)
);
CREATE INDEX payments_cancelled ON public.payments USING btree (cancelled_on) WHERE (cancelled_on IS NOT NULL);
CREATE INDEX payments_customer ON public.payments USING btree (customer_id, segment_id, received_on);
CREATE INDEX payments_unapplied ON public.payments USING btree (customer_id, segment_id) INCLUDE (currency, unapplied_amount) WHERE ((unapplied_amount > (0)::numeric) AND (cancelled_on IS NULL) AND (NOT is_dishonoured));
CREATE TRIGGER payments_exposure_insert AFTER INSERT ON public.payments REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION post_payment_exposure();
CREATE TRIGGER payments_exposure_update AFTER UPDATE ON public.payments REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION post_payment_exposure();
alter table payments enable row level security;
alter table payments force row level security;
create policy by_segment on payments for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select, update on payments to surety_app;

create table persons (
  id bigint generated always as identity not null,
  name text not null,
  email text,
  status text default 'active'::text not null,
  created_at timestamp with time zone default now() not null,
  constraint persons_pkey PRIMARY KEY (id),
  constraint persons_status_check CHECK ((status = ANY (ARRAY['active'::text, 'left'::text])))
);
comment on table persons is 'Natural persons. Four eyes means two of these, however many logins they hold.';
grant insert, select, update on persons to surety_app;

create table policies (
  id text not null,
  kind text not null,
  title jsonb not null,
  created_at timestamp with time zone not null,
  constraint policies_pkey PRIMARY KEY (id)
);
grant delete, insert, select, update on policies to surety_app;

create table policy_versions (
  policy_id text not null,
  version integer not null,
  hash text not null,
  document text not null,
  effective_from timestamp with time zone not null,
  published_by bigint,
  published_at timestamp with time zone not null,
  constraint policy_versions_pkey PRIMARY KEY (policy_id, version),
  constraint policy_versions_policy_id_version_hash_key UNIQUE (policy_id, version, hash),
  constraint policy_versions_version_check CHECK ((version > 0)),
  constraint policy_versions_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES policies(id),
  constraint policy_versions_published_by_fkey FOREIGN KEY (published_by) REFERENCES users(id)
);
CREATE TRIGGER policy_versions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.policy_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_versions_holds AFTER INSERT ON public.policy_versions FOR EACH ROW EXECUTE FUNCTION mark_holds_of_policy();
grant insert, select on policy_versions to surety_app;

create table promises_to_pay (
  id bigint generated always as identity not null,
  segment_id integer not null,
  customer_id bigint not null,
  amount numeric(20,4) not null,
  currency character(3) not null,
  made_on date not null,
  due_on date not null,
  state text default 'open'::text not null,
  settled_on date,
  note text,
  constraint promises_to_pay_pkey PRIMARY KEY (id),
  constraint promises_to_pay_customer_id_segment_id_made_on_due_on_amoun_key UNIQUE (customer_id, segment_id, made_on, due_on, amount),
  constraint promises_to_pay_amount_check CHECK ((amount > (0)::numeric)),
  constraint promises_to_pay_state_check CHECK ((state = ANY (ARRAY['open'::text, 'kept'::text, 'broken'::text, 'cancelled'::text]))),
  constraint promises_to_pay_customer_id_segment_id_fkey FOREIGN KEY (customer_id, segment_id) REFERENCES credit_accounts(customer_id, segment_id)
);
alter table promises_to_pay enable row level security;
alter table promises_to_pay force row level security;
create policy by_segment on promises_to_pay for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on promises_to_pay to surety_app;

create table ratings (
  id bigint generated always as identity not null,
  customer_id bigint not null,
  agency text not null,
  value text not null,
  score numeric(7,3) not null,
  rated_on date not null,
  expires_on date,
  constraint ratings_pkey PRIMARY KEY (id),
  constraint ratings_customer_id_agency_rated_on_key UNIQUE (customer_id, agency, rated_on),
  constraint ratings_score_check CHECK (((score >= (0)::numeric) AND (score <= (100)::numeric))),
  constraint ratings_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id)
);
alter table ratings enable row level security;
alter table ratings force row level security;
create policy by_account on ratings for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (EXISTS ( SELECT
   FROM credit_accounts a
  WHERE (a.customer_id = ratings.customer_id)))));
grant delete, insert, select, update on ratings to surety_app;

create table reminders (
  id bigint generated always as identity not null,
  segment_id integer not null,
  customer_id bigint not null,
  document_id bigint,
  level integer not null,
  sent_on date not null,
  constraint reminders_pkey PRIMARY KEY (id),
  constraint reminders_level_check CHECK ((level > 0)),
  constraint reminders_customer_id_segment_id_fkey FOREIGN KEY (customer_id, segment_id) REFERENCES credit_accounts(customer_id, segment_id),
  constraint reminders_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id)
);
CREATE INDEX reminders_customer ON public.reminders USING btree (customer_id, segment_id);
alter table reminders enable row level security;
alter table reminders force row level security;
create policy by_segment on reminders for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on reminders to surety_app;

create table saved_views (
  id bigint generated always as identity not null,
  user_id bigint not null,
  list text not null,
  name text not null,
  query jsonb not null,
  is_shared boolean default false not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint saved_views_pkey PRIMARY KEY (id),
  constraint saved_views_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60))),
  constraint saved_views_query_check CHECK ((jsonb_typeof(query) = 'object'::text)),
  constraint saved_views_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
comment on table saved_views is 'Filters and orders of lists under a name, one''s own or shared with colleagues; they hold no figure.';
CREATE UNIQUE INDEX saved_views_name ON public.saved_views USING btree (user_id, list, lower(name));
CREATE INDEX saved_views_shared ON public.saved_views USING btree (list) WHERE is_shared;
grant delete, insert, select, update on saved_views to surety_app;

create table schema_migrations (
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone default now() not null,
  constraint schema_migrations_pkey PRIMARY KEY (name)
);
grant select on schema_migrations to surety_app;

create table segments (
  id integer generated always as identity not null,
  code text not null,
  name_en text not null,
  name_zh text not null,
  currency character(3) not null,
  constraint segments_pkey PRIMARY KEY (id),
  constraint segments_code_key UNIQUE (code)
);
grant insert, select, update on segments to surety_app;

create table sessions (
  token_hash bytea not null,
  user_id bigint not null,
  created_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  user_agent text,
  constraint sessions_pkey PRIMARY KEY (token_hash),
  constraint sessions_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
comment on table sessions is 'Opaque sign-in sessions; the token itself is known to the browser alone.';
CREATE INDEX sessions_user ON public.sessions USING btree (user_id);
grant delete, insert, select, update on sessions to surety_app;

create table task_votes (
  id bigint generated always as identity not null,
  segment_id integer not null,
  task_id bigint not null,
  application_id bigint not null,
  round integer not null,
  person_id bigint not null,
  user_id bigint not null,
  outcome text not null,
  limit_amount numeric(20,4),
  terms_days integer,
  comment text,
  at timestamp with time zone not null,
  constraint task_votes_pkey PRIMARY KEY (id),
  constraint task_votes_application_id_round_person_id_key UNIQUE (application_id, round, person_id),
  constraint task_votes_task_id_person_id_key UNIQUE (task_id, person_id),
  constraint task_votes_check CHECK (((outcome = 'approve'::text) OR (length(TRIM(BOTH FROM comment)) > 0))),
  constraint task_votes_outcome_check CHECK ((outcome = ANY (ARRAY['approve'::text, 'reject'::text, 'return'::text]))),
  constraint task_votes_application_id_fkey FOREIGN KEY (application_id) REFERENCES credit_applications(id),
  constraint task_votes_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id),
  constraint task_votes_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id),
  constraint task_votes_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id),
  constraint task_votes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE TRIGGER task_votes_four_eyes BEFORE INSERT OR UPDATE ON public.task_votes FOR EACH ROW EXECUTE FUNCTION refuse_own_vote();
alter table task_votes enable row level security;
alter table task_votes force row level security;
create policy by_segment on task_votes for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select on task_votes to surety_app;

create table tasks (
  id bigint generated always as identity not null,
  segment_id integer not null,
  kind text not null,
  application_id bigint not null,
  customer_id bigint not null,
  round integer not null,
  level integer not null,
  level_count integer not null,
  authority_level integer not null,
  amount numeric(20,4) not null,
  currency character(3) not null,
  reason jsonb not null,
  status text default 'open'::text not null,
  outcome text,
  created_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  version integer default 1 not null,
  constraint tasks_pkey PRIMARY KEY (id),
  constraint tasks_application_id_round_level_key UNIQUE (application_id, round, level),
  constraint tasks_kind_check CHECK ((kind = 'credit_application'::text)),
  constraint tasks_outcome_check CHECK ((outcome = ANY (ARRAY['approve'::text, 'reject'::text, 'return'::text]))),
  constraint tasks_status_check CHECK ((status = ANY (ARRAY['open'::text, 'done'::text, 'cancelled'::text]))),
  constraint tasks_application_id_fkey FOREIGN KEY (application_id) REFERENCES credit_applications(id),
  constraint tasks_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint tasks_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE INDEX tasks_open ON public.tasks USING btree (segment_id, authority_level, due_at) WHERE (status = 'open'::text);
alter table tasks enable row level security;
alter table tasks force row level security;
create policy by_segment on tasks for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select, update on tasks to surety_app;

create table user_roles (
  id bigint generated always as identity not null,
  user_id bigint not null,
  role text not null,
  segment_id integer,
  authority_level integer,
  constraint user_roles_pkey PRIMARY KEY (id),
  constraint user_roles_user_id_role_segment_id_key UNIQUE NULLS NOT DISTINCT (user_id, role, segment_id),
  constraint user_roles_authority_level_check CHECK (((authority_level >= 1) AND (authority_level <= 9))),
  constraint user_roles_role_check CHECK ((role = ANY (ARRAY['risk_officer'::text, 'approver'::text, 'analyst'::text, 'collector'::text, 'sales'::text, 'auditor'::text, 'admin'::text]))),
  constraint user_roles_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id),
  constraint user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
grant delete, insert, select, update on user_roles to surety_app;

create table users (
  id bigint generated always as identity not null,
  person_id bigint not null,
  login text not null,
  password_hash text,
  language text default 'zh-CN'::text not null,
  is_demo boolean default false not null,
  status text default 'active'::text not null,
  failed_attempts integer default 0 not null,
  locked_until timestamp with time zone,
  preferences jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_language_check CHECK ((language = ANY (ARRAY['zh-CN'::text, 'en'::text]))),
  constraint users_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text]))),
  constraint users_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id)
);
CREATE UNIQUE INDEX users_login ON public.users USING btree (lower(login));
grant insert, select, update on users to surety_app;

create view exposure_sources as
SELECT a.id AS account_id,
    s.customer_id,
    s.segment_id,
    s.source_kind,
    s.source_id,
    s.source_number,
    s.currency,
    s.amount
   FROM (( SELECT documents.customer_id,
            documents.segment_id,
            documents.type AS source_kind,
            documents.id AS source_id,
            documents.number AS source_number,
            documents.currency,
            document_exposure(documents.type, documents.open_amount, documents.is_prepaid, documents.closed_on, documents.cancelled_on) AS amount
           FROM documents
        UNION ALL
         SELECT payments.customer_id,
            payments.segment_id,
            'payment'::text,
            payments.id,
            payments.number,
            payments.currency,
            payment_exposure(payments.unapplied_amount, payments.is_dishonoured, payments.cancelled_on) AS payment_exposure
           FROM payments
        UNION ALL
         SELECT bills.customer_id,
            bills.segment_id,
            'bill'::text,
            bills.id,
            bills.number,
            bills.currency,
            bill_exposure(bills.amount, bills.honoured_on, bills.dishonoured_on) AS bill_exposure
           FROM bills
        UNION ALL
         SELECT o.customer_id,
            r.segment_id,
            'reservation'::text,
            r.id,
            r.order_number,
            r.currency,
            r.amount
           FROM (order_reservations r
             JOIN credit_accounts o ON ((o.id = r.account_id)))
          WHERE (r.status = 'active'::text)) s
     JOIN credit_accounts a ON (((a.customer_id = s.customer_id) AND (a.segment_id = s.segment_id))))
  WHERE (s.amount <> (0)::numeric);
