-- Collections: cases of customers who owe, the letters that they get, what they were told in person.

create table dunning_cases (
  id bigint generated always as identity primary key,
  segment_id integer not null references segments (id),
  customer_id bigint not null,
  opened_on date not null,
  -- Set when nothing that was reminded of is open any more; taken back when a payment is.
  resolved_on date,
  level integer not null default 0 check (level >= 0),
  blocks_credit boolean not null default false,
  foreign key (customer_id, segment_id) references credit_accounts (customer_id, segment_id),
  check (resolved_on is null or resolved_on >= opened_on)
);
create unique index dunning_cases_open on dunning_cases (customer_id, segment_id) where resolved_on is null;

create table dunning_letters (
  id bigint generated always as identity primary key,
  segment_id integer not null references segments (id),
  customer_id bigint not null,
  -- Null: a courtesy note, before anything is late.
  case_id bigint references dunning_cases (id),
  run_on date not null,
  kind text not null check (kind in ('courtesy', 'remind', 'final')),
  level integer not null check (level >= 0),
  channel text not null,
  currency character(3) not null,
  total numeric(20, 4) not null check (total > 0),
  interest numeric(20, 4) not null default 0,
  pay_by date not null,
  policy_id text not null,
  policy_version integer not null,
  mail_id bigint references mails (id),
  -- Why no mail went out: nobody knows an address, or the letter goes on paper.
  undelivered text,
  created_at timestamptz not null,
  foreign key (customer_id, segment_id) references credit_accounts (customer_id, segment_id)
);
comment on table dunning_letters is 'One a customer, currency, kind and day: a run that is repeated sends nothing twice.';
create unique index dunning_letters_once on dunning_letters (customer_id, segment_id, run_on, currency, (kind = 'courtesy'));

create table dunning_letter_items (
  letter_id bigint not null references dunning_letters (id),
  document_id bigint not null references documents (id),
  segment_id integer not null references segments (id),
  level integer not null,
  open_amount numeric(20, 4) not null,
  days_past_due integer not null,
  interest_rate numeric(9, 4) not null,
  interest numeric(20, 4) not null,
  primary key (letter_id, document_id)
);
create index dunning_letter_items_document on dunning_letter_items (document_id);

create table dunning_fees (
  case_id bigint not null references dunning_cases (id),
  level integer not null,
  segment_id integer not null references segments (id),
  letter_id bigint not null references dunning_letters (id),
  amount numeric(20, 4) not null check (amount > 0),
  currency character(3) not null,
  charged_on date not null,
  primary key (case_id, level)
);
comment on table dunning_fees is 'Once for each level of a case, whatever is retried.';

alter table reminders add column letter_id bigint references dunning_letters (id);
create unique index reminders_letter on reminders (letter_id, document_id);

create table collection_contacts (
  id bigint generated always as identity primary key,
  segment_id integer not null references segments (id),
  customer_id bigint not null,
  at timestamptz not null,
  user_id bigint references users (id),
  channel text not null check (channel in ('call', 'mail', 'meeting', 'note')),
  outcome text not null check (outcome in ('reached', 'not_reached', 'promised', 'disputed', 'refused', 'note')),
  person text,
  note text,
  follow_up_on date,
  promise_id bigint references promises_to_pay (id),
  foreign key (customer_id, segment_id) references credit_accounts (customer_id, segment_id)
);
create index collection_contacts_customer on collection_contacts (customer_id, segment_id, at desc);

do $$
declare each text;
begin
  foreach each in array array['dunning_cases', 'dunning_letters', 'dunning_letter_items', 'dunning_fees', 'collection_contacts'] loop
    execute format('alter table %I enable row level security', each);
    execute format('alter table %I force row level security', each);
    execute format('create policy by_segment on %I for all using ((select visible_segments()) is null or segment_id = any ((select visible_segments())::integer[]))', each);
  end loop;
end $$;

grant select, insert, update on dunning_cases, dunning_letters to surety_app;
grant select, insert on dunning_letter_items, dunning_fees, collection_contacts to surety_app;
