"""Ops on Reflex's own socket server: encoded once, written to every tab of a room as the same bytes.

A stock room emit costs a task, a queue and an encoding for each receiver. Here a frame goes straight to a tab's
transport when nothing waits for that tab, and into its Engine.IO queue otherwise, so that nothing is overtaken. Room
emits are never mixed with this. `tests/live/test_delivery.py` fails when an upgrade moves what it relies on.
"""

import asyncio
from typing import Any

from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from socketio import AsyncServer
from socketio.exceptions import SocketIOError
from socketio.packet import EVENT as EVENT_PACKET

from rxapp.live.namespace import Namespace
from rxapp.live.ops import Op
from rxapp.live.state import op_delta
from rxapp.live.websocket import protocol_of, text_frame

EVENT = "event"
QUEUE_MAX_PACKETS = 2000


class EncodedPacket(EnginePacket):  # type: ignore[misc] # the library has no types
    """A message whose wire form is made once for all who get it."""

    def __init__(self, text: str) -> None:
        super().__init__(MESSAGE, text)
        self._text = f"{MESSAGE}{text}"

    def encode(self, b64: bool = False) -> str:
        """The text that goes over the socket."""
        del b64
        return self._text


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
        """See `Wire.deliver`. Nobody is waited for; who is too far behind is cut off."""
        text = self._server.packet_class(
            EVENT_PACKET, namespace=self._namespace.namespace, data=[EVENT, op_delta(op)]
        ).encode()
        # What was stored has no lone surrogates; one that came in by another way must not stop the whole room.
        body = f"{MESSAGE}{text}".encode("utf-8", "replace")
        frame, packet = text_frame(body), EncodedPacket(body[1:].decode())
        sockets = self._server.eio.sockets
        for _, transport_id in self._server.manager.get_participants(self._namespace.namespace, room):
            socket = sockets.get(transport_id)
            if socket is not None and not socket.closed and not socket.closing:
                self._hand_over(transport_id, socket, frame, packet)

    def _hand_over(self, transport_id: str, socket: Any, frame: bytes, packet: EncodedPacket) -> None:
        protocol = protocol_of(self._server.environ.get(transport_id))
        if protocol is not None and not socket.queue._unfinished_tasks and protocol.takes_frames:
            protocol.transport.write(frame)
        elif socket.queue.qsize() > QUEUE_MAX_PACKETS or (protocol is not None and protocol.is_far_behind):
            if protocol is not None:
                protocol.transport.abort()  # a polite close would wait for a reader that is gone
        else:
            socket.queue.put_nowait(packet)

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
