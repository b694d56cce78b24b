"""What only operators ask for: `/health/live`, `/health/ready` and `/metrics`, before anything of the product."""

import asyncio
import secrets
from collections.abc import Awaitable

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from rxapp.observability.exposition import CONTENT_TYPE, exposition
from rxapp.observability.health import Health, Status
from rxapp.observability.sampling import sample
from rxapp.settings import Settings

LIVE, READY, SHORT_FOR_READY, METRICS = "/health/live", "/health/ready", "/health", "/metrics"
PATHS = frozenset({LIVE, READY, SHORT_FOR_READY, METRICS})
NOT_KEPT = {"cache-control": "no-store"}
BEARER = "bearer "


def operators_answer(scope: Scope, settings: Settings, health: Health) -> Awaitable[Response] | None:
    """What answers the request; None when it is not one of ours, or the asker is not to know that it would be."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    path = scope["path"]
    if path == LIVE:
        return _live()
    if path in (READY, SHORT_FOR_READY):
        return _ready(health)
    if path == METRICS and _may_read(Headers(scope=scope).get("authorization", ""), settings):
        return _metrics()
    return None


def _may_read(authorization: str, settings: Settings) -> bool:
    """Whoever knows the token. No address is believed: behind a proxy on this machine all the world comes from it."""
    token = settings.metrics_token
    if token is None or not authorization.lower().startswith(BEARER):
        return False
    said = authorization[len(BEARER) :].strip()
    return secrets.compare_digest(said.encode(), token.get_secret_value().encode())


async def _live() -> Response:
    return JSONResponse({"status": "alive"}, headers=NOT_KEPT)


async def _ready(health: Health) -> Response:
    status, parts = await health.read()
    answered = 503 if status is Status.NOT_READY else 200
    return JSONResponse({"status": status, "parts": parts}, status_code=answered, headers=NOT_KEPT)


async def _metrics() -> Response:
    sample()
    text = await asyncio.to_thread(exposition)
    return Response(text, media_type=None, headers={**NOT_KEPT, "content-type": CONTENT_TYPE})
