"""What stands before the socket: a handshake from another site goes no further, and a cookie neither.

The raw cookie would be kept with the tab's state. What goes on is who was found by it.
"""

import logging
from collections.abc import Awaitable, Callable
from hashlib import sha256

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from rxapp.actor import Actor
from rxapp.errors import ConfabError
from rxapp.live.allowances import CONNECT, REQUEST
from rxapp.live.limits import Limits
from rxapp.live.socket_count import SocketCount
from rxapp.observability.metrics import rate_limited

SOCKET_PATH = "/_event"
# Reflex's own routes that trust what a client says of itself, or say what nobody asked for.
CLOSED_PATHS = ("/_upload", "/auth-codespace", "/_health", "/ping", "/_all_routes")
ACTOR_SCOPE = "confab.actor"
POLICY_VIOLATION = 1008
TRY_AGAIN_LATER = 1013
# What handlers may know of a request: nothing that identifies beyond the session.
KEPT_HEADERS = frozenset({b"host", b"origin", b"user-agent", b"accept-language", b"sec-websocket-protocol"})

log = logging.getLogger(__name__)


def actor_of_scope(scope: Scope) -> Actor | None:
    """The person that the guard found; never anything that a client sent."""
    found = scope.get(ACTOR_SCOPE)
    return found if isinstance(found, Actor) else None


def address_of(scope: Scope) -> str:
    """Where a request comes from; a trusted proxy has said so where there is one."""
    return str((scope.get("client") or ("unknown",))[0])


class SocketGuard:
    """ASGI wrapper around the whole app."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        cookie_name: str,
        find_actor: Callable[[str], Awaitable[Actor | None]],
        is_own_origin: Callable[[str | None, str | None], bool],
        limits: Callable[[], Limits],
        sockets: SocketCount,
        socket_app: ASGIApp | None = None,
    ) -> None:
        self._app = app
        self._cookie_name = cookie_name
        self._find_actor = find_actor
        self._is_own_origin = is_own_origin
        self._limits = limits
        self._sockets = sockets
        self._socket_app = socket_app or app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        path = str(scope.get("path", ""))
        if scope["type"] == "websocket":
            await self._socket(path, scope, receive, send)
            return
        if scope["type"] == "http" and (path.startswith(SOCKET_PATH) or path.startswith(CLOSED_PATHS)):
            # The socket is a WebSocket only; polling would get around the frames that live ops rely on.
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, send)

    async def _socket(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = POLICY_VIOLATION if path.rstrip("/") != SOCKET_PATH else await self._refusal(scope)
        if refusal is None:
            actor = actor_of_scope(scope)
            account = actor.user_id if actor else None
            with self._sockets.one_more(account=account, address=address_of(scope)) as has_room:
                if has_room:
                    # Straight to it: each layer of API and pages that a socket passes by is kept as long as it is open.
                    await self._socket_app(scope, receive, send)
                    return
            rate_limited("sockets")
            log.warning("Refused a socket of %s: there are too many", address_of(scope))
            refusal = TRY_AGAIN_LATER
        await receive()
        await send({"type": "websocket.close", "code": refusal})

    async def _refusal(self, scope: Scope) -> int | None:
        try:
            return None if await self._admit(scope) else POLICY_VIOLATION
        except ConfabError as refused:  # too much at once, or the database is away; the tab comes back by itself
            log.warning("Refused a socket for now: %s", refused)
            return TRY_AGAIN_LATER

    async def _admit(self, scope: Scope) -> bool:
        limits = self._limits()
        limits.take_here(REQUEST, address_of(scope))
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin, host = headers.get(b"origin"), headers.get(b"host")
        if not self._is_own_origin(origin, host):
            log.warning(
                "Refused a socket with Origin %r at Host %r: where a proxy changes the Host, set PUBLIC_URL to the "
                "address that people type.",
                origin,
                host,
            )
            return False
        token = cookie_parser(headers.get(b"cookie", "")).get(self._cookie_name)
        if token:
            limits.take_here(CONNECT, sha256(token.encode()).digest())  # before it is looked up
        actor = await self._find_actor(token) if token else None
        if token and actor is None:
            return False
        kept = [(name, value) for name, value in scope["headers"] if name.lower() in KEPT_HEADERS or _is_socket(name)]
        if actor is not None:
            limits.take_here(CONNECT, actor.user_id)
        scope["headers"] = kept
        scope[ACTOR_SCOPE] = actor
        return True


def _is_socket(name: bytes) -> bool:
    lowered = name.lower()
    return lowered.startswith(b"sec-websocket-") or lowered in (b"upgrade", b"connection")
