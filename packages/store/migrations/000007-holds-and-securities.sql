-- Holds that people place and clear reason by reason, and the securities that stand behind accounts.

-- ── holds ───────────────────────────────────────────────────────────────────────────────────────

alter table holds
  -- A forced hold is a person's word: it has no decision of a policy, unless a check that came later made one.
  alter column decision_id drop not null,
  add constraint holds_have_a_case check (is_forced or decision_id is not null),
  add column forced_by bigint references users,
  add column forced_by_person bigint references persons,
  -- released with the step that was blocked: the order keeps its place; without: its source takes the step itself and asks again
  add column released_with_step boolean;
alter table hold_reasons
  -- a person took responsibility for it: it does not come back while the hold stands
  add column cleared_by_person bigint references persons,
  add column clear_comment text;

-- Nobody releases what they asked for or held, nor a part of it.
create or replace function refuse_own_release() returns trigger language plpgsql as $$
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
end $$;
create function refuse_own_clearing() returns trigger language plpgsql as $$
begin
  if new.cleared_by_person is not null and exists (
    select from holds h where h.id = new.hold_id and (new.cleared_by_person::text = h.request ->> 'askedByPerson' or new.cleared_by_person = h.forced_by_person)
  ) then
    raise exception 'person % made hold % and can not clear its reasons', new.cleared_by_person, new.hold_id
      using errcode = 'insufficient_privilege', constraint = 'maker_is_not_checker';
  end if;
  return new;
end $$;
create trigger hold_reasons_four_eyes before insert or update on hold_reasons for each row execute function refuse_own_clearing();

-- ── securities ──────────────────────────────────────────────────────────────────────────────────
-- The paper, once, however many accounts it stands for. What it does to one account is a row of `instruments`, which is what exposure, facts and
-- order checks read: a security that nobody has accepted has none.

create table securities (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  type text not null check (type in ('guarantee', 'collateral', 'insurance', 'letter-of-credit', 'deposit')),
  effect text not null check (effect in ('raises-limit', 'reduces-exposure')),
  value numeric(20, 4) not null check (value >= 0),
  currency char(3) not null,
  percentage numeric(7, 4) not null check (percentage between 0 and 100),
  cap numeric(20, 4) check (cap >= 0),
  effective_from date not null,
  expires_on date check (expires_on >= effective_from),
  provider text,
  policy_number text,
  note text,
  -- source: brought by an import or a machine, in force as its source says
  origin text not null default 'person' check (origin in ('person', 'source')),
  status text not null default 'proposed' check (status in ('proposed', 'accepted', 'declined', 'withdrawn')),
  -- what is accepted never changes: a change is a proposal that takes its place
  replaces_id bigint references securities,
  proposed_by bigint references users,
  proposed_by_person bigint references persons,
  decided_by bigint references users,
  decided_by_person bigint references persons,
  decided_at timestamptz,
  decision_comment text,
  withdrawn_on date,
  withdrawn_by bigint references users,
  withdrawal_reason text,
  -- when it was told that it has expired
  expiry_told_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (id, effect),
  constraint securities_four_eyes check (status <> 'accepted' or origin = 'source' or decided_by_person <> proposed_by_person),
  check ((status = 'withdrawn') = (withdrawn_on is not null)),
  check (status not in ('accepted', 'declined') or origin = 'source' or decided_at is not null)
);
create index securities_segment on securities (segment_id, status, id desc);
create index securities_expiring on securities (expires_on) where status = 'accepted' and expiry_told_at is null;
comment on table securities is 'Guarantees, collateral, credit insurance, letters of credit, deposits: proposed by one person, accepted by another.';

create table security_parts (
  security_id bigint not null references securities on delete cascade,
  segment_id int not null references segments,
  account_id bigint not null references credit_accounts,
  -- in the currency of the security
  amount numeric(20, 4) not null check (amount > 0),
  primary key (security_id, account_id)
);
create index security_parts_account on security_parts (account_id);
comment on table security_parts is 'What of a security stands for which account; together never more than it is worth.';
create function refuse_more_than_its_value() returns trigger language plpgsql as $$
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
end $$;
create constraint trigger security_parts_within_value after insert or update on security_parts deferrable initially deferred for each row execute function refuse_more_than_its_value();

create table security_documents (
  id bigint generated always as identity primary key,
  security_id bigint not null references securities on delete cascade,
  segment_id int not null references segments,
  name text not null check (length(name) between 1 and 200),
  sha256 bytea not null references blobs,
  size bigint not null,
  added_by bigint references users,
  created_at timestamptz not null
);
create index security_documents_security on security_documents (security_id);

-- An instrument says what its security says: it can't raise the limit where the paper reduces exposure.
alter table instruments
  add column security_id bigint,
  add foreign key (security_id, effect) references securities (id, effect) deferrable initially deferred;
create index instruments_security on instruments (security_id);

-- What an import or a machine writes to instruments is a security of its own, so that people find all of them in one place.
create function keep_security_of_instrument() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
end $$;
create trigger instruments_have_a_security after insert on instruments for each row when (new.security_id is null) execute function keep_security_of_instrument();
create trigger instruments_keep_their_security after update on instruments for each row
  when (row(old.type, old.value, old.currency, old.percentage, old.cap, old.effective_from, old.expires_on, old.withdrawn_on, old.reference)
    is distinct from row(new.type, new.value, new.currency, new.percentage, new.cap, new.effective_from, new.expires_on, new.withdrawn_on, new.reference))
  execute function keep_security_of_instrument();

select set_config('surety.segments', '*', true);
do $$
declare
  old record;
  paper bigint;
begin
  for old in select i.*, a.id as account_id from instruments i join credit_accounts a on a.customer_id = i.customer_id and a.segment_id = i.segment_id where i.security_id is null loop
    insert into securities (segment_id, type, effect, value, currency, percentage, cap, effective_from, expires_on, policy_number, origin, status, withdrawn_on, created_at, updated_at)
    values (old.segment_id, old.type, old.effect, old.value, old.currency, old.percentage, old.cap, old.effective_from, case when old.expires_on is not null then greatest(old.expires_on, old.effective_from) end, old.reference, 'source',
      case when old.withdrawn_on is null then 'accepted' else 'withdrawn' end, old.withdrawn_on, now(), now())
    returning id into paper;
    if old.value > 0 then insert into security_parts (security_id, segment_id, account_id, amount) values (paper, old.segment_id, old.account_id, old.value); end if;
    update instruments set security_id = paper where id = old.id;
  end loop;
end $$;

-- ── who sees it ─────────────────────────────────────────────────────────────────────────────────

do $$
declare name text;
begin
  foreach name in array array['securities', 'security_parts', 'security_documents'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy by_segment on %I using ((select visible_segments()) is null or segment_id = any ((select visible_segments())::int[]))', name);
  end loop;
end $$;
revoke delete on securities from surety_app;
