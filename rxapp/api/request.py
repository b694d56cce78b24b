"""What every route asks of a request: who sends it, from where, and whether the page is ours."""

from typing import Annotated

from fastapi import Depends, Request, Response

from rxapp.actor import Actor
from rxapp.auth.origin import is_own_origin
from rxapp.auth.sessions import COOKIE_NAME, actor_of_cookie
from rxapp.errors import ConfabError, ErrorCode
from rxapp.observability.circumstances import note_actor
from rxapp.services.accounts import Device
from rxapp.services.backend import Backend, backend
from rxapp.settings import get_settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SECONDS_PER_DAY = 24 * 60 * 60
PERSON_HEADER = "confab-person"
# What the gate wants to be told: whose cookie it is (`rxapp/live/gate.py`).
MEET_SCOPE = "confab.meet"


async def refuse_foreign_origin(request: Request) -> None:
    """Refuse a write that another site's page makes with our cookie. FOREIGN_ORIGIN."""
    if request.method in SAFE_METHODS:
        return
    if not is_own_origin(request.headers.get("origin"), request.headers.get("host")):
        raise ConfabError(ErrorCode.FOREIGN_ORIGIN)


async def current_actor(request: Request) -> Actor:
    """The signed-in person; the one in whose name the page asks, where it says so. NOT_SIGNED_IN.

    A page that slept while somebody else logged in has messages of who was here before, and the cookie of who is now.
    """
    actor = await actor_of_cookie(backend().database, request.cookies.get(COOKIE_NAME))
    if actor is None or request.headers.get(PERSON_HEADER, str(actor.user_id)) != str(actor.user_id):
        raise ConfabError(ErrorCode.NOT_SIGNED_IN)
    note_actor(actor.user_id)
    meet = request.scope.get(MEET_SCOPE)
    if meet is not None:
        meet(actor.user_id)
    return actor


# Coroutines all of them: what is a plain function would be run in a thread, each time.


async def current_backend() -> Backend:
    """What the services work with."""
    return backend()


async def current_device(request: Request) -> Device:
    """The browser that asks."""
    return Device(
        address=request.client.host if request.client else "",
        agent=request.headers.get("user-agent", ""),
        lifetime_days=get_settings().session_lifetime_days,
    )


def set_session_cookie(request: Request, response: Response, token: str) -> None:
    """Hand the session to the browser, out of reach of scripts."""
    settings = get_settings()
    response.set_cookie(
        COOKIE_NAME,
        token,
        max_age=settings.session_lifetime_days * SECONDS_PER_DAY,
        path="/",
        secure=request.url.scheme == "https" or settings.url.startswith("https://"),
        httponly=True,
        samesite="lax",
    )


SignedIn = Annotated[Actor, Depends(current_actor)]
ThisDevice = Annotated[Device, Depends(current_device)]
ThisBackend = Annotated[Backend, Depends(current_backend)]
