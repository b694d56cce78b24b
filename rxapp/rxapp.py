"""Wiring: the app, its pages, its API, and what runs while it serves."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import reflex as rx
from reflex_base.environment import environment
from reflex_base.event import EventSpec
from reflex_base.utils.format import format_event_handler
from starlette.types import ASGIApp

from components.frame import error_boundary
from db.engine import Database
from db.one_of_all import BACKGROUND_LOCK, by_one_of_all
from pages import PAGES
from rxapp.actor import Actor
from rxapp.api.app import make_api
from rxapp.api.front_door import FrontDoor, turned_away
from rxapp.auth.origin import is_own_origin
from rxapp.auth.sessions import COOKIE_NAME, actor_of_cookie, actor_of_session, living_sessions
from rxapp.errors import ErrorCode
from rxapp.live.bus import Bus, installation_name
from rxapp.live.delivery import wire_of
from rxapp.live.gate import Gate
from rxapp.live.guard import SocketGuard
from rxapp.live.heads import keep_rounds
from rxapp.live.limits import Limits
from rxapp.live.namespace import install_namespace, socket_app_of
from rxapp.live.redis_link import RedisLink
from rxapp.live.shortcuts import Shortcut
from rxapp.live.socket_count import SocketCount
from rxapp.markup import close_renderers
from rxapp.observability.events import say_failure
from rxapp.observability.health import health
from rxapp.observability.metrics import EVENT_SECONDS, failed
from rxapp.observability.page_failures import what_broke
from rxapp.observability.watch import Watch
from rxapp.secret_file import load_secrets
from rxapp.services.backend import Backend, backend, make_backend, start_backend, stop_backend
from rxapp.services.cursor_batch import NOT_WRITTEN, CursorBatch
from rxapp.services.deleted_contents import keep_purging
from rxapp.services.heads import read_heads
from rxapp.services.rerendering import keep_rerendering
from rxapp.services.rights import lost_rooms
from rxapp.services.typists import Typists
from rxapp.services.workspace_removal import keep_removing
from rxapp.settings import get_settings
from rxapp.texts import sentence
from rxapp.watching import telling_health, watch_worker
from state.channel import ChannelState

log = logging.getLogger(__name__)

READ_TO_SECONDS = EVENT_SECONDS.labels(handler="ChannelState.read_to")
TYPING_SECONDS = EVENT_SECONDS.labels(handler="ChannelState.typing")


def _gated(app: ASGIApp) -> ASGIApp:
    return Gate(app, cookie_name=COOKIE_NAME, limits=lambda: backend().limits, refuse=turned_away)


def _guarded(inner: ASGIApp) -> ASGIApp:
    async def find_actor(token: str) -> Actor | None:
        return await actor_of_cookie(backend().database, token)

    settings = get_settings()
    return SocketGuard(
        inner,
        cookie_name=COOKIE_NAME,
        find_actor=find_actor,
        is_own_origin=is_own_origin,
        limits=lambda: backend().limits,
        sockets=SocketCount(per_account=settings.sockets_per_account, per_address=settings.sockets_per_address),
        socket_app=socket_app_of(app),
    )


def _watched(app: ASGIApp) -> ASGIApp:
    return Watch(app, settings=get_settings, health=health)


def _broken(exception: Exception) -> EventSpec | None:
    """A handler failed: the log has it whole, the person learns what to do."""
    say_failure(exception)
    told: EventSpec = rx.toast.error(sentence(f"error.{ErrorCode.UNAVAILABLE}"))
    return told


def _page_broke(exception: Exception) -> None:
    """Something failed in a browser. Any client may say so, in any words, so those are not kept."""
    failed("page")
    kind, places = what_broke(str(exception))
    log.error("A page failed in the browser: %s at %s", kind, places)


app = rx.App(
    html_lang="en",
    head_components=[
        rx.el.link(rel="icon", type="image/svg+xml", href="/favicon.svg"),
        rx.el.script(src="/theme.js"),
    ],
    stylesheets=["/tokens.css", "/app.css", "/prose.css"],
    backend_exception_handler=_broken,
    frontend_exception_handler=_page_broke,
    app_wraps={(55, "ErrorBoundary"): lambda _stateful: error_boundary()},
    api_transformer=[make_api(), FrontDoor, _gated, _guarded, _watched],
)
namespace = install_namespace(app)
for page in PAGES:
    app.add_page(page.component, route=page.route, title=page.title)


def _noted_in(cursors: CursorBatch) -> Shortcut:
    def note(actor: Actor, payload: dict[str, Any]) -> None:
        channel_id, seq, read_rev = (payload.get(name) for name in ("channel_id", "seq", "read_rev"))
        with READ_TO_SECONDS.time():
            cursors.note(actor=actor, channel_id=channel_id, seq=seq, read_rev=read_rev)

    return note


def _told_by(typists: Typists) -> Shortcut:
    def note(actor: Actor, payload: dict[str, Any]) -> None:
        with TYPING_SECONDS.time():
            typists.note(actor=actor, channel_id=payload.get("channel_id"))

    return note


async def _clean_up(made: Backend) -> None:
    """What nobody waits for, and one worker does for all."""
    async with asyncio.TaskGroup() as together:  # when one fails none goes on without the lock
        for work in (keep_rerendering(made), keep_purging(made), keep_removing(made)):
            together.create_task(work)


def _say_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (failure := task.exception()) is not None:
        log.error("Work in the background ended for good; restart this process", exc_info=failure)


@asynccontextmanager
async def _serving() -> AsyncGenerator[None]:
    settings = get_settings()
    if settings.database_url is None:
        raise RuntimeError("expected DATABASE_URL: the app is started by `python -m rxapp serve`")
    database = Database.at(settings.database_url.get_secret_value(), pool_size=settings.database_pool_size)
    version = environment.REFLEX_WEB_WORKDIR.get().name  # the folder of a build is named by what it is made of
    redis = RedisLink(settings.redis_url.get_secret_value()) if settings.redis_url else None
    # Where nothing is shared no secret is needed either.
    name = installation_name(load_secrets(settings).secret_key.get_secret_value()) if redis else "confab"
    bus = Bus(redis, name) if redis else None
    wire = wire_of(namespace.server, namespace)
    limits = Limits(
        factor=settings.rate_limit_factor, address_factor=settings.address_limit_factor, redis=redis, name=name
    )
    made = make_backend(database, wire, version=version, redis=redis, others=bus, limits=limits)
    if redis is not None and bus is not None:
        await redis.start()
        await bus.start(hear=made.hub.hear, changed=made.hub.others_changed)
    namespace.find_actor = lambda session_id: actor_of_session(database, session_id)
    namespace.connected, namespace.disconnected = made.hub.connect, made.hub.disconnect
    namespace.actor_of, namespace.tell, namespace.limits = made.hub.actor_of, made.hub.push, made.limits
    cursors, typists = CursorBatch(made), Typists(made)
    namespace.shortcuts.add(format_event_handler(ChannelState.read_to), _noted_in(cursors))
    namespace.shortcuts.add(format_event_handler(ChannelState.typing), _told_by(typists))
    start_backend(made)
    watch_worker(made, namespace, settings)
    rounds = keep_rounds(
        made.hub,
        lambda rooms: read_heads(made, rooms),
        lambda ids: living_sessions(database, ids),
        lambda held: lost_rooms(made, held),
    )
    cleaning = by_one_of_all(database.engine, lambda: _clean_up(made), lock=BACKGROUND_LOCK)
    tasks = [asyncio.create_task(work) for work in (rounds, cursors.keep_flushing(), typists.keep_telling(), cleaning)]
    for task in tasks:
        task.add_done_callback(_say_end)
    try:
        async with telling_health(health, settings.database_url.get_secret_value(), bus, tasks):
            yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        stop_backend()
        try:
            await cursors.flush()
        except NOT_WRITTEN as error:  # the rest is closed all the same
            log.warning("What was read in the last moment could not be written: %s", error)
        await made.hub.close()
        if redis is not None and bus is not None:
            await bus.close()
            await redis.close()
        await database.close()
        close_renderers()


app.register_lifespan_task(_serving)
