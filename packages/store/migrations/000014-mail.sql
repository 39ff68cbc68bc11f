-- Mail: what was sent to whom, the words it is made of where a company has its own, and the inbox of the demo.

create table mail_templates (
  key text not null,
  language text not null check (language in ('zh-CN', 'en')),
  subject text not null check (length(subject) between 1 and 300),
  body text not null check (length(body) between 1 and 20000),
  version integer not null default 1,
  updated_by bigint references users (id),
  updated_at timestamptz not null,
  primary key (key, language)
);
comment on table mail_templates is 'A company''s own words; where a row is missing, the words that ship are used.';

create table mails (
  id bigint generated always as identity primary key,
  -- Null: about no segment, such as a notice to an administrator.
  segment_id integer references segments (id),
  key text not null unique,
  template text not null,
  language text not null check (language in ('zh-CN', 'en')),
  user_id bigint references users (id),
  customer_id bigint references customers (id),
  address text not null,
  params jsonb not null,
  -- Written when it is first sent, so that it says the same however often it is tried.
  subject text,
  body text,
  status text not null default 'queued' check (status in ('queued', 'sending', 'sent', 'failed')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  last_error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  check ((status = 'sent') = (sent_at is not null))
);
comment on column mails.key is 'Once per event and reader: the same key twice is one mail.';
create index mails_due on mails (next_attempt_at) where status in ('queued', 'sending');
create index mails_customer on mails (customer_id, created_at);
create index mails_created on mails (created_at);

alter table mails enable row level security;
alter table mails force row level security;
create policy by_segment on mails for all
  using ((select visible_segments()) is null or segment_id = any ((select visible_segments())::integer[]))
  with check (true);

-- What the demo's own mail server received. Real mail servers keep theirs themselves.
create table demo_inbox (
  id bigint generated always as identity primary key,
  message_id text not null unique,
  recipient text not null,
  subject text not null,
  body text not null,
  copies integer not null default 1,
  received_at timestamptz not null
);
comment on column demo_inbox.copies is 'How often the same message came: a sender that was interrupted sends it again under the same id.';
alter table demo_inbox enable row level security;
alter table demo_inbox force row level security;
create policy by_administrator on demo_inbox for all using ((select visible_segments()) is null);

grant select, insert, update, delete on mail_templates to surety_app;
grant select, insert, update on mails to surety_app;
grant select, insert, update, delete on demo_inbox to surety_app;
