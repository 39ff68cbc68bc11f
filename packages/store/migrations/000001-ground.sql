-- The ground: people, segments, sessions, audit, outbox; the book; policies and decisions; applications and tasks; imports.
-- Written for the owner role; the application connects as surety_app, which owns nothing.

-- ── who asks ────────────────────────────────────────────────────────────────────────────────────
-- Every connection says, inside its transaction, what it may see: surety.segments is '*' or a list of segment ids, '1,3'.
-- Nothing set means no row.

create function visible_segments() returns int[]
language sql stable parallel safe
as $$
  select case coalesce(current_setting('surety.segments', true), '')
    when '' then '{}'::int[]
    when '*' then null
    else string_to_array(current_setting('surety.segments', true), ',')::int[]
  end
$$;
comment on function visible_segments() is 'Segments that the current transaction may see; null means all, empty means none.';

-- ── people ──────────────────────────────────────────────────────────────────────────────────────

create table segments (
  id int generated always as identity primary key,
  code text not null unique,
  name_en text not null,
  name_zh text not null,
  currency char(3) not null
);

create table persons (
  id bigint generated always as identity primary key,
  name text not null,
  email text,
  status text not null default 'active' check (status in ('active', 'left')),
  created_at timestamptz not null default now()
);
comment on table persons is 'Natural persons. Four eyes means two of these, however many logins they hold.';

create table users (
  id bigint generated always as identity primary key,
  person_id bigint not null references persons,
  login text not null,
  password_hash text,
  language text not null default 'zh-CN' check (language in ('zh-CN', 'en')),
  is_demo boolean not null default false,
  status text not null default 'active' check (status in ('active', 'disabled')),
  failed_attempts int not null default 0,
  locked_until timestamptz,
  preferences jsonb not null default '{}',
  created_at timestamptz not null default now()
);
create unique index users_login on users (lower(login));

create table user_roles (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  role text not null check (role in ('risk_officer', 'approver', 'analyst', 'collector', 'sales', 'auditor', 'admin')),
  -- null: every segment
  segment_id int references segments,
  -- approvers: the highest level of the authority policy at which they decide
  authority_level int check (authority_level between 1 and 9),
  unique nulls not distinct (user_id, role, segment_id)
);

create table sessions (
  token_hash bytea primary key check (length(token_hash) = 32),
  user_id bigint not null references users on delete cascade,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  user_agent text
);
create index sessions_user on sessions (user_id);
comment on table sessions is 'Opaque sign-in sessions; the token itself is known to the browser alone.';

create table api_keys (
  id bigint generated always as identity primary key,
  name text not null,
  token_hash bytea not null unique check (length(token_hash) = 32),
  segment_id int not null references segments,
  scopes text[] not null,
  created_by bigint references users,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- ── audit ───────────────────────────────────────────────────────────────────────────────────────

create table audit_entries (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('user', 'system', 'api')),
  user_id bigint references users,
  person_id bigint references persons,
  action text not null,
  entity text not null,
  entity_id text not null,
  segment_id int references segments,
  reason text,
  before jsonb,
  after jsonb,
  -- makes a retried act one entry
  key text unique
);
create index audit_entries_entity on audit_entries (entity, entity_id, id desc);
create index audit_entries_at on audit_entries (at desc);
create index audit_entries_user on audit_entries (user_id, id desc);

create table audit_unsealed (entry_id bigint primary key references audit_entries);

create table audit_chain (
  sequence bigint primary key,
  entry_id bigint not null unique references audit_entries,
  hash bytea not null check (length(hash) = 32)
);
comment on table audit_chain is 'hash = sha256(previous hash ‖ canonical entry); written by one sealer at a time, in batches, so that business transactions need not queue for it.';

create function queue_audit_entry() returns trigger language plpgsql as $$
begin
  insert into audit_unsealed (entry_id) values (new.id);
  return null;
end $$;
create trigger audit_entries_queue after insert on audit_entries for each row execute function queue_audit_entry();

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entries_append_only before update or delete or truncate on audit_entries for each statement execute function refuse_change();
create trigger audit_chain_append_only before update or delete or truncate on audit_chain for each statement execute function refuse_change();

-- ── messages ────────────────────────────────────────────────────────────────────────────────────

