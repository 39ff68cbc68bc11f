-- One approval engine under every matter that people sign: what is asked, in which rounds, on which steps, by whose hands.

create table approvals (
  id bigint generated always as identity primary key,
  -- null: the whole company, such as a change of policy
  segment_id int references segments,
  kind text not null check (kind in ('credit_application', 'limit_change', 'temporary_limit', 'hold_release', 'security_acceptance', 'write_off', 'policy_change')),
  -- what it is about: an application, an account, a hold, a change of policy
  subject_id text not null,
  customer_id bigint references customers,
  title jsonb not null,
  amount numeric(20, 4) check (amount >= 0),
  currency char(3),
  grade text,
  -- what is asked for, as the kind understands it
  request jsonb not null default '{}',
  purpose text,
  maker_person_id bigint not null references persons,
  maker_user_id bigint references users,
  round int not null default 1,
  status text not null default 'open' check (status in ('open', 'returned', 'approved', 'rejected', 'withdrawn')),
  -- a step that nobody can open: why
  blocked text,
  -- the authority that the round began with
  policy_id text,
  policy_version int,
  chain jsonb not null default '[]',
  -- who may grant more than was recommended
  override_level int check (override_level between 1 and 9),
  -- why the policy asks people
  reason jsonb not null,
  version int not null default 1,
  idempotency_key text unique,
  started_at timestamptz not null,
  returned_at timestamptz,
  -- by the clock of whoever waits for it; null until seen
  rework_until timestamptz,
  closed_at timestamptz,
  -- what those granted who signed so far, where it is less than what is asked
  granted_amount numeric(20, 4),
  granted_terms_days int,
  -- the round whose votes still count, given on figures at least as high: its maker amended it
  amended_from int,
  -- milliseconds that its maker had it back
  stopped_ms bigint not null default 0,
  check ((amount is null) = (currency is null)),
  foreign key (policy_id, policy_version) references policy_versions (policy_id, version)
);
-- One matter is asked once at a time.
create unique index approvals_one_open on approvals (kind, subject_id) where status in ('open', 'returned');
create index approvals_segment on approvals (segment_id, status, id desc);
create index approvals_customer on approvals (customer_id, id desc);
create index approvals_maker on approvals (maker_person_id, id desc);
comment on table approvals is 'Every matter that people sign, from the asking to its end; Temporal holds its position and timers.';

-- What was asked before this table was there.
insert into approvals (segment_id, kind, subject_id, customer_id, title, amount, currency, grade, purpose, maker_person_id, maker_user_id, round, status, chain, reason, started_at, returned_at, closed_at)
select a.segment_id, 'credit_application', a.id::text, a.customer_id, '{"en": "Credit application", "zh": "授信申请"}', a.requested_limit, a.currency, a.grade, a.purpose, u.person_id, u.id, a.round,
  case a.status when 'in_approval' then 'open' when 'submitted' then 'open' else a.status end,
  coalesce((select jsonb_agg(jsonb_build_object('authorityLevel', l, 'mode', 'any', 'needed', 1, 'rejections', 1, 'deadlineHours', 16) order by n) from unnest(a.levels) with ordinality as x (l, n)), '[]'),
  coalesce((select t.reason from tasks t where t.application_id = a.id order by t.id desc limit 1), '{"en": "The amount needs approval", "zh": "金额须经审批"}'), a.submitted_at, a.returned_at, a.closed_at
from credit_applications a join users u on u.id = a.requested_by where a.levels is not null or exists (select from tasks t where t.application_id = a.id);

-- ── tasks ───────────────────────────────────────────────────────────────────────────────────────

alter table tasks drop constraint tasks_kind_check;
alter table tasks add check (kind in ('credit_application', 'limit_change', 'temporary_limit', 'hold_release', 'security_acceptance', 'write_off', 'policy_change'));
alter table tasks drop constraint tasks_application_id_round_level_key;
alter table tasks
  alter column segment_id drop not null, alter column application_id drop not null, alter column customer_id drop not null,
  alter column amount drop not null, alter column currency drop not null,
  add column approval_id bigint references approvals,
  add column maker_person_id bigint references persons,
  add column grade text,
  -- how votes are counted: so many approvals, so many rejections
  add column mode text not null default 'any' check (mode in ('any', 'all', 'quorum', 'percent')),
  add column needed int not null default 1 check (needed >= 1),
  add column rejections int not null default 1 check (rejections >= 1),
  -- the version that it began with, whatever is published meanwhile
  add column policy_id text,
  add column policy_version int,
  add column priority int not null default 0 check (priority between -1 and 2),
  add column claimed_by bigint references persons,
  add column claimed_at timestamptz,
  -- it is theirs alone
  add column assigned_to bigint references persons,
  -- asked for an opinion; the task waits for it, then it is the delegator's again
  add column delegated_to bigint references persons,
  add column delegated_by bigint references persons,
  add column follow_up_at timestamptz,
  add column remind_half_at timestamptz,
  add column remind_late_at timestamptz,
  add column reminders int not null default 0,
  add column escalated_at timestamptz,
  add column escalations int not null default 0,
  add column next_escalation_at timestamptz,
  add check (num_nonnulls(delegated_to, delegated_by) in (0, 2)),
  add check ((claimed_by is null) = (claimed_at is null));
update tasks t set approval_id = a.id, grade = a.grade, maker_person_id = a.maker_person_id from approvals a where a.kind = 'credit_application' and a.subject_id = t.application_id::text;
alter table tasks alter column approval_id set not null, alter column maker_person_id set not null;
create unique index tasks_step on tasks (approval_id, round, level) where status <> 'cancelled';
drop index tasks_open;
create index tasks_due on tasks (due_at, id) where status = 'open';
create index tasks_approval on tasks (approval_id);
create index tasks_customer on tasks (customer_id);
create index tasks_application on tasks (application_id) where application_id is not null;

