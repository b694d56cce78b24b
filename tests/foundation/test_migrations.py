"""Migrations: each applied once, whole or not at all, by one process at a time, and never backwards."""

import asyncio
from pathlib import Path

import psycopg
import pytest

from db.migrate import BOOTSTRAP, MIGRATIONS, known_migrations, migrate
from db.url import with_database
from rxapp.operator_error import OperatorError

LEDGER = "select version, name, statements from supabase_migrations.schema_migrations order by version"


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


def run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_an_empty_database_gets_every_migration_and_the_ledger_says_so(empty_database_url: str) -> None:
    said: list[str] = []
    applied = migrate(empty_database_url, say=said.append)
    assert applied == known_migrations()
    assert said == [f"Applying {migration.path.name}" for migration in applied]
    assert rows(empty_database_url, LEDGER) == [(m.version, m.name, m.statements) for m in applied]


def test_a_second_run_changes_nothing(database_url: str) -> None:
    before = rows(database_url, LEDGER)
    assert migrate(database_url) == []
    assert rows(database_url, LEDGER) == before


async def test_processes_that_start_at_once_share_the_work(empty_database_url: str) -> None:
    results = await asyncio.gather(*(asyncio.to_thread(migrate, empty_database_url) for _ in range(4)))
    assert [migration for result in results for migration in result] == known_migrations()


def test_a_failing_migration_leaves_nothing_of_itself_and_all_before_it(database_url: str, tmp_path: Path) -> None:
    for path in MIGRATIONS.glob("*.sql"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "90000101000000_good.sql").write_text("create table public.good (id int);")
    (tmp_path / "90000102000000_bad.sql").write_text("create table public.bad (id int); select 1 / 0;")
    with pytest.raises(OperatorError, match=r"90000102000000_bad\.sql failed at statement 2: division by zero"):
        migrate(database_url, folder=tmp_path)
    assert rows(database_url, "select to_regclass('public.good')::text, to_regclass('public.bad')") == [("good", None)]
    assert rows(database_url, LEDGER)[-1][0] == "90000101000000"


FILLED = """
insert into public.users (id, handle, display_name, hue)
  select make_uuid(n), 'person' || n, 'Person ' || n, n from generate_series(1, 3) n;
insert into private.accounts (user_id, email, password_hash) values (make_uuid(1), 'one@example.org', 'hash');
insert into private.sessions (id, user_id, token_hash, expires_at) values (make_uuid(1), make_uuid(1), 'x', now());
update private.installation set owner_id = make_uuid(1);
insert into public.workspaces (id, name, created_by, rev)
  select make_uuid(n), 'Team ' || n, make_uuid(1), n from generate_series(1, 3) n;
update public.workspaces set deleted_at = now() where id = make_uuid(3);
insert into public.members (workspace_id, user_id, role, rev)
  select make_uuid(w), make_uuid(p), 'owner', 7 from generate_series(1, 3) w, generate_series(1, 3) p;
insert into private.invitations (id, workspace_id, token_hash, created_by, expires_at)
  values (make_uuid(1), make_uuid(1), 'y', make_uuid(1), now());
insert into public.channels (id, workspace_id, kind, name, direct_key, last_seq, last_post_seq, rev) values
  (make_uuid(1), make_uuid(1), 'public', 'general', null, 2, 1, 3),
  (make_uuid(2), make_uuid(1), 'private', 'secret', null, 0, 0, 0),
  (make_uuid(3), make_uuid(1), 'direct', null, 'a,b', 0, 0, 0);
insert into public.channel_members (channel_id, user_id, read_seq)
  select make_uuid(c), make_uuid(p), 1 from generate_series(1, 3) c, generate_series(1, 2) p;
insert into public.chat (id, channel_id, author_id, seq, rev, client_key, source, html, render_version) values
  (make_uuid(1), make_uuid(1), make_uuid(1), 1, 1, make_uuid(1), 'said', '<p>said</p>', 1);
insert into public.chat
  (id, channel_id, author_id, seq, rev, client_key, source, html, render_version, deleted_at, deleted_by) values
  (make_uuid(2), make_uuid(1), make_uuid(2), 2, 3, make_uuid(2), '', '', 1, now(), make_uuid(1));
insert into public.emojis (message_id, user_id, emoji) values (make_uuid(1), make_uuid(2), 'tada');
"""
MAKE_UUID = """
create function pg_temp.make_uuid(n int) returns uuid language sql as $$ select lpad(n::text, 32, '0')::uuid $$
"""
COLUMNS = """
select table_schema || '.' || table_name, string_agg(quote_ident(column_name), ', ' order by ordinal_position)
  from information_schema.columns join information_schema.tables using (table_schema, table_name)
  where table_schema in ('public', 'private') and table_type = 'BASE TABLE' group by 1 order by 1
"""


