"""Two workers, people with tabs on both, and what they say."""

import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from db.embedded import EmbeddedDatabase
from db.url import with_database
from tests.team import Team, make_team, own_installation
from tests.workers.cluster import Cluster
from tests.workers.people import People

DATABASE = "confab_workers"


@pytest_asyncio.fixture(scope="session")
async def cluster(postgres: EmbeddedDatabase, template_database: str, reachable_dir: Path) -> AsyncGenerator[Cluster]:
    """The one that these tests share: each leaves it with two workers and a Redis."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"create database {DATABASE} template {template_database}".encode())
    cluster = Cluster(Path(tempfile.mkdtemp(dir=reachable_dir)), with_database(postgres.url, DATABASE))
    await cluster.start()
    yield cluster
    assert await cluster.stop() == 0
    cluster.redis.kill()


@pytest_asyncio.fixture
async def team(cluster: Cluster) -> Team:
    """A fresh team."""
    team = await make_team(cluster.server.backend)
    await own_installation(cluster.server.backend, team.owner)
    return team


@pytest_asyncio.fixture
async def people(cluster: Cluster, team: Team) -> AsyncGenerator[People]:
    """Opens tabs on the worker that is wanted."""
    async with AsyncExitStack() as stack:
        yield People(cluster, team, stack)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure comes with what the server said."""
    report = yield
    cluster = getattr(item, "funcargs", {}).get("cluster")
    if report.failed and isinstance(cluster, Cluster):
        report.sections.append(("the server's log", cluster.log.read_text()[-8000:]))
    return report
