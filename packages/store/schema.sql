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

CREATE OR REPLACE FUNCTION public.exchange_rates_into(target text, day date)
 RETURNS TABLE(from_currency text, rate numeric, valid_on date, source text)
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;

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

CREATE OR REPLACE FUNCTION public.keep_security_of_instrument()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  paper bigint;
begin
  if tg_op = 'INSERT' then
    insert into securities (segment_id, type, effect, value, currency, percentage, cap, effective_from, expires_on, policy_number, origin, status, withdrawn_on, created_at, updated_at)
    values (new.segment_id, new.type, new.effect, new.value, new.currency, new.percentage, new.cap, new.effective_from, case when new.expires_on is not null then greatest(new.expires_on, new.effective_from) end, new.reference, 'source',
      case when new.withdrawn_on is null then 'accepted' else 'withdrawn' end, new.withdrawn_on, exposure_clock(), exposure_clock())
    returning id into paper;
    if new.value > 0 then
      insert into security_parts (security_id, segment_id, account_id, amount)
      select paper, a.segment_id, a.id, new.value from credit_accounts a where a.customer_id = new.customer_id and a.segment_id = new.segment_id;
    end if;
    update instruments set security_id = paper where id = new.id;
  else
    update securities set type = new.type, effect = new.effect, value = new.value, currency = new.currency, percentage = new.percentage, cap = new.cap, effective_from = new.effective_from,
      expires_on = case when new.expires_on is not null then greatest(new.expires_on, new.effective_from) end, policy_number = new.reference, status = case when new.withdrawn_on is null then 'accepted' else 'withdrawn' end, withdrawn_on = new.withdrawn_on,
      expiry_told_at = case when new.expires_on is distinct from old.expires_on then null else expiry_told_at end, version = version + 1, updated_at = exposure_clock()
    where id = new.security_id and origin = 'source';
    update security_parts set amount = new.value where security_id = new.security_id and new.value > 0
      and exists (select from securities where id = new.security_id and origin = 'source');
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.lend_hands()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into approval_hands (approval_id, round, person_id, segment_id, task_id)
  select new.approval_id, new.round, person, new.segment_id, new.task_id from unnest(array[new.person_id, new.on_behalf_of]) as person where person is not null;
  return null;
end $function$;

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
  if cardinality(accounts) = 0 then return; end if;
  -- Counted, not flagged: a change that commits while somebody looks is still one to look at. In one order by all, so that two that meet wait and don't deadlock.
  update holds set changes = changes + 1
  where id in (select id from holds where status = 'open' and account_id = any (accounts) order by id for no key update);
  if found then perform pg_notify('surety_holds', ''); end if;
end $function$;

CREATE OR REPLACE FUNCTION public.mark_holds_of_dispute()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform mark_holds_of_accounts(array(
    select a.id from documents d join credit_accounts a on a.customer_id = d.customer_id and a.segment_id = d.segment_id where d.id = new.document_id));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.mark_holds_of_exclusion()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform mark_holds_of_accounts(array(
    select h.account_id from holds h join customers c on c.id = h.customer_id
    where h.status = 'open' and h.segment_id = new.segment_id
      and case new.scope when 'customer' then h.customer_id = new.customer_id when 'group' then c.group_code = new.group_code else true end));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.mark_holds_of_exposure()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.mark_holds_of_group()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform mark_holds_of_accounts(array(
    select a.id from customers c join credit_accounts a on a.customer_id = c.id and a.segment_id = new.segment_id where c.group_code = new.code));
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

CREATE OR REPLACE FUNCTION public.mark_holds_of_limit()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform mark_holds_of_accounts(array[new.account_id]);
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

CREATE OR REPLACE FUNCTION public.mark_open_holds()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform mark_holds_of_accounts(array(select account_id from holds where status = 'open'));
end $function$;

CREATE OR REPLACE FUNCTION public.next_customer_id()
 RETURNS bigint
 LANGUAGE sql
AS $function$ select nextval(pg_get_serial_sequence('customers', 'id')) $function$;

CREATE OR REPLACE FUNCTION public.note_exchange_rate_pairs()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into exchange_rate_pairs select distinct from_currency, to_currency from fresh on conflict do nothing;
  return null;
end $function$;

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

CREATE OR REPLACE FUNCTION public.queue_webhook_event(segment integer, event_type text, data jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_changed_request()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (old.policy_id, old.draft_id, old.document, old.content_hash, old.cases, old.maker_id, old.maker_person_id, old.approval_levels, old.is_emergency, old.submitted_at)
    is distinct from (new.policy_id, new.draft_id, new.document, new.content_hash, new.cases, new.maker_id, new.maker_person_id, new.approval_levels, new.is_emergency, new.submitted_at) then
    raise exception 'change request % can not be rewritten; submit another', old.id using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_late_recall()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from policy_versions v where v.policy_id = new.policy_id and v.version = new.version and v.effective_from <= new.recalled_at) then
    raise exception 'version % of % has taken effect and can not be recalled', new.version, new.policy_id using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_more_than_its_value()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  whole numeric;
  parts numeric;
begin
  select value into whole from securities where id = new.security_id;
  select sum(amount) into parts from security_parts where security_id = new.security_id;
  if parts > whole then
    raise exception 'the parts of security % are % of %', new.security_id, parts, whole using errcode = 'check_violation', constraint = 'security_parts_within_value';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_own_change_vote()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare request change_requests;
begin
  select * into request from change_requests where id = new.change_request_id for update;
  if new.person_id is distinct from (select person_id from users where id = new.user_id) then
    raise exception 'user % is not person %', new.user_id, new.person_id using errcode = 'integrity_constraint_violation';
  end if;
  if request.maker_person_id = new.person_id
    or exists (select from policy_draft_editors e where e.draft_id = request.draft_id and e.person_id = new.person_id and e.edited_at is not null) then
    raise exception 'person % worked on change % and can not decide on it', new.person_id, new.change_request_id using errcode = 'integrity_constraint_violation';
  end if;
  if new.content_hash <> request.content_hash then
    raise exception 'change % holds %, not %', new.change_request_id, request.content_hash, new.content_hash using errcode = 'integrity_constraint_violation';
  end if;
  if new.stage = 'approval' and request.status <> 'in_review' then
    raise exception 'change % is %, not in review', new.change_request_id, request.status using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_own_clearing()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.cleared_by_person is not null and exists (
    select from holds h where h.id = new.hold_id and (new.cleared_by_person::text = h.request ->> 'askedByPerson' or new.cleared_by_person = h.forced_by_person)
  ) then
    raise exception 'person % made hold % and can not clear its reasons', new.cleared_by_person, new.hold_id
      using errcode = 'insufficient_privilege', constraint = 'maker_is_not_checker';
  end if;
  return new;
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
  if new.status = 'released' and new.is_forced and (new.released_by_person is null or new.released_by_person = new.forced_by_person) then
    raise exception 'the forced hold of order % is released by another person than %', new.order_number, new.forced_by_person
      using errcode = 'insufficient_privilege', constraint = 'maker_is_not_checker';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_own_vote()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from approvals a where a.id = new.approval_id and a.maker_person_id in (new.person_id, new.on_behalf_of)) then
    raise exception 'person % asked for approval % and can not decide on it', coalesce(new.on_behalf_of, new.person_id), new.approval_id
      using errcode = 'insufficient_privilege', constraint = 'maker_is_not_checker';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_unapproved_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare request change_requests;
