"""Too much is answered by 429, with how long to wait, and costs nobody else anything."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from db.engine import Database
from db.models import new_id
from rxapp.errors import ErrorCode
from rxapp.live.allowances import SEND
from rxapp.live.limits import Limits
from rxapp.services.backend import Backend, make_backend, start_backend, stop_backend
from tests.api.answers import refusal_of
from tests.api.conftest import Visitor, session_of
from tests.recording_wire import RecordingWire
from tests.team import Team


@pytest_asyncio.fixture
async def backend(database: Database) -> AsyncGenerator[Backend]:
    made = make_backend(database, RecordingWire(), limits=Limits(clock=lambda: 0))
    start_backend(made)
    yield made
    stop_backend()
    await made.hub.close()


async def test_the_refusal_of_a_message_says_when_to_try_again(visitor: Visitor, team: Team) -> None:
    ada, bob = [visitor(cookie=await session_of(team.backend, actor)) for actor in (team.owner, team.member)]
    path = f"/api/channels/{team.general}/messages"
    for _ in range(SEND.burst):
        assert (await bob.post(path, json={"client_key": str(new_id()), "source": "hello"})).status_code == 201
    answer = await bob.post(path, json={"client_key": str(new_id()), "source": "hello"})
    assert refusal_of(answer) == (ErrorCode.TOO_MANY_REQUESTS, {"seconds": 1})
    assert answer.headers["retry-after"] == "1"
    assert (await ada.post(path, json={"client_key": str(new_id()), "source": "hello"})).status_code == 201
