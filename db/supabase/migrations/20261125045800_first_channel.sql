-- The oldest public channel of a workspace, where newcomers begin: every sidebar names it, however many there are.
create index channels_first_idx on public.channels (workspace_id, created_at, id)
  where kind = 'public' and archived_at is null;