begin
  -- Came with the product, with nobody's name on it.
  if new.change_request_id is null and new.published_by is null then return new; end if;
  select * into request from change_requests where id = new.change_request_id;
  if not found then
    raise exception 'version % of % was asked for by nobody: people publish by change requests', new.version, new.policy_id using errcode = 'integrity_constraint_violation';
  end if;
  if request.policy_id <> new.policy_id or request.content_hash <> new.hash then
    raise exception 'change % is about % with %, not % with %', request.id, request.policy_id, request.content_hash, new.policy_id, new.hash using errcode = 'integrity_constraint_violation';
  end if;
  if (select count(distinct person_id) from change_request_votes v where v.change_request_id = request.id and v.stage = 'approval' and v.outcome = 'approve' and v.content_hash = new.hash) < cardinality(request.approval_levels)
    or exists (select from change_request_votes v where v.change_request_id = request.id and v.stage = 'approval' and v.outcome <> 'approve') then
    raise exception 'change % is not approved', request.id using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.tell_account_status()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform queue_webhook_event(new.segment_id, 'account.statusChanged', jsonb_build_object('accountId', new.account_id::text, 'status', new.status, 'since', new.since,
    'customerNumber', (select c.number from credit_accounts a join customers c on c.id = a.customer_id where a.id = new.account_id)));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.tell_decision()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform queue_webhook_event(new.segment_id, 'decision.made', jsonb_build_object('decisionId', new.id::text, 'kind', new.kind, 'outcome', new.outcome, 'subject', new.subject,
    'customerNumber', (select number from customers where id = new.customer_id), 'policy', new.policy_id, 'policyVersion', new.policy_version));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.tell_hold()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if tg_op = 'UPDATE' and new.status = old.status then return null; end if;
  perform queue_webhook_event(new.segment_id, case new.status when 'open' then 'hold.placed' when 'released' then 'hold.released' else 'hold.cancelled' end,
    jsonb_build_object('holdId', new.id::text, 'orderNumber', new.order_number, 'source', new.source, 'customerNumber', (select number from customers where id = new.customer_id),
      'amount', trim_scale(new.amount)::text, 'currency', new.currency, 'releaseLevel', new.release_level, 'releasedItself', new.status = 'released' and new.released_by is null));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.tell_limit()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform queue_webhook_event(new.segment_id, 'limit.changed', jsonb_build_object('limitId', new.id::text, 'accountId', new.account_id::text,
    'customerNumber', (select c.number from credit_accounts a join customers c on c.id = a.customer_id where a.id = new.account_id),
    'kind', new.kind, 'amount', trim_scale(new.amount)::text, 'currency', new.currency, 'paymentTermsDays', new.payment_terms_days, 'validFrom', new.valid_from, 'validTo', new.valid_to));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.tell_reconciliation()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform queue_webhook_event(new.segment_id, 'reconciliation.finished', jsonb_build_object('reconciliationId', new.id::text, 'kind', new.kind, 'source', new.source, 'asOf', new.as_of, 'findings', new.finding_count));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.tell_refused_check()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform queue_webhook_event(new.segment_id, 'check.refused', jsonb_build_object('checkId', new.id::text, 'orderNumber', new.order_number, 'source', new.source,
    'customerNumber', (select c.number from credit_accounts a join customers c on c.id = a.customer_id where a.id = new.account_id),
    'amount', trim_scale(new.amount)::text, 'currency', new.currency, 'checkpoint', new.checkpoint, 'rules', new.response -> 'rules'));
  return null;
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
CREATE TRIGGER account_statuses_tell AFTER INSERT ON public.account_statuses FOR EACH ROW EXECUTE FUNCTION tell_account_status();
alter table account_statuses enable row level security;
alter table account_statuses force row level security;
create policy by_segment on account_statuses for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select on account_statuses to surety_app;

create table alerts (
  id bigint generated always as identity not null,
  segment_id integer not null,
  customer_id bigint not null,
  indicator text not null,
  fact text,
  severity text not null,
  status text default 'open'::text not null,
  value jsonb,
  threshold numeric,
  clear_at numeric,
  cool_down_days integer default 0 not null,
  reason_code text not null,
  message jsonb not null,
  decision_id bigint not null,
  opened_on date not null,
  opened_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  handled_by bigint,
  snoozed_until date,
  comment text,
  closed_on date,
  closed_by bigint,
  version integer default 1 not null,
  constraint alerts_pkey PRIMARY KEY (id),
  constraint alerts_check CHECK (((status = 'closed'::text) = (closed_on IS NOT NULL))),
  constraint alerts_cool_down_days_check CHECK ((cool_down_days >= 0)),
  constraint alerts_severity_check CHECK ((severity = ANY (ARRAY['warn'::text, 'critical'::text]))),
  constraint alerts_status_check CHECK ((status = ANY (ARRAY['open'::text, 'acknowledged'::text, 'acting'::text, 'closed'::text]))),
  constraint alerts_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES users(id),
  constraint alerts_customer_id_segment_id_fkey FOREIGN KEY (customer_id, segment_id) REFERENCES credit_accounts(customer_id, segment_id),
  constraint alerts_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decisions(id),
  constraint alerts_handled_by_fkey FOREIGN KEY (handled_by) REFERENCES users(id),
  constraint alerts_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE UNIQUE INDEX alerts_day ON public.alerts USING btree (customer_id, segment_id, indicator, opened_on);
CREATE INDEX alerts_open ON public.alerts USING btree (severity, opened_at) WHERE (status <> 'closed'::text);
CREATE UNIQUE INDEX alerts_standing ON public.alerts USING btree (customer_id, segment_id, indicator) WHERE (status <> 'closed'::text);
alter table alerts enable row level security;
alter table alerts force row level security;
create policy by_segment on alerts for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on alerts to surety_app;

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

create table application_claims (
  id bigint generated always as identity not null,
  segment_id integer not null,
  payment_id bigint,
  credit_note_id bigint,
  invoice_number text not null,
  invoice_id bigint,
  amount numeric(20,4) not null,
  claimed_on date not null,
  constraint application_claims_pkey PRIMARY KEY (id),
  constraint application_claims_amount_check CHECK ((amount >= (0)::numeric)),
  constraint application_claims_check CHECK ((num_nonnulls(payment_id, credit_note_id) = 1)),
  constraint application_claims_credit_note_id_fkey FOREIGN KEY (credit_note_id) REFERENCES documents(id),
  constraint application_claims_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES documents(id),
  constraint application_claims_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id),
  constraint application_claims_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE UNIQUE INDEX application_claims_credit_note ON public.application_claims USING btree (credit_note_id, invoice_number) WHERE (credit_note_id IS NOT NULL);
CREATE INDEX application_claims_invoice ON public.application_claims USING btree (invoice_id) WHERE (invoice_id IS NOT NULL);
CREATE UNIQUE INDEX application_claims_payment ON public.application_claims USING btree (payment_id, invoice_number) WHERE (payment_id IS NOT NULL);
CREATE INDEX application_claims_waiting ON public.application_claims USING btree (segment_id, invoice_number) WHERE (invoice_id IS NULL);
alter table application_claims enable row level security;
alter table application_claims force row level security;
create policy by_segment on application_claims for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on application_claims to surety_app;

create table approval_attachments (
  id bigint generated always as identity not null,
  segment_id integer,
  approval_id bigint not null,
  blob_sha256 bytea not null,
  file_name text not null,
  media_type text not null,
  size bigint not null,
  person_id bigint not null,
  at timestamp with time zone not null,
  constraint approval_attachments_pkey PRIMARY KEY (id),
  constraint approval_attachments_approval_id_blob_sha256_file_name_key UNIQUE (approval_id, blob_sha256, file_name),
  constraint approval_attachments_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES approvals(id),
  constraint approval_attachments_blob_sha256_fkey FOREIGN KEY (blob_sha256) REFERENCES blobs(sha256),
  constraint approval_attachments_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id),
  constraint approval_attachments_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
alter table approval_attachments enable row level security;
alter table approval_attachments force row level security;
create policy by_segment on approval_attachments for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[])) OR ((segment_id IS NULL) AND (( SELECT visible_segments() AS visible_segments) <> '{}'::integer[]))));
grant delete, insert, select, update on approval_attachments to surety_app;

create table approval_comments (
  id bigint generated always as identity not null,
  segment_id integer,
  approval_id bigint not null,
  task_id bigint,
  person_id bigint not null,
  kind text not null,
  text text not null,
  at timestamp with time zone not null,
  constraint approval_comments_pkey PRIMARY KEY (id),
  constraint approval_comments_kind_check CHECK ((kind = ANY (ARRAY['comment'::text, 'opinion'::text]))),
  constraint approval_comments_text_check CHECK ((length(TRIM(BOTH FROM text)) > 0)),
  constraint approval_comments_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES approvals(id),
  constraint approval_comments_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id),
  constraint approval_comments_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id),
  constraint approval_comments_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id)
);
CREATE INDEX approval_comments_approval ON public.approval_comments USING btree (approval_id, id);
alter table approval_comments enable row level security;
alter table approval_comments force row level security;
create policy by_segment on approval_comments for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[])) OR ((segment_id IS NULL) AND (( SELECT visible_segments() AS visible_segments) <> '{}'::integer[]))));
grant insert, select on approval_comments to surety_app;

create table approval_hands (
  approval_id bigint not null,
  round integer not null,
  person_id bigint not null,
  segment_id integer,
  task_id bigint not null,
  constraint approval_hands_pkey PRIMARY KEY (approval_id, round, person_id),
  constraint approval_hands_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES approvals(id),
  constraint approval_hands_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id),
  constraint approval_hands_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id),
  constraint approval_hands_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id)
);
comment on table approval_hands is 'Natural persons whose hand is in a round, their own or lent: each at most once.';
CREATE INDEX approval_hands_person ON public.approval_hands USING btree (person_id);
alter table approval_hands enable row level security;
alter table approval_hands force row level security;
create policy by_segment on approval_hands for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[])) OR ((segment_id IS NULL) AND (( SELECT visible_segments() AS visible_segments) <> '{}'::integer[]))));
grant insert, select on approval_hands to surety_app;

