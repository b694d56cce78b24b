"""Serve everything on one port: the database, the page, the API and the socket.

With one worker this process serves itself. With several it is their parent: what has to be there once, the database,
the page and the secrets, is its own, and `rxapp.supervisor` starts the workers that serve.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from reflex_base.constants import Env
from reflex_base.environment import environment

from db.engine import Database
from rxapp.auth.setup import setup_token
from rxapp.build import PROJECT, ensure_built, held_build
from rxapp.listening import listening_socket
from rxapp.live.allowances import FRAME_MAX_BYTES
from rxapp.live.redis_link import RedisLink
from rxapp.observability.exposition import share_metrics
from rxapp.observability.logs import configure_logging
from rxapp.open_files import allow_many_open_files
from rxapp.operator_error import OperatorError
from rxapp.preparation import prepare_anew
from rxapp.running_database import connection_limit, migrated_database
from rxapp.secret_file import load_secrets
from rxapp.settings import Settings, get_settings
from rxapp.signals import unwound_by_signals
from rxapp.supervisor import Supervisor
from rxapp.worker import Server

# A peer that vanished without a word is noticed after at most the sum of both.
SOCKET_PING_INTERVAL_SECONDS = 5
SOCKET_PING_TIMEOUT_SECONDS = 5
# The folder in which several workers count together.
METRICS = "metrics"
# Of the database's: for commands, the lock of the background work, and whoever looks.
SPARE_CONNECTIONS = 10

log = logging.getLogger(__name__)

Say = Callable[[str], None]


def serve(settings: Settings) -> None:
    """Start everything, serve until SIGINT or SIGTERM, stop everything. Raises OperatorError.

    With several workers SIGHUP replaces them once they serve; otherwise it is a SIGTERM.
    """
    configure_logging(settings)
    allow_many_open_files()
    if settings.workers > 1 and settings.redis_url is None:
        raise OperatorError(
            f"WEB_CONCURRENCY is {settings.workers}, and several workers need a Redis to tell one another what "
            "happens: set REDIS_URL to its address, or leave WEB_CONCURRENCY out for one worker."
        )
    with unwound_by_signals(code=0), listening_socket(settings) as listener, ExitStack() as held:
        if settings.redis_url is not None:
            asyncio.run(_refuse_without_redis(settings.redis_url.get_secret_value()))
        url = held.enter_context(migrated_database(settings, _say))
        load_secrets(settings)
        web_folder = ensure_built(_say)
        setup_link = asyncio.run(_setup_link(settings, url))
        _prepare_environment(settings, url, web_folder)
        held.enter_context(held_build(web_folder))
        announcement = _announcement(settings, setup_link)
        if settings.workers > 1:
            _warn_of_too_many_connections(settings, url)
            share_metrics(settings.data_dir / METRICS)
            _supervise(settings, listener, held, announcement)
        else:
            _serve_here(listener, announcement)


def _serve_here(listener: socket.socket, announcement: str) -> None:
    server = Server(lambda: _say(announcement))
    server.run(sockets=[listener])
    if not server.started:
        raise OperatorError("The server could not start: the reason is in the lines above.")


def _supervise(settings: Settings, listener: socket.socket, held: ExitStack, announcement: str) -> None:
    async def renew() -> None:
        web_folder = await prepare_anew()
        held.enter_context(held_build(web_folder))
        environment.REFLEX_WEB_WORKDIR.set(web_folder)

    asyncio.run(Supervisor(settings.workers, listener, ready=lambda: _say(announcement), renew=renew).run())


async def _refuse_without_redis(url: str) -> None:
    """Say it once, before anything else is started, and not from each worker."""
    link = RedisLink(url)
    try:
        await link.start()
    finally:
        await link.close()


def _prepare_environment(settings: Settings, url: str, web_folder: Path) -> None:
    """What Reflex and the app read when they are imported; worker processes inherit it."""
    os.chdir(PROJECT)
    os.environ["DATABASE_URL"] = url
    os.environ["CONFAB_DATA"] = str(settings.data_dir)
    if settings.redis_url is not None:
        os.environ["REDIS_URL"] = settings.redis_url.get_secret_value()
    get_settings.cache_clear()
    environment.REFLEX_ENV_MODE.set(Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
    environment.REFLEX_WEB_WORKDIR.set(web_folder)
    environment.REFLEX_STATES_WORKDIR.set(settings.data_dir / "states")
    environment.REFLEX_SOCKET_INTERVAL.set(timedelta(seconds=SOCKET_PING_INTERVAL_SECONDS))
    environment.REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE.set(FRAME_MAX_BYTES)
    environment.REFLEX_SOCKET_TIMEOUT.set(timedelta(seconds=SOCKET_PING_TIMEOUT_SECONDS))
    os.environ["REFLEX_TELEMETRY_ENABLED"] = "false"
    # What a tab looks at is rebuilt from cookie and address wherever it comes back: no worker needs another's states.
    os.environ["REFLEX_STATE_MANAGER_MODE"] = "memory"
    os.environ.pop("REFLEX_REDIS_URL", None)
    os.environ["REFLEX_FRONTEND_PORT"] = os.environ["REFLEX_BACKEND_PORT"] = str(settings.port)


async def _setup_link(settings: Settings, url: str) -> str | None:
    """The one-time link to the first account, where an empty installation can be reached from other machines."""
    database = Database.at(url, pool_size=1)
    try:
        token = await setup_token(database, host=settings.host)
    finally:
        await database.close()
    return f"{settings.url}/setup?token={token}" if token else None


def _warn_of_too_many_connections(settings: Settings, url: str) -> None:
    """Each worker may fill its pool: said now, and not by the database when it refuses."""
    limit, wanted = connection_limit(url), settings.workers * settings.database_pool_size
    if wanted > limit - SPARE_CONNECTIONS:
        log.warning(
            "%d workers may open %d connections, and the database takes %d: lower DATABASE_POOL_SIZE, or raise the "
            "database's max_connections",
            settings.workers, wanted, limit,
        )  # fmt: skip


def _announcement(settings: Settings, setup_link: str | None) -> str:
    ready = f"Confab is ready at {settings.url}"
    return f"{ready}\nMake the first account here, once: {setup_link}" if setup_link else ready


def _say(line: str) -> None:
    print(line, flush=True)
