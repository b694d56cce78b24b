"""Ops by what Socket.IO offers to everybody: slower by far, and right with any version of it.

Used where the libraries are not those that `rxapp.live.delivery` was proven with.
"""

import asyncio
import logging
from collections.abc import Iterable
from importlib.metadata import version

from socketio import AsyncServer

from rxapp.live.namespace import Namespace
from rxapp.live.ops import Op
from rxapp.live.state import op_delta
from rxapp.live.wire import Wire
from rxapp.observability.metrics import delivered

EVENT = "event"
PROVEN = {"uvicorn": "0.54.0", "websockets": "17.4", "python-engineio": "4.15.1", "python-socketio": "5.18.1"}
"""What the quick way was proven with: it relies on the insides of all four."""

log = logging.getLogger(__name__)


def unproven() -> dict[str, str]:
    """Which libraries are another version than the quick way was proven with."""
    found = {name: version(name) for name in PROVEN}
    return {name: number for name, number in found.items() if number != PROVEN[name]}


class StockWire(Wire):
    """`Wire` that emits. What is said is sent one after another, in its order, by one task."""

    def __init__(self, server: AsyncServer, namespace: Namespace) -> None:
        self._server = server
        self._namespace = namespace
        self._rooms: dict[str, set[str]] = {}
        self._said: asyncio.Queue[tuple[list[str], Op]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def enter(self, socket_id: str, room: str) -> None:
        """See `Wire.enter`."""
        self._rooms.setdefault(room, set()).add(socket_id)

    def leave(self, socket_id: str, room: str) -> None:
        """See `Wire.leave`."""
        members = self._rooms.get(room, set())
        members.discard(socket_id)
        if not members:
            self._rooms.pop(room, None)

    def deliver(self, room: str, op: Op) -> None:
        """See `Wire.deliver`."""
        self.deliver_to(self._rooms.get(room, {room}), op)

    def deliver_to(self, socket_ids: Iterable[str], op: Op) -> None:
        """See `Wire.deliver_to`."""
        receivers = list(socket_ids)
        self._said.put_nowait((receivers, op))
        delivered(queued=len(receivers))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while not self._said.empty():
            socket_ids, op = self._said.get_nowait()
            for socket_id in socket_ids:
                await self._server.emit(EVENT, op_delta(op), to=socket_id, namespace=self._namespace.namespace)

    async def close(self, socket_id: str) -> None:
        """See `Wire.close`."""
        while self._task is not None and not self._task.done():
            await asyncio.wait([self._task])  # what was said before
        await self._server.disconnect(socket_id, namespace=self._namespace.namespace)
        self.forget(socket_id)

    def forget(self, socket_id: str) -> None:
        """See `Wire.forget`."""
        for room in list(self._rooms):
            self.leave(socket_id, room)

    def rooms(self) -> list[str]:
        """See `Wire.rooms`."""
        return list(self._rooms)
