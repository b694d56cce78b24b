"""Ops on Reflex's own socket server: encoded once, written to every tab of a room as the same bytes.

A stock room emit costs a task, a queue and an encoding for each receiver. Here a frame goes straight to a tab's
transport when nothing waits for that tab, and into its Engine.IO queue otherwise, so that nothing is overtaken. Room
emits are never mixed with this. `tests/live/test_delivery.py` fails when an upgrade moves what it relies on, and a
server with other versions of the libraries goes the stock way.
"""

import asyncio
import logging
from collections.abc import Iterable

from socketio import AsyncServer
from socketio.exceptions import SocketIOError
from socketio.packet import EVENT as EVENT_PACKET

from rxapp.live.namespace import Namespace
from rxapp.live.ops import Op
from rxapp.live.peers import CUT_OFF, QUEUED, WRITTEN, Encoded, Peer, Peers
from rxapp.live.state import op_delta
from rxapp.live.stock_wire import EVENT, StockWire, unproven
from rxapp.live.wire import Wire
from rxapp.observability.metrics import delivered

log = logging.getLogger(__name__)


def wire_of(server: AsyncServer, namespace: Namespace) -> Wire:
    """The quick way, where it is proven; otherwise the stock one, and a line in the log that says so."""
    others = unproven()
    if not others:
        return SocketWire(server, namespace)
    log.warning("Live updates take the slow way: it was not tested with %s", others)
    return StockWire(server, namespace)


class SocketWire:
    """`Wire` over the app's Socket.IO namespace."""

    def __init__(self, server: AsyncServer, namespace: Namespace) -> None:
        self._server = server
        self._namespace = namespace
        self._peers = Peers(server, namespace.namespace)
        self._closing: set[asyncio.Task[None]] = set()

    def enter(self, socket_id: str, room: str) -> None:
        """See `Wire.enter`."""
        self._peers.enter(socket_id, room)

    def leave(self, socket_id: str, room: str) -> None:
        """See `Wire.leave`."""
        self._peers.leave(socket_id, room)

    def deliver(self, room: str, op: Op) -> None:
        """See `Wire.deliver`. Who is too far behind is cut off."""
        peers = self._peers.of(room)
        if peers:
            self._send(peers, op)

    def deliver_to(self, socket_ids: Iterable[str], op: Op) -> None:
        """See `Wire.deliver_to`."""
        peers = (self._peers.peer(socket_id) for socket_id in socket_ids)
        self._send((peer for peer in peers if peer is not None), op)

    def _send(self, peers: Iterable[Peer], op: Op) -> None:
        encoded, outcomes = self._encoded(op), [0, 0, 0, 0]
        for peer in peers:
            outcomes[peer.send(encoded)] += 1
        delivered(written=outcomes[WRITTEN], queued=outcomes[QUEUED], dropped=outcomes[CUT_OFF])

    def _encoded(self, op: Op) -> Encoded:
        namespace = self._namespace.namespace
        # An op is JSON: nothing has to be searched for bytes.
        data = [EVENT, op_delta(op)]
        return Encoded(self._server.packet_class(EVENT_PACKET, namespace=namespace, data=data, binary=False).encode())

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
        finally:
            self._peers.forget(socket_id)

    def forget(self, socket_id: str) -> None:
        """See `Wire.forget`."""
        self._peers.forget(socket_id)

    def rooms(self) -> list[str]:
        """See `Wire.rooms`."""
        return self._peers.rooms()
