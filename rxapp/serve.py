"""Serve everything on one port: the database, the page, the API and the socket."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType

import uvicorn
from reflex_base.constants import Env
from reflex_base.environment import environment

from db.engine import Database
from rxapp.auth.setup import setup_token
from rxapp.build import PROJECT, ensure_built, held_build
from rxapp.garbage import spare_what_stays
from rxapp.listening import listening_socket
from rxapp.live.websocket import ReachableProtocol
from rxapp.operator_error import OperatorError
from rxapp.running_database import migrated_database
from rxapp.secret_file import load_secrets
from rxapp.settings import Settings, get_settings

APP = "rxapp.rxapp:app"
# A peer that vanished without a word is noticed after at most the sum of both.
SOCKET_PING_INTERVAL_SECONDS = 5
SOCKET_PING_TIMEOUT_SECONDS = 5
GRACEFUL_SHUTDOWN_SECONDS = 5
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Chatty on every request or event: their warnings are enough.
QUIET_LOGGERS = ("uvicorn", "engineio", "socketio", "httpx")

Say = Callable[[str], None]


def serve(settings: Settings) -> None:
    """Start everything, serve until SIGINT or SIGTERM, stop everything. Raises OperatorError."""
    _configure_logging(settings)
    with _stopped_by_signals(), listening_socket(settings) as listener, migrated_database(settings, _say) as url:
        load_secrets(settings)
        web_folder = ensure_built(_say)
        setup_link = asyncio.run(_setup_link(settings, url))
        _prepare_environment(settings, url, web_folder)
        server = _Server(_server_config(settings), _announcement(settings, setup_link))
        with held_build(web_folder):
            server.run(sockets=[listener])
        if not server.started:
            raise OperatorError("The server could not start: the reason is in the lines above.")


class _Server(uvicorn.Server):
    """Says where it is once it truly serves."""

    def __init__(self, config: uvicorn.Config, announcement: str) -> None:
        super().__init__(config)
        self._announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            spare_what_stays()
            _say(self._announcement)


def _server_config(settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        APP,
        factory=True,  # App.__call__ makes the ASGI app
        loop="uvloop",
        lifespan="on",
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        ws=ReachableProtocol,
        ws_per_message_deflate=False,
        # Engine.IO has its own heartbeat, set below; a second one would only cost.
        ws_ping_interval=None,
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_SECONDS,
        access_log=False,
        server_header=False,
        log_config=None,
    )


def _prepare_environment(settings: Settings, url: str, web_folder: Path) -> None:
    """What Reflex and the app read when they are imported; worker processes inherit it."""
    os.chdir(PROJECT)
    os.environ["DATABASE_URL"] = url
    os.environ["CONFAB_DATA"] = str(settings.data_dir)
    get_settings.cache_clear()
    environment.REFLEX_ENV_MODE.set(Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
    environment.REFLEX_WEB_WORKDIR.set(web_folder)
    environment.REFLEX_STATES_WORKDIR.set(settings.data_dir / "states")
    environment.REFLEX_SOCKET_INTERVAL.set(timedelta(seconds=SOCKET_PING_INTERVAL_SECONDS))
    environment.REFLEX_SOCKET_TIMEOUT.set(timedelta(seconds=SOCKET_PING_TIMEOUT_SECONDS))
    os.environ["REFLEX_TELEMETRY_ENABLED"] = "false"
    os.environ["REFLEX_STATE_MANAGER_MODE"] = "memory"
    os.environ["REFLEX_FRONTEND_PORT"] = os.environ["REFLEX_BACKEND_PORT"] = str(settings.port)


async def _setup_link(settings: Settings, url: str) -> str | None:
    """The one-time link to the first account, where an empty installation can be reached from other machines."""
    database = Database.at(url, pool_size=1)
    try:
        token = await setup_token(database, host=settings.host)
    finally:
        await database.close()
    return f"{settings.url}/setup?token={token}" if token else None


def _announcement(settings: Settings, setup_link: str | None) -> str:
    ready = f"Confab is ready at {settings.url}"
    return f"{ready}\nMake the first account here, once: {setup_link}" if setup_link else ready


@contextmanager
def _stopped_by_signals() -> Generator[None]:
    """SIGINT and SIGTERM unwind the stack at any moment, so that everything started is stopped.

    While it serves, uvicorn handles them itself, and raises them again when it has ended.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        # Stopping is under way: another Ctrl-C must not interrupt the database's last writes.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise SystemExit(0)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _configure_logging(settings: Settings) -> None:
    logging.basicConfig(level=settings.log_level.upper(), format=LOG_FORMAT, stream=sys.stderr)
    if settings.log_level != "debug":
        for name in QUIET_LOGGERS:
            logging.getLogger(name).setLevel(logging.WARNING)


def _say(line: str) -> None:
    print(line, flush=True)
