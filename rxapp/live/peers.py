"""The sockets of tabs, each found once, and the rooms they are in."""

from collections.abc import Collection
from typing import Any

from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from socketio import AsyncServer
from websockets.protocol import State

from rxapp.live.websocket import ReachableProtocol, protocol_of, text_frame

QUEUE_MAX_PACKETS = 2000

# What became of one message for one tab.
WRITTEN, QUEUED, CUT_OFF, GONE = range(4)


class EncodedPacket(EnginePacket):  # type: ignore[misc] # the library has no types
    """A message whose wire form is made once for all who get it."""

    def __init__(self, text: str) -> None:
        super().__init__(MESSAGE, text)
        self._text = f"{MESSAGE}{text}"

    def encode(self, b64: bool = False) -> str:
        """The text that goes over the socket."""
        del b64
        return self._text


class Encoded:
    """One op for many tabs: the bytes of its WebSocket frame, and the packet for a queue when one needs it."""

    __slots__ = ("_body", "_packet", "frame")

    def __init__(self, text: str) -> None:
        # What was stored has no lone surrogates; one that came in by another way must not stop the whole room.
        self._body = f"{MESSAGE}{text}".encode("utf-8", "replace")
        self._packet: EncodedPacket | None = None
        self.frame = text_frame(self._body)

    @property
    def packet(self) -> EncodedPacket:
        """The same as the frame, for the Engine.IO queue."""
        if self._packet is None:
            self._packet = EncodedPacket(self._body[1:].decode())
        return self._packet


class Peer:
    """One tab's socket: the Engine.IO socket, and the protocol that carries it where that takes ready-made frames."""

    __slots__ = ("conn", "protocol", "queue", "rooms", "socket", "transport", "writable")

    def __init__(self, socket: Any, protocol: ReachableProtocol | None) -> None:
        self.socket = socket
        self.queue = socket.queue
        self.protocol = protocol if protocol is not None and protocol.carries_frames_as_they_are else None
        if self.protocol is not None:
            self.conn, self.transport = self.protocol.conn, self.protocol.transport
            self.writable = self.protocol.writable
        self.rooms: set[str] = set()

    def send(self, encoded: Encoded) -> int:
        """Hand over a message, behind all that waits; who is too far behind is cut off. Nobody is waited for.

        WRITTEN, QUEUED, CUT_OFF or GONE.
        """
        socket = self.socket
        if socket.closed or socket.closing:
            return GONE
        if (
            self.protocol is not None
            and not self.queue._unfinished_tasks
            and self.conn.state is State.OPEN  # after the handshake and before the close
            and not self.transport.is_closing()
            and self.writable.is_set()
        ):
            self.transport.write(encoded.frame)
            return WRITTEN
        return self._queue(encoded)

    def _queue(self, encoded: Encoded) -> int:
        is_behind = self.queue.qsize() > QUEUE_MAX_PACKETS
        if self.protocol is not None and (is_behind or self.protocol.is_far_behind):
            self.transport.abort()  # a polite close would wait for a reader that is gone
            return CUT_OFF
        if is_behind:
            return GONE
        self.queue.put_nowait(encoded.packet)
        return QUEUED


class Peers:
    """The tabs of this worker by the id of their socket, and by room."""

    def __init__(self, server: AsyncServer, namespace: str) -> None:
        self._server = server
        self._namespace = namespace
        self._peers: dict[str, Peer] = {}
        self._rooms: dict[str, dict[str, Peer]] = {}

    def peer(self, socket_id: str) -> Peer | None:
        """A tab's socket; None when it is gone."""
        known = self._peers.get(socket_id)
        if known is not None:
            return known
        transport_id = self._server.manager.eio_sid_from_sid(socket_id, self._namespace)
        socket = self._server.eio.sockets.get(transport_id) if transport_id else None
        return Peer(socket, protocol_of(self._server.environ.get(transport_id))) if socket is not None else None

    def enter(self, socket_id: str, room: str) -> None:
        """Add a tab to a room; one that is gone enters nothing."""
        peer = self.peer(socket_id)
        if peer is not None:
            self._peers[socket_id] = peer
            peer.rooms.add(room)
            self._rooms.setdefault(room, {})[socket_id] = peer

    def leave(self, socket_id: str, room: str) -> None:
        """Take a tab out of a room."""
        peer = self._peers.get(socket_id)
        if peer is not None:
            peer.rooms.discard(room)
            self._drop(socket_id, room)

    def forget(self, socket_id: str) -> None:
        """A tab's socket is gone."""
        peer = self._peers.pop(socket_id, None)
        for room in peer.rooms if peer is not None else ():
            self._drop(socket_id, room)

    def _drop(self, socket_id: str, room: str) -> None:
        members = self._rooms.get(room)
        if members is not None:
            members.pop(socket_id, None)
            if not members:
                del self._rooms[room]

    def of(self, room: str) -> Collection[Peer]:
        """Who is in a room; a socket id is a room of one."""
        members = self._rooms.get(room)
        if members is not None:
            return members.values()
        peer = self.peer(room)
        return [] if peer is None else [peer]

    def rooms(self) -> list[str]:
        """Every room somebody is in."""
        return list(self._rooms)
