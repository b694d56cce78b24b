"""The server's WebSocket protocol, made reachable: an op is written to every tab as the same ready-made bytes."""

import struct
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

EXTENSION = "confab.websocket"
# A tab that reads so slowly is cut off; it comes back and catches up.
BACKLOG_MAX_BYTES = 1024 * 1024

_FINAL_TEXT = 0x81
_SIZE_IN_16_BITS = 126
_SIZE_IN_64_BITS = 127


class ReachableProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which puts itself into the request's scope."""

    async def run_asgi(self) -> None:
        """Serve one socket."""
        extensions: dict[str, Any] = self.scope["extensions"]
        extensions[EXTENSION] = self
        # Above the mark uvicorn's own writes wait; below it ops may be written without waiting.
        self.transport.set_write_buffer_limits(high=BACKLOG_MAX_BYTES)
        try:
            await super().run_asgi()
        finally:
            extensions.pop(EXTENSION, None)  # scope and protocol hold each other

    def shutdown(self) -> None:
        """Send the tab away. Who is going already is not spoken to; who does not even read that is cut off."""
        if self.transport.is_closing():
            self.transport.abort()
        elif self.handshake_complete and self.conn.state is not State.OPEN:
            self.transport.close()
        else:
            super().shutdown()

    @property
    def carries_frames_as_they_are(self) -> bool:
        """Whether nothing was negotiated at the handshake, such as a compression, that changes every frame."""
        return not self.conn.extensions

    @property
    def is_far_behind(self) -> bool:
        """Whether the peer has left more unread than anybody may."""
        return self.transport.get_write_buffer_size() > BACKLOG_MAX_BYTES


def protocol_of(environ: dict[str, Any] | None) -> ReachableProtocol | None:
    """The protocol that carries an Engine.IO socket; None where another server does."""
    scope = environ["asgi.scope"] if environ else {}
    found = scope.get("extensions", {}).get(EXTENSION)
    return found if isinstance(found, ReachableProtocol) else None


def text_frame(body: bytes) -> bytes:
    """One unmasked, final text frame (RFC 6455, 5.2)."""
    size = len(body)
    if size < _SIZE_IN_16_BITS:
        return struct.pack("!BB", _FINAL_TEXT, size) + body
    if size < 1 << 16:
        return struct.pack("!BBH", _FINAL_TEXT, _SIZE_IN_16_BITS, size) + body
    return struct.pack("!BBQ", _FINAL_TEXT, _SIZE_IN_64_BITS, size) + body
