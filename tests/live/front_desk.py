"""The app's own socket server behind the guard, on a free port, without page, API and database."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import socketio
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from rxapp.actor import Actor
from rxapp.live.allowances import FRAME_MAX_BYTES, HEAD_MAX_BYTES
from rxapp.live.front_socket import FrontSocket
from rxapp.live.guard import SocketGuard
from rxapp.live.limits import Limits, NoLimits
from rxapp.live.namespace import Namespace
from rxapp.live.punctual_http import PunctualProtocol
from rxapp.live.socket_count import SocketCount
from rxapp.rxapp import app, namespace
from tests.live.waiting import until

COOKIE_NAME = "confab_session"
TOKEN = "right"


class FrontDesk:
    """Who comes with the right cookie is Ada."""

    def __init__(self, server: uvicorn.Server, namespace: Namespace, ada: Actor, sockets: SocketCount) -> None:
        self.server = server
        self.namespace = namespace
        self.ada = ada
        self.sockets = sockets
        self.connected: dict[str, Actor] = {}
        self.host = f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    def came(self, socket_id: str, actor: Actor) -> None:
        """A socket with a session is there."""
        self.connected[socket_id] = actor

    def went(self, socket_id: str) -> None:
        """A socket is gone."""
        self.connected.pop(socket_id, None)

    async def connect(self, *, signed_in: bool = False) -> tuple[ClientConnection, str]:
        """A socket, and the answer to its wish to come in: `40…` for yes, `44…` for no."""
        headers = {"Cookie": f"{COOKIE_NAME}={TOKEN}"} if signed_in else {}
        socket = await connect(
            f"ws://{self.host}/_event/?EIO=4&transport=websocket&token={uuid4()}",
            origin=Origin(f"http://{self.host}"), additional_headers=headers, proxy=None,
        )  # fmt: skip
        await socket.recv()  # the Engine.IO handshake
        await socket.send(f"40{self.namespace.namespace},")
        return socket, str(await socket.recv())

    async def send(self, socket: ClientConnection, event: object) -> None:
        """Send what a page sends as an event."""
        await socket.send(f"42{self.namespace.namespace},{json.dumps(['event', event])}")


@asynccontextmanager
async def front_desk(*, limits: Limits | None = None, sockets: SocketCount | None = None) -> AsyncGenerator[FrontDesk]:
    """Serve the real namespace of the app."""
    ada = Actor(uuid4(), uuid4())
    counted = SocketCount(per_account=50, per_address=5000) if sockets is None else sockets

    async def find_actor(key: object) -> Actor | None:
        return ada if key in (TOKEN, ada.session_id) else None

    guarded = SocketGuard(
        socketio.ASGIApp(app.sio, socketio_path="_event"),
        cookie_name=COOKIE_NAME,
        find_actor=find_actor,
        is_own_origin=lambda origin, host: origin == f"http://{host}",
        limits=lambda: limits or NoLimits(),
        sockets=counted,
    )
    config = uvicorn.Config(
        guarded, port=0, log_level="warning", lifespan="off", ws_ping_interval=None,
        http=PunctualProtocol, ws=FrontSocket, ws_max_size=FRAME_MAX_BYTES,
        h11_max_incomplete_event_size=HEAD_MAX_BYTES,
    )  # fmt: skip
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started, "the server has started")
    desk = FrontDesk(server, namespace, ada, counted)
    before: dict[str, Any] = {name: getattr(namespace, name) for name in ("find_actor", "connected", "disconnected")}
    namespace.find_actor, namespace.connected, namespace.disconnected = find_actor, desk.came, desk.went
    yield desk
    server.should_exit = True
    await task
    for name, value in before.items():
        setattr(namespace, name, value)
