"""Wiring: the app, its pages, its API, and what runs while it serves."""

import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
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
from rxapp.background import clean_up, running
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
from rxapp.services.backend import backend, make_backend, start_backend, stop_backend
from rxapp.services.cursor_batch import NOT_WRITTEN, CursorBatch
from rxapp.services.heads import read_heads
from rxapp.services.rights import lost_rooms
from rxapp.services.typists import Typists
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


async def _write_what_was_read(cursors: CursorBatch) -> None:
    try:
        await cursors.flush()
    except NOT_WRITTEN as error:  # the rest is closed all the same
        log.warning("What was read in the last moment could not be written: %s", error)


@asynccontextmanager
async def _serving() -> AsyncGenerator[None]:
    settings = get_settings()
    if settings.database_url is None:
        raise RuntimeError("expected DATABASE_URL: the app is started by `python -m rxapp serve`")
    url = settings.database_url.get_secret_value()
    version = environment.REFLEX_WEB_WORKDIR.get().name  # the folder of a build is named by what it is made of
    async with AsyncExitStack() as opened:  # a start that is refused leaves nothing open either
        opened.callback(close_renderers)
        database = Database.at(url, pool_size=settings.database_pool_size)
        opened.push_async_callback(database.close)
        redis = RedisLink(settings.redis_url.get_secret_value()) if settings.redis_url else None
        # Where nothing is shared no secret is needed either.
        name = installation_name(load_secrets(settings).secret_key.get_secret_value()) if redis else "confab"
        bus = Bus(redis, name) if redis else None
        limits = Limits(
            factor=settings.rate_limit_factor, address_factor=settings.address_limit_factor, redis=redis, name=name
        )
        wire = wire_of(namespace.server, namespace)
        made = make_backend(database, wire, version=version, redis=redis, others=bus, limits=limits)
        if redis is not None and bus is not None:
            opened.push_async_callback(redis.close)
            await redis.start()
            opened.push_async_callback(bus.close)
            await bus.start(hear=made.hub.hear, changed=made.hub.others_changed)
        opened.push_async_callback(made.hub.close)
        namespace.find_actor = lambda session_id: actor_of_session(database, session_id)
        namespace.connected, namespace.disconnected = made.hub.connect, made.hub.disconnect
        namespace.actor_of, namespace.tell, namespace.limits = made.hub.actor_of, made.hub.push, made.limits
        find_lost = partial(lost_rooms, made)
        made.hub.lost_rooms = find_lost
        cursors, typists = CursorBatch(made), Typists(made)
        opened.push_async_callback(_write_what_was_read, cursors)
        namespace.shortcuts.add(format_event_handler(ChannelState.read_to), _noted_in(cursors))
        namespace.shortcuts.add(format_event_handler(ChannelState.typing), _told_by(typists))
        start_backend(made)
        opened.callback(stop_backend)
        watch_worker(made, namespace, settings)
        rounds = keep_rounds(
            made.hub,
            lambda rooms: read_heads(made, rooms),
            lambda ids: living_sessions(database, ids),
            find_lost,
        )
        cleaning = by_one_of_all(database.engine, lambda: clean_up(made), lock=BACKGROUND_LOCK)
        async with (
            running(rounds, cursors.keep_flushing(), typists.keep_telling(), cleaning) as tasks,
            telling_health(health, url, bus, tasks),
        ):
            yield


app.register_lifespan_task(_serving)
