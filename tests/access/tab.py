"""A browser tab as the server sees it: Reflex's events over a real WebSocket."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from itertools import count
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from rxapp.auth.sessions import COOKIE_NAME
from rxapp.live.ops import Op
from rxapp.live.state import LiveState
from tests.access.server import Server

NAMESPACE = "/_event"
OPEN = "reflex___state____state.state___channel____channel_state.open"
HYDRATE = "reflex___state____state.hydrate"
# Engine.IO's packets
CLOSE, PING, PONG = "1", "2", "3"
GIVE_UP_SECONDS = 30
_numbers = count(1)
Delta = dict[str, dict[str, Any]]


class Refused(Exception):
    """The server let nobody in."""


class Tab:
    """An open socket, with everything that came over it."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.deltas: list[Delta] = []
        self.frontend_events: list[Any] = []
        self.is_closed = False

    @property
    def ops(self) -> list[Op]:
        """The live ops so far."""
        found = (delta.get(LiveState.get_full_name(), {}).get("op_rx_state_") for delta in self.deltas)
        return [op for op in found if op and "k" in op]

    async def send(self, event: str, payload: Mapping[str, Any] | None = None) -> None:
        """Send one event, as the page does."""
        await self.send_raw(["event", {"name": event, "payload": payload or {}, "router_data": {}}])

    async def send_raw(self, message: object) -> None:
        """Send any Socket.IO event."""
        await self._socket.send(f"42{NAMESPACE},{json.dumps(message)}")

    async def settle(self) -> None:
        """Wait until everything sent so far was dealt with, and what it called in turn."""
        for _ in range(2):
            if self.is_closed:
                return
            place = f"nowhere {next(_numbers)}"
            await self.send(OPEN, {"channel_id": place, "since_rev": 0})
            await self._receive_until(lambda place=place: any(op.get("ch") == place for op in self.ops))

    async def hydrate(self) -> None:
        """Ask for the whole state: the one answer that a tab without a session gets."""
        before = len(self.deltas)
        await self.send(HYDRATE)
        await self._receive_until(lambda: len(self.deltas) > before)

    @property
    def local_port(self) -> int:
        """This end of its connection."""
        return int(self._socket.local_address[1])

    async def until(self, condition: Callable[[], bool]) -> None:
        """Receive until the condition is true, or the server closes the socket."""
        await self._receive_until(condition)

    async def close(self) -> None:
        """Leave."""
        await self._socket.close()

    async def until_heard(self, kind: str) -> None:
        """Wait for an op of a kind."""
        await self._receive_until(lambda: any(op["k"] == kind for op in self.ops))

    async def until_closed(self) -> None:
        """Wait until the server closes the socket."""
        await self._receive_until(lambda: False)

    async def _receive_until(self, condition: Any) -> None:
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while not self.is_closed and not condition():
                try:
                    await self._take(str(await self._socket.recv()))
                except ConnectionClosed:
                    self.is_closed = True

    async def _take(self, packet: str) -> None:
        if packet == PING:
            await self._socket.send(PONG)
        elif packet in (CLOSE, f"41{NAMESPACE},"):
            self.is_closed = True  # on which the page closes the socket
        prefix = f"42{NAMESPACE},"
        if not packet.startswith(prefix):
            return
        name, *rest = json.loads(packet[len(prefix) :])
        if name != "event":
            return
        if delta := rest[0].get("delta"):
            self.deltas.append(delta)
        self.frontend_events.extend(rest[0].get("events") or [])


class Tabs:
    """Opens tabs, and closes them all at the end."""

    def __init__(self, server: Server, stack: AsyncExitStack) -> None:
        self._server = server
        self._stack = stack

    async def open(
        self,
        token: str = "",
        *,
        origin: str | None = "",
        headers: Mapping[str, str] | None = None,
        query: str = "",
        client_token: str = "",
    ) -> Tab:
        """A tab with a session's cookie, or without one. Raises Refused."""
        sent = dict(headers or {})
        if token:
            sent["Cookie"] = f"{COOKIE_NAME}={token}"
        if origin is not None:
            sent["Origin"] = origin or self._server.url
        address = (
            f"ws://{self._server.host}{NAMESPACE}/?EIO=4&transport=websocket&token={client_token or uuid4()}{query}"
        )
        try:
            socket = await self._stack.enter_async_context(
                connect(address, additional_headers=sent, max_size=None, ping_interval=None)
            )
        except Exception as error:
            raise Refused(str(error)) from error
        await socket.recv()  # Engine.IO's own greeting
        await socket.send(f"40{NAMESPACE},")
        answer = str(await socket.recv())
        while answer.startswith(f"42{NAMESPACE},"):  # another tab has this client token: it is given a new one
            answer = str(await socket.recv())
        if not answer.startswith(f"40{NAMESPACE},"):
            raise Refused(answer)
        return Tab(socket)