create table approvals (
  id bigint generated always as identity not null,
  segment_id integer,
  kind text not null,
  subject_id text not null,
  customer_id bigint,
  title jsonb not null,
  amount numeric(20,4),
  currency character(3),
  grade text,
  request jsonb default '{}'::jsonb not null,
  purpose text,
  maker_person_id bigint not null,
  maker_user_id bigint,
  round integer default 1 not null,
  status text default 'open'::text not null,
  blocked text,
  policy_id text,
  policy_version integer,
  chain jsonb default '[]'::jsonb not null,
  override_level integer,
  reason jsonb not null,
  version integer default 1 not null,
  idempotency_key text,
  started_at timestamp with time zone not null,
  returned_at timestamp with time zone,
  rework_until timestamp with time zone,
  closed_at timestamp with time zone,
  granted_amount numeric(20,4),
  granted_terms_days integer,
  amended_from integer,
  stopped_ms bigint default 0 not null,
  constraint approvals_pkey PRIMARY KEY (id),
  constraint approvals_idempotency_key_key UNIQUE (idempotency_key),
  constraint approvals_amount_check CHECK ((amount >= (0)::numeric)),
  constraint approvals_check CHECK (((amount IS NULL) = (currency IS NULL))),
  constraint approvals_kind_check CHECK ((kind = ANY (ARRAY['credit_application'::text, 'limit_change'::text, 'temporary_limit'::text, 'hold_release'::text, 'security_acceptance'::text, 'write_off'::text, 'policy_change'::text]))),
  constraint approvals_override_level_check CHECK (((override_level >= 1) AND (override_level <= 9))),
  constraint approvals_status_check CHECK ((status = ANY (ARRAY['open'::text, 'returned'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text]))),
  constraint approvals_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint approvals_maker_person_id_fkey FOREIGN KEY (maker_person_id) REFERENCES persons(id),
  constraint approvals_maker_user_id_fkey FOREIGN KEY (maker_user_id) REFERENCES users(id),
  constraint approvals_policy_id_policy_version_fkey FOREIGN KEY (policy_id, policy_version) REFERENCES policy_versions(policy_id, version),
  constraint approvals_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table approvals is 'Every matter that people sign, from the asking to its end; Temporal holds its position and timers.';
CREATE INDEX approvals_customer ON public.approvals USING btree (customer_id, id DESC);
CREATE INDEX approvals_maker ON public.approvals USING btree (maker_person_id, id DESC);
CREATE UNIQUE INDEX approvals_one_open ON public.approvals USING btree (kind, subject_id) WHERE (status = ANY (ARRAY['open'::text, 'returned'::text]));
CREATE INDEX approvals_segment ON public.approvals USING btree (segment_id, status, id DESC);
alter table approvals enable row level security;
alter table approvals force row level security;
create policy by_segment on approvals for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[])) OR ((segment_id IS NULL) AND (( SELECT visible_segments() AS visible_segments) <> '{}'::integer[]))));
grant insert, select, update on approvals to surety_app;

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
  endorsed_on date,
  endorsed_to text,
  discounted_on date,
  discounted_with text,
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
create policy by_attachment on blob_chunks for select using ((EXISTS ( SELECT
   FROM approval_attachments a
  WHERE (a.blob_sha256 = blob_chunks.sha256))));
create policy by_import on blob_chunks for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (EXISTS ( SELECT
   FROM imports i
  WHERE (i.blob_sha256 = blob_chunks.sha256))))) with check (true);
create policy by_security on blob_chunks for select using ((EXISTS ( SELECT
   FROM security_documents d
  WHERE (d.sha256 = blob_chunks.sha256))));
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
create policy by_attachment on blobs for select using ((EXISTS ( SELECT
   FROM approval_attachments a
  WHERE (a.blob_sha256 = blobs.sha256))));
create policy by_import on blobs for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (EXISTS ( SELECT
   FROM imports i
  WHERE (i.blob_sha256 = blobs.sha256))))) with check (true);
create policy by_security on blobs for select using ((EXISTS ( SELECT
   FROM security_documents d
  WHERE (d.sha256 = blobs.sha256))));
grant delete, insert, select, update on blobs to surety_app;

create table calendar_days (
  region text not null,
  day date not null,
  is_working boolean not null,
  name jsonb not null,
  constraint calendar_days_pkey PRIMARY KEY (region, day)
);
comment on table calendar_days is 'Days that a company adds to the calendars that ship, or takes out of them.';
grant delete, insert, select, update on calendar_days to surety_app;

