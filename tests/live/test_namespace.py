"""The front desk of the socket: who comes in with which rights, and that nothing of them stays."""

import json
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection

from rxapp.live import namespace as desk_module
from rxapp.live.namespace import ANONYMOUS_EVENTS
from tests.live.front_desk import FrontDesk, front_desk
from tests.live.waiting import until


@pytest_asyncio.fixture
async def desk() -> AsyncGenerator[FrontDesk]:
    async with front_desk() as opened:
        yield opened


def kept(desk: FrontDesk) -> list[int]:
    """How much the desk knows of the sockets that are there."""
    namespace = desk.namespace
    return [
        len(desk.connected), len(namespace._anonymous), len(namespace._anonymous_per_address),
        len(namespace.sid_to_token), len(namespace._static_router_data),
    ]  # fmt: skip


async def until_empty(desk: FrontDesk) -> None:
    await until(lambda: kept(desk) == [0] * 5, "nothing is left of the sockets")


async def test_who_has_a_session_is_known_and_forgotten_when_gone(desk: FrontDesk) -> None:
    socket, answer = await desk.connect(signed_in=True)
    socket_id = json.loads(answer.partition(",")[2])["sid"]
    assert desk.connected == {socket_id: desk.ada}
    assert desk.namespace._anonymous == {}
    await socket.close()
    await until_empty(desk)


async def test_sockets_without_a_session_are_few_per_address(desk: FrontDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "ANONYMOUS_SOCKETS_PER_ADDRESS", 3)
    admitted = [await desk.connect() for _ in range(3)]
    assert all(answer.startswith("40") for _, answer in admitted)
    one_too_many, answer = await desk.connect()
    assert answer.startswith("44")
    assert "too_many" in answer
    signed_in, answer = await desk.connect(signed_in=True)
    assert answer.startswith("40")  # who has a session is not held up by those without
    assert len(desk.connected) == 1
    await admitted[0][0].close()
    await until(lambda: len(desk.namespace._anonymous) == 2, "one went")
    another, answer = await desk.connect()
    assert answer.startswith("40")
    for socket in (*(socket for socket, _ in admitted), one_too_many, signed_in, another):
        await socket.close()
    await until_empty(desk)


async def test_a_socket_without_a_session_is_answered_to_what_brings_a_page_up_and_nothing_else(
    desk: FrontDesk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    socket, _ = await desk.connect()
    unheard: list[object] = [{"name": f"{name}x", "payload": {}} for name in ANONYMOUS_EVENTS]
    unheard += [{"payload": {}}, {"name": None}, {"name": 7}, None, "text", []]
    for event in unheard:
        await desk.send(socket, event)
    await until_answered(desk, socket)
    assert caplog.text.count("Dropped an event") == len(unheard)
    await socket.close()
    await until_empty(desk)


async def until_answered(desk: FrontDesk, socket: ClientConnection) -> None:
    """A ping is answered after what was sent before it was dealt with."""
    await socket.send(f'42{desk.namespace.namespace},["ping"]')
    while "pong" not in str(await socket.recv()):
        pass
