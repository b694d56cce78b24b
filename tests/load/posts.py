"""Sending messages over the real route, at little cost: requests made beforehand, kept connections, no library."""

import asyncio
import re
import socket
import time
from collections import Counter
from collections.abc import Callable

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_HEAD_END = b"\r\n\r\n"
CREATED = 201
ANSWER_SECONDS = 60.0
# More than these under way at once wait here; what they were due for stays.
MOST_CONNECTIONS = 256


class _Connection(asyncio.Protocol):
    """A kept HTTP/1.1 connection with one request under way."""

    def __init__(self) -> None:
        self.is_open = False
        self._transport: asyncio.Transport | None = None
        self._got = b""
        self._answer: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._transport, self.is_open = transport, True  # type: ignore[assignment] # uvloop's is no subclass

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError(f"the server closed before it answered: {exc}"))

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, mark, body = self._got.partition(_HEAD_END)
        length = _LENGTH.search(head)
        if not mark or (length is not None and len(body) < int(length[1])):
            return
        self._got = b""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(int(head.split(b" ", 2)[1]))
        if length is None:
            self.close()  # no answer of this route is without a length: no guess where the next one begins

    async def ask(self, request: bytes) -> int:
        """Send a request; gives the status of its answer."""
        if self._transport is None:
            raise ConnectionError("not connected")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        async with asyncio.timeout(ANSWER_SECONDS):
            return await self._answer

    def close(self) -> None:
        """Let it go."""
        if self._transport is not None:
            self._transport.abort()


class Posts:
    """All requests of a run; `answered` is told when each was sent and how long the answer took from then on."""

    def __init__(self, address: tuple[str, int], answered: Callable[[float], None], errors: Counter[str]) -> None:
        self._address = address
        self._answered = answered
        self._errors = errors
        self._idle: list[_Connection] = []
        self._places = asyncio.Semaphore(MOST_CONNECTIONS)
        self._under_way: set[asyncio.Task[None]] = set()

    def post(self, request: bytes, due: float) -> None:
        """Send one, without waiting for those before."""
        task = asyncio.create_task(self._post(request, due))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settled(self) -> None:
        """Wait until all is answered."""
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    def close(self) -> None:
        """Let all connections go."""
        for connection in self._idle:
            connection.close()

    async def _post(self, request: bytes, due: float) -> None:
        async with self._places:
            try:
                status = await self._ask(request)
            except OSError as error:  # TimeoutError too
                self._errors[f"send: {error!r}"] += 1
                return
        if status == CREATED:
            self._answered(time.perf_counter() - due)
        else:
            self._errors[f"send: {status}"] += 1

    async def _ask(self, request: bytes) -> int:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_open:
                continue  # the server does not keep them for long
            try:
                status = await connection.ask(request)
            except ConnectionError:
                break  # it was closed at this very moment: once more, with the same key
            if connection.is_open:
                self._idle.append(connection)
            return status
        _, connection = await asyncio.get_running_loop().create_connection(_Connection, *self._address)
        status = await connection.ask(request)
        if connection.is_open:
            self._idle.append(connection)
        return status