create table change_request_comments (
  id bigint generated always as identity not null,
  change_request_id bigint not null,
  user_id bigint not null,
  path text,
  body text not null,
  at timestamp with time zone not null,
  constraint change_request_comments_pkey PRIMARY KEY (id),
  constraint change_request_comments_body_check CHECK ((length(TRIM(BOTH FROM body)) > 0)),
  constraint change_request_comments_change_request_id_fkey FOREIGN KEY (change_request_id) REFERENCES change_requests(id),
  constraint change_request_comments_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE TRIGGER change_request_comments_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.change_request_comments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant insert, select on change_request_comments to surety_app;

create table change_request_votes (
  id bigint generated always as identity not null,
  change_request_id bigint not null,
  stage text not null,
  level integer,
  person_id bigint not null,
  user_id bigint not null,
  outcome text not null,
  content_hash text not null,
  comment text,
  at timestamp with time zone not null,
  constraint change_request_votes_pkey PRIMARY KEY (id),
  constraint change_request_votes_change_request_id_stage_person_id_key UNIQUE (change_request_id, stage, person_id),
  constraint change_request_votes_check CHECK (((outcome = 'approve'::text) OR (length(TRIM(BOTH FROM comment)) > 0))),
  constraint change_request_votes_outcome_check CHECK ((outcome = ANY (ARRAY['approve'::text, 'reject'::text, 'request_changes'::text]))),
  constraint change_request_votes_stage_check CHECK ((stage = ANY (ARRAY['approval'::text, 'review'::text]))),
  constraint change_request_votes_change_request_id_fkey FOREIGN KEY (change_request_id) REFERENCES change_requests(id),
  constraint change_request_votes_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id),
  constraint change_request_votes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE TRIGGER change_request_votes_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.change_request_votes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER change_request_votes_four_eyes BEFORE INSERT ON public.change_request_votes FOR EACH ROW EXECUTE FUNCTION refuse_own_change_vote();
grant insert, select on change_request_votes to surety_app;

create table change_requests (
  id bigint generated always as identity not null,
  policy_id text not null,
  draft_id bigint not null,
  base_version integer,
  document text not null,
  content_hash text not null,
  cases jsonb not null,
  intent text not null,
  findings jsonb not null,
  acknowledgements jsonb not null,
  case_results jsonb not null,
  impact_id bigint,
  maker_id bigint not null,
  maker_person_id bigint not null,
  status text default 'in_review'::text not null,
  is_emergency boolean default false not null,
  rollback_of integer,
  effective_from timestamp with time zone,
  approval_levels integer[] not null,
  review_levels integer[] default '{}'::integer[] not null,
  approval_decision jsonb,
  due_at timestamp with time zone not null,
  published_version integer,
  submitted_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  version integer default 1 not null,
  constraint change_requests_pkey PRIMARY KEY (id),
  constraint change_requests_approval_levels_check CHECK ((cardinality(approval_levels) > 0)),
  constraint change_requests_status_check CHECK ((status = ANY (ARRAY['in_review'::text, 'changes_requested'::text, 'outdated'::text, 'rejected'::text, 'withdrawn'::text, 'approved'::text, 'in_force'::text, 'recalled'::text]))),
  constraint change_requests_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES policy_drafts(id),
  constraint change_requests_impact_id_fkey FOREIGN KEY (impact_id) REFERENCES policy_impacts(id),
  constraint change_requests_maker_id_fkey FOREIGN KEY (maker_id) REFERENCES users(id),
  constraint change_requests_maker_person_id_fkey FOREIGN KEY (maker_person_id) REFERENCES persons(id),
  constraint change_requests_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES policies(id),
  constraint change_requests_policy_id_published_version_fkey FOREIGN KEY (policy_id, published_version) REFERENCES policy_versions(policy_id, version)
);
CREATE INDEX change_requests_listed ON public.change_requests USING btree (status, id DESC);
CREATE UNIQUE INDEX change_requests_open ON public.change_requests USING btree (policy_id) WHERE (status = 'in_review'::text);
CREATE TRIGGER change_requests_frozen BEFORE UPDATE ON public.change_requests FOR EACH ROW EXECUTE FUNCTION refuse_changed_request();
grant insert, select, update on change_requests to surety_app;

create table check_exclusions (
  id bigint generated always as identity not null,
  segment_id integer not null,
  scope text not null,
  customer_id bigint,
  group_code text,
  kind text not null,
  up_to numeric(20,4),
  valid_from date not null,
  expires_on date not null,
  reason text not null,
  made_by bigint,
  ended_at timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint check_exclusions_pkey PRIMARY KEY (id),
  constraint check_exclusions_check CHECK ((expires_on >= valid_from)),
  constraint check_exclusions_check1 CHECK (((scope = 'customer'::text) = (customer_id IS NOT NULL))),
  constraint check_exclusions_check2 CHECK (((scope = 'group'::text) = (group_code IS NOT NULL))),
  constraint check_exclusions_reason_check CHECK ((length(TRIM(BOTH FROM reason)) > 0)),
  constraint check_exclusions_scope_check CHECK ((scope = ANY (ARRAY['customer'::text, 'group'::text, 'all'::text]))),
  constraint check_exclusions_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint check_exclusions_made_by_fkey FOREIGN KEY (made_by) REFERENCES users(id),
  constraint check_exclusions_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table check_exclusions is 'Checks that do not count for a customer, a group or all for a while; the more specific one wins.';
CREATE INDEX check_exclusions_live ON public.check_exclusions USING btree (segment_id, expires_on) WHERE (ended_at IS NULL);
CREATE TRIGGER check_exclusions_holds AFTER INSERT OR UPDATE ON public.check_exclusions FOR EACH ROW EXECUTE FUNCTION mark_holds_of_exclusion();
alter table check_exclusions enable row level security;
alter table check_exclusions force row level security;
create policy by_segment on check_exclusions for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select, update on check_exclusions to surety_app;

create table collection_contacts (
  id bigint generated always as identity not null,
  segment_id integer not null,
  customer_id bigint not null,
  at timestamp with time zone not null,
  user_id bigint,
  channel text not null,
  outcome text not null,
  person text,
  note text,
  follow_up_on date,
  promise_id bigint,
  constraint collection_contacts_pkey PRIMARY KEY (id),
  constraint collection_contacts_channel_check CHECK ((channel = ANY (ARRAY['call'::text, 'mail'::text, 'meeting'::text, 'note'::text]))),
  constraint collection_contacts_outcome_check CHECK ((outcome = ANY (ARRAY['reached'::text, 'not_reached'::text, 'promised'::text, 'disputed'::text, 'refused'::text, 'note'::text]))),
  constraint collection_contacts_customer_id_segment_id_fkey FOREIGN KEY (customer_id, segment_id) REFERENCES credit_accounts(customer_id, segment_id),
  constraint collection_contacts_promise_id_fkey FOREIGN KEY (promise_id) REFERENCES promises_to_pay(id),
  constraint collection_contacts_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id),
  constraint collection_contacts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX collection_contacts_customer ON public.collection_contacts USING btree (customer_id, segment_id, at DESC);
alter table collection_contacts enable row level security;
alter table collection_contacts force row level security;
create policy by_segment on collection_contacts for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on collection_contacts to surety_app;

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

create table credit_groups (
  id bigint generated always as identity not null,
  segment_id integer not null,
  code text not null,
  currency character(3) not null,
  limit_kind text not null,
  limit_amount numeric(20,4),
  valid_from date not null,
  version integer default 1 not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint credit_groups_pkey PRIMARY KEY (id),
  constraint credit_groups_segment_id_code_key UNIQUE (segment_id, code),
  constraint credit_groups_check CHECK (((limit_kind = 'amount'::text) = (limit_amount IS NOT NULL))),
  constraint credit_groups_limit_amount_check CHECK ((limit_amount >= (0)::numeric)),
  constraint credit_groups_limit_kind_check CHECK ((limit_kind = ANY (ARRAY['none'::text, 'amount'::text, 'unlimited'::text]))),
  constraint credit_groups_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table credit_groups is 'Groups of customers with a limit of their own in a segment; the row is the lock on which order checks of its members take turns.';
CREATE TRIGGER credit_groups_holds AFTER INSERT OR UPDATE ON public.credit_groups FOR EACH ROW EXECUTE FUNCTION mark_holds_of_group();
alter table credit_groups enable row level security;
alter table credit_groups force row level security;
create policy by_segment on credit_groups for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select, update on credit_groups to surety_app;

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
  temporary_until date,
  constraint credit_limits_pkey PRIMARY KEY (id),
  constraint credit_limits_check CHECK (((kind = 'amount'::text) = (amount IS NOT NULL))),
  constraint credit_limits_check1 CHECK ((temporary_until >= valid_from)),
  constraint credit_limits_kind_check CHECK ((kind = ANY (ARRAY['none'::text, 'amount'::text, 'unlimited'::text]))),
  constraint credit_limits_account_id_fkey FOREIGN KEY (account_id) REFERENCES credit_accounts(id),
  constraint credit_limits_application_id_fkey FOREIGN KEY (application_id) REFERENCES credit_applications(id),
  constraint credit_limits_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES users(id),
  constraint credit_limits_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table credit_limits is 'Every limit an account ever had; the account carries the one in force.';
CREATE INDEX credit_limits_account ON public.credit_limits USING btree (account_id, id DESC);
CREATE UNIQUE INDEX credit_limits_application ON public.credit_limits USING btree (application_id) WHERE (application_id IS NOT NULL);
CREATE INDEX credit_limits_temporary ON public.credit_limits USING btree (account_id) WHERE (temporary_until IS NOT NULL);
CREATE TRIGGER credit_limits_holds AFTER INSERT ON public.credit_limits FOR EACH ROW WHEN ((new.temporary_until IS NOT NULL)) EXECUTE FUNCTION mark_holds_of_limit();
CREATE TRIGGER credit_limits_tell AFTER INSERT ON public.credit_limits FOR EACH ROW EXECUTE FUNCTION tell_limit();
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
CREATE INDEX customers_group ON public.customers USING btree (group_code) WHERE (group_code IS NOT NULL);
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
CREATE TRIGGER decisions_tell AFTER INSERT ON public.decisions FOR EACH ROW EXECUTE FUNCTION tell_decision();
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
CREATE TRIGGER disputes_holds AFTER INSERT OR UPDATE ON public.disputes FOR EACH ROW EXECUTE FUNCTION mark_holds_of_dispute();
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
  order_number text,
  delivery_number text,
  told_open_amount numeric(20,4),
  reopened_at timestamp with time zone,
  constraint documents_pkey PRIMARY KEY (id),
  constraint documents_number_source_type_segment_id_key UNIQUE (number, source, type, segment_id),
  constraint documents_amount_check CHECK ((amount >= (0)::numeric)),
  constraint documents_check CHECK (((open_amount >= (0)::numeric) AND (open_amount <= amount))),
  constraint documents_told_open_amount_check CHECK ((told_open_amount >= (0)::numeric)),
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
CREATE INDEX documents_wanting_delivery ON public.documents USING btree (segment_id, source, delivery_number) WHERE ((delivery_number IS NOT NULL) AND (delivery_id IS NULL));
CREATE INDEX documents_wanting_order ON public.documents USING btree (segment_id, source, order_number) WHERE ((order_number IS NOT NULL) AND (order_id IS NULL));
CREATE TRIGGER documents_end_changed_reservations AFTER UPDATE ON public.documents REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION end_arrived_reservations();
CREATE TRIGGER documents_end_reservations AFTER INSERT ON public.documents REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION end_arrived_reservations();
CREATE TRIGGER documents_exposure_insert AFTER INSERT ON public.documents REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION post_document_exposure();
CREATE TRIGGER documents_exposure_update AFTER UPDATE ON public.documents REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION post_document_exposure();
alter table documents enable row level security;
alter table documents force row level security;
create policy by_segment on documents for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select, update on documents to surety_app;

create table dunning_cases (
  id bigint generated always as identity not null,
  segment_id integer not null,
  customer_id bigint not null,
  opened_on date not null,
  resolved_on date,
  level integer default 0 not null,
  blocks_credit boolean default false not null,
  constraint dunning_cases_pkey PRIMARY KEY (id),
  constraint dunning_cases_check CHECK (((resolved_on IS NULL) OR (resolved_on >= opened_on))),
  constraint dunning_cases_level_check CHECK ((level >= 0)),
  constraint dunning_cases_customer_id_segment_id_fkey FOREIGN KEY (customer_id, segment_id) REFERENCES credit_accounts(customer_id, segment_id),
  constraint dunning_cases_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE UNIQUE INDEX dunning_cases_open ON public.dunning_cases USING btree (customer_id, segment_id) WHERE (resolved_on IS NULL);
alter table dunning_cases enable row level security;
alter table dunning_cases force row level security;
create policy by_segment on dunning_cases for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on dunning_cases to surety_app;

create table dunning_fees (
  case_id bigint not null,
  level integer not null,
  segment_id integer not null,
  letter_id bigint not null,
  amount numeric(20,4) not null,
  currency character(3) not null,
  charged_on date not null,
  constraint dunning_fees_pkey PRIMARY KEY (case_id, level),
  constraint dunning_fees_amount_check CHECK ((amount > (0)::numeric)),
  constraint dunning_fees_case_id_fkey FOREIGN KEY (case_id) REFERENCES dunning_cases(id),
  constraint dunning_fees_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES dunning_letters(id),
  constraint dunning_fees_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table dunning_fees is 'Once for each level of a case, whatever is retried.';
alter table dunning_fees enable row level security;
alter table dunning_fees force row level security;
create policy by_segment on dunning_fees for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on dunning_fees to surety_app;

create table dunning_letter_items (
  letter_id bigint not null,
  document_id bigint not null,
  segment_id integer not null,
  level integer not null,
  open_amount numeric(20,4) not null,
  days_past_due integer not null,
  interest_rate numeric(9,4) not null,
  interest numeric(20,4) not null,
  constraint dunning_letter_items_pkey PRIMARY KEY (letter_id, document_id),
  constraint dunning_letter_items_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id),
  constraint dunning_letter_items_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES dunning_letters(id),
  constraint dunning_letter_items_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE INDEX dunning_letter_items_document ON public.dunning_letter_items USING btree (document_id);
alter table dunning_letter_items enable row level security;
alter table dunning_letter_items force row level security;
create policy by_segment on dunning_letter_items for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on dunning_letter_items to surety_app;

create table dunning_letters (
  id bigint generated always as identity not null,
  segment_id integer not null,
  customer_id bigint not null,
  case_id bigint,
  run_on date not null,
  kind text not null,
  level integer not null,
  channel text not null,
  currency character(3) not null,
  total numeric(20,4) not null,
  interest numeric(20,4) default 0 not null,
  pay_by date not null,
  policy_id text not null,
  policy_version integer not null,
  mail_id bigint,
  undelivered text,
  created_at timestamp with time zone not null,
  constraint dunning_letters_pkey PRIMARY KEY (id),
  constraint dunning_letters_kind_check CHECK ((kind = ANY (ARRAY['courtesy'::text, 'remind'::text, 'final'::text]))),
  constraint dunning_letters_level_check CHECK ((level >= 0)),
  constraint dunning_letters_total_check CHECK ((total > (0)::numeric)),
  constraint dunning_letters_case_id_fkey FOREIGN KEY (case_id) REFERENCES dunning_cases(id),
  constraint dunning_letters_customer_id_segment_id_fkey FOREIGN KEY (customer_id, segment_id) REFERENCES credit_accounts(customer_id, segment_id),
  constraint dunning_letters_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES mails(id),
  constraint dunning_letters_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table dunning_letters is 'One a customer, currency, kind and day: a run that is repeated sends nothing twice.';
CREATE UNIQUE INDEX dunning_letters_once ON public.dunning_letters USING btree (customer_id, segment_id, run_on, currency, ((kind = 'courtesy'::text)));
alter table dunning_letters enable row level security;
alter table dunning_letters force row level security;
create policy by_segment on dunning_letters for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on dunning_letters to surety_app;

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

create table exchange_rate_pairs (
  from_currency character(3) not null,
  to_currency character(3) not null,
  constraint exchange_rate_pairs_pkey PRIMARY KEY (from_currency, to_currency)
);
comment on table exchange_rate_pairs is 'Which pairs there are rates of, so that the newest of each is found without reading them all.';
grant delete, insert, select, update on exchange_rate_pairs to surety_app;

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
CREATE TRIGGER exchange_rates_pairs AFTER INSERT ON public.exchange_rates REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION note_exchange_rate_pairs();
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
  cleared_by_person bigint,
  clear_comment text,
  constraint hold_reasons_pkey PRIMARY KEY (id),
  constraint hold_reasons_cleared_by_fkey FOREIGN KEY (cleared_by) REFERENCES users(id),
  constraint hold_reasons_cleared_by_person_fkey FOREIGN KEY (cleared_by_person) REFERENCES persons(id),
  constraint hold_reasons_hold_id_fkey FOREIGN KEY (hold_id) REFERENCES holds(id),
  constraint hold_reasons_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table hold_reasons is 'Why an order is held; cleared one by one.';
CREATE UNIQUE INDEX hold_reasons_standing ON public.hold_reasons USING btree (hold_id, code) WHERE (cleared_at IS NULL);
CREATE TRIGGER hold_reasons_four_eyes BEFORE INSERT OR UPDATE ON public.hold_reasons FOR EACH ROW EXECUTE FUNCTION refuse_own_clearing();
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
  decision_id bigint,
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
  is_forced boolean default false not null,
  forced_by bigint,
  forced_by_person bigint,
  released_with_step boolean,
  constraint holds_pkey PRIMARY KEY (id),
  constraint holds_amount_check CHECK ((amount > (0)::numeric)),
  constraint holds_check CHECK (((status = 'open'::text) = (released_at IS NULL))),
  constraint holds_have_a_case CHECK ((is_forced OR (decision_id IS NOT NULL))),
  constraint holds_release_level_check CHECK (((release_level >= 1) AND (release_level <= 9))),
  constraint holds_status_check CHECK ((status = ANY (ARRAY['open'::text, 'released'::text, 'cancelled'::text]))),
  constraint holds_account_id_fkey FOREIGN KEY (account_id) REFERENCES credit_accounts(id),
  constraint holds_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint holds_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decisions(id),
  constraint holds_forced_by_fkey FOREIGN KEY (forced_by) REFERENCES users(id),
  constraint holds_forced_by_person_fkey FOREIGN KEY (forced_by_person) REFERENCES persons(id),
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
CREATE TRIGGER holds_tell AFTER INSERT OR UPDATE OF status ON public.holds FOR EACH ROW EXECUTE FUNCTION tell_hold();
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

create table indicator_values (
  segment_id integer not null,
  customer_id bigint not null,
  fact text not null,
  day date not null,
  value numeric not null,
  constraint indicator_values_pkey PRIMARY KEY (customer_id, segment_id, fact, day),
  constraint indicator_values_customer_id_segment_id_fkey FOREIGN KEY (customer_id, segment_id) REFERENCES credit_accounts(customer_id, segment_id),
  constraint indicator_values_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table indicator_values is 'The last value of each day, for the small charts beside alerts.';
alter table indicator_values enable row level security;
alter table indicator_values force row level security;
create policy by_segment on indicator_values for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on indicator_values to surety_app;

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
  source text,
  security_id bigint,
  constraint instruments_pkey PRIMARY KEY (id),
  constraint instruments_cap_check CHECK ((cap >= (0)::numeric)),
  constraint instruments_effect_check CHECK ((effect = ANY (ARRAY['raises-limit'::text, 'reduces-exposure'::text]))),
  constraint instruments_percentage_check CHECK (((percentage >= (0)::numeric) AND (percentage <= (100)::numeric))),
  constraint instruments_type_check CHECK ((type = ANY (ARRAY['guarantee'::text, 'collateral'::text, 'insurance'::text, 'letter-of-credit'::text, 'deposit'::text]))),
  constraint instruments_value_check CHECK ((value >= (0)::numeric)),
  constraint instruments_customer_id_segment_id_fkey FOREIGN KEY (customer_id, segment_id) REFERENCES credit_accounts(customer_id, segment_id),
  constraint instruments_security_id_effect_fkey FOREIGN KEY (security_id, effect) REFERENCES securities(id, effect) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX instruments_customer ON public.instruments USING btree (customer_id, segment_id);
CREATE UNIQUE INDEX instruments_reference ON public.instruments USING btree (segment_id, source, reference) WHERE (source IS NOT NULL);
CREATE INDEX instruments_security ON public.instruments USING btree (security_id);
CREATE TRIGGER instruments_have_a_security AFTER INSERT ON public.instruments FOR EACH ROW WHEN ((new.security_id IS NULL)) EXECUTE FUNCTION keep_security_of_instrument();
CREATE TRIGGER instruments_holds AFTER INSERT OR UPDATE ON public.instruments FOR EACH ROW EXECUTE FUNCTION mark_holds_of_instrument();
CREATE TRIGGER instruments_keep_their_security AFTER UPDATE ON public.instruments FOR EACH ROW WHEN ((((((((((old.type IS DISTINCT FROM new.type) OR (old.value IS DISTINCT FROM new.value)) OR (old.currency IS DISTINCT FROM new.currency)) OR (old.percentage IS DISTINCT FROM new.percentage)) OR (old.cap IS DISTINCT FROM new.cap)) OR (old.effective_from IS DISTINCT FROM new.effective_from)) OR (old.expires_on IS DISTINCT FROM new.expires_on)) OR (old.withdrawn_on IS DISTINCT FROM new.withdrawn_on)) OR (old.reference IS DISTINCT FROM new.reference))) EXECUTE FUNCTION keep_security_of_instrument();
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

create table library_versions (
  kind text not null,
  name text not null,
  version integer not null,
  title jsonb not null,
  content jsonb not null,
  content_hash text not null,
  comment text,
  saved_by bigint,
  saved_at timestamp with time zone not null,
  constraint library_versions_pkey PRIMARY KEY (kind, name, version),
  constraint library_versions_kind_check CHECK ((kind = ANY (ARRAY['list'::text, 'condition'::text, 'grade_scale'::text]))),
  constraint library_versions_version_check CHECK ((version > 0)),
  constraint library_versions_saved_by_fkey FOREIGN KEY (saved_by) REFERENCES users(id)
);
comment on table library_versions is 'Lists, named conditions and grade scales that several policies hold copies of; a new version changes no policy by itself.';
CREATE TRIGGER library_versions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.library_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant insert, select on library_versions to surety_app;

create table limit_events (
  id bigint generated always as identity not null,
  segment_id integer not null,
  account_id bigint not null,
  limit_id bigint not null,
  kind text not null,
  at timestamp with time zone not null,
  constraint limit_events_pkey PRIMARY KEY (id),
  constraint limit_events_limit_id_kind_key UNIQUE (limit_id, kind),
  constraint limit_events_kind_check CHECK ((kind = ANY (ARRAY['temporary-began'::text, 'temporary-ended'::text]))),
  constraint limit_events_account_id_fkey FOREIGN KEY (account_id) REFERENCES credit_accounts(id),
  constraint limit_events_limit_id_fkey FOREIGN KEY (limit_id) REFERENCES credit_limits(id),
  constraint limit_events_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table limit_events is 'What the calendar alone did to limits, written when it was noticed.';
CREATE TRIGGER limit_events_holds AFTER INSERT ON public.limit_events FOR EACH ROW EXECUTE FUNCTION mark_holds_of_limit();
alter table limit_events enable row level security;
alter table limit_events force row level security;
create policy by_segment on limit_events for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select on limit_events to surety_app;

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
  constraint order_checks_reservation_id_fkey FOREIGN KEY (reservation_id) REFERENCES order_reservations(id)
);
comment on table order_checks is 'Every check that counted, append-only, with its answer.';
CREATE INDEX order_checks_order ON public.order_checks USING btree (segment_id, source, order_number, id DESC);
CREATE TRIGGER order_checks_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.order_checks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER order_checks_tell AFTER INSERT ON public.order_checks FOR EACH ROW WHEN ((new.action = 'hold'::text)) EXECUTE FUNCTION tell_refused_check();
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
  constraint order_reservations_account_id_fkey FOREIGN KEY (account_id) REFERENCES credit_accounts(id)
);
comment on table order_reservations is 'What released orders take off the limit until they arrive as documents, end, or run out.';
CREATE INDEX order_reservations_account ON public.order_reservations USING btree (account_id, expires_at) WHERE (status = 'active'::text);
CREATE UNIQUE INDEX order_reservations_active ON public.order_reservations USING btree (segment_id, source, order_number) WHERE (status = 'active'::text);
CREATE INDEX order_reservations_due ON public.order_reservations USING btree (expires_at) WHERE (status = 'active'::text);
CREATE INDEX order_reservations_given_up ON public.order_reservations USING btree (segment_id, source, order_number) WHERE (status = ANY (ARRAY['cancelled'::text, 'expired'::text]));
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
  turn integer default 0 not null,
  constraint payment_applications_pkey PRIMARY KEY (id),
  constraint payment_applications_amount_check CHECK ((amount <> (0)::numeric)),
  constraint payment_applications_check CHECK ((num_nonnulls(payment_id, credit_note_id) = 1)),
  constraint payment_applications_credit_note_id_fkey FOREIGN KEY (credit_note_id) REFERENCES documents(id),
  constraint payment_applications_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id),
  constraint payment_applications_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id)
);
CREATE UNIQUE INDEX applications_of_credit_note_once ON public.payment_applications USING btree (credit_note_id, document_id, applied_on, ((amount > (0)::numeric)), turn) WHERE (credit_note_id IS NOT NULL);
CREATE INDEX payment_applications_day ON public.payment_applications USING btree (applied_on);
CREATE INDEX payment_applications_document ON public.payment_applications USING btree (document_id);
CREATE UNIQUE INDEX payment_applications_once ON public.payment_applications USING btree (payment_id, document_id, applied_on, ((amount > (0)::numeric)), turn) WHERE (payment_id IS NOT NULL);
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

create table policy_draft_editors (
  draft_id bigint not null,
  user_id bigint not null,
  person_id bigint not null,
  seen_at timestamp with time zone not null,
  edited_at timestamp with time zone,
  constraint policy_draft_editors_pkey PRIMARY KEY (draft_id, user_id),
  constraint policy_draft_editors_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES policy_drafts(id),
  constraint policy_draft_editors_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id),
  constraint policy_draft_editors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
grant insert, select, update on policy_draft_editors to surety_app;

create table policy_draft_revisions (
  draft_id bigint not null,
  revision integer not null,
  document text not null,
  cases jsonb not null,
  name text,
  saved_by bigint,
  saved_at timestamp with time zone not null,
  constraint policy_draft_revisions_pkey PRIMARY KEY (draft_id, revision),
  constraint policy_draft_revisions_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES policy_drafts(id),
  constraint policy_draft_revisions_saved_by_fkey FOREIGN KEY (saved_by) REFERENCES users(id)
);
grant delete, insert, select, update on policy_draft_revisions to surety_app;

create table policy_drafts (
  id bigint generated always as identity not null,
  policy_id text not null,
  base_version integer,
  revision integer default 1 not null,
  document text not null,
  content_hash text not null,
  cases jsonb default '[]'::jsonb not null,
  change_count integer default 0 not null,
  status text default 'open'::text not null,
  created_by bigint,
  updated_by bigint,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint policy_drafts_pkey PRIMARY KEY (id),
  constraint policy_drafts_status_check CHECK ((status = ANY (ARRAY['open'::text, 'published'::text, 'discarded'::text]))),
  constraint policy_drafts_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id),
  constraint policy_drafts_policy_id_base_version_fkey FOREIGN KEY (policy_id, base_version) REFERENCES policy_versions(policy_id, version),
  constraint policy_drafts_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES policies(id),
  constraint policy_drafts_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES users(id)
);
comment on table policy_drafts is 'What people work on; one open draft a policy, and nothing in it is in force.';
CREATE UNIQUE INDEX policy_drafts_open ON public.policy_drafts USING btree (policy_id) WHERE (status = 'open'::text);
grant insert, select, update on policy_drafts to surety_app;

create table policy_impact_moves (
  impact_id bigint not null,
  segment_id integer not null,
  customer_id bigint not null,
  "position" integer not null,
  before_outcome text not null,
  after_outcome text not null,
  before jsonb not null,
  after jsonb not null,
  exposure numeric(20,4) not null,
  currency character(3) not null,
  why jsonb,
  constraint policy_impact_moves_pkey PRIMARY KEY (impact_id, "position"),
  constraint policy_impact_moves_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint policy_impact_moves_impact_id_fkey FOREIGN KEY (impact_id) REFERENCES policy_impacts(id),
  constraint policy_impact_moves_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
alter table policy_impact_moves enable row level security;
alter table policy_impact_moves force row level security;
create policy by_segment on policy_impact_moves for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select on policy_impact_moves to surety_app;

create table policy_impacts (
  id bigint generated always as identity not null,
  policy_id text not null,
  base_version integer not null,
  base_hash text not null,
  draft_hash text not null,
  document text not null,
  status text default 'running'::text not null,
  done_count integer default 0 not null,
  total_count integer default 0 not null,
  result jsonb,
  problem text,
  requested_by bigint,
  requested_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint policy_impacts_pkey PRIMARY KEY (id),
  constraint policy_impacts_status_check CHECK ((status = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text]))),
  constraint policy_impacts_policy_id_base_version_base_hash_fkey FOREIGN KEY (policy_id, base_version, base_hash) REFERENCES policy_versions(policy_id, version, hash),
  constraint policy_impacts_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES policies(id),
  constraint policy_impacts_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES users(id)
);
comment on table policy_impacts is 'What a draft would do, beside the version in force, to the customers of today; figures without names.';
CREATE INDEX policy_impacts_hash ON public.policy_impacts USING btree (policy_id, draft_hash, base_hash, id DESC);
grant insert, select, update on policy_impacts to surety_app;

create table policy_recalls (
  policy_id text not null,
  version integer not null,
  reason text not null,
  recalled_by bigint,
  recalled_at timestamp with time zone not null,
  constraint policy_recalls_pkey PRIMARY KEY (policy_id, version),
  constraint policy_recalls_policy_id_version_fkey FOREIGN KEY (policy_id, version) REFERENCES policy_versions(policy_id, version),
  constraint policy_recalls_recalled_by_fkey FOREIGN KEY (recalled_by) REFERENCES users(id)
);
CREATE TRIGGER policy_recalls_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.policy_recalls FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_recalls_in_time BEFORE INSERT ON public.policy_recalls FOR EACH ROW EXECUTE FUNCTION refuse_late_recall();
grant insert, select on policy_recalls to surety_app;

create table policy_versions (
  policy_id text not null,
  version integer not null,
  hash text not null,
  document text not null,
  effective_from timestamp with time zone not null,
  published_by bigint,
  published_at timestamp with time zone not null,
  cases jsonb default '[]'::jsonb not null,
  change_request_id bigint,
  constraint policy_versions_pkey PRIMARY KEY (policy_id, version),
  constraint policy_versions_change_request_id_key UNIQUE (change_request_id),
  constraint policy_versions_policy_id_version_hash_key UNIQUE (policy_id, version, hash),
  constraint policy_versions_version_check CHECK ((version > 0)),
  constraint policy_versions_change_request_id_fkey FOREIGN KEY (change_request_id) REFERENCES change_requests(id),
  constraint policy_versions_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES policies(id),
  constraint policy_versions_published_by_fkey FOREIGN KEY (published_by) REFERENCES users(id)
);
CREATE TRIGGER policy_versions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.policy_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_versions_approved BEFORE INSERT ON public.policy_versions FOR EACH ROW EXECUTE FUNCTION refuse_unapproved_version();
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

create table reconciliation_findings (
  id bigint generated always as identity not null,
  segment_id integer not null,
  reconciliation_id bigint not null,
  kind text not null,
  customer_number text not null,
  customer_name text,
  document_type text,
  document_number text,
  category text,
  currency character(3) not null,
  ours numeric(24,4),
  theirs numeric(24,4),
  constraint reconciliation_findings_pkey PRIMARY KEY (id),
  constraint reconciliation_findings_kind_check CHECK ((kind = ANY (ARRAY['missing-here'::text, 'missing-there'::text, 'amount-differs'::text, 'entries-differ'::text, 'balance-differs'::text]))),
  constraint reconciliation_findings_reconciliation_id_fkey FOREIGN KEY (reconciliation_id) REFERENCES reconciliations(id) ON DELETE CASCADE,
  constraint reconciliation_findings_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE INDEX reconciliation_findings_report ON public.reconciliation_findings USING btree (reconciliation_id, id);
alter table reconciliation_findings enable row level security;
alter table reconciliation_findings force row level security;
create policy by_segment on reconciliation_findings for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select on reconciliation_findings to surety_app;

create table reconciliations (
  id bigint generated always as identity not null,
  segment_id integer not null,
  kind text not null,
  source text,
  as_of date not null,
  counts jsonb not null,
  totals jsonb not null,
  finding_count integer not null,
  created_by bigint,
  created_at timestamp with time zone not null,
  constraint reconciliations_pkey PRIMARY KEY (id),
  constraint reconciliations_kind_check CHECK ((kind = ANY (ARRAY['extract'::text, 'ledger'::text]))),
  constraint reconciliations_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id),
  constraint reconciliations_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE INDEX reconciliations_segment ON public.reconciliations USING btree (segment_id, id DESC);
CREATE TRIGGER reconciliations_tell AFTER INSERT ON public.reconciliations FOR EACH ROW EXECUTE FUNCTION tell_reconciliation();
alter table reconciliations enable row level security;
alter table reconciliations force row level security;
create policy by_segment on reconciliations for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select on reconciliations to surety_app;

create table record_keys (
  segment_id integer not null,
  source text not null,
  key text not null,
  kind text not null,
  number text not null,
  content_hash bytea not null,
  received_at timestamp with time zone not null,
  constraint record_keys_pkey PRIMARY KEY (segment_id, source, key),
  constraint record_keys_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table record_keys is 'Keys of single lines: the same key again is the same line.';
alter table record_keys enable row level security;
alter table record_keys force row level security;
create policy by_segment on record_keys for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on record_keys to surety_app;

create table record_versions (
  segment_id integer not null,
  source text not null,
  kind text not null,
  number text not null,
  sequence bigint not null,
  content_hash bytea not null,
  constraint record_versions_pkey PRIMARY KEY (segment_id, source, kind, number),
  constraint record_versions_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table record_versions is 'The newest version of each record that came with a sequence.';
alter table record_versions enable row level security;
alter table record_versions force row level security;
create policy by_segment on record_versions for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on record_versions to surety_app;

create table reminders (
  id bigint generated always as identity not null,
  segment_id integer not null,
  customer_id bigint not null,
  document_id bigint,
  level integer not null,
  sent_on date not null,
  letter_id bigint,
  constraint reminders_pkey PRIMARY KEY (id),
  constraint reminders_level_check CHECK ((level > 0)),
  constraint reminders_customer_id_segment_id_fkey FOREIGN KEY (customer_id, segment_id) REFERENCES credit_accounts(customer_id, segment_id),
  constraint reminders_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents(id),
  constraint reminders_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES dunning_letters(id)
);
CREATE INDEX reminders_customer ON public.reminders USING btree (customer_id, segment_id);
CREATE UNIQUE INDEX reminders_letter ON public.reminders USING btree (letter_id, document_id);
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

create table securities (
  id bigint generated always as identity not null,
  segment_id integer not null,
  type text not null,
  effect text not null,
  value numeric(20,4) not null,
  currency character(3) not null,
  percentage numeric(7,4) not null,
  cap numeric(20,4),
  effective_from date not null,
  expires_on date,
  provider text,
  policy_number text,
  note text,
  origin text default 'person'::text not null,
  status text default 'proposed'::text not null,
  replaces_id bigint,
  proposed_by bigint,
  proposed_by_person bigint,
  decided_by bigint,
  decided_by_person bigint,
  decided_at timestamp with time zone,
  decision_comment text,
  withdrawn_on date,
  withdrawn_by bigint,
  withdrawal_reason text,
  expiry_told_at timestamp with time zone,
  version integer default 1 not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint securities_pkey PRIMARY KEY (id),
  constraint securities_id_effect_key UNIQUE (id, effect),
  constraint securities_cap_check CHECK ((cap >= (0)::numeric)),
  constraint securities_check CHECK ((expires_on >= effective_from)),
  constraint securities_check1 CHECK (((status = 'withdrawn'::text) = (withdrawn_on IS NOT NULL))),
  constraint securities_check2 CHECK (((status <> ALL (ARRAY['accepted'::text, 'declined'::text])) OR (origin = 'source'::text) OR (decided_at IS NOT NULL))),
  constraint securities_effect_check CHECK ((effect = ANY (ARRAY['raises-limit'::text, 'reduces-exposure'::text]))),
  constraint securities_four_eyes CHECK (((status <> 'accepted'::text) OR (origin = 'source'::text) OR (decided_by_person <> proposed_by_person))),
  constraint securities_origin_check CHECK ((origin = ANY (ARRAY['person'::text, 'source'::text]))),
  constraint securities_percentage_check CHECK (((percentage >= (0)::numeric) AND (percentage <= (100)::numeric))),
  constraint securities_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'accepted'::text, 'declined'::text, 'withdrawn'::text]))),
  constraint securities_type_check CHECK ((type = ANY (ARRAY['guarantee'::text, 'collateral'::text, 'insurance'::text, 'letter-of-credit'::text, 'deposit'::text]))),
  constraint securities_value_check CHECK ((value >= (0)::numeric)),
  constraint securities_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES users(id),
  constraint securities_decided_by_person_fkey FOREIGN KEY (decided_by_person) REFERENCES persons(id),
  constraint securities_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES users(id),
  constraint securities_proposed_by_person_fkey FOREIGN KEY (proposed_by_person) REFERENCES persons(id),
  constraint securities_replaces_id_fkey FOREIGN KEY (replaces_id) REFERENCES securities(id),
  constraint securities_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id),
  constraint securities_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES users(id)
);
comment on table securities is 'Guarantees, collateral, credit insurance, letters of credit, deposits: proposed by one person, accepted by another.';
CREATE INDEX securities_expiring ON public.securities USING btree (expires_on) WHERE ((status = 'accepted'::text) AND (expiry_told_at IS NULL));
CREATE INDEX securities_segment ON public.securities USING btree (segment_id, status, id DESC);
alter table securities enable row level security;
alter table securities force row level security;
create policy by_segment on securities for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select, update on securities to surety_app;

