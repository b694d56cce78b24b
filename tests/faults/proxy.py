"""A wire that can be cut, held up and made half-open: it stands between one client and one server."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Self

CHUNK_BYTES = 64 * 1024
# What goes through at once while it is slow.
SLOW_CHUNK_BYTES = 256

Dial = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


def dial_tcp(port: int) -> Dial:
    """A server on this machine."""
    return lambda: asyncio.open_connection("127.0.0.1", port)


def dial_unix(path: str) -> Dial:
    """A server on a Unix socket."""
    return lambda: asyncio.open_unix_connection(path)


class Connection:
    """Two ends, and whether a direction has fallen silent for good: nothing gets lost in the middle of a stream."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.client = client
        self.server = server
        self.is_deaf = False
        self.is_mute = False

    def abort(self) -> None:
        """Both ends are reset."""
        for end in (self.client, self.server):
            end.transport.abort()


class Proxy:
    """One listener, and the faults of all its connections."""

    def __init__(self, dial: Dial) -> None:
        self.port = 0
        self._dial = dial
        self._server: asyncio.Server | None = None
        self._connections: set[Connection] = set()
        self._delay = 0.0
        self._is_slow = False
        self._is_deaf = False
        self._is_mute = False
        self._flows = asyncio.Event()
        self._flows.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        self.heal()
        self.drop()

    def drop(self) -> None:
        """Reset all connections."""
        for connection in list(self._connections):
            connection.abort()

    def delay(self, seconds: float) -> None:
        """Everything comes later."""
        self._delay = seconds

    def slow(self) -> None:
        """Only a few bytes go through at once."""
        self._is_slow, self._delay = True, 0.1

    def stall(self) -> None:
        """Nothing goes through, and nothing is lost."""
        self._flows.clear()

    def deafen(self) -> None:
        """The server hears nothing more of these connections, and nobody says so."""
        self._is_deaf = True
        for connection in self._connections:
            connection.is_deaf = True

    def mute(self) -> None:
        """The server is not heard any more."""
        self._is_mute = True
        for connection in self._connections:
            connection.is_mute = True

    def heal(self) -> None:
        """From now on all goes well, for the connections that lost nothing."""
        self._delay, self._is_slow, self._is_deaf, self._is_mute = 0.0, False, False, False
        self._flows.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_server, to_server = await self._dial()
        except OSError:
            writer.transport.abort()
            return
        connection = Connection(writer, to_server)
        connection.is_deaf, connection.is_mute = self._is_deaf, self._is_mute
        self._connections.add(connection)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, to_server, lambda: connection.is_deaf))
                group.create_task(self._pump(from_server, writer, lambda: connection.is_mute))
        except* (ConnectionError, OSError):
            pass  # one end has gone: so has the other
        finally:
            self._connections.discard(connection)
            connection.abort()

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, silent: Callable[[], bool]
    ) -> None:
        while data := await source.read(SLOW_CHUNK_BYTES if self._is_slow else CHUNK_BYTES):
            await self._flows.wait()
            if self._delay:
                await asyncio.sleep(self._delay)
            if silent():
                continue
            target.write(data)
            await target.drain()
        if silent():
            return
        target.close()
        with contextlib.suppress(ConnectionError):
            await target.wait_closed()
        raise ConnectionResetError("closed")
