-- The life of a policy: drafts that people share, what a change would do, change requests and who agreed, and items that policies have in common.
-- Policies are the same for every segment; only the customers whom a change moves belong to one.

-- ── versions ────────────────────────────────────────────────────────────────────────────────────

-- examples that must hold; they live with the version that they were run against
alter table policy_versions add column cases jsonb not null default '[]';

-- A version that was to take effect later and was called back before it did. It never was in force.
create table policy_recalls (
  policy_id text not null,
  version int not null,
  reason text not null,
  recalled_by bigint references users,
  recalled_at timestamptz not null,
  primary key (policy_id, version),
  foreign key (policy_id, version) references policy_versions (policy_id, version)
);
create trigger policy_recalls_append_only before update or delete or truncate on policy_recalls for each statement execute function refuse_change();
create function refuse_late_recall() returns trigger language plpgsql as $$
begin
  if exists (select from policy_versions v where v.policy_id = new.policy_id and v.version = new.version and v.effective_from <= new.recalled_at) then
    raise exception 'version % of % has taken effect and can not be recalled', new.version, new.policy_id using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger policy_recalls_in_time before insert on policy_recalls for each row execute function refuse_late_recall();

-- ── drafts ──────────────────────────────────────────────────────────────────────────────────────

create table policy_drafts (
  id bigint generated always as identity primary key,
  policy_id text not null references policies,
  -- the version that it started from; null: there was none
  base_version int,
  revision int not null default 1,
  document text not null,
  content_hash text not null,
  cases jsonb not null default '[]',
  change_count int not null default 0,
  status text not null default 'open' check (status in ('open', 'published', 'discarded')),
  created_by bigint references users,
  updated_by bigint references users,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  foreign key (policy_id, base_version) references policy_versions (policy_id, version)
);
create unique index policy_drafts_open on policy_drafts (policy_id) where status = 'open';
comment on table policy_drafts is 'What people work on; one open draft a policy, and nothing in it is in force.';

-- Who has looked at a draft, and who has changed it.
create table policy_draft_editors (
  draft_id bigint not null references policy_drafts,
  user_id bigint not null references users,
  person_id bigint not null references persons,
  seen_at timestamptz not null,
  edited_at timestamptz,
  primary key (draft_id, user_id)
);

-- What a revision held: the ground that a late save is merged on, and, with a name, a point to go back to.
create table policy_draft_revisions (
  draft_id bigint not null references policy_drafts,
  revision int not null,
  document text not null,
  cases jsonb not null,
  name text,
  saved_by bigint references users,
  saved_at timestamptz not null,
  primary key (draft_id, revision)
);

-- ── impact ──────────────────────────────────────────────────────────────────────────────────────

create table policy_impacts (
  id bigint generated always as identity primary key,
  policy_id text not null references policies,
  base_version int not null,
  base_hash text not null,
  draft_hash text not null,
  -- the draft's document: what was measured stays known whatever becomes of the draft
  document text not null,
  status text not null default 'running' check (status in ('running', 'done', 'failed')),
  done_count int not null default 0,
  total_count int not null default 0,
  result jsonb,
  problem text,
  requested_by bigint references users,
  requested_at timestamptz not null,
  finished_at timestamptz,
  foreign key (policy_id, base_version, base_hash) references policy_versions (policy_id, version, hash)
);
create index policy_impacts_hash on policy_impacts (policy_id, draft_hash, base_hash, id desc);
comment on table policy_impacts is 'What a draft would do, beside the version in force, to the customers of today; figures without names.';

create table policy_impact_moves (
  impact_id bigint not null references policy_impacts,
  segment_id int not null references segments,
  customer_id bigint not null references customers,
  position int not null,
  before_outcome text not null,
  after_outcome text not null,
  before jsonb not null,
  after jsonb not null,
  exposure numeric(20, 4) not null,
  currency char(3) not null,
  -- the first rule or row that differs
  why jsonb,
  primary key (impact_id, position)
);

-- ── change requests ─────────────────────────────────────────────────────────────────────────────

