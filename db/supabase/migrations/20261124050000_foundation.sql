-- The foundation: people, workspaces, channels, messages and what order, idempotency and unread need.
-- Conventions: ids are UUIDv7 made by the app; times are timestamptz (UTC); names and texts are limited here as
-- well as at the edge; every table in public has row-level security; secrets live in the schema private.

-- Nobody but the app's own role can name anything in it. That is what protects its functions too: Postgres lets everybody
-- execute a new function, and default privileges of one schema cannot take that back.
create schema if not exists private;
revoke all on schema private from public, anon, authenticated;

-- A hosted project gives new tables in public to everybody; here each is granted what its policies mean.
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke all on functions from anon, authenticated;

-- ------------------------------------------------------------------ people

create table public.users (
  id uuid primary key,
  handle text not null check (handle ~ '^[a-z0-9][a-z0-9._-]{0,31}$'),
  display_name text not null check (char_length(display_name) between 1 and 80),
  -- a hue on the colour circle, in degrees: the ground of the initials avatar
  hue smallint not null default 0 check (hue between 0 and 359),
  -- 'person' signs in; 'imported' stands for an author of another system and cannot
  kind text not null default 'person' check (kind in ('person', 'imported')),
  -- bumped by every change that others see, so that a late copy never wins
  rev bigint not null default 1,
  created_at timestamptz not null default now(),
  deactivated_at timestamptz
);
create unique index users_handle_key on public.users (handle);

create table private.accounts (
  user_id uuid primary key references public.users (id) on delete cascade,
  email text not null check (char_length(email) between 3 and 254),
  -- argon2id; null where another identity provider vouches for the person
  password_hash text,
  created_at timestamptz not null default now(),
  password_changed_at timestamptz not null default now()
);
create unique index accounts_email_key on private.accounts (lower(email));

create table private.sessions (
  id uuid primary key,
  user_id uuid not null references public.users (id) on delete cascade,
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  address text not null default '',
  agent text not null default ''
);
create index sessions_user_idx on private.sessions (user_id);

-- One row a failed attempt; a key is an account or an address, hashed.
create table private.attempts (
  key bytea not null,
  attempted_at timestamptz not null default now()
);
create index attempts_key_idx on private.attempts (key, attempted_at);

-- The installation itself: exactly one row.
create table private.installation (
  only_one boolean primary key default true check (only_one),
  owner_id uuid references public.users (id) on delete set null,
  registration text not null default 'invitation' check (registration in ('invitation', 'open')),
  -- demanded of the first account when the first start was not on loopback
  setup_token_hash bytea,
  created_at timestamptz not null default now()
);
insert into private.installation default values;

-- ------------------------------------------------------------------ workspaces

create table public.workspaces (
  id uuid primary key,
  name text not null check (char_length(name) between 1 and 80),
  created_by uuid references public.users (id) on delete set null,
  -- bumped by every change that all its members see in the sidebar
  rev bigint not null default 1,
  created_at timestamptz not null default now(),
  deleted_at timestamptz
);
create index workspaces_created_by_idx on public.workspaces (created_by);

create table public.members (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  user_id uuid not null references public.users (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'member')),
  -- bumped by every change of this one person's sidebar
  rev bigint not null default 1,
  joined_at timestamptz not null default now(),
  primary key (workspace_id, user_id)
);
create index members_user_idx on public.members (user_id);

