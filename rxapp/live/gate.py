"""What stands before API and pages: who asks too much is answered before anything is looked up for them.

A person is known here by their cookie alone: by a hash of it at first, and by their account once a route has found it
behind the cookie. Neither lets anybody in; both only say whose requests are counted together. What was refused for some
seconds is refused again without another question.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import (
    ADDRESS_REQUESTS_AT_ONCE,
    REQUEST,
    SESSION_REQUEST,
    SESSION_REQUESTS_AT_ONCE,
    TURNED_AWAY_SECONDS,
    Per,
)
from rxapp.live.body import Gone, check_head, read_body
from rxapp.live.buckets import Buckets, Clock
from rxapp.live.guard import address_of
from rxapp.live.limits import Limits, network_of, too_many

MEET = "confab.meet"
"""In a request's scope: call it with the account that was found behind the cookie."""

ACCOUNTS_MAX = 20_000
# Longer waits are said by what refuses: how often a password may be wrong is nobody else's business.
REMEMBERED_MAX_SECONDS = 60
# Files of the page: they are many at once, and cost little.
_FILES = "/assets/"

Refuse = Callable[[ConfabError, str], ASGIApp]
"""From a refusal and the path that was asked for to what answers."""


class Gate:
    """ASGI wrapper around API and pages."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        cookie_name: str,
        limits: Callable[[], Limits],
        refuse: Refuse,
        pause_seconds: float = TURNED_AWAY_SECONDS,
        clock: Clock = time.monotonic,
    ) -> None:
        self._app = app
        self._cookie_name = cookie_name
        self._limits = limits
        self._refuse = refuse
        self._pause_seconds = pause_seconds
        self._refused = Buckets(clock=clock)
        self._under_way: Counter[object] = Counter()
        self._accounts: dict[bytes, UUID] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with a body that is there."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        token = _token_of(scope, self._cookie_name)
        person = self._accounts.get(token, token) if token else None
        counted = [one for one in (person, network_of(address_of(scope))) if one is not None]
        asked = (person, scope["method"], scope["path"])
        app = self._app
        self._under_way.update(counted)
        try:
            try:
                self._check(scope, person, asked)
                receive = await read_body(scope, receive)
            except ConfabError as refused:
                app = self._refuse(refused, scope["path"])
                if refused.code is ErrorCode.TOO_MANY_REQUESTS and self._has_room(scope):
                    await asyncio.sleep(self._pause_seconds)  # a loop that never waits goes round more slowly
            except Gone:
                return
            scope[MEET] = self._meeting(token)
            await app(scope, receive, self._noting(asked, send) if person is not None else send)
        finally:
            self._under_way.subtract(counted)
            for one in counted:
                if self._under_way[one] <= 0:
                    del self._under_way[one]

    @property
    def under_way(self) -> int:
        """How many people and addresses have requests here."""
        return len(self._under_way)

    def _check(self, scope: Scope, person: object | None, asked: object) -> None:
        check_head(scope)
        limits, address = self._limits(), network_of(address_of(scope))
        limits.take_here(REQUEST, address)
        if not self._has_room(scope):
            raise too_many(1)
        if person is None or scope["path"].startswith(_FILES):
            return
        limits.take_here(SESSION_REQUEST, person)
        if self._under_way[person] > limits.at_once(SESSION_REQUESTS_AT_ONCE, Per.SESSION):
            raise too_many(1)
        wait = self._refused.held(asked)
        if wait:
            raise too_many(wait)

    def _has_room(self, scope: Scope) -> bool:
        """Whether its address has not too many requests here."""
        most = self._limits().at_once(ADDRESS_REQUESTS_AT_ONCE, Per.ADDRESS)
        return self._under_way[network_of(address_of(scope))] <= most

    def _noting(self, asked: object, send: Send) -> Send:
        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 429:
                wait = int(dict(message.get("headers", ())).get(b"retry-after", b"0"))
                if wait <= REMEMBERED_MAX_SECONDS and not self._refused.held(asked):
                    self._refused.hold(asked, wait)
            await send(message)

        return send_and_note

    def _meeting(self, token: bytes | None) -> Callable[[UUID], None]:
        def meet(account: UUID) -> None:
            if token is not None:
                if len(self._accounts) >= ACCOUNTS_MAX:
                    self._accounts.clear()  # they are met again with their next request
                self._accounts[token] = account

        return meet


def _token_of(scope: Scope, cookie_name: str) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"cookie":
            token = cookie_parser(value.decode("latin-1")).get(cookie_name)
            return sha256(token.encode()).digest() if token else None
    return None
