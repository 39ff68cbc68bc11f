-- Early warning: alerts by customer and indicator, and the values that made them.

create table alerts (
  id bigint generated always as identity primary key,
  segment_id integer not null references segments (id),
  customer_id bigint not null,
  indicator text not null,
  -- The fact that it watches; null where the policy names none.
  fact text,
  severity text not null check (severity in ('warn', 'critical')),
  status text not null default 'open' check (status in ('open', 'acknowledged', 'acting', 'closed')),
  value jsonb,
  threshold numeric,
  clear_at numeric,
  cool_down_days integer not null default 0 check (cool_down_days >= 0),
  reason_code text not null,
  message jsonb not null,
  decision_id bigint not null references decisions (id),
  opened_on date not null,
  opened_at timestamptz not null,
  seen_at timestamptz not null,
  handled_by bigint references users (id),
  snoozed_until date,
  comment text,
  closed_on date,
  -- Closed by itself when the figure came back, or by a person with a reason.
  closed_by bigint references users (id),
  version integer not null default 1,
  foreign key (customer_id, segment_id) references credit_accounts (customer_id, segment_id),
  check ((status = 'closed') = (closed_on is not null))
);
create unique index alerts_day on alerts (customer_id, segment_id, indicator, opened_on);
create unique index alerts_standing on alerts (customer_id, segment_id, indicator) where status <> 'closed';
create index alerts_open on alerts (severity, opened_at) where status <> 'closed';

create table indicator_values (
  segment_id integer not null references segments (id),
  customer_id bigint not null,
  fact text not null,
  day date not null,
  value numeric not null,
  primary key (customer_id, segment_id, fact, day),
  foreign key (customer_id, segment_id) references credit_accounts (customer_id, segment_id)
);
comment on table indicator_values is 'The last value of each day, for the small charts beside alerts.';

do $$
declare each text;
begin
  foreach each in array array['alerts', 'indicator_values'] loop
    execute format('alter table %I enable row level security', each);
    execute format('alter table %I force row level security', each);
    execute format('create policy by_segment on %I for all using ((select visible_segments()) is null or segment_id = any ((select visible_segments())::integer[]))', each);
  end loop;
end $$;
grant select, insert, update on alerts, indicator_values to surety_app;
