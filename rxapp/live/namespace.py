"""The socket's front desk: who may connect, and which events a tab without a session may send."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import cache
from inspect import Signature, signature
from typing import Any
from uuid import UUID

import reflex as rx
from reflex.app import EventNamespace
from reflex_base.registry import RegistrationContext
from socketio.exceptions import ConnectionRefusedError as Refused
from starlette.routing import Mount
from starlette.types import ASGIApp

from rxapp.actor import Actor
from rxapp.errors import ConfabError
from rxapp.live.allowances import ACCOUNT_EVENT, DROPPED_EVENT, EVENT, TOLD
from rxapp.live.front_socket import front_of
from rxapp.live.guard import SOCKET_PATH, actor_of_scope
from rxapp.live.limits import Limits, NoLimits, too_many
from rxapp.live.ops import Op
from rxapp.live.shortcuts import Shortcuts
from rxapp.observability.metrics import rate_limited

# A tab of an office behind one address that shows the log-in page.
ANONYMOUS_SOCKETS_PER_ADDRESS = 100
# What a page needs to come up at all; nothing here touches the product's data.
ANONYMOUS_EVENTS = frozenset(
    {
        "reflex___state____state.hydrate_and_load",
        "reflex___state____state.hydrate",
        "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal",
    }
)
# Each of Reflex's states has it and no page of ours sends it: what a tab is in is what the server says.
SETTER = ".setvar"

log = logging.getLogger(__name__)


class Namespace(EventNamespace):
    """Reflex's event namespace behind a check of the session."""

    def __init__(self, namespace: str, app: rx.App) -> None:
        super().__init__(namespace, app)
        self.find_actor: Callable[[UUID | None], Awaitable[Actor | None]] = _nobody
        self.connected: Callable[[str, Actor], None] = lambda _socket_id, _actor: None
        self.disconnected: Callable[[str], None] = lambda _socket_id: None
        self.actor_of: Callable[[str], Actor | None] = lambda _socket_id: None
        self.tell: Callable[[str, Op], Awaitable[None]] = _unheard
        self.limits: Limits = NoLimits()
        self.shortcuts = Shortcuts()
        self._anonymous: dict[str, str] = {}
        self._anonymous_per_address: Counter[str] = Counter()

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Admit a tab with a living session, or one without for the pages before the log-in."""
        scope = environ["asgi.scope"]
        actor = actor_of_scope(scope)
        if actor is None:
            self._admit_anonymous(sid, (scope.get("client") or ("unknown",))[0])
        else:
            # First of all: a session that ends from now on finds the tab, and one that ended before is seen below.
            self.connected(sid, actor)
        try:
            if actor is not None and await self.find_actor(actor.session_id) is None:
                raise Refused("signed_out")
            await super().on_connect(sid, environ, auth)
        except BaseException:
            self._forget(sid)  # a refused connect never reaches on_disconnect
            raise
        front = front_of(environ)
        if front is not None:
            front.settle()

    def on_disconnect(self, sid: str) -> Any:
        """Forget the tab."""
        self._forget(sid)
        front = front_of(self._environ(sid))
        if front is not None:
            front.await_settling()  # a socket that nobody sits at any more goes
        return super().on_disconnect(sid)

    async def on_event(self, sid: str, data: Any = None) -> None:
        """Take an event; a tab without a session may only bring its page up."""
        if not isinstance(data, dict):
            log.info("Dropped an event that is no object")
            return
        if await self._is_too_much(sid):
            return
        if sid in self._anonymous and data.get("name") not in ANONYMOUS_EVENTS:
            log.info("Dropped an event of a tab without a session")
            return
        try:
            if self.shortcuts.take(self.actor_of(sid), data):
                return
        except ConfabError as refused:
            log.info("Dropped a malformed event: %s", refused)
            return
        if not is_event(data):
            log.info("Dropped an event that no handler takes")
            return
        await super().on_event(sid, data)

    @property
    def anonymous_count(self) -> int:
        """How many tabs without a session are here."""
        return len(self._anonymous)

    async def _is_too_much(self, sid: str) -> bool:
        """Whether an event is dropped; the tab hears it, and one that goes on is cut off."""
        actor = self.actor_of(sid)
        wait = self.limits.wait_here(EVENT, sid) or (actor and self.limits.wait_here(ACCOUNT_EVENT, actor.user_id))
        if not wait:
            return False
        if self.limits.wait_here(DROPPED_EVENT, sid):
            log.warning("Cut off a tab that sends too many events")
            front = front_of(self._environ(sid))
            if front is not None:
                front.transport.abort()
        elif not self.limits.wait_here(TOLD, sid):
            refused = too_many(wait)
            await self.tell(sid, {"k": "refusal", "code": refused.code.value, "parameters": refused.parameters})
        return True

    def _environ(self, sid: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.server.get_environ(sid, self.namespace)
        return found

    def _admit_anonymous(self, sid: str, address: str) -> None:
        if self._anonymous_per_address[address] >= ANONYMOUS_SOCKETS_PER_ADDRESS:
            rate_limited("anonymous_sockets")
            raise Refused("too_many")
        self._anonymous[sid] = address
        self._anonymous_per_address[address] += 1

    def _forget(self, sid: str) -> None:
        address = self._anonymous.pop(sid, None)
        if address is not None:
            self._anonymous_per_address[address] -= 1
            if not self._anonymous_per_address[address]:
                del self._anonymous_per_address[address]
        self.disconnected(sid)


def is_event(data: dict[str, Any]) -> bool:
    """Whether a client's event names a handler and fits its arguments; Reflex would fail at any other in the middle."""
    name, payload, place = data.get("name"), data.get("payload", {}), data.get("router_data", {})
    if not isinstance(name, str) or name.endswith(SETTER) or not isinstance(payload, dict) or not _is_place(place):
        return False
    registered = RegistrationContext.get().event_handlers.get(name)
    if registered is None:
        return False
    try:
        _signature(registered.handler.fn).bind(None, **payload)
    except TypeError:
        return False
    return True


def _is_place(place: object) -> bool:
    """Whether it is what a page says of its own address."""
    if not isinstance(place, dict) or not isinstance(place.get("query", {}), dict):
        return False
    return all(isinstance(place.get(part, ""), str) for part in ("pathname", "asPath"))


@cache
def _signature(handler: Callable[..., Any]) -> Signature:
    return signature(handler)


async def _unheard(_socket_id: str, _op: Op) -> None:
    """Before anything is served."""


async def _nobody(_: UUID | None) -> Actor | None:
    return None


def socket_app_of(app: rx.App) -> ASGIApp:
    """What Reflex mounts for sockets among its own routes."""
    routes = app._api.routes if app._api else []
    return next(route.app for route in routes if isinstance(route, Mount) and route.path == SOCKET_PATH)


def install_namespace(app: rx.App) -> Namespace:
    """Put our namespace in the place of the one that Reflex registered.

    Reflex has no setting for it; `tests/live/test_reflex_internals.py` fails when an upgrade moves what this relies on.
    """
    stock = app.event_namespace
    if app.sio is None or stock is None:
        raise RuntimeError("expected an app with state: its socket server is missing")
    namespace = Namespace(stock.namespace, app)
    app.sio.register_namespace(namespace)
    app._event_namespace = namespace
    return namespace
