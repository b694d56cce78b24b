"""Ready-made frames: the same bytes that the stock way sends, and internals where they are expected."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import socketio
import uvicorn
from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from prometheus_client import REGISTRY
from socketio.packet import EVENT, Packet
from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Frame, Opcode

from rxapp.live.delivery import SocketWire, wire_of
from rxapp.live.peers import EncodedPacket
from rxapp.live.stock_wire import PROVEN, StockWire, unproven
from rxapp.live.websocket import BACKLOG_MAX_BYTES, ReachableProtocol, protocol_of, text_frame

NAMESPACE = "/_event"


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 70_000])
def test_a_frame_is_what_the_library_makes(size: int) -> None:
    body = b"x" * size
    assert text_frame(body) == Frame(Opcode.TEXT, body).serialize(mask=False)


def test_an_encoded_packet_is_what_the_library_encodes() -> None:
    text = Packet(EVENT, namespace=NAMESPACE, data=["event", {"delta": {"a": "é🧮"}}]).encode()
    assert EncodedPacket(text).encode() == EnginePacket(MESSAGE, text).encode()


class Desk(socketio.AsyncNamespace):  # type: ignore[misc] # the library has no types
    """A namespace that lets everybody in."""

    def __init__(self) -> None:
        super().__init__(NAMESPACE)
        self.entered: list[str] = []
        self.enter: Callable[[str, str], None] = lambda _sid, _room: None
        self.forget: Callable[[str], None] = lambda _sid: None

    async def on_connect(self, sid: str, environ: dict[str, Any]) -> None:
        self.entered.append(sid)
        self.enter(sid, "room")

    async def on_disconnect(self, sid: str) -> None:
        self.forget(sid)


def deliveries(way: str) -> float:
    return REGISTRY.get_sample_value("confab_deliveries_total", {"way": way}) or 0.0


class Office:
    """A socket server with the protocol of ours, and tabs that speak to it."""

    def __init__(self, kind: type[SocketWire] | type[StockWire] = SocketWire) -> None:
        self.server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins=[])
        self.desk = Desk()
        self.server.register_namespace(self.desk)
        self.wire = kind(self.server, self.desk)
        self.desk.enter, self.desk.forget = self.wire.enter, self.wire.forget
        config = uvicorn.Config(
            socketio.ASGIApp(self.server), port=0, log_level="warning", ws=ReachableProtocol, ws_ping_interval=None
        )
        self._uvicorn = uvicorn.Server(config)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Office":
        self._task = asyncio.create_task(self._uvicorn.serve())
        while not self._uvicorn.started:  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._uvicorn.should_exit = True
        if self._task is not None:
            await self._task

    async def tab(self) -> ClientConnection:
        port = self._uvicorn.servers[0].sockets[0].getsockname()[1]
        tab = await connect(f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", compression=None)
        await tab.recv()  # the Engine.IO handshake
        await tab.send(f"40{NAMESPACE},")
        await tab.recv()  # the answer to the CONNECT packet
        return tab

    def sockets(self) -> list[tuple[Any, ReachableProtocol]]:
        """Each Engine.IO socket with the protocol that carries it."""
        found = [(socket, protocol_of(self.server.environ.get(key))) for key, socket in self.server.eio.sockets.items()]
        return [(socket, protocol) for socket, protocol in found if protocol is not None]


@pytest.mark.parametrize("kind", [SocketWire, StockWire])
async def test_an_op_reaches_every_tab_of_the_room_in_order_and_nobody_else(
    kind: type[SocketWire] | type[StockWire],
) -> None:
    async with Office(kind) as office:
        first, second, other = [await office.tab() for _ in range(3)]
        assert len(office.sockets()) == 3
        office.wire.leave(office.desk.entered[2], "room")
        before = deliveries("written")
        for number in range(50):
            office.wire.deliver("room", {"k": "new", "s": number})
        assert deliveries("written") - before == (2 * 50 if kind is SocketWire else 0)
        for key in office.desk.entered:
            office.wire.deliver(key, {"k": "last", "s": 50})
        for tab in (first, second):
            heard = [str(await tab.recv()) for _ in range(51)]
            assert [f'"s":{number}' in text for number, text in enumerate(heard[:50])] == [True] * 50
            assert "last" in heard[50]
        assert "last" in str(await other.recv())
        for tab in (first, second, other):
            await tab.close()


async def test_what_waits_in_the_queue_is_not_overtaken() -> None:
    async with Office() as office:
        tab = await office.tab()
        ((socket, _),) = office.sockets()
        socket.queue.put_nowait(EncodedPacket("2" + NAMESPACE + ',["event",{"s":1}]'))
        office.wire.deliver("room", {"k": "new", "s": 2})  # the writer had no turn yet
        assert ['"s":1' in str(await tab.recv()), '"s":2' in str(await tab.recv())] == [True, True]
        await tab.close()


async def test_a_tab_that_does_not_read_is_cut_off_and_the_others_hear_all() -> None:
    async with Office() as office:
        slow, quick = await office.tab(), await office.tab()
        slow.transport.pause_reading()
        large = {"k": "new", "html": "x" * 100_000}
        said, before = 0, deliveries("cut_off")
        while len(office.sockets()) == 2:
            office.wire.deliver("room", {**large, "s": said})
            said += 1
            assert said * 100_000 < 100 * BACKLOG_MAX_BYTES, "a tab that never reads was never cut off"
            assert f'"s":{said - 1}' in str(await quick.recv())
        assert deliveries("cut_off") - before == 1
        await quick.close()
        slow.transport.abort()


async def test_the_stock_way_closes_a_tab_after_what_was_said() -> None:
    async with Office(StockWire) as office:
        tab = await office.tab()
        (key,) = office.desk.entered
        office.wire.deliver("room", {"k": "signed_out", "s": 1})
        await office.wire.close(key)
        assert "signed_out" in str(await tab.recv())
        assert str(await tab.recv()).startswith("41")  # Socket.IO's farewell
        assert office.wire.rooms() == []
        await tab.close()


def test_the_quick_way_is_taken_with_the_versions_it_is_proven_with_and_with_no_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server, desk = socketio.AsyncServer(async_mode="asgi"), Desk()
    assert unproven() == {}, "an upgrade: prove the quick way with it, then write its version into PROVEN"
    assert isinstance(wire_of(server, desk), SocketWire)
    monkeypatch.setitem(PROVEN, "uvicorn", "0.1")
    assert isinstance(wire_of(server, desk), StockWire)
    assert "was not tested with {'uvicorn':" in caplog.text
