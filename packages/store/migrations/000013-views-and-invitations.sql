-- Lists as people keep them, and how a colleague comes to a password of their own.

create table saved_views (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  -- which list: tasks, applications, …
  list text not null,
  name text not null check (length(name) between 1 and 60),
  -- as the address of the list says it: {"view": "team", "f.grade": "D,E", "sort": "-amount"}
  query jsonb not null check (jsonb_typeof(query) = 'object'),
  is_shared boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index saved_views_name on saved_views (user_id, list, lower(name));
create index saved_views_shared on saved_views (list) where is_shared;
comment on table saved_views is 'Filters and orders of lists under a name, one''s own or shared with colleagues; they hold no figure.';

create table invitations (
  token_hash bytea primary key check (length(token_hash) = 32),
  user_id bigint not null references users on delete cascade,
  invited_by bigint references users,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
-- One that counts a person: a newer one takes its place.
create unique index invitations_open on invitations (user_id) where used_at is null;
comment on table invitations is 'Links by which a colleague sets a password once; the token itself is in the link alone.';
