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