create table private.invitations (
  id uuid primary key,
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  token_hash bytea not null unique,
  role text not null default 'member' check (role in ('admin', 'member')),
  created_by uuid references public.users (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index invitations_workspace_idx on private.invitations (workspace_id);
create index invitations_created_by_idx on private.invitations (created_by);

-- ------------------------------------------------------------------ channels

create table public.channels (
  id uuid primary key,
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  kind text not null check (kind in ('public', 'private', 'direct')),
  name text check (char_length(name) between 1 and 80),
  topic text not null default '' check (char_length(topic) <= 250),
  -- a direct conversation is one per set of people: their sorted ids
  direct_key text,
  created_by uuid references public.users (id) on delete set null,
  -- the last message number given out; numbers are never reused
  last_seq bigint not null default 0,
  -- the newest top-level message that is not deleted: what unread is counted against
  last_post_seq bigint not null default 0,
  -- bumped by every change in the channel, whatever it is
  rev bigint not null default 0,
  -- bumped by every change of what sidebars show of it: its name, its topic
  meta_rev bigint not null default 1,
  created_at timestamptz not null default now(),
  archived_at timestamptz,
  check ((kind = 'direct') = (direct_key is not null)),
  check ((kind = 'direct') = (name is null))
);
create unique index channels_name_key on public.channels (workspace_id, lower(name));
create unique index channels_direct_key on public.channels (workspace_id, direct_key);
create index channels_created_by_idx on public.channels (created_by);

create table public.channel_members (
  channel_id uuid not null references public.channels (id) on delete cascade,
  user_id uuid not null references public.users (id) on delete cascade,
  -- the read cursor: everything up to this message number was seen
  read_seq bigint not null default 0,
  joined_at timestamptz not null default now(),
  primary key (channel_id, user_id)
);
create index channel_members_user_idx on public.channel_members (user_id);

-- Who is in a channel is in its workspace. The lock makes a membership that ends meanwhile wait for this row, which it
-- then removes; without it, somebody added just then would come back into the channel on rejoining.
create function private.require_membership() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform from public.members m join public.channels c on c.workspace_id = m.workspace_id
    where c.id = new.channel_id and m.user_id = new.user_id
    for key share of m;
  if not found then
    raise foreign_key_violation using
      message = format('user %s is not in the workspace of channel %s', new.user_id, new.channel_id);
  end if;
  return new;
end
$$;
create trigger channel_members_require_membership before insert on public.channel_members
  for each row execute function private.require_membership();

-- Who leaves a workspace leaves its channels. A direct conversation keeps its two names; what was written stays.
create function private.leave_channels() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from public.channel_members cm using public.channels c
    where c.id = cm.channel_id and c.workspace_id = old.workspace_id and c.kind <> 'direct'
      and cm.user_id = old.user_id;
  return null;
end
$$;
create trigger members_leave_channels after delete on public.members
  for each row execute function private.leave_channels();

create table public.shared_channels (
  channel_id uuid not null references public.channels (id) on delete cascade,
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  shared_by uuid references public.users (id) on delete set null,
  created_at timestamptz not null default now(),
  primary key (channel_id, workspace_id)
);
create index shared_channels_workspace_idx on public.shared_channels (workspace_id);
create index shared_channels_shared_by_idx on public.shared_channels (shared_by);

-- ------------------------------------------------------------------ messages

create table public.chat (
  id uuid primary key,
  channel_id uuid not null references public.channels (id) on delete cascade,
  author_id uuid not null references public.users (id),
  seq bigint not null,
  -- the channel's rev at this row's last change
  rev bigint not null,
  -- the message that a threaded reply answers
  root_id uuid references public.chat (id) on delete cascade,
  -- made by the sender: the same key never makes a second message
  client_key uuid not null,
  source text not null check (char_length(source) <= 16383),
  html text not null,
  render_version smallint not null,
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  deleted_at timestamptz,
  deleted_by uuid references public.users (id) on delete set null,
  -- a deleted message keeps its place and nothing of its content
  check (deleted_at is null or (source = '' and html = ''))
);
create unique index chat_client_key on public.chat (author_id, client_key);
create unique index chat_seq_key on public.chat (channel_id, seq);
create index chat_rev_idx on public.chat (channel_id, rev);
create index chat_root_idx on public.chat (root_id, seq) where root_id is not null;
create index chat_deleted_by_idx on public.chat (deleted_by) where deleted_by is not null;

create table public.emojis (
  message_id uuid not null references public.chat (id) on delete cascade,
  user_id uuid not null references public.users (id) on delete cascade,
  emoji text not null check (char_length(emoji) between 1 and 64),
  created_at timestamptz not null default now(),
  primary key (message_id, emoji, user_id)
);
create index emojis_user_idx on public.emojis (user_id);

-- ------------------------------------------------------------------ who may see what through Supabase's API
-- The app connects as the owner and is guarded by its services; these rules guard PostgREST and Realtime.
-- Helpers are security definer: a policy that reads its own table would recurse. They return sets, which a statement
-- asks for once, where a yes-or-no question would be asked for every row.

create function private.readable_workspaces() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select w.id
  from public.members m
  join public.users u on u.id = m.user_id and u.deactivated_at is null
  join public.workspaces w on w.id = m.workspace_id and w.deleted_at is null
  where m.user_id = auth.uid()
$$;

create function private.readable_channels() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select c.id
  from public.channels c
  where c.workspace_id in (select private.readable_workspaces())
    and (c.kind = 'public' or exists (
      select from public.channel_members cm where cm.channel_id = c.id and cm.user_id = auth.uid()))
$$;

create function private.fellow_members() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select m.user_id from public.members m where m.workspace_id in (select private.readable_workspaces())
$$;

revoke all on all functions in schema private from public, anon, authenticated, service_role;
grant execute on function private.readable_workspaces(), private.readable_channels(), private.fellow_members()
  to authenticated;

alter table public.users enable row level security;
alter table public.workspaces enable row level security;
alter table public.members enable row level security;
alter table public.channels enable row level security;
alter table public.channel_members enable row level security;
alter table public.shared_channels enable row level security;
alter table public.chat enable row level security;
alter table public.emojis enable row level security;
alter table private.accounts enable row level security;
alter table private.sessions enable row level security;
alter table private.attempts enable row level security;
alter table private.installation enable row level security;
alter table private.invitations enable row level security;

create policy workspaces_read on public.workspaces for select to authenticated
  using (id in (select private.readable_workspaces()));
create policy members_read on public.members for select to authenticated
  using (workspace_id in (select private.readable_workspaces()));
create policy channels_read on public.channels for select to authenticated
  using (id in (select private.readable_channels()));
create policy channel_members_read on public.channel_members for select to authenticated
  using (channel_id in (select private.readable_channels()));
create policy shared_channels_read on public.shared_channels for select to authenticated
  using (channel_id in (select private.readable_channels()));
create policy chat_read on public.chat for select to authenticated
  using (channel_id in (select private.readable_channels()));
-- In the next two, chat is read under its own policy.
create policy emojis_read on public.emojis for select to authenticated
  using (exists (select from public.chat m where m.id = emojis.message_id));
-- Fellow members, and whoever wrote what one may read: those who left, and authors of imported messages.
create policy users_read on public.users for select to authenticated
  using (id in (select private.fellow_members()) or exists (select from public.chat m where m.author_id = users.id));

-- Reading only, and only what others may know: no cursors, no client keys. Every write goes through the app.
revoke all on all tables in schema public from anon, authenticated;
revoke all on all tables in schema private from public, anon, authenticated, service_role;
grant select on public.users, public.workspaces, public.members, public.channels, public.shared_channels, public.emojis
  to authenticated;
grant select (channel_id, user_id, joined_at) on public.channel_members to authenticated;
grant select (id, channel_id, author_id, seq, rev, root_id, source, html, render_version, created_at, edited_at, deleted_at)
  on public.chat to authenticated;

-- Only tables whose rows are never deleted while people work: Realtime cannot check policies for a deleted row, and
-- tells every subscriber its key.
alter publication supabase_realtime add table public.chat, public.channels;
