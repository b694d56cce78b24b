"""One process that serves: the app under uvicorn, on a socket that somebody else already listens on.

With one worker that is the process that was started. With several each is `python -m rxapp.worker LISTENER CONTROL`,
a child that inherits both sockets from `rxapp.supervisor`: it says on CONTROL when it serves and, again and again, that
it is alive, and ends when the other end of it does.
"""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from rxapp.garbage import spare_what_stays
from rxapp.live.allowances import FRAME_MAX_BYTES, HEAD_MAX_BYTES
from rxapp.live.front_socket import FrontSocket
from rxapp.live.punctual_http import PunctualProtocol
from rxapp.live.websocket import ReachableProtocol
from rxapp.observability.health import health
from rxapp.observability.logs import configure_logging
from rxapp.settings import get_settings

APP = "rxapp.rxapp:app"
GRACEFUL_SHUTDOWN_SECONDS = 5
ALIVE_EVERY_SECONDS = 2
# Tabs that have to go elsewhere do not all come there in one moment: fifty each tenth of a second.
FAREWELL_TABS = 50
FAREWELL_PAUSE_SECONDS = 0.1

READY, ALIVE = b"r", b"."

log = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Says when it truly serves, and sends its tabs away in an orderly way."""

    def __init__(self, serves: Callable[[], None], control: socket.socket | None = None) -> None:
        super().__init__(_config(control))
        FrontSocket.limit_factor = get_settings().rate_limit_factor
        self._serves = serves
        self._control = control

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve."""
        await super().startup(sockets)
        if self.started and not self.should_exit:
            if self._control is not None:
                asyncio.get_running_loop().add_reader(self._control, self._end_with_parent, self._control)
            spare_what_stays()
            self._serves()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, let tabs go elsewhere, finish what was asked."""
        health.is_stopping = True
        for server in self.servers:
            server.close()
        if self._control is not None:
            asyncio.get_running_loop().remove_reader(self._control)
            try:
                await self._say_farewell()
            except Exception:
                log.exception("Not all tabs could be sent away one after another")
        await super().shutdown(sockets)

    async def _say_farewell(self) -> None:
        tabs = [protocol for protocol in self.server_state.connections if isinstance(protocol, ReachableProtocol)]
        for first in range(0, len(tabs), FAREWELL_TABS):
            for protocol in tabs[first : first + FAREWELL_TABS]:
                protocol.shutdown()
            await asyncio.sleep(FAREWELL_PAUSE_SECONDS)

    def _end_with_parent(self, control: socket.socket) -> None:
        log.warning("The process that started this worker is gone: it ends too")
        asyncio.get_running_loop().remove_reader(control)
        self.should_exit = True


def _config(control: socket.socket | None) -> uvicorn.Config:
    async def say_alive() -> None:
        if control is not None:
            # A parent that does not listen just now, or is gone, is no reason to stop serving here.
            with suppress(BlockingIOError, BrokenPipeError):
                control.send(ALIVE)

    return uvicorn.Config(
        APP,
        factory=True,  # App.__call__ makes the ASGI app
        loop="uvloop",
        lifespan="on",
        proxy_headers=False,  # `rxapp.observability.watch` looks at them, and at who sends them
        # Not whatever is installed: its deadlines and the size of a head are ours.
        http=PunctualProtocol,
        h11_max_incomplete_event_size=HEAD_MAX_BYTES,
        ws=FrontSocket,
        ws_max_size=FRAME_MAX_BYTES,
        ws_per_message_deflate=False,
        # Engine.IO has its own heartbeat; a second one would only cost.
        ws_ping_interval=None,
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_SECONDS,
        timeout_notify=ALIVE_EVERY_SECONDS,
        callback_notify=say_alive,
        access_log=False,
        server_header=False,
        log_config=None,
    )


def main() -> None:
    """Serve as a child of the supervisor, until told to stop."""
    listener, control = (socket.socket(fileno=int(number)) for number in sys.argv[1:])
    for inherited in (listener, control):
        inherited.setblocking(False)
        inherited.set_inheritable(False)  # what this worker starts must not hold them open after its end
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # for the supervisor alone
    settings = get_settings()
    configure_logging(settings)
    server = Server(lambda: control.sendall(READY), control)
    server.run(sockets=[listener])
    if not server.started:
        sys.exit(1)


if __name__ == "__main__":
    main()
