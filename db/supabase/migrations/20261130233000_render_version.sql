-- What is not of the newest version is found at once however much there is: messages of an older server beside a newer
-- one, and those that had to be shown as typed.
create index chat_render_version_idx on public.chat (render_version) where deleted_at is null;
