"""Too much is answered by 429, with how long to wait, and costs nobody else anything."""

import asyncio
from collections.abc import AsyncGenerator

import httpx
import pytest
import pytest_asyncio
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from db.engine import Database
from db.models import new_id
from rxapp.api.front_door import turned_away
from rxapp.auth.sessions import COOKIE_NAME
from rxapp.errors import ErrorCode
from rxapp.live.allowances import LOG_IN, REGISTER, SEND, SESSION_REQUEST, SESSION_REQUESTS_AT_ONCE, Limit
from rxapp.live.gate import Gate
from rxapp.live.limits import Limits, NoLimits
from rxapp.services.backend import Backend, make_backend, start_backend, stop_backend
from tests.api.answers import refusal_of
from tests.api.conftest import URL, Visitor, session_of
from tests.live.waiting import until
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


async def test_a_refusal_that_still_holds_asks_nothing_of_the_database(visitor: Visitor, team: Team) -> None:
    bob = visitor(cookie=await session_of(team.backend, team.member))
    path, body = f"/api/channels/{team.general}/messages", {"client_key": "no key", "source": "hello"}
    for _ in range(SEND.burst):
        assert (await bob.post(path, json=body)).status_code == 422
    refused = await bob.post(path, json=body)
    assert refused.status_code == 429
    await team.backend.database.close()
    asked_again = await bob.post(path, json=body)
    assert refusal_of(asked_again) == refusal_of(refused)


async def test_requests_of_one_cookie_are_counted_before_it_is_looked_up(visitor: Visitor, team: Team) -> None:
    made_up, other = visitor(cookie="made up"), visitor(cookie="another")
    for _ in range(SESSION_REQUEST.burst):
        assert (await made_up.get("/api/session")).status_code == 401
    assert refusal_of(await made_up.get("/api/session")) == (ErrorCode.TOO_MANY_REQUESTS, {"seconds": 1})
    assert (await other.get("/api/session")).status_code == 401
    await team.backend.database.close()
    assert (await made_up.get("/api/session")).status_code == 429


@pytest.mark.parametrize(
    ("path", "body", "limit"),
    [
        ("/api/session", {"email": "eve@example.org", "password": "x"}, LOG_IN),
        ("/api/accounts", {"name": " ", "email": "eve@example.org", "password": "x"}, REGISTER),
    ],
)
async def test_an_address_knocks_only_so_often(
    visitor: Visitor, backend: Backend, path: str, body: dict[str, str], limit: Limit
) -> None:
    """Beside the attempts that a password may be wrong: this counts right ones too."""
    for _ in range(limit.burst - 1):
        backend.limits.take_here(limit, "127.0.0.1")
    assert (await visitor().post(path, json=body)).status_code in (401, 422)
    assert refusal_of(await visitor().post(path, json=body)) == (ErrorCode.TOO_MANY_REQUESTS, {"seconds": 1})


async def test_one_person_has_only_so_many_requests_under_way(team: Team) -> None:
    """Whichever of their sessions they come with, once it is known whose it is."""
    go_on, arrived = asyncio.Event(), 0

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal arrived
        arrived += 1
        scope["confab.meet"](team.member.user_id)
        await go_on.wait()
        await Response()(scope, receive, send)

    limits = NoLimits()
    gate = Gate(app, cookie_name=COOKIE_NAME, limits=lambda: limits, refuse=turned_away, pause_seconds=0)

    async def ask(cookie: str, path: str = "/api/session") -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url=URL) as client:
            return await client.get(path, headers={"cookie": f"{COOKIE_NAME}={cookie}"})

    first = [asyncio.create_task(ask(cookie)) for cookie in ("phone", "laptop")]
    await until(lambda: arrived == 2, "both are known")
    go_on.set()
    await asyncio.gather(*first)
    go_on.clear()
    tasks = [asyncio.create_task(ask(("phone", "laptop")[n % 2])) for n in range(SESSION_REQUESTS_AT_ONCE)]
    await until(lambda: arrived == 2 + SESSION_REQUESTS_AT_ONCE, "all are under way")
    assert refusal_of(await ask("phone")) == (ErrorCode.TOO_MANY_REQUESTS, {"seconds": 1})
    assert refusal_of(await ask("laptop")) == (ErrorCode.TOO_MANY_REQUESTS, {"seconds": 1})
    other = asyncio.create_task(ask("somebody else"))
    await until(lambda: arrived == 3 + SESSION_REQUESTS_AT_ONCE, "others are let in")
    go_on.set()
    answers = await asyncio.gather(*tasks, other)
    assert {answer.status_code for answer in answers} == {200}
    assert (await ask("phone", "/api/names")).status_code == 200
    assert gate.under_way == 0
