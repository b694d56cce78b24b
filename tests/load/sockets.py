"""One browser socket: WebSocket, Engine.IO and Socket.IO as the page's client speaks them, at little cost.

Without a task for each: 500 tabs have to leave the processor to what is measured.
"""

import asyncio
import json
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Response
from websockets.typing import Origin, Subprotocol
from websockets.uri import parse_uri

NAMESPACE = "/_event,"
OPENED, PING, PONG = "0", "2", "3"
CONNECT, DISCONNECT, EVENT, REFUSED = (f"4{kind}" for kind in (f"0{NAMESPACE}", f"1{NAMESPACE}", f"2{NAMESPACE}", "4"))


@dataclass(slots=True)
class Handlers:
    """Whom a socket tells: an event with the moment of its arrival, and that it is lost, with the reason."""

    event: Callable[[list[Any], float], None]
    lost: Callable[[str], None]
    boot: str = field(repr=False)


class BrowserSocket(asyncio.Protocol):
    """A connection to `/_event`."""

    def __init__(self, *, url: str, token: str, subprotocol: str, cookie: str, handlers: Handlers) -> None:
        origin = urlsplit(url)
        uri = parse_uri(f"ws://{origin.netloc}/_event/?token={token}&EIO=4&transport=websocket")
        self._websocket = ClientProtocol(
            uri, origin=Origin(url), subprotocols=[Subprotocol(subprotocol)], max_size=None
        )
        self._cookie = cookie
        self._handlers = handlers
        self._transport: asyncio.Transport | None = None
        self._parts: list[bytes] = []
        self._is_closing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = self._websocket.connect()
        request.headers["Cookie"] = self._cookie
        self._websocket.send_request(request)
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Take what came apart, all of it at one moment."""
        now = time.perf_counter()
        self._websocket.receive_data(data)
        for event in self._websocket.events_received():
            if isinstance(event, Frame):
                self._take(event, now)
            elif isinstance(event, Response) and self._websocket.handshake_exc is not None:
                self._lose(f"handshake: {self._websocket.handshake_exc}")
        self._flush()

    def eof_received(self) -> None:
        """The server closed."""
        self._websocket.receive_eof()

    def connection_lost(self, exc: Exception | None) -> None:
        """Say it, unless it was ours to close."""
        self._lose(f"socket closed: {exc or self._websocket.close_code or 'without a word'}")

    def send_event(self, name: str, payload: dict[str, Any], place: dict[str, Any]) -> None:
        """Send a Reflex event."""
        event = {"name": name, "payload": payload, "router_data": place}
        self._send(f"{EVENT}{json.dumps(['event', event], separators=(',', ':'))}")

    def hand_over(self) -> socket.socket:
        """Give the connection away. Not in the middle of something that comes: that would be lost."""
        if self._transport is None or self._is_closing:
            raise ConnectionError("expected a socket that is there: it was lost")
        self._is_closing = True
        connection = socket.socket(fileno=os.dup(self._transport.get_extra_info("socket").fileno()))
        self._transport.abort()  # closes its own handle of the connection, not the connection
        return connection

    def cut(self) -> None:
        """Be gone without a word, as when the network is."""
        self._is_closing = True
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """Go, as a page that is left does."""
        if self._is_closing or self._transport is None:
            return
        self._send(DISCONNECT)
        self._is_closing = True
        self._websocket.send_close(CloseCode.GOING_AWAY)
        self._flush()
        self._transport.close()

    def _take(self, frame: Frame, now: float) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.CONT):
            return
        self._parts.append(bytes(frame.data))
        if not frame.fin:
            return
        text, self._parts = b"".join(self._parts).decode(), []
        if text == PING:
            self._send(PONG)
        elif text.startswith(EVENT):
            self._handlers.event(json.loads(text[len(EVENT) :]), now)
        elif text.startswith(OPENED):
            self._send(f"{CONNECT}{self._handlers.boot}")
        elif text.startswith((REFUSED, DISCONNECT)):
            self._lose(f"refused: {text}")

    def _send(self, text: str) -> None:
        if not self._is_closing:
            self._websocket.send_text(text.encode())
            self._flush()

    def _flush(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        for data in self._websocket.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.close()

    def _lose(self, reason: str) -> None:
        if not self._is_closing:
            self._is_closing = True
            self._handlers.lost(reason)
