-- What a hosted Supabase project has and a plain Postgres lacks: the least that the migrations rely on.
-- Applied once, in one transaction, and only where auth.users is absent. Roles belong to the whole server, so
-- another database may have made them, even at this moment.

do $$
declare
  role_name text;
  options text;
begin
  for role_name, options in values
    ('anon', 'nologin noinherit'),
    ('authenticated', 'nologin noinherit'),
    ('service_role', 'nologin noinherit bypassrls'),
    ('authenticator', 'login noinherit')
  loop
    if not exists (select from pg_roles where rolname = role_name) then
      begin
        execute format('create role %I %s', role_name, options);
      exception when duplicate_object or unique_violation then
        null; -- made by another database meanwhile: that is what was wanted
      end;
    end if;
  end loop;
  if not pg_has_role('authenticator', 'anon', 'member')
    or not pg_has_role('authenticator', 'authenticated', 'member')
    or not pg_has_role('authenticator', 'service_role', 'member')
  then
    grant anon, authenticated, service_role to authenticator;
  end if;
end $$;

create schema if not exists auth;
create schema if not exists extensions;

grant usage on schema auth, extensions to anon, authenticated, service_role;

create table auth.users (
  id uuid primary key default gen_random_uuid(),
  aud text default 'authenticated',
  role text default 'authenticated',
  email text,
  encrypted_password text,
  email_confirmed_at timestamptz,
  last_sign_in_at timestamptz,
  raw_app_meta_data jsonb,
  raw_user_meta_data jsonb,
  banned_until timestamptz,
  deleted_at timestamptz,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
revoke all on auth.users from anon, authenticated;

-- The claims of the request. On a pooled connection an unset claim comes back as '' and not as null.
create or replace function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')
  )::jsonb
$$;

create or replace function auth.uid() returns uuid language sql stable as $$
  select nullif(coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  ), '')::uuid
$$;

create or replace function auth.role() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
  )
$$;

create or replace function auth.email() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
  )
$$;

-- A superuser may run this for the database's owner, as whom Confab then connects.
do $$
declare
  owner_name text := (select pg_get_userbyid(datdba) from pg_database where datname = current_database());
begin
  if not exists (select from pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
    if owner_name <> current_user then
      execute format('alter publication supabase_realtime owner to %I', owner_name);
    end if;
  end if;
  if owner_name <> current_user then
    execute format('grant usage on schema auth, extensions to %I', owner_name);
  end if;
end $$;
