-- How like a name is to what was typed, wherever this database keeps pg_trgm.

do $$
declare
  home text;
begin
  select n.nspname into strict home
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm';
  execute format(
    'create function private.likeness(typed text, name text) returns real language sql immutable strict parallel safe
     as $f$ select %I.word_similarity(typed, name) $f$', home);
end
$$;
revoke all on function private.likeness(text, text) from public, anon, authenticated, service_role;