def test_every_later_migration_keeps_what_the_first_version_held(empty_database_url: str, tmp_path: Path) -> None:
    first, *later = sorted(MIGRATIONS.glob("*.sql"))
    (tmp_path / first.name).write_bytes(first.read_bytes())
    migrate(empty_database_url, folder=tmp_path)
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute(MAKE_UUID.encode())
        connection.execute(FILLED.replace("make_uuid", "pg_temp.make_uuid").encode())
    columns = rows(empty_database_url, COLUMNS)
    queries = {str(table): f"select {names} from {table} order by 1, 2" for table, names in columns}
    before = {table: rows(empty_database_url, query) for table, query in queries.items()}
    assert {table for table, found in before.items() if not found} == {"private.attempts", "public.shared_channels"}
    assert len(migrate(empty_database_url)) == len(later)
    assert {table: rows(empty_database_url, query) for table, query in queries.items()} == before
    hues = rows(empty_database_url, "select hue from public.workspaces")
    assert len(set(hues)) == len(hues)


IMPORTED = """
insert into public.users (id, handle, display_name, kind) values
  (make_uuid(8), 'old', 'old', 'imported'), (make_uuid(9), 'new', 'new', 'imported');
insert into private.imported_people (workspace_id, source, nick, user_id) values
  (make_uuid(1), 'irc', 'old', make_uuid(8)), (make_uuid(1), 'demo', 'new', make_uuid(9));
insert into public.chat (id, channel_id, author_id, seq, rev, client_key, source, html, render_version) values
  (make_uuid(8), make_uuid(2), make_uuid(8), 1, 1, make_uuid(8), 'said', '<p>said</p>', 1),
  (make_uuid(9), make_uuid(1), make_uuid(9), 9, 9, make_uuid(9), 'said', '<p>said</p>', 1);
"""


def test_what_was_imported_before_goes_on_in_its_channel(empty_database_url: str, tmp_path: Path) -> None:
    for migration in MIGRATIONS.glob("*.sql"):
        if migration.name < "20261130234500":
            (tmp_path / migration.name).write_bytes(migration.read_bytes())
    migrate(empty_database_url, folder=tmp_path)
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute(MAKE_UUID.encode())
        connection.execute((FILLED + IMPORTED).replace("make_uuid", "pg_temp.make_uuid").encode())
    migrate(empty_database_url)
    remembered = "select source, name, channel_id::text from private.imported_channels"
    assert rows(empty_database_url, remembered) == [("irc", "secret", "00000000-0000-0000-0000-000000000002")]


def test_a_database_newer_than_the_code_is_refused(database_url: str) -> None:
    run(database_url, "insert into supabase_migrations.schema_migrations (version) values ('99990101000000')")
    with pytest.raises(OperatorError, match="migration 99990101000000, which this version of Confab does not know"):
        migrate(database_url)


def test_a_ledger_that_another_tool_began_is_continued(empty_database_url: str) -> None:
    # The oldest form that the Supabase CLI has written: versions alone.
    run(empty_database_url, "create schema supabase_migrations")
    run(empty_database_url, "create table supabase_migrations.schema_migrations (version text not null primary key)")
    assert migrate(empty_database_url) == known_migrations()
    assert rows(empty_database_url, LEDGER) == [(m.version, m.name, m.statements) for m in known_migrations()]


def test_what_a_hosted_project_has_is_left_alone(empty_database_url: str) -> None:
    run(empty_database_url, "create schema auth; create table auth.users (hosted int)")
    run(empty_database_url, "create function auth.uid() returns uuid language sql as 'select null::uuid'")
    run(empty_database_url, "create publication supabase_realtime")
    migrate(empty_database_url)
    assert rows(
        empty_database_url, "select column_name::text from information_schema.columns where table_schema='auth'"
    ) == [("hosted",)]


def test_a_plain_role_needs_a_superuser_once(plain_role_url: str, superuser_url: str) -> None:
    with pytest.raises(OperatorError, match=r"role plain may not set up the database .*run db/bootstrap\.sql"):
        migrate(plain_role_url)
    run(superuser_url, BOOTSTRAP.read_text())
    assert migrate(plain_role_url) == known_migrations()
    service = "has_table_privilege('service_role', 'public.chat', 'insert')"
    assert rows(
        plain_role_url, f"select {service}, pg_get_userbyid(relowner)::text from pg_class where relname = 'chat'"
    ) == [(True, "plain")]


@pytest.fixture(scope="module")
def superuser_url(fresh_cluster_url: str) -> str:
    """A database of a plain role's, seen by the server's superuser."""
    run(fresh_cluster_url, "create role plain login password 'plain'")
    run(fresh_cluster_url, "create database plain owner plain")
    return with_database(fresh_cluster_url, "plain")


@pytest.fixture
def plain_role_url(superuser_url: str) -> str:
    """The same, seen by the role."""
    host = superuser_url.partition("?host=")[2]
    return f"postgresql://plain:plain@/plain?host={host}"
