"""The socket of a tab that is only read from: what it gets is counted in the raw bytes, at little cost.

A tab comes by the page's whole protocol (tab.py); then this takes its socket over. It answers the server's heartbeat
and asks for nothing, not even for what it missed: what does not come by itself is lost.
"""

import asyncio
import time
from collections.abc import Callable

from tests.load.marks import MARK_BYTES, Tally

# Engine.IO's ping as the server frames it. In a frame of text there is no byte 1: JSON escapes it.
PING = b"\x81\x012"
# The answer, masked with zeros, which is a legal mask.
PONG = b"\x81\x81\0\0\0\x003"
_HALF_PINGS = (PING[:1], PING[:2])


class Reader(asyncio.Protocol):
    """One member's socket."""

    def __init__(self, transport: asyncio.Transport, member: int, lost: Callable[[str], None]) -> None:
        self.tally: Tally | None = None
        self._transport = transport
        self._member = member
        self._lost = lost
        self._rest = b""
        self._is_closing = False

    def data_received(self, data: bytes) -> None:
        """Count; a mark or a ping may come in two pieces."""
        now = time.perf_counter()
        if self._rest:
            data = self._rest + data
        if PING in data:
            self._transport.write(PONG)
        end = self.tally.scan(self._member, data, now) if self.tally is not None else 0
        self._rest = _unread(data, end)

    def connection_lost(self, exc: Exception | None) -> None:
        """Say it, unless it was ours to close."""
        if not self._is_closing:
            self._lost(f"socket closed: {exc or 'without a word'}")

    def close(self) -> None:
        """Go without a word."""
        self._is_closing = True
        self._transport.abort()


def _unread(data: bytes, end: int) -> bytes:
    """The end of some bytes when it may be the beginning of a mark or of a ping; marks were read up to `end`."""
    at = data.rfind(b"~", max(end, len(data) - MARK_BYTES + 1))
    if at >= 0 and (at + 1 == len(data) or data[at + 1 :].isdigit()):
        return data[at:]
    if data.endswith(_HALF_PINGS):
        return data[data.rindex(PING[:1]) :]
    return b""
