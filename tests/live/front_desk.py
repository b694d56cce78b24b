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
from rxapp.live.guard import SocketGuard
from rxapp.live.namespace import Namespace
from rxapp.rxapp import app, namespace
from tests.live.waiting import until

COOKIE_NAME = "confab_session"
TOKEN = "right"


class FrontDesk:
    """Who comes with the right cookie is Ada."""

    def __init__(self, port: int, namespace: Namespace, ada: Actor) -> None:
        self.namespace = namespace
        self.ada = ada
        self.connected: dict[str, Actor] = {}
        self._host = f"127.0.0.1:{port}"

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
            f"ws://{self._host}/_event/?EIO=4&transport=websocket&token={uuid4()}",
            origin=Origin(f"http://{self._host}"), additional_headers=headers, proxy=None,
        )  # fmt: skip
        await socket.recv()  # the Engine.IO handshake
        await socket.send(f"40{self.namespace.namespace},")
        return socket, str(await socket.recv())

    async def send(self, socket: ClientConnection, event: object) -> None:
        """Send what a page sends as an event."""
        await socket.send(f"42{self.namespace.namespace},{json.dumps(['event', event])}")


@asynccontextmanager
async def front_desk() -> AsyncGenerator[FrontDesk]:
    """Serve the real namespace of the app."""
    ada = Actor(uuid4(), uuid4())

    async def find_actor(key: object) -> Actor | None:
        return ada if key in (TOKEN, ada.session_id) else None

    guarded = SocketGuard(
        socketio.ASGIApp(app.sio, socketio_path="_event"),
        cookie_name=COOKIE_NAME,
        find_actor=find_actor,
        is_own_origin=lambda origin, host: origin == f"http://{host}",
    )
    config = uvicorn.Config(guarded, port=0, log_level="warning", lifespan="off", ws_ping_interval=None)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started, "the server has started")
    desk = FrontDesk(server.servers[0].sockets[0].getsockname()[1], namespace, ada)
    before: dict[str, Any] = {name: getattr(namespace, name) for name in ("find_actor", "connected", "disconnected")}
    namespace.find_actor, namespace.connected, namespace.disconnected = find_actor, desk.came, desk.went
    yield desk
    server.should_exit = True
    await task
    for name, value in before.items():
        setattr(namespace, name, value)
