"""What the tests of the live path share."""

from collections.abc import AsyncGenerator, Generator

import pytest
import pytest_asyncio

from db.engine import Database
from tests.live.browser_store import BrowserStores, browser_stores
from tests.live.world import World, make_people, make_world


@pytest.fixture(scope="session")
def stores() -> Generator[BrowserStores]:
    """Browser stores in a Node process of the run's own."""
    with browser_stores() as opened:
        yield opened


@pytest_asyncio.fixture
async def world(database: Database) -> AsyncGenerator[World]:
    """A workspace with three people in a fresh database."""
    made = await make_world(database, await make_people(database))
    yield made
    await made.backend.hub.close()