create table security_documents (
  id bigint generated always as identity not null,
  security_id bigint not null,
  segment_id integer not null,
  name text not null,
  sha256 bytea not null,
  size bigint not null,
  added_by bigint,
  created_at timestamp with time zone not null,
  constraint security_documents_pkey PRIMARY KEY (id),
  constraint security_documents_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint security_documents_added_by_fkey FOREIGN KEY (added_by) REFERENCES users(id),
  constraint security_documents_security_id_fkey FOREIGN KEY (security_id) REFERENCES securities(id) ON DELETE CASCADE,
  constraint security_documents_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id),
  constraint security_documents_sha256_fkey FOREIGN KEY (sha256) REFERENCES blobs(sha256)
);
CREATE INDEX security_documents_blob ON public.security_documents USING btree (sha256);
CREATE INDEX security_documents_security ON public.security_documents USING btree (security_id);
alter table security_documents enable row level security;
alter table security_documents force row level security;
create policy by_segment on security_documents for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on security_documents to surety_app;

create table security_parts (
  security_id bigint not null,
  segment_id integer not null,
  account_id bigint not null,
  amount numeric(20,4) not null,
  constraint security_parts_pkey PRIMARY KEY (security_id, account_id),
  constraint security_parts_amount_check CHECK ((amount > (0)::numeric)),
  constraint security_parts_account_id_fkey FOREIGN KEY (account_id) REFERENCES credit_accounts(id),
  constraint security_parts_security_id_fkey FOREIGN KEY (security_id) REFERENCES securities(id) ON DELETE CASCADE,
  constraint security_parts_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
comment on table security_parts is 'What of a security stands for which account; together never more than it is worth.';
CREATE INDEX security_parts_account ON public.security_parts USING btree (account_id);
CREATE CONSTRAINT TRIGGER security_parts_within_value AFTER INSERT OR UPDATE ON public.security_parts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_more_than_its_value();
alter table security_parts enable row level security;
alter table security_parts force row level security;
create policy by_segment on security_parts for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on security_parts to surety_app;

create table segments (
  id integer generated always as identity not null,
  code text not null,
  name_en text not null,
  name_zh text not null,
  currency character(3) not null,
  region text default 'CN'::text not null,
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

create table substitutions (
  id bigint generated always as identity not null,
  person_id bigint not null,
  substitute_person_id bigint not null,
  from_date date not null,
  to_date date not null,
  time_zone text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  kinds text[],
  note text,
  created_by bigint,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint substitutions_pkey PRIMARY KEY (id),
  constraint substitutions_check CHECK ((person_id <> substitute_person_id)),
  constraint substitutions_check1 CHECK ((from_date <= to_date)),
  constraint substitutions_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id),
  constraint substitutions_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id),
  constraint substitutions_substitute_person_id_fkey FOREIGN KEY (substitute_person_id) REFERENCES persons(id)
);
comment on table substitutions is 'Who acts for whom while away. A substitute''s own substitute acts for the substitute alone: there are no chains.';
CREATE INDEX substitutions_person ON public.substitutions USING btree (person_id, to_at) WHERE (ended_at IS NULL);
CREATE INDEX substitutions_substitute ON public.substitutions USING btree (substitute_person_id, to_at) WHERE (ended_at IS NULL);
grant insert, select, update on substitutions to surety_app;

