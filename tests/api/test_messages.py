"""Messages over HTTP: each route once, and what it refuses."""

import httpx
import pytest
import pytest_asyncio

from db.models import new_id
from rxapp.errors import ErrorCode
from tests.api.answers import code_of, refusal_of
from tests.api.conftest import Visitor, session_of
from tests.team import Team


@pytest_asyncio.fixture
async def mia(visitor: Visitor, team: Team) -> httpx.AsyncClient:
    """A member's browser."""
    return visitor(cookie=await session_of(team.backend, team.member))


async def test_a_message_is_sent_read_changed_and_deleted(mia: httpx.AsyncClient, team: Team) -> None:
    path, key = f"/api/channels/{team.general}/messages", str(new_id())
    sent = await mia.post(path, json={"client_key": key, "source": "*hi*"})
    assert sent.status_code == 201
    message = sent.json()
    assert (message["seq"], message["key"], message["html"]) == (1, key, "<p><em>hi</em></p>\n")
    again = await mia.post(path, json={"client_key": key, "source": "other"})
    assert (again.status_code, again.json()) == (201, message)
    page = (await mia.get(path)).json()
    assert (page["ms"], page["older"], [user["name"] for user in page["us"]]) == ([message], False, ["Mia"])
    assert (await mia.get(path, params={"before": 1})).json()["ms"] == []
    own = f"/api/messages/{message['id']}"
    assert (await mia.get(f"{own}/source")).json() == {"source": "*hi*"}
    changed = await mia.patch(own, json={"source": "ho"})
    assert (changed.status_code, changed.json()["html"], changed.json()["rev"]) == (200, "<p>ho</p>\n", 2)
    gone = await mia.delete(own)
    assert (gone.status_code, gone.json()["deleted"]) == (200, True)
    for answer in (await mia.get(f"{own}/source"), await mia.patch(own, json={"source": "x"}), await mia.delete(own)):
        assert code_of(answer) is ErrorCode.DELETED
    assert (await mia.get(path)).json()["ms"] == []


async def test_what_is_no_id_is_absent(mia: httpx.AsyncClient) -> None:
    for name in ("x", "%00", "%F0%9F%92%A9", "..%2F..", "0" * 1000, str(new_id())):
        assert code_of(await mia.get(f"/api/channels/{name}/messages")) is ErrorCode.NOT_FOUND
        assert code_of(await mia.delete(f"/api/messages/{name}")) is ErrorCode.NOT_FOUND


@pytest.mark.parametrize(
    "before",
    ["-1", "1.5", "x", "", "9223372036854775808", "9" * 5000, "NaN", "1e3", "true", "\x00", "٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣"],
)
async def test_what_is_no_message_number_is_refused(mia: httpx.AsyncClient, team: Team, before: str) -> None:
    answer = await mia.get(f"/api/channels/{team.general}/messages", params={"before": before})
    assert refusal_of(answer) == (ErrorCode.INVALID_REQUEST, {"field": "before"})


@pytest.mark.parametrize("key", ["", "x", "\x00", "0" * 1000])
async def test_what_is_no_key_is_refused_and_nothing_is_sent(mia: httpx.AsyncClient, team: Team, key: str) -> None:
    path = f"/api/channels/{team.general}/messages"
    answer = await mia.post(path, json={"client_key": key, "source": "hi"})
    assert refusal_of(answer) == (ErrorCode.INVALID_REQUEST, {"field": "client_key"})
    assert (await mia.get(path)).json()["ms"] == []
