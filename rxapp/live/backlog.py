"""How much waits in front of all tabs: what they have not taken, and what was not written yet."""

from socketio import AsyncServer

from rxapp.live.websocket import protocol_of


def read_backlog(server: AsyncServer) -> tuple[int, int]:
    """Bytes in the buffers of the sockets, and packets in their queues."""
    size = packets = 0
    for transport_id, socket in list(server.eio.sockets.items()):
        packets += socket.queue.qsize()
        protocol = protocol_of(server.environ.get(transport_id))
        if protocol is not None:
            size += protocol.transport.get_write_buffer_size()
    return size, packets