create table task_seats (
  task_id bigint not null references tasks,
  segment_id int references segments,
  person_id bigint not null references persons,
  -- member: one of those who sign together; added: a further signature that somebody asked for
  kind text not null check (kind in ('member', 'added')),
  added_by bigint references persons,
  comment text,
  at timestamptz not null,
  primary key (task_id, person_id)
);
create index task_seats_person on task_seats (person_id);
comment on table task_seats is 'Who has to sign by name.';

-- ── votes ───────────────────────────────────────────────────────────────────────────────────────

alter table task_votes
  alter column segment_id drop not null, alter column application_id drop not null,
  add column approval_id bigint references approvals,
  add column on_behalf_of bigint references persons,
  -- the figures that it was given on
  add column on_amount numeric(20, 4),
  add column on_grade text,
  add column override_reason text,
  add check (on_behalf_of <> person_id);
update task_votes v set approval_id = t.approval_id, on_amount = t.amount, on_grade = t.grade from tasks t where t.id = v.task_id;
alter table task_votes alter column approval_id set not null;

create table approval_hands (
  approval_id bigint not null references approvals,
  round int not null,
  person_id bigint not null references persons,
  segment_id int references segments,
  task_id bigint not null references tasks,
  primary key (approval_id, round, person_id)
);
create index approval_hands_person on approval_hands (person_id);
comment on table approval_hands is 'Natural persons whose hand is in a round, their own or lent: each at most once.';
insert into approval_hands (approval_id, round, person_id, segment_id, task_id)
select approval_id, round, person_id, segment_id, task_id from task_votes on conflict do nothing;

-- Makers are never checkers and nobody signs twice, not even by a substitute's hand, whatever the application code believes.
create or replace function refuse_own_vote() returns trigger language plpgsql as $$
begin
  if exists (select from approvals a where a.id = new.approval_id and a.maker_person_id in (new.person_id, new.on_behalf_of)) then
    raise exception 'person % asked for approval % and can not decide on it', coalesce(new.on_behalf_of, new.person_id), new.approval_id
      using errcode = 'insufficient_privilege', constraint = 'maker_is_not_checker';
  end if;
  return new;
end $$;
create function lend_hands() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into approval_hands (approval_id, round, person_id, segment_id, task_id)
  select new.approval_id, new.round, person, new.segment_id, new.task_id from unnest(array[new.person_id, new.on_behalf_of]) as person where person is not null;
  return null;
end $$;
create trigger task_votes_hands after insert on task_votes for each row execute function lend_hands();

-- ── what is said and shown ──────────────────────────────────────────────────────────────────────

create table approval_comments (
  id bigint generated always as identity primary key,
  segment_id int references segments,
  approval_id bigint not null references approvals,
  task_id bigint references tasks,
  person_id bigint not null references persons,
  -- opinion: what somebody said who was asked for theirs
  kind text not null check (kind in ('comment', 'opinion')),
  text text not null check (length(trim(text)) > 0),
  at timestamptz not null
);
create index approval_comments_approval on approval_comments (approval_id, id);

create table approval_attachments (
  id bigint generated always as identity primary key,
  segment_id int references segments,
  approval_id bigint not null references approvals,
  blob_sha256 bytea not null references blobs,
  file_name text not null,
  media_type text not null,
  size bigint not null,
  person_id bigint not null references persons,
  at timestamptz not null,
  unique (approval_id, blob_sha256, file_name)
);

-- ── substitution ────────────────────────────────────────────────────────────────────────────────

create table substitutions (
  id bigint generated always as identity primary key,
  person_id bigint not null references persons,
  substitute_person_id bigint not null references persons,
  -- days, both included, where the absent person lives
  from_date date not null,
  to_date date not null,
  time_zone text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- null: all
  kinds text[],
  note text,
  created_by bigint references users,
  created_at timestamptz not null,
  ended_at timestamptz,
  check (person_id <> substitute_person_id),
  check (from_date <= to_date)
);
create index substitutions_substitute on substitutions (substitute_person_id, to_at) where ended_at is null;
create index substitutions_person on substitutions (person_id, to_at) where ended_at is null;
comment on table substitutions is 'Who acts for whom while away. A substitute''s own substitute acts for the substitute alone: there are no chains.';

-- ── business hours ──────────────────────────────────────────────────────────────────────────────

alter table segments add column region text not null default 'CN';
comment on column segments.region is 'Whose calendar counts for deadlines.';
create table calendar_days (
  region text not null,
  day date not null,
  is_working boolean not null,
  name jsonb not null,
  primary key (region, day)
);
comment on table calendar_days is 'Days that a company adds to the calendars that ship, or takes out of them.';

-- ── who sees it ─────────────────────────────────────────────────────────────────────────────────
-- What belongs to no segment concerns the whole company.

do $$
declare name text;
begin
  foreach name in array array['approvals', 'task_seats', 'approval_hands', 'approval_comments', 'approval_attachments', 'tasks', 'task_votes'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('drop policy if exists by_segment on %I', name);
    execute format('create policy by_segment on %I using ((select visible_segments()) is null or segment_id = any ((select visible_segments())::int[]) or (segment_id is null and (select visible_segments()) <> ''{}''))', name);
  end loop;
  foreach name in array array['blobs', 'blob_chunks'] loop
    execute format('create policy by_attachment on %I for select using (exists (select from approval_attachments a where a.blob_sha256 = %I.sha256))', name, name);
  end loop;
end $$;
revoke update, delete on approval_hands, approval_comments from surety_app;
revoke delete on approvals, substitutions from surety_app;