create table outbox (
  id bigint generated always as identity primary key,
  topic text not null check (topic in ('workflow', 'mail', 'webhook')),
  -- the same act asked twice is one message
  key text not null unique,
  payload jsonb not null,
  attempts int not null default 0,
  next_attempt_at timestamptz not null,
  delivered_at timestamptz,
  last_error text,
  created_at timestamptz not null
);
create index outbox_due on outbox (next_attempt_at) where delivered_at is null;

create table inbox (
  source text not null,
  key text not null,
  segment_id int not null references segments,
  request_hash bytea not null,
  response jsonb,
  received_at timestamptz not null,
  primary key (source, key)
);

create table effects (
  key text primary key,
  -- null: work across segments
  segment_id int references segments,
  result jsonb,
  at timestamptz not null
);
comment on table effects is 'What an activity has already done; written in the transaction that did it.';

-- ── blobs ───────────────────────────────────────────────────────────────────────────────────────

create table blobs (
  sha256 bytea primary key check (length(sha256) = 32),
  size bigint not null,
  chunks int not null,
  created_at timestamptz not null
);
create table blob_chunks (
  sha256 bytea not null references blobs on delete cascade deferrable initially deferred,
  number int not null,
  content bytea not null,
  primary key (sha256, number)
);

-- ── the book ────────────────────────────────────────────────────────────────────────────────────

