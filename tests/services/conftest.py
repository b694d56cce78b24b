"""What the tests of services share: a backend whose wire remembers, and a team."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from db.engine import Database
from rxapp.services.backend import Backend, make_backend
from tests.recording_wire import RecordingWire
from tests.team import Team, make_team


@pytest.fixture
def wire() -> RecordingWire:
    return RecordingWire()


@pytest_asyncio.fixture
async def backend(database: Database, wire: RecordingWire) -> AsyncGenerator[Backend]:
    made = make_backend(database, wire)
    yield made
    await made.hub.close()


@pytest_asyncio.fixture
async def team(backend: Backend) -> Team:
    return await make_team(backend)
