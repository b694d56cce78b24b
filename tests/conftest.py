"""What every test may use: a real, migrated Postgres, and a fresh database for each test that asks for one."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncGenerator, Generator
from itertools import count
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from db.embedded import EmbeddedDatabase, ensure_running
from db.engine import Database
from db.migrate import migrate
from db.url import with_database
from tests.redis_server import RedisServer

TEMPLATE = "confab_template"
# A database of one test need not survive a crash; those that try crashes start a Postgres of their own.
DISPOSABLE = ("fsync", "synchronous_commit", "full_page_writes")
_numbers = count(1)


@pytest.fixture(scope="session")
def reachable_dir() -> Generator[Path]:
    """A folder that an unprivileged account can pass through; pytest's own is closed to it when tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="confab-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres(reachable_dir: Path) -> Generator[EmbeddedDatabase]:
    """An embedded Postgres of the test run's own."""
    with ensure_running(reachable_dir / "data") as database:
        with psycopg.connect(database.url, autocommit=True) as connection:
            for setting in DISPOSABLE:
                connection.execute(f"alter system set {setting} = off".encode())
            connection.execute("select pg_reload_conf()")
        yield database


@pytest.fixture(scope="session")
def template_database(postgres: EmbeddedDatabase) -> str:
    """The name of a migrated database that nobody is connected to."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"create database {TEMPLATE}")
    migrate(with_database(postgres.url, TEMPLATE))
    return TEMPLATE


@pytest_asyncio.fixture
async def database_url(postgres: EmbeddedDatabase, template_database: str) -> AsyncGenerator[str]:
    """The address of a fresh, migrated database, dropped after the test."""
    name = f"confab_test_{next(_numbers)}"
    await _administer(postgres.url, f"create database {name} template {template_database}")
    yield with_database(postgres.url, name)
    await _administer(postgres.url, f"drop database {name} with (force)")


@pytest_asyncio.fixture
async def empty_database_url(postgres: EmbeddedDatabase) -> AsyncGenerator[str]:
    """The address of a fresh database that no migration has touched."""
    name = f"confab_empty_{next(_numbers)}"
    await _administer(postgres.url, f"create database {name}")
    yield with_database(postgres.url, name)
    await _administer(postgres.url, f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def fresh_cluster_url(reachable_dir: Path) -> Generator[str]:
    """Another server, without the roles that migrations of the shared one have made."""
    with ensure_running(reachable_dir / "fresh") as database:
        yield database.url


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    """A fresh, migrated database as the services see it."""
    database = Database.at(database_url, pool_size=5)
    yield database
    await database.close()


@pytest.fixture
def redis_server(reachable_dir: Path) -> Generator[RedisServer]:
    """A Redis of the test's own, running."""
    folder = Path(tempfile.mkdtemp(dir=reachable_dir))
    server = RedisServer(folder)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(folder)


async def _administer(url: str, statement: str) -> None:
    def run() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement.encode())

    await asyncio.to_thread(run)
