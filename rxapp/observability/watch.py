"""The outermost wrapper of the app: each request gets a name and is timed, and what operators ask for is answered."""

import ipaddress
import logging
import re
import time
from collections.abc import Callable
from typing import Any, cast

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from rxapp.observability.circumstances import Circumstances, new_request_id, note_places, under
from rxapp.observability.health import Health
from rxapp.observability.metrics import REQUEST_SECONDS, REQUESTS, failed
from rxapp.observability.operators_door import PATHS, operators_answer
from rxapp.settings import Settings

REQUEST_ID_HEADER = b"x-request-id"
# What proxies make, and nothing that could be more than a name.
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
CLIENT_CLOSED_REQUEST = 499
"""What nginx calls it when nobody waited for the answer."""
SERVER_ERROR = 500

log = logging.getLogger(__name__)


class Watch:
    """ASGI wrapper around everything, the guard of the socket included."""

    def __init__(self, app: ASGIApp, *, settings: Callable[[], Settings], health: Health) -> None:
        self._app = app
        self._get_settings = settings
        self._health = health
        self._proxied: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer operators, or pass on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        settings = self._get_settings()
        found = Circumstances(_request_id(scope, settings), where=str(scope["type"]))
        with under(found):
            if scope["type"] == "websocket":
                await self._believing(settings)(scope, receive, send)
                return
            await _Request(scope, found, settings).run(self._answering(scope, settings), receive, send)

    def _answering(self, scope: Scope, settings: Settings) -> ASGIApp:
        answer = operators_answer(scope, settings, self._health)
        if answer is None:
            return self._believing(settings)

        async def say(scope: Scope, receive: Receive, send: Send) -> None:
            response = await answer
            await response(scope, receive, send)

        return say

    def _believing(self, settings: Settings) -> ASGIApp:
        """The app, which sees through the proxies that are trusted."""
        if self._proxied is None:
            trusted = list(settings.trusted_proxies)
            # uvicorn names the types of ASGI otherwise.
            self._proxied = (
                cast("ASGIApp", ProxyHeadersMiddleware(cast("Any", self._app), trusted)) if trusted else self._app
            )
        return self._proxied


class _Request:
    """One HTTP request on its way."""

    def __init__(self, scope: Scope, found: Circumstances, settings: Settings) -> None:
        self._scope = scope
        self._found = found
        self._settings = settings
        self._status = CLIENT_CLOSED_REQUEST

    async def run(self, app: ASGIApp, receive: Receive, send: Send) -> None:
        started = time.perf_counter()

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._status = message["status"]
                named = (REQUEST_ID_HEADER, self._found.request_id.encode())
                message["headers"] = [*message.get("headers", []), named]
                self._found.where = route_of(self._scope)
            await send(message)

        try:
            await app(self._scope, receive, send_named)
        except Exception:
            if self._status == CLIENT_CLOSED_REQUEST:
                self._status = SERVER_ERROR
            failed("request")
            raise
        finally:
            self._note(time.perf_counter() - started)

    def _note(self, seconds: float) -> None:
        method = self._scope["method"] if self._scope["method"] in METHODS else "other"
        route = self._found.where = route_of(self._scope)
        REQUESTS.labels(method=method, route=route, status=str(self._status)).inc()
        REQUEST_SECONDS.labels(method=method, route=route).observe(seconds)
        places = self._scope.get("path_params", {})
        note_places(workspace_id=places.get("workspace_id"), channel_id=places.get("channel_id"))
        more = {"duration_ms": round(seconds * 1000, 1), "method": method, "status": self._status}
        words = (method, route, self._status, seconds * 1000)
        if seconds * 1000 > self._settings.slow_request_ms > 0:
            log.warning("A request was slow: %s %s: %d in %.0f ms", *words, extra=more)
        else:
            log.debug("%s %s: %d in %.0f ms", *words, extra=more)


def route_of(scope: Scope) -> str:
    """The template of the route that answers; a word for what has none. Never anything that the asker chose."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    template = str(getattr(context, "path_format", "") or "")
    if template and not template.endswith("/{path}"):
        return template
    path = scope["path"]
    if path in PATHS:
        return str(path)
    if path.startswith("/api"):
        return "unmatched"
    return "file" if "." in path.rpartition("/")[2] else "page"


def _request_id(scope: Scope, settings: Settings) -> str:
    """The one that a trusted proxy gave the request, or a new one."""
    if settings.trusted_proxies and scope.get("client"):
        given = Headers(scope=scope).get(REQUEST_ID_HEADER.decode(), "")
        if REQUEST_ID.fullmatch(given) and _is_trusted(scope["client"][0], settings.trusted_proxies):
            return given
    return new_request_id()


def _is_trusted(address: str, networks: tuple[str, ...]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(network, strict=False) for network in networks)
