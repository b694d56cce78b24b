"""Bring a database to the schema that this code knows.

The migrations are `db/supabase/migrations/<timestamp>_<name>.sql`, each applied in a transaction of its own and
recorded in the ledger of the Supabase CLI, `supabase_migrations.schema_migrations`: either tool can go on after the
other.
"""

import re
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from db.statements import split_statements
from db.url import libpq_url, shown
from rxapp.operator_error import OperatorError

MIGRATIONS = Path(__file__).parent / "supabase" / "migrations"
BOOTSTRAP = Path(__file__).parent / "bootstrap.sql"
PUBLIC_SCHEMA = Path(__file__).parent / "public_schema.sql"
MINIMUM_MAJOR_VERSION = 15
CONNECT_TIMEOUT_SECONDS = 10
# Any constant will do, as long as every process of every version takes the same.
ADVISORY_LOCK = 0x436F6E666162

LEDGER = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column if not exists statements text[];
alter table supabase_migrations.schema_migrations add column if not exists name text;
"""
_FILE_NAME = re.compile(r"(?P<version>\d+)_(?P<name>.*)\.sql")

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of the schema's history."""

    version: str
    name: str
    path: Path

    @property
    def statements(self) -> list[str]:
        """Its statements, as the ledger records them."""
        return split_statements(self.path.read_text(encoding="utf-8"))


def known_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """The migrations of this code, oldest first."""
    found = [(path, _FILE_NAME.fullmatch(path.name)) for path in sorted(folder.glob("*.sql"))]
    return [Migration(match["version"], match["name"], path) for path, match in found if match]


def migrate(url: str, *, folder: Path = MIGRATIONS, say: Callable[[str], None] = lambda _: None) -> Sequence[Migration]:
    """Apply what is missing and return it; safe to call twice, and by several processes at once.

    Raises OperatorError when the database is down, too old, newer than the code, or a migration fails; whatever was
    applied before the failing one stays.
    """
    known = known_migrations(folder)
    with prepared_connection(url) as connection:
        applied = applied_versions(connection)
        refuse_unknown(applied, known)
        pending = [migration for migration in known if migration.version not in applied]
        for migration in pending:
            say(f"Applying {migration.path.name}")
            apply_migration(connection, migration)
    return pending


@contextmanager
def prepared_connection(url: str) -> Generator[Connection]:
    """A session on a bootstrapped database that holds the migration lock; raises OperatorError."""
    try:
        connection = psycopg.connect(
            libpq_url(url),
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            client_encoding="utf8",
            application_name="confab-migrate",
        )
    except psycopg.OperationalError as error:
        # "connection failed: connection to server at …, port … failed: <reason>", with advice in further lines.
        reason = str(error).strip().splitlines()[0].rpartition("failed: ")[2].strip()
        raise OperatorError(
            f"The database at {shown(url)} cannot be reached: {reason}. Start it, or correct DATABASE_URL."
        ) from error
    with connection:
        try:
            _refuse_old_server(connection)
            connection.execute("select pg_advisory_lock(%s)", (ADVISORY_LOCK,))
            _bootstrap(connection)
            yield connection
        except psycopg.errors.InsufficientPrivilege as error:
            raise OperatorError(
                f"The database role {connection.info.user} may not set up the database ({_reason(error)}): let a "
                "superuser run db/bootstrap.sql in it once and connect as the database's owner, or connect as a "
                "superuser."
            ) from error
        except psycopg.Error as error:
            raise OperatorError(
                f"The database at {shown(url)} gave up: {_reason(error)}. Correct that and start again."
            ) from error


def _reason(error: psycopg.Error) -> str:
    """What Postgres said, on one line."""
    return " ".join((error.diag.message_primary or str(error)).split()).rstrip(".")


def _refuse_old_server(connection: Connection) -> None:
    major = connection.info.server_version // 10000
    if major < MINIMUM_MAJOR_VERSION:
        raise OperatorError(
            f"The database runs PostgreSQL {major}, Confab needs {MINIMUM_MAJOR_VERSION} or newer: "
            "upgrade it, or remove DATABASE_URL to use the embedded one."
        )


def _bootstrap(connection: Connection) -> None:
    # Not to_regclass: it fails for a role that may not enter the schema.
    found = connection.execute("select 1 from pg_tables where schemaname = 'auth' and tablename = 'users'")
    if found.fetchone() is None:
        with connection.transaction():
            connection.execute(BOOTSTRAP.read_bytes())


def applied_versions(connection: Connection) -> set[str]:
    """The versions applied so far; makes ledger and schema public ready when there is no ledger yet."""
    columns = connection.execute(
        "select attname::text from pg_attribute where attrelid = to_regclass('supabase_migrations.schema_migrations')"
    ).fetchall()
    if not columns:
        with connection.transaction():
            connection.execute(PUBLIC_SCHEMA.read_bytes())
            connection.execute(LEDGER)
    elif not {("statements",), ("name",)} <= set(columns):  # old versions of the CLI wrote neither
        connection.execute(LEDGER)
    rows = connection.execute("select version from supabase_migrations.schema_migrations").fetchall()
    return {str(version) for (version,) in rows}


def refuse_unknown(applied: set[str], known: Sequence[Migration]) -> None:
    """Raise OperatorError when a newer version of Confab has been at work."""
    unknown = sorted(applied - {migration.version for migration in known})
    if unknown:
        raise OperatorError(
            f"The database has migration {unknown[-1]}, which this version of Confab does not know: "
            "start the newer version that applied it, or restore a backup made before."
        )


def apply_migration(connection: Connection, migration: Migration) -> None:
    """Run one migration and record it, both or neither; raises OperatorError naming the statement."""
    statements = migration.statements
    number = 0
    try:
        with connection.transaction():
            for number, statement in enumerate(statements, start=1):  # noqa: B007 - names the statement that failed
                connection.execute(statement.encode())
            connection.execute(
                "insert into supabase_migrations.schema_migrations (version, statements, name) values (%s, %s, %s)",
                (migration.version, statements, migration.name),
            )
    except psycopg.Error as error:
        raise OperatorError(
            f"Migration {migration.path.name} failed at statement {number}: {_reason(error)}. "
            "Nothing of it was applied; correct that and start again."
        ) from error
