-- A message's time is taken when its channel's row is held, not when its transaction began to wait for it:
-- what has the higher number is never the older one.
alter table public.chat alter column created_at set default clock_timestamp();
