"""Connections that only take up room are closed, over real sockets; who is merely slow to be answered is not."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from rxapp.live import punctual_http
from rxapp.live.allowances import HEAD_MAX_BYTES
from rxapp.live.punctual_http import PunctualProtocol
from tests.live.waiting import until

ASK = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
CHUNK = b"x" * 100_000
# A bound for what never comes.
GIVE_UP_SECONDS = 60


class Shop:
    """An app that answers when it is told to, and how many connections its server has."""

    def __init__(self, server: uvicorn.Server) -> None:
        self.server = server
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.chunks = 1
        self.port = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"transfer-encoding", b"chunked")]})
        for _ in range(self.chunks):
            await send({"type": "http.response.body", "body": CHUNK, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port, limit=10 * len(CHUNK))

    @property
    def connections(self) -> int:
        return len(self.server.server_state.connections)


@asynccontextmanager
async def opened() -> AsyncGenerator[Shop]:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await shop(scope, receive, send)

    config = uvicorn.Config(
        app, port=0, log_level="critical", lifespan="off", http=PunctualProtocol,
        h11_max_incomplete_event_size=HEAD_MAX_BYTES, timeout_keep_alive=GIVE_UP_SECONDS,
    )  # fmt: skip
    server = uvicorn.Server(config)
    shop = Shop(server)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started, "the server has started")
    shop.port = server.servers[0].sockets[0].getsockname()[1]
    yield shop
    server.should_exit = True
    await task


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(punctual_http, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(punctual_http, "STALLED_ANSWER_SECONDS", 0.2)


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the server closes."""
    async with asyncio.timeout(GIVE_UP_SECONDS):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


async def trickle(writer: asyncio.StreamWriter) -> None:
    """One byte of a head after the other, for as long as somebody listens."""
    writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nx-")
    try:
        while True:
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.01)
    except ConnectionError:
        return


@pytest.mark.usefixtures("hasty")
async def test_a_connection_that_says_nothing_is_closed() -> None:
    async with opened() as shop:
        reader, writer = await shop.connect()
        assert await rest_of(reader) == b""
        await until(lambda: shop.connections == 0, "nothing is left of it")
        writer.close()


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("before", [b"", ASK], ids=["at first", "after an answer"])
async def test_a_head_that_trickles_is_not_waited_for(before: bytes) -> None:
    async with opened() as shop:
        reader, writer = await shop.connect()
        if before:
            writer.write(before)
            await reader.readuntil(b"0\r\n\r\n")
        task = asyncio.create_task(trickle(writer))
        assert await rest_of(reader) == b""
        await task
        writer.close()


@pytest.mark.usefixtures("hasty")
async def test_who_sends_more_after_a_refusal_is_not_listened_to_for_long() -> None:
    """The answer is there, and the body that nobody wants goes on."""
    async with opened() as shop:
        reader, writer = await shop.connect()
        writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n")
        await reader.readuntil(b"0\r\n\r\n")
        task = asyncio.create_task(trickle(writer))
        assert await rest_of(reader) == b""
        await task
        writer.close()


@pytest.mark.usefixtures("hasty")
async def test_an_answer_that_nobody_takes_is_given_up() -> None:
    async with opened() as shop:
        shop.chunks = 1000
        _, writer = await shop.connect()
        writer.transport.pause_reading()  # type: ignore[attr-defined] # a socket's transport has it
        writer.write(ASK)
        await until(lambda: shop.connections == 1, "it came")
        await until(lambda: shop.connections == 0, "it is cut off")
        writer.transport.abort()


@pytest.mark.usefixtures("hasty")
async def test_who_waits_for_a_slow_answer_gets_it() -> None:
    async with opened() as shop:
        shop.may_answer.clear()
        reader, writer = await shop.connect()
        writer.write(ASK)
        silent, other = await shop.connect()
        await rest_of(silent)  # the deadline of a head that came later is over
        other.close()
        shop.may_answer.set()
        assert CHUNK in await reader.readuntil(b"0\r\n\r\n")
        writer.close()


@pytest.mark.parametrize("where", ["address", "header", "headers"])
async def test_a_head_that_gets_too_large_is_refused_before_it_ends(where: str) -> None:
    """One that is there at once is measured by the front door, see tests/api/test_requests.py."""
    long = b"a" * HEAD_MAX_BYTES
    heads = {
        "address": b"GET /" + long,
        "header": b"GET / HTTP/1.1\r\nhost: x\r\nx: " + long,
        "headers": b"GET / HTTP/1.1\r\nhost: x\r\n" + b"x: 1\r\n" * (HEAD_MAX_BYTES // 4),
    }
    async with opened() as shop:
        reader, writer = await shop.connect()
        writer.write(heads[where])
        assert (await rest_of(reader)).startswith(b"HTTP/1.1 400")
        writer.close()
