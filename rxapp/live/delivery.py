"""Ops on Reflex's own socket server."""

import asyncio

from socketio import AsyncServer
from socketio.exceptions import SocketIOError

from rxapp.live.namespace import Namespace
from rxapp.live.ops import Op
from rxapp.live.state import op_delta

EVENT = "event"


class SocketWire:
    """`Wire` over the app's Socket.IO namespace."""

    def __init__(self, server: AsyncServer, namespace: Namespace) -> None:
        self._server = server
        self._namespace = namespace
        self._closing: set[asyncio.Task[None]] = set()

    async def enter(self, socket_id: str, room: str) -> None:
        """See `Wire.enter`."""
        await self._namespace.enter_room(socket_id, room)

    async def leave(self, socket_id: str, room: str) -> None:
        """See `Wire.leave`."""
        await self._namespace.leave_room(socket_id, room)

    async def deliver(self, room: str, op: Op) -> None:
        """See `Wire.deliver`."""
        await self._namespace.emit(EVENT, op_delta(op), room=room)

    async def close(self, socket_id: str) -> None:
        """See `Wire.close`. What was said before is still sent; a peer that does not read is not waited for."""
        task = asyncio.create_task(self._close(socket_id))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _close(self, socket_id: str) -> None:
        transport_id = self._server.manager.eio_sid_from_sid(socket_id, self._namespace.namespace)
        try:
            await self._namespace.disconnect(socket_id)
            if transport_id is not None:
                await self._server.eio.disconnect(transport_id)
        except (KeyError, SocketIOError):
            return  # it went by itself meanwhile

    def rooms(self) -> list[str]:
        """See `Wire.rooms`."""
        rooms = self._server.manager.rooms.get(self._namespace.namespace, {})
        return [room for room in rooms if isinstance(room, str)]