create table task_seats (
  task_id bigint not null,
  segment_id integer,
  person_id bigint not null,
  kind text not null,
  added_by bigint,
  comment text,
  at timestamp with time zone not null,
  constraint task_seats_pkey PRIMARY KEY (task_id, person_id),
  constraint task_seats_kind_check CHECK ((kind = ANY (ARRAY['member'::text, 'added'::text]))),
  constraint task_seats_added_by_fkey FOREIGN KEY (added_by) REFERENCES persons(id),
  constraint task_seats_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id),
  constraint task_seats_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id),
  constraint task_seats_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id)
);
comment on table task_seats is 'Who has to sign by name.';
CREATE INDEX task_seats_person ON public.task_seats USING btree (person_id);
alter table task_seats enable row level security;
alter table task_seats force row level security;
create policy by_segment on task_seats for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[])) OR ((segment_id IS NULL) AND (( SELECT visible_segments() AS visible_segments) <> '{}'::integer[]))));
grant delete, insert, select, update on task_seats to surety_app;

create table task_votes (
  id bigint generated always as identity not null,
  segment_id integer,
  task_id bigint not null,
  application_id bigint,
  round integer not null,
  person_id bigint not null,
  user_id bigint not null,
  outcome text not null,
  limit_amount numeric(20,4),
  terms_days integer,
  comment text,
  at timestamp with time zone not null,
  approval_id bigint not null,
  on_behalf_of bigint,
  on_amount numeric(20,4),
  on_grade text,
  override_reason text,
  constraint task_votes_pkey PRIMARY KEY (id),
  constraint task_votes_application_id_round_person_id_key UNIQUE (application_id, round, person_id),
  constraint task_votes_task_id_person_id_key UNIQUE (task_id, person_id),
  constraint task_votes_check CHECK (((outcome = 'approve'::text) OR (length(TRIM(BOTH FROM comment)) > 0))),
  constraint task_votes_check1 CHECK ((on_behalf_of <> person_id)),
  constraint task_votes_outcome_check CHECK ((outcome = ANY (ARRAY['approve'::text, 'reject'::text, 'return'::text]))),
  constraint task_votes_application_id_fkey FOREIGN KEY (application_id) REFERENCES credit_applications(id),
  constraint task_votes_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES approvals(id),
  constraint task_votes_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES persons(id),
  constraint task_votes_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id),
  constraint task_votes_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id),
  constraint task_votes_task_id_fkey FOREIGN KEY (task_id) REFERENCES tasks(id),
  constraint task_votes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE TRIGGER task_votes_four_eyes BEFORE INSERT OR UPDATE ON public.task_votes FOR EACH ROW EXECUTE FUNCTION refuse_own_vote();
