-- Where the history of another system's channel goes, so that the next import goes on there, whatever it is called now.

create table private.imported_channels (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  -- the kind of system: 'irc'
  source text not null check (char_length(source) between 1 and 32),
  -- as it was asked for, in the form of a channel's name here
  name text not null check (char_length(name) between 1 and 80),
  channel_id uuid not null references public.channels (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (workspace_id, source, name)
);
create index imported_channels_channel_idx on private.imported_channels (channel_id);

alter table private.imported_channels enable row level security;
revoke all on private.imported_channels from public, anon, authenticated, service_role;

-- What was imported before this was noted went into a channel by its name.
insert into private.imported_channels (workspace_id, source, name, channel_id)
  select channel.workspace_id, 'irc', channel.name, channel.id
  from public.channels channel
  where channel.name is not null and exists (
    select from public.chat message
    where message.channel_id = channel.id
      and message.author_id in (select person.user_id from private.imported_people person where person.source = 'irc')
  );
