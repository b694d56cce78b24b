-- Profiles, several workspaces, direct conversations, drafts, versions of messages, preferences.

-- Close names tolerate typing errors.
create schema if not exists extensions;
create extension if not exists pg_trgm with schema extensions;

-- ------------------------------------------------------------------ people

alter table public.users
  add column title text not null default '' check (char_length(title) <= 100),
  add column pronouns text not null default '' check (char_length(pronouns) <= 40),
  -- an IANA name, 'Europe/Berlin'; empty while unknown
  add column time_zone text not null default '' check (char_length(time_zone) <= 64);

-- What one's own pages look like, on every device: theme, density, clock.
create table private.preferences (
  user_id uuid primary key references public.users (id) on delete cascade,
  chosen jsonb not null default '{}' check (jsonb_typeof(chosen) = 'object'),
  updated_at timestamptz not null default now()
);

-- ------------------------------------------------------------------ workspaces

alter table public.workspaces
  -- one emoji; without it the initials stand on the hue
  add column icon text not null default '' check (char_length(icon) <= 32),
  add column hue smallint not null default 0 check (hue between 0 and 359),
  add column deleted_by uuid references public.users (id) on delete set null;
create index workspaces_deleted_by_idx on public.workspaces (deleted_by) where deleted_by is not null;
-- from the id, so that workspaces made before differ too
update public.workspaces set hue = abs(hashtext(id::text)::bigint) % 360;

-- The workspace's rev at the last change of this person's profile: who comes back asks for what changed since.
alter table public.members add column profile_rev bigint not null default 0;
create index members_profile_idx on public.members (workspace_id, profile_rev);

-- Who may make workspaces besides the installation's owner.
alter table private.installation
  add column workspace_creation text not null default 'owner' check (workspace_creation in ('owner', 'anyone')),
  -- every message up to this id is rendered by this version, or a later one; null before the first
  add column rendered_version smallint not null default 0,
  add column rendered_to uuid;

-- ------------------------------------------------------------------ channels

alter table public.channels
  -- what a channel is for at all; its topic is what it is about now
  add column purpose text not null default '' check (char_length(purpose) <= 250);

alter table public.channel_members
  -- bumped when the cursor is set back by hand: a reader that does not know of it moves nothing
  add column read_rev bigint not null default 0,
  -- a direct conversation is in the sidebar while its newest message is beyond this one
  add column closed_seq bigint not null default -1;

-- ------------------------------------------------------------------ messages

create index chat_created_idx on public.chat (channel_id, created_at);

-- What a message said before each edit. They go with its content when it is deleted.
create table private.message_versions (
  message_id uuid not null references public.chat (id) on delete cascade,
  -- counted from 1, the text that was sent
  version integer not null check (version >= 1),
  source text not null check (char_length(source) <= 16383),
  html text not null,
  -- when this text was written
  written_at timestamptz not null,
  primary key (message_id, version)
);

-- A deleted message's content for the few seconds in which it can be brought back.
create table private.deleted_contents (
  message_id uuid primary key references public.chat (id) on delete cascade,
  source text not null check (char_length(source) <= 16383),
  html text not null,
  render_version smallint not null,
  deleted_at timestamptz not null default now()
);
create index deleted_contents_deleted_at_idx on private.deleted_contents (deleted_at);

-- What somebody has written and not sent, the same on all their devices.
create table private.drafts (
  user_id uuid not null references public.users (id) on delete cascade,
  channel_id uuid not null references public.channels (id) on delete cascade,
  source text not null check (char_length(source) <= 16383),
  -- bumped by every change, so that a late copy never wins
  rev bigint not null default 1,
  updated_at timestamptz not null default now(),
  primary key (user_id, channel_id)
);
create index drafts_channel_idx on private.drafts (channel_id);

alter table private.preferences enable row level security;
alter table private.message_versions enable row level security;
alter table private.deleted_contents enable row level security;
alter table private.drafts enable row level security;
revoke all on private.preferences, private.message_versions, private.deleted_contents, private.drafts
  from public, anon, authenticated, service_role;