CREATE TRIGGER task_votes_hands AFTER INSERT ON public.task_votes FOR EACH ROW EXECUTE FUNCTION lend_hands();
alter table task_votes enable row level security;
alter table task_votes force row level security;
create policy by_segment on task_votes for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[])) OR ((segment_id IS NULL) AND (( SELECT visible_segments() AS visible_segments) <> '{}'::integer[]))));
grant insert, select on task_votes to surety_app;

create table tasks (
  id bigint generated always as identity not null,
  segment_id integer,
  kind text not null,
  application_id bigint,
  customer_id bigint,
  round integer not null,
  level integer not null,
  level_count integer not null,
  authority_level integer not null,
  amount numeric(20,4),
  currency character(3),
  reason jsonb not null,
  status text default 'open'::text not null,
  outcome text,
  created_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  version integer default 1 not null,
  approval_id bigint not null,
  maker_person_id bigint not null,
  grade text,
  mode text default 'any'::text not null,
  needed integer default 1 not null,
  rejections integer default 1 not null,
  policy_id text,
  policy_version integer,
  priority integer default 0 not null,
  claimed_by bigint,
  claimed_at timestamp with time zone,
  assigned_to bigint,
  delegated_to bigint,
  delegated_by bigint,
  follow_up_at timestamp with time zone,
  remind_half_at timestamp with time zone,
  remind_late_at timestamp with time zone,
  reminders integer default 0 not null,
  escalated_at timestamp with time zone,
  escalations integer default 0 not null,
  next_escalation_at timestamp with time zone,
  constraint tasks_pkey PRIMARY KEY (id),
  constraint tasks_check CHECK ((num_nonnulls(delegated_to, delegated_by) = ANY (ARRAY[0, 2]))),
  constraint tasks_check1 CHECK (((claimed_by IS NULL) = (claimed_at IS NULL))),
  constraint tasks_kind_check CHECK ((kind = ANY (ARRAY['credit_application'::text, 'limit_change'::text, 'temporary_limit'::text, 'hold_release'::text, 'security_acceptance'::text, 'write_off'::text, 'policy_change'::text]))),
  constraint tasks_mode_check CHECK ((mode = ANY (ARRAY['any'::text, 'all'::text, 'quorum'::text, 'percent'::text]))),
  constraint tasks_needed_check CHECK ((needed >= 1)),
  constraint tasks_outcome_check CHECK ((outcome = ANY (ARRAY['approve'::text, 'reject'::text, 'return'::text]))),
  constraint tasks_priority_check CHECK (((priority >= '-1'::integer) AND (priority <= 2))),
  constraint tasks_rejections_check CHECK ((rejections >= 1)),
  constraint tasks_status_check CHECK ((status = ANY (ARRAY['open'::text, 'done'::text, 'cancelled'::text]))),
  constraint tasks_application_id_fkey FOREIGN KEY (application_id) REFERENCES credit_applications(id),
  constraint tasks_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES approvals(id),
  constraint tasks_assigned_to_fkey FOREIGN KEY (assigned_to) REFERENCES persons(id),
  constraint tasks_claimed_by_fkey FOREIGN KEY (claimed_by) REFERENCES persons(id),
  constraint tasks_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint tasks_delegated_by_fkey FOREIGN KEY (delegated_by) REFERENCES persons(id),
  constraint tasks_delegated_to_fkey FOREIGN KEY (delegated_to) REFERENCES persons(id),
  constraint tasks_maker_person_id_fkey FOREIGN KEY (maker_person_id) REFERENCES persons(id),
  constraint tasks_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE INDEX tasks_application ON public.tasks USING btree (application_id) WHERE (application_id IS NOT NULL);
CREATE INDEX tasks_approval ON public.tasks USING btree (approval_id);
CREATE INDEX tasks_customer ON public.tasks USING btree (customer_id);
CREATE INDEX tasks_due ON public.tasks USING btree (due_at, id) WHERE (status = 'open'::text);
CREATE UNIQUE INDEX tasks_step ON public.tasks USING btree (approval_id, round, level) WHERE (status <> 'cancelled'::text);
alter table tasks enable row level security;
alter table tasks force row level security;
create policy by_segment on tasks for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[])) OR ((segment_id IS NULL) AND (( SELECT visible_segments() AS visible_segments) <> '{}'::integer[]))));
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

