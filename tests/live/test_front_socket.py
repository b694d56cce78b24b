"""Sockets that never come in, that flood, or of which somebody has too many."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from uuid import uuid4

import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.protocol import State
from websockets.typing import Origin

from rxapp.live import front_socket
from rxapp.live.allowances import DROPPED_EVENT, EVENT, FRAME, FRAME_MAX_BYTES
from rxapp.live.front_socket import FrontSocket
from rxapp.live.limits import Limits
from rxapp.live.socket_count import SocketCount
from tests.live.front_desk import COOKIE_NAME, TOKEN, FrontDesk, front_desk
from tests.live.waiting import until

NAMESPACE = "/_event"
# A bound for what never comes.
GIVE_UP_SECONDS = 60
# More than the system takes for a peer that does not read.
UNREAD_BYTES = 32 * 1024 * 1024
GOES_ELSEWHERE = 1012


@pytest_asyncio.fixture
async def desk() -> AsyncGenerator[FrontDesk]:
    async with front_desk() as opened:
        yield opened


async def raw(desk: FrontDesk, *, signed_in: bool = True) -> ClientConnection:
    """A socket that has not said what it came for."""
    socket = await connect(
        f"ws://{desk.host}/_event/?EIO=4&transport=websocket&token={uuid4()}",
        origin=Origin(f"http://{desk.host}"), proxy=None, ping_interval=None,
        additional_headers={"Cookie": f"{COOKIE_NAME}={TOKEN}"} if signed_in else {},
    )  # fmt: skip
    await socket.recv()
    return socket


async def until_cut_off(socket: ClientConnection) -> list[str]:
    """What it still hears."""
    heard = []
    async with asyncio.timeout(GIVE_UP_SECONDS):
        try:
            while True:
                heard.append(str(await socket.recv()))
        except ConnectionClosed:
            return heard


async def until_answered(socket: ClientConnection) -> list[str]:
    """A ping is answered after what was sent before it was dealt with; gives what came before the answer."""
    await socket.send(f'42{NAMESPACE},["ping"]')
    heard = []
    while "pong" not in (text := str(await socket.recv())):
        heard.append(text)
    return heard


async def test_a_socket_that_never_says_what_it_came_for_is_closed(
    desk: FrontDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_socket, "SOCKET_SETTLES_SECONDS", 0.2)
    silent = await raw(desk)
    await until_cut_off(silent)
    busy = await raw(desk)
    with pytest.raises(ConnectionClosed):
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while True:  # it keeps Engine.IO happy, and comes in nowhere
                await busy.send("3")
                await asyncio.sleep(0.02)


async def test_a_tab_stays_and_goes_soon_after_it_went_out(desk: FrontDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front_socket, "SOCKET_SETTLES_SECONDS", 0.2)
    tab, answer = await desk.connect(signed_in=True)
    assert answer.startswith("40")
    await until_cut_off(await raw(desk))  # the deadline is over for who came with it
    assert await until_answered(tab) == []
    await tab.send(f"41{NAMESPACE},")
    await until_cut_off(tab)


async def test_one_socket_is_one_tab(desk: FrontDesk) -> None:
    """More would get around how many one may have."""
    tab, _ = await desk.connect(signed_in=True)
    for _ in range(3):
        await tab.send(f"40{NAMESPACE},")
        assert str(await tab.recv()).startswith("44")
    assert len(desk.connected) == 1
    await tab.send(f"41{NAMESPACE},")
    await until(lambda: not desk.connected, "it went out")
    await tab.send(f"40{NAMESPACE},")  # and may come in again
    assert str(await tab.recv()).startswith("40")
    await tab.close()


async def flood(socket: ClientConnection, send: Callable[[], Awaitable[object]]) -> None:
    """Send the same until it is cut off."""
    with pytest.raises(ConnectionClosed):
        for _ in range(100 * FRAME.burst):
            await send()
            await asyncio.sleep(0)  # this test and the server share a loop
    assert socket.state is State.CLOSED


async def test_a_flood_of_frames_is_cut_off_whatever_is_in_them(desk: FrontDesk) -> None:
    other, _ = await desk.connect(signed_in=True)
    for send in ("3", "6", f"42{NAMESPACE}x,[]"):
        socket = await raw(desk)
        await flood(socket, lambda socket=socket, send=send: socket.send(send))  # type: ignore[misc]
    socket = await raw(desk)
    await flood(socket, socket.ping)
    socket = await raw(desk)
    await flood(socket, socket.pong)
    assert await until_answered(other) == []
    await other.close()


async def test_the_factor_for_all_limits_is_one_for_frames_too(
    desk: FrontDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_socket.FrontSocket, "limit_factor", 3)
    socket, _ = await desk.connect(signed_in=True)
    for _ in range(2 * FRAME.burst):
        await socket.send("3")
    assert await until_answered(socket) == []
    await flood(socket, lambda: socket.send("3"))


@pytest.mark.parametrize("frame", ["noise", "", "b4AAAA", "7", b"4", b""])
async def test_a_frame_that_is_no_packet_ends_its_socket_and_no_more(
    desk: FrontDesk, frame: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    other, _ = await desk.connect(signed_in=True)
    socket, _ = await desk.connect(signed_in=True)
    await socket.send(frame)
    await until_cut_off(socket)
    await until(lambda: len(desk.connected) == 1, "it is forgotten")
    assert "Traceback" not in caplog.text
    assert await until_answered(other) == []
    await other.close()


@pytest.mark.parametrize("parts", [1, 10])
async def test_a_frame_has_a_size(desk: FrontDesk, parts: int) -> None:
    tab, _ = await desk.connect(signed_in=True)
    text = f'42{NAMESPACE},["event",' + json.dumps("x" * FRAME_MAX_BYTES) + "]"
    size = len(text) // parts + 1
    with suppress(ConnectionClosed):
        await tab.send([text[at : at + size] for at in range(0, len(text), size)] if parts > 1 else text)
    await until_cut_off(tab)
    assert tab.close_code == 1009  # message too big
    fitting, _ = await desk.connect(signed_in=True)
    await fitting.send(f'42{NAMESPACE},["event",' + json.dumps("x" * (FRAME_MAX_BYTES - 100)) + "]")
    assert await until_answered(fitting) == []
    await fitting.close()


async def test_too_many_events_are_dropped_and_said_once_and_then_the_tab_is_cut_off(
    desk: FrontDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, dict[str, object]]] = []

    async def tell(socket_id: str, op: dict[str, object]) -> None:
        told.append((socket_id, op))

    monkeypatch.setattr(desk.namespace, "limits", Limits(clock=lambda: 0))
    monkeypatch.setattr(desk.namespace, "tell", tell)
    tab, answer = await desk.connect(signed_in=True)
    other, _ = await desk.connect(signed_in=True)
    socket_id = json.loads(answer.partition(",")[2])["sid"]
    event = {"name": "nothing", "payload": {}}
    for _ in range(EVENT.burst):
        await desk.send(tab, event)
    await until_answered(tab)
    assert told == []
    await desk.send(tab, event)
    await desk.send(tab, event)
    await until_answered(tab)
    assert told == [(socket_id, {"k": "refusal", "code": "too_many_requests", "parameters": {"seconds": 1}})]
    await desk.send(other, event)
    await until_answered(other)
    assert len(told) == 1
    for _ in range(DROPPED_EVENT.burst - 1):
        await desk.send(tab, event)
    await until_cut_off(tab)
    assert await until_answered(other) == []
    await other.close()


async def test_sockets_are_counted_by_person_and_by_address() -> None:
    async with front_desk(sockets=SocketCount(per_account=2, per_address=3)) as desk:
        first, second = await raw(desk), await raw(desk)
        with pytest.raises(InvalidStatus):
            await raw(desk)
        anonymous = await raw(desk, signed_in=False)
        with pytest.raises(InvalidStatus):
            await raw(desk, signed_in=False)
        await first.close()
        await until(lambda: desk.sockets.of("127.0.0.1") == 2, "one went")
        third = await raw(desk)
        for socket in (second, third, anonymous):
            await socket.close()
        await until(lambda: len(desk.sockets) == 0, "nothing is left of them")


async def test_who_comes_again_and_again_waits() -> None:
    limits = Limits(clock=lambda: 0, factor=0.1)
    async with front_desk(limits=limits) as desk:
        for _ in range(10):
            await (await raw(desk)).close()
        with pytest.raises(InvalidStatus):
            await raw(desk)
        await (await raw(desk, signed_in=False)).close()


@pytest.mark.parametrize("end", ["politely", "at once", "reading nothing"])
async def test_a_tab_that_goes_by_itself_while_all_are_sent_away_is_in_nobody_s_way(desk: FrontDesk, end: str) -> None:
    stays, goes = await raw(desk), await raw(desk)
    port = goes.transport.get_extra_info("sockname")[1]
    tabs = [tab for tab in desk.server.server_state.connections if isinstance(tab, FrontSocket)]
    going = next(tab for tab in tabs if tab.transport.get_extra_info("peername")[1] == port)
    if end == "reading nothing":
        goes.transport.pause_reading()
        going.transport.write(bytes(UNREAD_BYTES))
    else:
        goes.transport.abort() if end == "at once" else await goes.close()
        await until(lambda: going not in desk.server.server_state.connections, "it is gone")
    for _ in range(2):  # one after another, and then all that are left
        for tab in tabs:
            tab.shutdown()
    assert await until_cut_off(stays) == []
    assert stays.close_code == GOES_ELSEWHERE
    await until(lambda: not desk.server.server_state.connections, "all are gone")
    goes.transport.abort()


async def test_a_tab_that_is_just_saying_goodbye_is_not_spoken_to(desk: FrontDesk) -> None:
    goes = await raw(desk)
    tab = next(iter(desk.server.server_state.connections))
    assert isinstance(tab, FrontSocket)
    tab.conn.send_close(1000)
    tab.shutdown()
    await until(lambda: not desk.server.server_state.connections, "it is gone")
    goes.transport.abort()
