"""A real server, and services on its database, beside it."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
import pytest_asyncio

from db.embedded import ensure_running
from db.engine import Database
from rxapp.services.backend import Backend, make_backend
from tests.browser.server import Server
from tests.team import make_person, own_installation


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def server(reachable_dir: Path) -> AsyncGenerator[Server]:
    """Serves for all tests here."""
    folder = reachable_dir / "rights"
    folder.mkdir(mode=0o711)
    made = Server(folder)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture(scope="package")
def database_address(server: Server) -> Generator[str]:
    """The address of the served database."""
    with ensure_running(server.data) as database:
        yield database.url


@pytest_asyncio.fixture(loop_scope="package")
async def served(database_address: str) -> AsyncGenerator[Backend]:
    """Services on the served database; somebody else owns the installation."""
    database = Database.at(database_address, pool_size=2)
    backend = make_backend(database)
    await own_installation(backend, await make_person(backend, "Installer"))
    yield backend
    await backend.hub.close()
    await database.close()