create table webhook_deliveries (
  id bigint generated always as identity not null,
  segment_id integer not null,
  webhook_id bigint not null,
  message_id text not null,
  event text not null,
  payload jsonb not null,
  status text default 'waiting'::text not null,
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone not null,
  delivered_at timestamp with time zone,
  response_status integer,
  last_error text,
  duration_ms integer,
  created_at timestamp with time zone not null,
  constraint webhook_deliveries_pkey PRIMARY KEY (id),
  constraint webhook_deliveries_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text]))),
  constraint webhook_deliveries_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id),
  constraint webhook_deliveries_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES webhooks(id) ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_due ON public.webhook_deliveries USING btree (next_attempt_at) WHERE (status = 'waiting'::text);
CREATE INDEX webhook_deliveries_webhook ON public.webhook_deliveries USING btree (webhook_id, id DESC);
alter table webhook_deliveries enable row level security;
alter table webhook_deliveries force row level security;
create policy by_segment on webhook_deliveries for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant insert, select, update on webhook_deliveries to surety_app;

create table webhooks (
  id bigint generated always as identity not null,
  segment_id integer not null,
  name text not null,
  url text not null,
  events text[] not null,
  secret bytea not null,
  former_secret bytea,
  former_until timestamp with time zone,
  status text default 'active'::text not null,
  disabled_reason text,
  failures integer default 0 not null,
  created_by bigint,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  version integer default 1 not null,
  constraint webhooks_pkey PRIMARY KEY (id),
  constraint webhooks_events_check CHECK ((cardinality(events) > 0)),
  constraint webhooks_name_check CHECK (((length(TRIM(BOTH FROM name)) >= 1) AND (length(TRIM(BOTH FROM name)) <= 200))),
  constraint webhooks_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text]))),
  constraint webhooks_url_check CHECK ((length(url) <= 2000)),
  constraint webhooks_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id),
  constraint webhooks_segment_id_fkey FOREIGN KEY (segment_id) REFERENCES segments(id)
);
CREATE INDEX webhooks_segment ON public.webhooks USING btree (segment_id) WHERE (status = 'active'::text);
alter table webhooks enable row level security;
alter table webhooks force row level security;
create policy by_segment on webhooks for all using (((( SELECT visible_segments() AS visible_segments) IS NULL) OR (segment_id = ANY (( SELECT visible_segments() AS visible_segments)::integer[]))));
grant delete, insert, select, update on webhooks to surety_app;

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
