"""What every route asks of a request, and what is said when something is amiss."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from sqlalchemy import text

from rxapp.api.request import PERSON_HEADER
from rxapp.errors import ErrorCode
from rxapp.live import body
from rxapp.live.allowances import HEAD_MAX_BYTES
from rxapp.services.backend import Backend
from rxapp.texts import sentence
from tests.api.answers import code_of, refusal_of
from tests.api.conftest import URL, Visitor, session_of
from tests.team import Team

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"]
FOREIGN = [None, "null", "http://evil.example", "http://confab.test.evil.example", "http://confab.test:81", "http://["]
BODY = {"email": "ada@example.org", "password": "x"}
LARGEST_BYTES = 256 * 1024


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/messages", "/api/session/x", "/api//session"])
async def test_an_unknown_path_of_the_api_is_a_refusal_in_json(visitor: Visitor, method: str, path: str) -> None:
    assert refusal_of(await visitor().request(method, path)) == (ErrorCode.NOT_FOUND, {})


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "BREW"])
async def test_a_method_that_a_route_does_not_have_is_as_absent(visitor: Visitor, method: str) -> None:
    assert code_of(await visitor().request(method, "/api/session")) is ErrorCode.NOT_FOUND


async def test_what_was_asked_in_the_name_of_somebody_else_is_not_done(visitor: Visitor, team: Team) -> None:
    """A page of who was here before has the cookie of who is now."""
    bob = visitor(cookie=await session_of(team.backend, team.member))
    path, body = f"/api/channels/{team.general}/draft", {"source": "for Ada", "rev": 0}
    for name in (str(team.owner.user_id), "nobody", ""):
        refused = await bob.put(path, json=body, headers={PERSON_HEADER: name})
        assert code_of(refused) is ErrorCode.NOT_SIGNED_IN
    own = {PERSON_HEADER: str(team.member.user_id)}
    assert (await bob.put(path, json=body, headers=own)).json()["rev"] == 1


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_write_from_another_or_no_origin_is_refused_before_it_is_read(
    visitor: Visitor, team: Team, origin: str | None
) -> None:
    browser = visitor(origin=origin, cookie=await session_of(team.backend, team.member))
    for method, path in (
        ("POST", "/api/session"),
        ("DELETE", "/api/session"),
        ("POST", "/api/accounts"),
        ("POST", f"/api/channels/{team.general}/messages"),
        ("PATCH", "/api/messages/x"),
        ("POST", "/api/nothing"),
    ):
        assert refusal_of(await browser.request(method, path)) == (ErrorCode.FOREIGN_ORIGIN, {})
    assert (await browser.get("/api/session")).status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"\xff\xfe\x00",
        b'{"email": "a"}',
        b'{"email": ["a"], "password": "x"}',
        b'{"email": {"$ne": 1}, "password": "x"}',
        b'{"email": null, "password": null}',
        b'{"email": 1, "password": true}',
        b'{"email": "a", "password": "' + b"\xff" + b'"}',
        b'{"email": ' + b"9" * 10_000 + b', "password": "x"}',
        b'{"email": NaN, "password": "x"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
    ],
    ids=range(17),
)
async def test_a_body_that_is_not_what_was_asked_for_is_refused(visitor: Visitor, content: bytes) -> None:
    answer = await visitor().post("/api/session", content=content, headers={"content-type": "application/json"})
    assert code_of(answer) is ErrorCode.INVALID_REQUEST


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
async def test_a_body_that_is_not_said_to_be_json_is_refused(visitor: Visitor, content_type: str) -> None:
    content = b'{"email": "ada@example.org", "password": "x"}'
    answer = await visitor().post("/api/session", content=content, headers={"content-type": content_type})
    assert code_of(answer) is ErrorCode.INVALID_REQUEST


async def test_a_body_over_the_limit_is_not_read(visitor: Visitor) -> None:
    for size, code in ((LARGEST_BYTES, ErrorCode.INVALID_REQUEST), (LARGEST_BYTES + 1, ErrorCode.TOO_LARGE)):
        answer = await visitor().post("/api/session", content=b" " * size, headers={"content-type": "application/json"})
        assert code_of(answer) is code


@pytest.mark.parametrize("length", [b"-1", b"x", b"", b"1e9", b"9" * 100, b"\xb2"])
async def test_a_body_of_unknown_length_is_not_read(visitor: Visitor, length: bytes) -> None:
    answer = await visitor().post("/api/session", headers=[(b"content-length", length)])
    assert code_of(answer) is ErrorCode.TOO_LARGE


async def test_a_body_in_chunks_is_counted_while_it_comes(visitor: Visitor) -> None:
    read = 0

    async def chunks(size: int) -> AsyncGenerator[bytes]:
        nonlocal read
        for _ in range(size // 1024):
            read += 1024
            yield b" " * 1024

    for size, code in ((LARGEST_BYTES, ErrorCode.INVALID_REQUEST), (100 * LARGEST_BYTES, ErrorCode.TOO_LARGE)):
        answer = await visitor().post("/api/session", content=chunks(size))
        assert code_of(answer) is code
    assert read < 3 * LARGEST_BYTES


async def test_a_body_that_trickles_is_not_waited_for(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "BODY_SECONDS", 0.1)

    async def trickle() -> AsyncGenerator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    assert code_of(await visitor().post("/api/session", content=trickle())) is ErrorCode.TOO_SLOW


@pytest.mark.parametrize("where", ["path", "query", "header"])
async def test_a_head_over_the_limit_is_not_looked_into(visitor: Visitor, where: str) -> None:
    long = "a" * HEAD_MAX_BYTES
    path = {"path": f"/api/{long}", "query": f"/api/installation?{long}"}.get(where, "/api/installation")
    answer = await visitor().get(path, headers={"x": long} if where == "header" else {})
    assert code_of(answer) is ErrorCode.TOO_LARGE


async def test_who_is_turned_away_from_a_page_reads_why(visitor: Visitor) -> None:
    answer = await visitor().get("/login", headers={"x": "a" * HEAD_MAX_BYTES})
    assert (answer.status_code, answer.text) == (413, sentence("error.too_large"))
    assert answer.headers["x-frame-options"] == "DENY"


async def test_every_answer_forbids_frames_and_guessing(visitor: Visitor) -> None:
    for answer in (await visitor().get("/api/installation"), await visitor().get("/api/nothing")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/", "/login"),
        ("/w/1/c/2", "/login?next=/w/1/c/2"),
        ("/w/%22%3E%3Cscript%3E", "/login?next=/w/%22%3E%3Cscript%3E"),
        ("/welcome", "/login?next=/welcome"),
        ("/register", "/login"),
    ],
)
async def test_who_is_not_signed_in_is_led_to_the_log_in(
    visitor: Visitor, backend: Backend, team: Team, path: str, to: str
) -> None:
    async with backend.database.transaction() as session:
        await session.execute(text("update private.installation set owner_id = :owner"), {"owner": team.owner.user_id})
    for cookie in ("", "made-up"):
        answer = await visitor(cookie=cookie).get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, to)


async def test_who_is_signed_in_is_led_home(visitor: Visitor, team: Team) -> None:
    homes = {"member": f"/w/{team.workspace}/c/{team.general}", "ex_member": "/welcome"}
    for who, home in homes.items():
        browser = visitor(cookie=await session_of(team.backend, getattr(team, who)))
        for path, to in (("/", home), ("/login", "/"), ("/register", "/")):
            answer = await browser.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, to)


async def test_an_empty_installation_leads_to_the_first_account(visitor: Visitor) -> None:
    for path in ("/", "/login", "/w/1"):
        assert (await visitor().get(path)).headers["location"] == "/register"


async def test_the_description_of_the_api_names_every_route(visitor: Visitor) -> None:
    description = (await visitor().get("/api/openapi.json")).json()
    assert "/api/channels/{channel_id}/messages" in description["paths"]
    assert URL not in str(description)
