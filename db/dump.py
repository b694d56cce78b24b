"""Copy the product's schemas out of a database and back in, whole or not at all.

A dump holds what the migrations made. What a hosted project owns (auth, storage and their like) stays with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

import psycopg
from psycopg import sql

from db.migrate import Connection, applied_versions, apply_migration, known_migrations, refuse_unknown
from db.tools import run_tool, server_tool
from rxapp.operator_error import OperatorError

# Schemas of a hosted project that are not the product's.
FOREIGN_SCHEMAS = (
    "auth", "extensions", "storage", "realtime", "_realtime", "vault", "graphql", "graphql_public", "net", "cron",
    "pgbouncer", "pgsodium", "pgsodium_masks", "supabase_functions", "_analytics",
)  # fmt: skip
# How the script prepares a session of its own; this one is prepared.
SESSION_SETTINGS = (b"SET ", b"SELECT pg_catalog.set_config(")
COPY_CHUNK_BYTES = 1024 * 1024

_PRODUCT_TABLES = """
select c.oid::regclass::text, n.nspname
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not n.nspname like any (array['pg\\_%%', 'information\\_schema'])
  and n.nspname <> all (%s)
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
order by 1
"""
_FOREIGN_KEYS = """
select k.conrelid::regclass::text, k.conname, pg_get_constraintdef(k.oid)
from pg_constraint k where k.contype = 'f' and k.conparentid = 0 and k.conrelid = any (%s::regclass[])
"""
_OTHER_SESSIONS = """
select count(*) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and application_name = 'confab'
"""


@dataclass(frozen=True, slots=True)
class Dump:
    """A file in pg_dump's custom format, and the migrations that its data belongs to."""

    path: Path
    versions: Sequence[str]


def dump_database(connection: Connection, url: str, path: Path, *, embedded: bool) -> Dump:
    """Write the product's schemas to a file; raises OperatorError."""
    versions = sorted(applied_versions(connection))
    schemas = sorted({schema for _, schema in _product_tables(connection)})
    tool = server_tool("pg_dump", server_major=connection.info.server_version // 10000, embedded=embedded)
    command = [tool, "--format=custom", "--no-owner", f"--file={path}", *(f"--schema={schema}" for schema in schemas)]
    run_tool(command, url)
    return Dump(path, versions)


def load_database(connection: Connection, dump: Dump, *, replace: bool, embedded: bool) -> None:
    """Make the database hold what the dump holds, in one transaction; raises OperatorError and changes nothing then.

    The schema is made by the dump's own migrations, not by its SQL: it does not matter whose server it came from.
    """
    known = known_migrations()
    refuse_unknown(set(dump.versions), known)
    tool = server_tool("pg_restore", server_major=connection.info.server_version // 10000, embedded=embedded)
    if connection.execute(_OTHER_SESSIONS).fetchone() != (0,):
        raise OperatorError("Confab is running on this database: stop it, and restore then.")
    tables = _product_tables(connection)
    if tables and not replace:
        raise OperatorError(
            "The database is not empty: restore with --replace to delete what is there, or into a new data "
            "folder (CONFAB_DATA)."
        )
    try:
        with connection.transaction():
            for schema in sorted({schema for _, schema in tables}):
                connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(schema)))
            applied_versions(connection)
            for migration in known:
                if migration.version in dump.versions:
                    apply_migration(connection, migration)
            _load(connection, tool, dump.path)
    except psycopg.Error as error:
        reason = error.diag.message_primary or str(error).strip()
        raise OperatorError(f"The backup could not be restored: {reason}. The database is as it was before.") from error


def _product_tables(connection: Connection) -> list[tuple[str, str]]:
    rows = connection.execute(_PRODUCT_TABLES, (list(FOREIGN_SCHEMAS),)).fetchall()
    return [(str(table), str(schema)) for table, schema in rows]


def _load(connection: Connection, tool: str, path: Path) -> None:
    """Replace the rows of every table, with foreign keys and triggers out of the way until all are there."""
    # Every name that Postgres gives below is then a full one, and so are those of the script.
    connection.execute("set local search_path = ''")
    tables = [table for table, schema in _product_tables(connection) if schema != "supabase_migrations"]
    keys = connection.execute(_FOREIGN_KEYS, (tables,)).fetchall()
    for table, name, _ in keys:
        _alter(connection, table, sql.SQL("drop constraint {}").format(sql.Identifier(str(name))))
    for table in tables:
        _alter(connection, table, sql.SQL("disable trigger user"))
        connection.execute(f"delete from {table}".encode())  # noqa: S608 - regclass has quoted the name
    command = [tool, "--data-only", "--exclude-schema=supabase_migrations", "--file=-", str(path)]
    with Popen(command, stdout=PIPE, stderr=DEVNULL) as process:
        if process.stdout is None:
            raise RuntimeError("expected a pipe from pg_restore")
        _run_script(connection, process.stdout)
    if process.returncode != 0:
        raise OperatorError(
            "The backup's database dump is damaged: take another backup file. The database is as it was before."
        )
    for table in tables:
        _alter(connection, table, sql.SQL("enable trigger user"))
    for table, name, definition in keys:
        added = sql.SQL("add constraint {} ").format(sql.Identifier(str(name))).as_string() + str(definition)
        connection.execute(f"alter table {table} {added}".encode())


def _alter(connection: Connection, table: object, change: sql.Composable) -> None:
    # The name comes from regclass, which has quoted it.
    connection.execute(f"alter table {table} {change.as_string(connection)}".encode())


def _run_script(connection: Connection, script: Iterable[bytes]) -> None:
    """Run what pg_restore prints: statements of one or more lines, and COPY with its rows."""
    statement = b""
    lines = iter(script)
    for line in lines:
        if not statement and (not line.strip() or line.startswith((b"--", b"\\"))):
            continue
        statement += line
        if not line.rstrip().endswith(b";"):
            continue
        if statement.startswith(b"COPY "):
            _copy(connection, statement, lines)
        elif not statement.startswith(SESSION_SETTINGS):
            connection.execute(statement)
        statement = b""


def _copy(connection: Connection, statement: bytes, lines: Iterable[bytes]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        chunk = bytearray()
        for row in lines:
            if row == b"\\.\n":
                break
            chunk += row
            if len(chunk) >= COPY_CHUNK_BYTES:
                copy.write(bytes(chunk))
                chunk.clear()
        copy.write(bytes(chunk))