create table change_requests (
  id bigint generated always as identity primary key,
  policy_id text not null references policies,
  draft_id bigint not null references policy_drafts,
  base_version int,
  document text not null,
  content_hash text not null,
  cases jsonb not null,
  intent text not null,
  -- what was found in the document, and what its author says to each warning
  findings jsonb not null,
  acknowledgements jsonb not null,
  case_results jsonb not null,
  impact_id bigint references policy_impacts,
  maker_id bigint not null references users,
  maker_person_id bigint not null references persons,
  -- in_review → approved (waits for its moment) → in_force; outdated: edited or overtaken since
  status text not null default 'in_review' check (status in ('in_review', 'changes_requested', 'outdated', 'rejected', 'withdrawn', 'approved', 'in_force', 'recalled')),
  is_emergency boolean not null default false,
  -- the version whose content it brings back
  rollback_of int,
  -- null: as soon as it is approved
  effective_from timestamptz,
  -- authority levels that have to agree, and why; emergencies: those that look at it afterwards
  approval_levels int[] not null check (cardinality(approval_levels) > 0),
  review_levels int[] not null default '{}',
  approval_decision jsonb,
  due_at timestamptz not null,
  published_version int,
  submitted_at timestamptz not null,
  closed_at timestamptz,
  version int not null default 1,
  foreign key (policy_id, published_version) references policy_versions (policy_id, version)
);
create unique index change_requests_open on change_requests (policy_id) where status = 'in_review';
create index change_requests_listed on change_requests (status, id desc);

create table change_request_votes (
  id bigint generated always as identity primary key,
  change_request_id bigint not null references change_requests,
  -- approval before it takes effect; review: afterwards, of an emergency
  stage text not null check (stage in ('approval', 'review')),
  -- the level that an agreement fills; null for a no
  level int,
  person_id bigint not null references persons,
  user_id bigint not null references users,
  outcome text not null check (outcome in ('approve', 'reject', 'request_changes')),
  content_hash text not null,
  comment text,
  at timestamptz not null,
  check (outcome = 'approve' or length(trim(comment)) > 0),
  unique (change_request_id, stage, person_id)
);
create trigger change_request_votes_append_only before update or delete or truncate on change_request_votes for each statement execute function refuse_change();

create table change_request_comments (
  id bigint generated always as identity primary key,
  change_request_id bigint not null references change_requests,
  user_id bigint not null references users,
  -- JSON pointer into the document, where it is about a place
  path text,
  body text not null check (length(trim(body)) > 0),
  at timestamptz not null
);
create trigger change_request_comments_append_only before update or delete or truncate on change_request_comments for each statement execute function refuse_change();

-- Four eyes: whoever asked for a change or had a hand in its draft does not agree to it, with whatever login; and an agreement is to what is there.
create function refuse_own_change_vote() returns trigger language plpgsql as $$
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
end $$;
create trigger change_request_votes_four_eyes before insert on change_request_votes for each row execute function refuse_own_change_vote();

-- What was submitted is what is decided on.
create function refuse_changed_request() returns trigger language plpgsql as $$
begin
  if (old.policy_id, old.draft_id, old.document, old.content_hash, old.cases, old.maker_id, old.maker_person_id, old.approval_levels, old.is_emergency, old.submitted_at)
    is distinct from (new.policy_id, new.draft_id, new.document, new.content_hash, new.cases, new.maker_id, new.maker_person_id, new.approval_levels, new.is_emergency, new.submitted_at) then
    raise exception 'change request % can not be rewritten; submit another', old.id using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger change_requests_frozen before update on change_requests for each row execute function refuse_changed_request();

-- ── into force only by agreement ────────────────────────────────────────────────────────────────

alter table policy_versions add column change_request_id bigint unique references change_requests;
create function refuse_unapproved_version() returns trigger language plpgsql as $$
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
end $$;
create trigger policy_versions_approved before insert on policy_versions for each row execute function refuse_unapproved_version();

-- Held orders are looked at again when a version takes effect, too: until then the one before it had its say.
create function mark_open_holds() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform mark_holds_of_accounts(array(select account_id from holds where status = 'open'));
end $$;
revoke execute on function mark_open_holds() from public;
grant execute on function mark_open_holds() to surety_app;

-- ── what policies have in common ────────────────────────────────────────────────────────────────

create table library_versions (
  kind text not null check (kind in ('list', 'condition', 'grade_scale')),
  -- the name under which documents hold it
  name text not null,
  version int not null check (version > 0),
  title jsonb not null,
  content jsonb not null,
  content_hash text not null,
  comment text,
  saved_by bigint references users,
  saved_at timestamptz not null,
  primary key (kind, name, version)
);
create trigger library_versions_append_only before update or delete or truncate on library_versions for each statement execute function refuse_change();
comment on table library_versions is 'Lists, named conditions and grade scales that several policies hold copies of; a new version changes no policy by itself.';

-- ── who sees it ─────────────────────────────────────────────────────────────────────────────────

alter table policy_impact_moves enable row level security;
alter table policy_impact_moves force row level security;
create policy by_segment on policy_impact_moves using ((select visible_segments()) is null or segment_id = any ((select visible_segments())::int[]));

revoke update, delete on policy_recalls, policy_impact_moves, change_request_votes, change_request_comments, library_versions from surety_app;
revoke delete on policy_drafts, policy_draft_editors, policy_impacts, change_requests from surety_app;
