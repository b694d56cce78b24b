"""The server's WebSocket protocol, with limits: a socket that never comes in, or floods, is cut off."""

import asyncio
from typing import Any, ClassVar

from websockets.frames import Frame

from rxapp.live.allowances import FRAME, SOCKET_SETTLES_SECONDS
from rxapp.live.buckets import Buckets
from rxapp.live.websocket import ReachableProtocol, protocol_of

# What the first character of an Engine.IO packet may be.
PACKET_TYPES = frozenset({b"0", b"1", b"2", b"3", b"4", b"5", b"6"})


class FrontSocket(ReachableProtocol):
    """One socket. Whatever is in its frames, they are counted before anything looks into them."""

    # What the worker makes all limits larger or smaller by.
    limit_factor: ClassVar[float] = 1.0

    _timer: asyncio.TimerHandle | None = None
    _frames: Buckets | None = None

    async def run_asgi(self) -> None:
        """Serve it, if it says soon what it came for."""
        self._frames = Buckets(clock=self.loop.time)
        self.await_settling()
        try:
            await super().run_asgi()
        finally:
            self.settle()

    def await_settling(self) -> None:
        """It is a tab's socket soon, or none."""
        self.settle()
        self._timer = self.loop.call_later(SOCKET_SETTLES_SECONDS, self.transport.abort)

    def settle(self) -> None:
        """It is a tab's, or gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def handle_text(self, event: Frame) -> None:
        """Take a text, or the beginning of one."""
        if self._counts():
            if bytes(event.data[:1]) in PACKET_TYPES:
                super().handle_text(event)
            else:
                self.transport.abort()  # Engine.IO would fail at it, and say so at length in the log

    def handle_bytes(self, event: Frame) -> None:
        """No page of ours sends bytes."""
        del event
        self.transport.abort()

    def handle_cont(self, event: Frame) -> None:
        """Take more of a message."""
        if self._counts():
            super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answer a ping."""
        if self._counts():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        """Hear an answer that nobody asked for."""
        if self._counts():
            super().handle_pong(event)

    def _counts(self) -> bool:
        """Whether one more frame is taken; the first that is not is the end."""
        if self.transport.is_closing():
            return False
        factor = self.limit_factor
        if self._frames is None or not self._frames.take(
            self, burst=FRAME.burst * factor, per_second=FRAME.per_second * factor
        ):
            return True
        self.transport.abort()
        return False


def front_of(environ: dict[str, Any] | None) -> FrontSocket | None:
    """The protocol that carries an Engine.IO socket; None where another server does."""
    found = protocol_of(environ)
    return found if isinstance(found, FrontSocket) else None
