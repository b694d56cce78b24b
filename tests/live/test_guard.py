"""What the guard hands on of a socket: the session's id in the cookie's place, and nothing that a client makes up."""

import logging
from uuid import uuid4

import pytest
from starlette.types import Message, Receive, Scope, Send

from rxapp.actor import Actor
from rxapp.live.guard import ACTOR_SCOPE, CLOSED_PATHS, SocketGuard, actor_of_scope
from rxapp.live.limits import NoLimits
from rxapp.live.socket_count import SocketCount

COOKIE_NAME = "confab_session"
ADA = Actor(uuid4(), uuid4())
Headers = list[tuple[bytes, bytes]]
OWN: Headers = [
    (b"host", b"chat.example.org"),
    (b"origin", b"https://chat.example.org"),
    (b"upgrade", b"websocket"),
    (b"connection", b"Upgrade"),
    (b"sec-websocket-key", b"abc"),
    (b"sec-websocket-version", b"13"),
    (b"user-agent", b"a browser"),
]
SESSION = (b"cookie", b"theme=dark; confab_session=right; other=1")
MADE_UP: Headers = [
    (b"x-forwarded-for", b"1.2.3.4"),
    (b"x-forwarded-user", b"ada"),
    (b"authorization", b"Bearer ada"),
    (b"x-confab-session", str(ADA.session_id).encode()),
    (b"referer", b"https://chat.example.org/join/secret-token"),
]


class Inside:
    """What stands behind the guard, and what came there."""

    def __init__(self) -> None:
        self.scope: Scope | None = None
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive, send
        self.scope = scope

    async def find_actor(self, token: str) -> Actor | None:
        self.asked.append(token)
        return ADA if token == "right" else None

    async def pass_by(self, headers: Headers, *, kind: str = "websocket", path: str = "/_event/") -> list[Message]:
        """One request to the guard; gives what it answered by itself."""
        guard = SocketGuard(
            self,
            cookie_name=COOKIE_NAME,
            find_actor=self.find_actor,
            is_own_origin=lambda origin, host: origin == f"https://{host}",
            limits=NoLimits,
            sockets=SocketCount(per_account=50, per_address=5000),
        )
        answers: list[Message] = []

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(message: Message) -> None:
            answers.append(message)

        await guard({"type": kind, "path": path, "headers": headers, "extensions": {}}, receive, send)
        return answers


@pytest.fixture
def inside() -> Inside:
    return Inside()


async def test_the_cookie_stays_outside_and_the_person_goes_on(inside: Inside) -> None:
    assert await inside.pass_by([*OWN, SESSION]) == []
    assert inside.scope is not None
    assert actor_of_scope(inside.scope) == ADA
    assert sorted(inside.scope["headers"]) == sorted(OWN)
    assert inside.asked == ["right"]
    assert b"right" not in repr(inside.scope).encode()


async def test_headers_that_a_client_makes_up_go_no_further(inside: Inside) -> None:
    await inside.pass_by([*OWN, *MADE_UP])
    assert inside.scope is not None
    assert sorted(inside.scope["headers"]) == sorted(OWN)
    assert actor_of_scope(inside.scope) is None


async def test_a_cookie_that_looks_like_a_session_id_goes_no_further(inside: Inside) -> None:
    await inside.pass_by([*OWN, (b"cookie", str(ADA.session_id).encode())])
    assert inside.scope is not None
    assert (b"cookie", str(ADA.session_id).encode()) not in inside.scope["headers"]
    assert actor_of_scope(inside.scope) is None


def test_only_what_the_guard_wrote_is_a_person() -> None:
    assert actor_of_scope({"type": "websocket", ACTOR_SCOPE: str(ADA.session_id)}) is None


@pytest.mark.parametrize("token", ["wrong", "x" * 5000, "\xff"])
async def test_a_wrong_cookie_is_refused_and_not_taken_for_none(inside: Inside, token: str) -> None:
    answers = await inside.pass_by([*OWN, (b"cookie", f"{COOKIE_NAME}={token}".encode("latin-1"))])
    assert [answer["type"] for answer in answers] == ["websocket.close"]
    assert inside.scope is None


@pytest.mark.parametrize("origin", [b"https://evil.example", b"null", b"http://chat.example.org", None])
async def test_a_foreign_or_missing_origin_is_refused_before_anybody_is_looked_up(
    inside: Inside, origin: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    headers = [header for header in OWN if header[0] != b"origin"]
    if origin is not None:
        headers.append((b"origin", origin))
    with caplog.at_level(logging.WARNING):
        answers = await inside.pass_by([*headers, SESSION])
    assert [answer["type"] for answer in answers] == ["websocket.close"]
    assert (inside.scope, inside.asked) == (None, [])
    assert "set PUBLIC_URL" in caplog.text  # the line that an operator behind a proxy looks for


@pytest.mark.parametrize("path", ["/", "/_event/more", "/other", "/_event/../x"])
async def test_a_socket_at_another_path_is_refused(inside: Inside, path: str) -> None:
    answers = await inside.pass_by([*OWN, SESSION], path=path)
    assert [answer["type"] for answer in answers] == ["websocket.close"]
    assert inside.scope is None


@pytest.mark.parametrize("path", [*CLOSED_PATHS, "/_event", "/_event/", "/_upload/file.txt"])
async def test_closed_paths_are_not_there(inside: Inside, path: str) -> None:
    answers = await inside.pass_by(OWN, kind="http", path=path)
    assert answers[0]["status"] == 404
    assert inside.scope is None


async def test_a_page_passes_as_it_is(inside: Inside) -> None:
    headers = [*OWN, SESSION, *MADE_UP]
    assert await inside.pass_by(headers, kind="http", path="/w/1") == []
    assert inside.scope is not None
    assert inside.scope["headers"] == headers