create table customers (
  id bigint generated by default as identity primary key,
  -- the number in the books of the source, text: leading zeros are kept
  number text not null unique,
  name text not null,
  -- folded for finding: width, case, punctuation and company forms
  search_name text not null,
  registration_number text,
  country char(2) not null default 'CN',
  industry_scheme text check (industry_scheme in ('GB/T 4754', 'NACE')),
  industry_code text,
  customer_since date,
  size text check (size in ('micro', 'small', 'medium', 'large')),
  is_listed boolean not null default false,
  group_code text,
  status text not null default 'active' check (status in ('active', 'inactive', 'bankrupt')),
  status_since date,
  language text not null default 'zh-CN',
  sales_owner_user_id bigint references users,
  source text not null default 'manual',
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table customer_names (
  customer_id bigint not null references customers on delete cascade,
  name text not null,
  primary key (customer_id, name)
);
comment on table customer_names is 'Every spelling under which a customer has arrived.';

create table customer_contacts (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers on delete cascade,
  name text not null,
  title text,
  email text,
  phone text,
  unique (customer_id, name)
);

create table credit_accounts (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers,
  segment_id int not null references segments,
  currency char(3) not null,
  limit_kind text not null default 'none' check (limit_kind in ('none', 'amount', 'unlimited')),
  limit_amount numeric(20, 4) check (limit_amount >= 0),
  limit_valid_to date,
  payment_terms_days int check (payment_terms_days >= 0),
  grade text,
  score int,
  graded_at timestamptz,
  grade_valid_to date,
  next_review_on date,
  status text not null default 'active' check (status in ('active', 'watch', 'held', 'closed')),
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (customer_id, segment_id),
  check ((limit_kind = 'amount') = (limit_amount is not null))
);
create index credit_accounts_segment on credit_accounts (segment_id, customer_id);

create table credit_limits (
  id bigint generated always as identity primary key,
  account_id bigint not null references credit_accounts,
  segment_id int not null references segments,
  kind text not null check (kind in ('none', 'amount', 'unlimited')),
  amount numeric(20, 4),
  currency char(3) not null,
  payment_terms_days int,
  valid_from date not null,
  valid_to date,
  next_review_on date,
  reason text not null,
  application_id bigint,
  decided_by bigint references users,
  created_at timestamptz not null,
  check ((kind = 'amount') = (amount is not null))
);
create index credit_limits_account on credit_limits (account_id, id desc);
create unique index credit_limits_application on credit_limits (application_id) where application_id is not null;
comment on table credit_limits is 'Every limit an account ever had; the account carries the one in force.';

create table credit_grades (
  id bigint generated always as identity primary key,
  account_id bigint not null references credit_accounts,
  segment_id int not null references segments,
  grade text not null,
  score int,
  graded_on date not null,
  valid_to date,
  -- the assessment that it came from
  decision_id bigint unique,
  created_at timestamptz not null
);
create index credit_grades_account on credit_grades (account_id, id desc);
comment on table credit_grades is 'Every grade an account ever had; the account carries the newest.';

create table exchange_rates (
  from_currency char(3) not null,
  to_currency char(3) not null check (to_currency <> from_currency),
  valid_on date not null,
  -- the price of one unit of from_currency
  rate numeric(24, 12) not null check (rate > 0),
  source text not null,
  primary key (from_currency, to_currency, valid_on)
);

create table customer_incidents (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers,
  kind text not null check (kind in ('insolvency', 'insolvency-ended', 'lawsuit', 'cover-withdrawn', 'cover-restored')),
  happened_on date not null,
  note text,
  unique (customer_id, kind, happened_on)
);

create table account_statuses (
  id bigint generated always as identity primary key,
  account_id bigint not null references credit_accounts,
  segment_id int not null references segments,
  status text not null check (status in ('active', 'watch', 'held', 'closed')),
  since date not null
);
create index account_statuses_account on account_statuses (account_id, id desc);

create table ratings (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers,
  agency text not null,
  value text not null,
  -- 0 to 100, higher is better
  score numeric(7, 3) not null check (score between 0 and 100),
  rated_on date not null,
  expires_on date,
  unique (customer_id, agency, rated_on)
);

create table instruments (
  id bigint generated always as identity primary key,
  segment_id int not null,
  customer_id bigint not null,
  type text not null check (type in ('guarantee', 'collateral', 'insurance', 'letter-of-credit', 'deposit')),
  effect text not null check (effect in ('raises-limit', 'reduces-exposure')),
  value numeric(20, 4) not null check (value >= 0),
  currency char(3) not null,
  -- points: 90 is 90 %
  percentage numeric(7, 4) not null check (percentage between 0 and 100),
  cap numeric(20, 4) check (cap >= 0),
  recorded_on date not null,
  effective_from date not null,
  expires_on date,
  withdrawn_on date,
  reference text,
  foreign key (customer_id, segment_id) references credit_accounts (customer_id, segment_id)
);
create index instruments_customer on instruments (customer_id, segment_id);

create table documents (
  id bigint generated always as identity primary key,
  segment_id int not null,
  customer_id bigint not null,
  type text not null check (type in ('order', 'delivery', 'invoice', 'credit_note')),
  number text not null,
  source text not null,
  issued_on date not null,
  due_on date,
  currency char(3) not null,
  -- positive for all types; a credit note lowers what is owed by it
  amount numeric(20, 4) not null check (amount >= 0),
  -- An invoice: not yet paid; a credit note: not yet used; an order: not yet delivered; a delivery: not yet invoiced.
  -- Maintained in the transaction that changes it.
  open_amount numeric(20, 4) not null check (open_amount >= 0 and open_amount <= amount),
  terms text,
  -- a delivery or an invoice: the order that it fulfils; an invoice: the delivery that it charges for
  order_id bigint references documents,
  delivery_id bigint references documents,
  is_prepaid boolean not null default false,
  -- an order: called off or declared complete
  closed_on date,
  cancelled_on date,
  content_hash bytea not null,
  created_at timestamptz not null,
  -- the number first: people look documents up by it
  unique (number, source, type, segment_id),
  foreign key (customer_id, segment_id) references credit_accounts (customer_id, segment_id)
);
create index documents_customer on documents (customer_id, segment_id, type, issued_on);
-- Covers what exposure and ageing read, so that they never touch the table.
create index documents_open on documents (customer_id, segment_id) include (type, currency, due_on, open_amount, is_prepaid)
  where open_amount > 0 and cancelled_on is null and closed_on is null;
create index documents_order on documents (order_id) where order_id is not null;
create index documents_delivery on documents (delivery_id) where delivery_id is not null;
create index documents_cancelled on documents (cancelled_on) where cancelled_on is not null;

create table bills (
  id bigint generated always as identity primary key,
  segment_id int not null,
  customer_id bigint not null,
  number text not null,
  source text not null,
  kind text not null check (kind in ('bank', 'commercial')),
  received_on date not null,
  matures_on date not null,
  currency char(3) not null,
  amount numeric(20, 4) not null check (amount > 0),
  honoured_on date,
  dishonoured_on date,
  unique (segment_id, source, number),
  check (num_nonnulls(honoured_on, dishonoured_on) <= 1),
  foreign key (customer_id, segment_id) references credit_accounts (customer_id, segment_id)
);
create index bills_open on bills (customer_id, segment_id) include (currency, amount) where honoured_on is null and dishonoured_on is null;

create table payments (
  id bigint generated always as identity primary key,
  segment_id int not null,
  customer_id bigint not null,
  number text not null,
  source text not null,
  received_on date not null,
  currency char(3) not null,
  amount numeric(20, 4) not null check (amount > 0),
  unapplied_amount numeric(20, 4) not null check (unapplied_amount >= 0 and unapplied_amount <= amount),
  method text check (method in ('transfer', 'bill', 'cheque', 'cash', 'card')),
  bill_id bigint references bills,
  -- its bill was dishonoured: there is no money in it
  is_dishonoured boolean not null default false,
  cancelled_on date,
  content_hash bytea not null,
  created_at timestamptz not null,
  unique (segment_id, source, number),
  foreign key (customer_id, segment_id) references credit_accounts (customer_id, segment_id)
);
create index payments_customer on payments (customer_id, segment_id, received_on);
create index payments_unapplied on payments (customer_id, segment_id) include (currency, unapplied_amount)
  where unapplied_amount > 0 and cancelled_on is null and not is_dishonoured;
create index payments_cancelled on payments (cancelled_on) where cancelled_on is not null;

create table payment_applications (
  id bigint generated always as identity primary key,
  segment_id int not null,
  -- what pays: a payment or a credit note
  payment_id bigint references payments,
  credit_note_id bigint references documents,
  document_id bigint not null references documents,
  -- negative: an earlier application undone
  amount numeric(20, 4) not null check (amount <> 0),
  applied_on date not null,
  created_at timestamptz not null,
  check (num_nonnulls(payment_id, credit_note_id) = 1)
);
create index payment_applications_document on payment_applications (document_id);
create index payment_applications_day on payment_applications (applied_on);
create unique index payment_applications_once on payment_applications (payment_id, document_id, applied_on, (amount > 0)) where payment_id is not null;
create unique index applications_of_credit_note_once on payment_applications (credit_note_id, document_id, applied_on, (amount > 0)) where credit_note_id is not null;

create table disputes (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  document_id bigint not null references documents,
  amount numeric(20, 4) not null check (amount > 0),
  reason text not null,
  opened_on date not null,
  closed_on date,
  unique (document_id, opened_on)
);

create table reminders (
  id bigint generated always as identity primary key,
  segment_id int not null,
  customer_id bigint not null,
  document_id bigint references documents,
  level int not null check (level > 0),
  sent_on date not null,
  foreign key (customer_id, segment_id) references credit_accounts (customer_id, segment_id)
);
create index reminders_customer on reminders (customer_id, segment_id);

create table promises_to_pay (
  id bigint generated always as identity primary key,
  segment_id int not null,
  customer_id bigint not null,
  amount numeric(20, 4) not null check (amount > 0),
  currency char(3) not null,
  made_on date not null,
  due_on date not null,
  state text not null default 'open' check (state in ('open', 'kept', 'broken', 'cancelled')),
  settled_on date,
  note text,
  unique (customer_id, segment_id, made_on, due_on, amount),
  foreign key (customer_id, segment_id) references credit_accounts (customer_id, segment_id)
);

create table financial_statements (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers,
  period_end date not null,
  period_months int not null default 12 check (period_months between 1 and 24),
  received_on date not null,
  currency char(3) not null,
  audited boolean not null default false,
  -- camelCase keys of credit's Statement, decimal strings
  items jsonb not null,
  source text not null,
  unique (customer_id, period_end, source)
);

-- ── policies and decisions ──────────────────────────────────────────────────────────────────────

create table policies (
  id text primary key,
  kind text not null,
  title jsonb not null,
  created_at timestamptz not null
);

create table policy_versions (
  policy_id text not null references policies,
  version int not null check (version > 0),
  hash text not null,
  -- the canonical text; its SHA-256 is the hash
  document text not null,
  effective_from timestamptz not null,
  published_by bigint references users,
  published_at timestamptz not null,
  primary key (policy_id, version),
  unique (policy_id, version, hash)
);
create trigger policy_versions_append_only before update or delete or truncate on policy_versions for each statement execute function refuse_change();

create table decisions (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  customer_id bigint not null references customers,
  kind text not null,
  policy_id text not null,
  policy_version int not null,
  policy_hash text not null,
  as_of date not null,
  facts jsonb not null,
  sources jsonb not null default '{}',
  -- the engine's Decision with its trace
  result jsonb not null,
  outcome text not null check (outcome in ('approve', 'refer', 'decline')),
  subject text,
  -- the same decision asked twice is one
  key text unique,
  decided_at timestamptz not null,
  foreign key (policy_id, policy_version, policy_hash) references policy_versions (policy_id, version, hash)
);
create index decisions_customer on decisions (customer_id, id desc);
create trigger decisions_append_only before update or delete or truncate on decisions for each statement execute function refuse_change();

-- ── applications and tasks ──────────────────────────────────────────────────────────────────────

create table credit_applications (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  customer_id bigint not null references customers,
  account_id bigint not null references credit_accounts,
  requested_limit numeric(20, 4) not null check (requested_limit > 0),
  currency char(3) not null,
  requested_terms_days int check (requested_terms_days >= 0),
  purpose text,
  requested_by bigint not null references users,
  status text not null check (status in ('submitted', 'in_approval', 'returned', 'approved', 'rejected', 'withdrawn')),
  -- what the policies made of it; null until assessed
  assessment_id bigint references decisions,
  recommendation_id bigint references decisions,
  authority_id bigint references decisions,
  recommended_limit numeric(20, 4),
  recommended_terms_days int,
  grade text,
  score int,
  -- the authority levels to pass, e.g. {1,2}
  levels int[],
  current_level int,
  -- what approvers made of it; set by the level that changes it
  approved_limit numeric(20, 4),
  approved_terms_days int,
  round int not null default 1,
  -- the last time that it went back to its maker
  returned_at timestamptz,
  version int not null default 1,
  idempotency_key text unique,
  submitted_at timestamptz not null,
  closed_at timestamptz
);
create index credit_applications_customer on credit_applications (customer_id, id desc);
create index credit_applications_status on credit_applications (segment_id, status, id desc);
create unique index credit_applications_one_open on credit_applications (account_id) where status in ('submitted', 'in_approval');

alter table credit_limits add foreign key (application_id) references credit_applications;
alter table credit_grades add foreign key (decision_id) references decisions;

create table tasks (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  kind text not null check (kind in ('credit_application')),
  application_id bigint not null references credit_applications,
  customer_id bigint not null references customers,
  round int not null,
  level int not null,
  level_count int not null,
  authority_level int not null,
  amount numeric(20, 4) not null,
  currency char(3) not null,
  -- why the policy sends it here
  reason jsonb not null,
  status text not null default 'open' check (status in ('open', 'done', 'cancelled')),
  outcome text check (outcome in ('approve', 'reject', 'return')),
  created_at timestamptz not null,
  due_at timestamptz not null,
  decided_at timestamptz,
  version int not null default 1,
  unique (application_id, round, level)
);
create index tasks_open on tasks (segment_id, authority_level, due_at) where status = 'open';

create table task_votes (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  task_id bigint not null references tasks,
  application_id bigint not null references credit_applications,
  round int not null,
  person_id bigint not null references persons,
  user_id bigint not null references users,
  outcome text not null check (outcome in ('approve', 'reject', 'return')),
  limit_amount numeric(20, 4),
  terms_days int,
  comment text,
  at timestamptz not null,
  unique (task_id, person_id),
  -- one person decides on one level of a round only
  unique (application_id, round, person_id),
  check (outcome = 'approve' or length(trim(comment)) > 0)
);

-- Makers are never checkers, whatever the application code believes.
create function refuse_own_vote() returns trigger language plpgsql as $$
begin
  if exists (
    select from credit_applications a join users u on u.id = a.requested_by
    where a.id = new.application_id and u.person_id = new.person_id
  ) then
    raise exception 'person % asked for application % and can not decide on it', new.person_id, new.application_id
      using errcode = 'insufficient_privilege', constraint = 'maker_is_not_checker';
  end if;
  return new;
end $$;
create trigger task_votes_four_eyes before insert or update on task_votes for each row execute function refuse_own_vote();

-- ── imports ─────────────────────────────────────────────────────────────────────────────────────

create table imports (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  kind text check (kind in ('customers', 'invoices', 'payments', 'credit_notes', 'orders', 'statements')),
  source text not null default 'file',
  file_name text not null,
  blob_sha256 bytea references blobs,
  status text not null check (status in ('uploaded', 'staging', 'ready', 'applying', 'applied', 'cancelled', 'failed')),
  -- encoding, delimiter, date format, sheet: detected, then chosen
  format jsonb not null default '{}',
  columns jsonb not null default '[]',
  mapping jsonb not null default '{}',
  sample jsonb not null default '[]',
  -- rows read, new, changed, same, wrong; customers new, …
  counts jsonb not null default '{}',
  rows_total bigint,
  rows_done bigint not null default 0,
  cancel_requested boolean not null default false,
  error jsonb,
  created_by bigint references users,
  created_at timestamptz not null,
  applied_at timestamptz,
  version int not null default 1
);
create index imports_segment on imports (segment_id, id desc);

create table import_errors (
  id bigint generated always as identity primary key,
  segment_id int not null references segments,
  import_id bigint not null references imports on delete cascade,
  row_number bigint not null,
  column_name text,
  code text not null,
  message_en text not null,
  message_zh text not null,
  value text
);
create index import_errors_import on import_errors (import_id, row_number);

create table import_mappings (
  segment_id int not null references segments,
  -- the header row, folded
  header_hash bytea not null,
  kind text not null,
  mapping jsonb not null,
  format jsonb not null,
  updated_at timestamptz not null,
  primary key (segment_id, header_hash)
);

-- ── row-level security: enabled and forced on everything that belongs to a segment ───────────────
-- visible_segments() stands in a sub-select so that it is asked once a query and not once a row.

do $$
declare name text;
begin
  foreach name in array array[
    'credit_accounts', 'credit_limits', 'credit_grades', 'account_statuses', 'instruments', 'documents', 'bills', 'payments', 'payment_applications',
    'disputes', 'reminders', 'promises_to_pay',
    'decisions', 'credit_applications', 'tasks', 'task_votes', 'imports', 'import_errors', 'import_mappings', 'api_keys', 'inbox', 'effects'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy by_segment on %I using ((select visible_segments()) is null or segment_id = any ((select visible_segments())::int[]))', name);
  end loop;

  -- What belongs to a customer is seen by those who see one of the customer's accounts.
  foreach name in array array['customer_names', 'customer_contacts', 'customer_incidents', 'ratings', 'financial_statements'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy by_account on %I using ((select visible_segments()) is null or exists (select from credit_accounts a where a.customer_id = %I.customer_id))', name, name);
  end loop;
end $$;

alter table customers enable row level security;
alter table customers force row level security;
create policy by_account on customers using (
  (select visible_segments()) is null or exists (select from credit_accounts a where a.customer_id = customers.id)
) with check (true);

-- A customer is made before its first account, so `insert … returning` and `on conflict` can't see the row that they write:
-- take the id from here, insert, then open the account. A number that another segment knows already is the same customer.
create function next_customer_id() returns bigint language sql volatile
as $$ select nextval(pg_get_serial_sequence('customers', 'id')) $$;
create function customer_id_of(wanted_number text) returns bigint language sql stable set surety.segments = '*'
as $$ select id from customers where number = wanted_number $$;

-- A file is seen through the imports that it belongs to.
alter table blobs enable row level security;
alter table blobs force row level security;
create policy by_import on blobs using (
  (select visible_segments()) is null or exists (select from imports i where i.blob_sha256 = blobs.sha256)
) with check (true);
alter table blob_chunks enable row level security;
alter table blob_chunks force row level security;
create policy by_import on blob_chunks using (
  (select visible_segments()) is null or exists (select from imports i where i.blob_sha256 = blob_chunks.sha256)
) with check (true);

-- Anybody may ask for a message to be sent; only the sender, who works for all, reads them.
alter table outbox enable row level security;
alter table outbox force row level security;
create policy by_sender on outbox using ((select visible_segments()) is null) with check (true);

alter table audit_entries enable row level security;
alter table audit_entries force row level security;
create policy audit_read on audit_entries for select using ((select visible_segments()) is null or segment_id = any ((select visible_segments())::int[]));
create policy audit_write on audit_entries for insert with check (true);

-- ── rights of the application ───────────────────────────────────────────────────────────────────

grant usage on schema public to surety_app;
grant select, insert, update, delete on all tables in schema public to surety_app;
grant usage on all sequences in schema public to surety_app;
alter default privileges in schema public grant select, insert, update, delete on tables to surety_app;
alter default privileges in schema public grant usage on sequences to surety_app;
-- So that statistics are fresh right after a large load; before PostgreSQL 17 autovacuum sees to it in a minute.
do $$ begin
  if current_setting('server_version_num')::int >= 170000 then
    grant maintain on all tables in schema public to surety_app;
    alter default privileges in schema public grant maintain on tables to surety_app;
  end if;
end $$;
revoke update, delete on audit_entries, audit_chain, policy_versions, decisions, credit_limits, credit_grades, account_statuses, task_votes, payment_applications from surety_app;
revoke delete on customers, credit_accounts, documents, payments, credit_applications, tasks, users, persons, segments from surety_app;
revoke insert, update, delete on schema_migrations from surety_app;
