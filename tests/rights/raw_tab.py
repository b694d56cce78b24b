"""A tab without a browser: it may send any event with any arguments, as anybody can."""

import json
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from rxapp.live.state import LiveState
from state.channel import ChannelState

EVENT = "42/_event,"
HYDRATE = {"name": "reflex___state____state.hydrate_and_load", "payload": {}, "router_data": {"pathname": "/"}}
OP = "op_rx_state_"


class RawTab:
    """One socket that speaks the page's protocol."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._url = url
        self._headers = headers
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        address = self._url.replace("http", "ws", 1) + f"/_event/?token={uuid4()}&EIO=4&transport=websocket"
        self._socket = await connect(
            address, origin=Origin(self._url), additional_headers=self._headers, compression=None, max_size=None
        )
        await self._receive()  # the Engine.IO handshake
        await self._socket.send("40/_event," + json.dumps({"event": HYDRATE}))
        while not (await self._receive()).startswith("40/_event,"):
            pass
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def send(self, name: str, **payload: Any) -> None:
        """Send an event."""
        assert self._socket is not None
        event = {"name": name, "payload": payload, "router_data": {"pathname": "/"}}
        await self._socket.send(EVENT + json.dumps(["event", event]))

    async def ops_of(self, name: str, **payload: Any) -> list[dict[str, Any]]:
        """Send an event, and give the ops that came before the answer to the next one: events are taken in order."""
        fence = str(uuid4())
        await self.send(name, **payload)
        await self.send(f"{ChannelState.get_full_name()}.open", channel_id=fence, since_rev=0)
        heard: list[dict[str, Any]] = []
        while True:
            op = self._op_in(await self._receive())
            if op is not None and op.get("ch") == fence:
                return heard
            if op is not None:
                heard.append(op)
                if op["k"] == "signed_out":
                    return heard

    async def heard_before_pong(self) -> list[dict[str, Any]]:
        """The ops that come before the answer to a ping, which every socket gets."""
        assert self._socket is not None
        await self._socket.send(EVENT + json.dumps(["ping"]))
        heard = []
        while "pong" not in (text := await self._receive()):
            if (op := self._op_in(text)) is not None:
                heard.append(op)
        return heard

    def _op_in(self, text: str) -> dict[str, Any] | None:
        if not text.startswith(EVENT):
            return None
        name, *arguments = json.loads(text.removeprefix(EVENT))
        delta = arguments[0].get("delta") if name == "event" and arguments and isinstance(arguments[0], dict) else None
        op = (delta or {}).get(LiveState.get_full_name(), {}).get(OP)
        return op if op and "k" in op else None

    async def _receive(self) -> str:
        assert self._socket is not None
        while True:
            text = str(await self._socket.recv())
            if text != "2":
                return text
            await self._socket.send("3")
