"""A served app, and people who come to it over real sockets."""

from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from db.embedded import EmbeddedDatabase
from db.url import with_database
from tests.access.server import Server, start_server, stop_server
from tests.access.tab import Tabs
from tests.team import Team, make_team, own_installation

DATABASE = "confab_access"


@pytest_asyncio.fixture(scope="session")
async def server(postgres: EmbeddedDatabase, template_database: str, reachable_dir: Path) -> AsyncGenerator[Server]:
    """One for all; each test has a team of its own there."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"create database {DATABASE} template {template_database}".encode())
    started = await start_server(with_database(postgres.url, DATABASE), reachable_dir)
    yield started
    await stop_server(started)


@pytest.fixture(autouse=True)
def nothing_fails(server: Server) -> Generator[None]:
    """Whatever a test sends, the server has no exception that nobody caught."""
    server.failures()
    yield
    assert server.failures() == ""


@pytest_asyncio.fixture
async def team(server: Server) -> Team:
    """A team whose owner owns the installation too."""
    made = await make_team(server.backend)
    await own_installation(server.backend, made.owner)
    return made


@pytest_asyncio.fixture
async def tabs(server: Server) -> AsyncGenerator[Tabs]:
    async with AsyncExitStack() as stack:
        yield Tabs(server, stack)
