"""Sockets of tabs that are only read from: what they get is counted in the raw bytes, at little cost.

A tab comes by the page's whole protocol (tab.py); then its socket is read here. The server's heartbeat is answered, and
nothing is asked for, not even what was missed: what does not come by itself is lost.
"""

import asyncio
import select
import socket
import time
from collections.abc import Callable

from tests.load.marks import MARK_BYTES, Tally

# Engine.IO's ping as the server frames it. In a frame of text there is no byte 1: JSON escapes it.
PING = b"\x81\x012"
# The answer, masked with zeros, which is a legal mask.
PONG = b"\x81\x81\0\0\0\x003"
_HALF_PINGS = (PING[:1], PING[:2])
READ_BYTES = 256 * 1024
# So many sockets are read as of one moment, and so many times in a row.
BATCH_SOCKETS = 64
BATCHES = 32
# From the first byte until sockets are read, so that many are read at once: each waking costs more than a reading. What
# is measured gets later by at most that.
GATHER_SECONDS = 0.001


class Reader:
    """One member's socket."""

    __slots__ = ("member", "rest", "socket")

    def __init__(self, connection: socket.socket, member: int) -> None:
        self.socket = connection
        self.member = member
        self.rest = b""


class ReadingRoom:
    """All readers of a process. One poll of the system for all of them: a callback of the loop for each costs more."""

    def __init__(self, lost: Callable[[str], None]) -> None:
        self._lost = lost
        self._poll = select.epoll()
        self._readers: dict[int, Reader] = {}
        self._tally: Tally | None = None
        self._buffer = memoryview(bytearray(READ_BYTES))
        self._gathering: asyncio.TimerHandle | None = None
        # Members mostly get the very same bytes: the last ones, the numbers of their marks, what is unread, and whether
        # there is a ping.
        self._seen: tuple[bytes, list[int], bytes, bool] = (b"", [], b"", False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._poll.fileno(), self._gather)

    def add(self, connection: socket.socket, member: int) -> Reader:
        """Read a socket from now on."""
        connection.setblocking(False)
        reader = self._readers[connection.fileno()] = Reader(connection, member)
        self._poll.register(connection.fileno(), select.EPOLLIN)
        return reader

    def count_in(self, tally: Tally) -> None:
        """What comes from now on counts there."""
        self._tally = tally
        self._seen = (b"", [], b"", False)

    def close(self) -> None:
        """Close all sockets."""
        self._loop.remove_reader(self._poll.fileno())
        if self._gathering is not None:
            self._gathering.cancel()
        for reader in self._readers.values():
            reader.socket.close()
        self._readers.clear()
        self._poll.close()

    def take(self, reader: Reader, data: bytes, now: float) -> None:
        """Count what a member got; a mark or a ping may come in two pieces."""
        if reader.rest:
            data = reader.rest + data
        if data != self._seen[0]:
            numbers, end = self._tally.find(data) if self._tally is not None else ([], 0)
            self._seen = (data, numbers, _unread(data, end), PING in data)
        _, numbers, reader.rest, has_ping = self._seen
        if has_ping:
            reader.socket.send(PONG)
        if numbers and self._tally is not None:
            self._tally.count(reader.member, numbers, now)

    def _gather(self) -> None:
        self._loop.remove_reader(self._poll.fileno())
        self._gathering = self._loop.call_later(GATHER_SECONDS, self._read)

    def _read(self) -> None:
        for _ in range(BATCHES):
            ready = self._poll.poll(0, BATCH_SOCKETS)
            now = time.perf_counter()
            for file, _events in ready:
                self._read_one(self._readers[file], now)
            if len(ready) < BATCH_SOCKETS:
                break
        self._loop.add_reader(self._poll.fileno(), self._gather)

    def _read_one(self, reader: Reader, now: float) -> None:
        try:
            data = self._buffer[: reader.socket.recv_into(self._buffer)].tobytes()
            self.take(reader, data, now)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(reader, f"socket closed: {error!r}")
            return
        if not data:
            self._lose(reader, "socket closed: without a word")

    def _lose(self, reader: Reader, reason: str) -> None:
        self._poll.unregister(reader.socket.fileno())
        del self._readers[reader.socket.fileno()]
        reader.socket.close()
        self._lost(reason)


def _unread(data: bytes, end: int) -> bytes:
    """The end of some bytes when it may be the beginning of a mark or of a ping; marks were read up to `end`."""
    at = data.rfind(b"~", max(end, len(data) - MARK_BYTES + 1))
    if at >= 0 and (at + 1 == len(data) or data[at + 1 :].isdigit()):
        return data[at:]
    if data.endswith(_HALF_PINGS):
        return data[data.rindex(PING[:1]) :]
    return b""
