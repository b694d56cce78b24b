"""The API as a browser reaches it: through the front door, on a fresh database."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack

import httpx
import pytest_asyncio

from db.engine import Database
from rxapp.actor import Actor
from rxapp.api.app import make_api
from rxapp.api.front_door import FrontDoor, turned_away
from rxapp.auth.sessions import COOKIE_NAME, open_session
from rxapp.live.gate import Gate
from rxapp.services.backend import Backend, make_backend, start_backend, stop_backend
from tests.recording_wire import RecordingWire
from tests.team import Team, make_team

URL = "http://confab.test"

# A client of nobody: `visitor(origin=None)`, `visitor(url="https://confab.test")`.
Visitor = Callable[..., httpx.AsyncClient]


@pytest_asyncio.fixture
async def backend(database: Database) -> AsyncGenerator[Backend]:
    made = make_backend(database, RecordingWire())
    start_backend(made)
    yield made
    stop_backend()
    await made.hub.close()


@pytest_asyncio.fixture
async def visitor(backend: Backend) -> AsyncGenerator[Visitor]:
    app = Gate(
        FrontDoor(make_api()),
        cookie_name=COOKIE_NAME,
        limits=lambda: backend.limits,
        refuse=turned_away,
        pause_seconds=0,
    )
    async with AsyncExitStack() as stack:

        def come(*, url: str = URL, origin: str | None = "", cookie: str = "") -> httpx.AsyncClient:
            headers = {} if origin is None else {"origin": origin or url}
            client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=url, headers=headers)
            if cookie:
                client.cookies.set(COOKIE_NAME, cookie)
            stack.push_async_callback(client.aclose)
            return client

        yield come


@pytest_asyncio.fixture
async def team(backend: Backend) -> Team:
    return await make_team(backend)


async def session_of(backend: Backend, actor: Actor) -> str:
    """The cookie of a new session of somebody."""
    opened = await open_session(
        backend.database, user_id=actor.user_id, lifetime_days=1, address="192.0.2.1", agent="a test"
    )
    return opened.token
