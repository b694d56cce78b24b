"""What stands before the pages: who is not signed in is led to the log-in before anything is shown."""

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rxapp.actor import Actor
from rxapp.api.app import patience, refusal
from rxapp.auth.sessions import COOKIE_NAME, actor_of_cookie
from rxapp.errors import ConfabError
from rxapp.services.backend import backend
from rxapp.services.installation import Entrance, read_entrance
from rxapp.services.sidebar import home_path
from rxapp.texts import sentence

ENTRANCES = ("/login", "/register", "/setup")
# Pages for signed-in people; everything else that is no page is a file of the build.
_INNER_PAGE = re.compile(r"/(?:w/.*|welcome)?")
_SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"frame-ancestors 'none'; base-uri 'self'; object-src 'none'; form-action 'self'"),
)
# The names of these files hold a hash of what is in them.
_HASHED_FILES = "/assets/"
_KEPT_FOR_GOOD = ((b"cache-control", b"public, max-age=31536000, immutable"),)


class FrontDoor:
    """ASGI wrapper around API and pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead, or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = _KEPT_FOR_GOOD if _is_kept(scope["path"], message["status"]) else ()
                message["headers"] = [*message.get("headers", []), *_SECURITY_HEADERS, *kept]
            await send(message)

        answer = await _led_or_told(Request(scope))
        await (answer or self._app)(scope, receive, send_safely)


def _is_kept(path: str, status: int) -> bool:
    return path.startswith(_HASHED_FILES) and status in (200, 206, 304)


def turned_away(error: ConfabError, path: str) -> Response:
    """What the gate before this door says: to a program, or to somebody who sees it in place of a page."""
    if path.startswith("/api"):
        answer: Response = refusal(error)
    else:
        answer = _told(error)
        answer.headers.update(patience(error))
    answer.raw_headers.extend(_SECURITY_HEADERS)
    return answer


def _told(refused: ConfabError) -> Response:
    words = sentence(f"error.{refused.code}", **refused.parameters)
    return PlainTextResponse(words, status_code=refused.http_status, headers={"cache-control": "no-store"})


async def _led_or_told(request: Request) -> Response | None:
    try:
        return await _led(request)
    except ConfabError as refused:
        return _told(refused)


async def _led(request: Request) -> Response | None:
    path = request.url.path.rstrip("/") or "/"
    if request.method not in {"GET", "HEAD"}:
        return None
    if path in ENTRANCES:
        return await _at_entrance(request, path)
    if not _INNER_PAGE.fullmatch(path):
        return None
    actor = await _actor(request)
    if actor is None:
        if await read_entrance(backend()) is Entrance.FIRST:
            return _to("/register")
        return _to("/login" if path == "/" else f"/login?next={quote(path)}")
    if path == "/":
        return _to(await home_path(backend(), actor=actor) or "/welcome")
    return None


async def _at_entrance(request: Request, path: str) -> Response | None:
    if await _actor(request) is not None:
        return _to("/")
    way_in = await read_entrance(backend())
    if path == "/login":
        return _to("/register") if way_in is Entrance.FIRST else None
    return _to("/login") if way_in is Entrance.INVITATION else None


async def _actor(request: Request) -> Actor | None:
    return await actor_of_cookie(backend().database, request.cookies.get(COOKIE_NAME))


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=303, headers={"cache-control": "no-store"})
