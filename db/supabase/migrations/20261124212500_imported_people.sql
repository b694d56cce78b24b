-- Who stands for an author of another system, so that the next import finds the same person again.

create table private.imported_people (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  -- the kind of system: 'irc'
  source text not null check (char_length(source) between 1 and 32),
  -- as that system writes the name, its case included
  nick text not null check (char_length(nick) between 1 and 80),
  user_id uuid not null references public.users (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (workspace_id, source, nick)
);
create index imported_people_user_idx on private.imported_people (user_id);

alter table private.imported_people enable row level security;
revoke all on private.imported_people from public, anon, authenticated, service_role;
