"""Somebody's browser tab: the page's protocol on a real socket, folded by the browser's own store.

What assets/live/link.js and list.js do is done here: enter and open when the socket is another one, ask a moment later
for what was missed, say how far one has read.
"""

import asyncio
import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from reflex_base.utils.format import format_event_handler
from websockets.protocol import State

from rxapp.auth.sessions import COOKIE_NAME
from rxapp.live.ops import Op
from state.channel import ChannelState
from state.people import PeopleState
from tests.faults.history import Heard, History
from tests.faults.town import Town
from tests.live.browser_store import BrowserStores, Missed
from tests.load import page as names
from tests.load.page import Page
from tests.load.sockets import BrowserSocket, Handlers

CATCH_UP_SPREAD_SECONDS = 0.4
READ_EVERY_SECONDS = 0.5
# Engine.IO's: a socket on which the server's ping is late is given up. Both numbers are in rxapp/serve.py.
SILENCE_SECONDS = 10.0
CONNECT_SECONDS = 10.0
RETRY_MIN_SECONDS = 0.2
RETRY_MAX_SECONDS = 2.0
PEOPLE_STATE = PeopleState.get_full_name()
CHANGES = "changes_rx_state_"
MARK_UNREAD = format_event_handler(ChannelState.mark_unread)
TAKE_OUT = format_event_handler(PeopleState.take_out)
ADD = format_event_handler(PeopleState.add)
OF_CHANNELS = frozenset({"new", "edit", "delete", "head", "page", "around", "changes", "older", "newer"})


class Socket(BrowserSocket):
    """A socket that knows when it last heard anything, and can be given up."""

    heard_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.heard_at = time.monotonic()
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self.heard_at = time.monotonic()
        super().data_received(data)

    def send_event(self, name: str, payload: dict[str, Any], place: dict[str, Any]) -> None:
        if self._websocket.state is State.OPEN:  # the server may have begun to close
            super().send_event(name, payload, place)

    def abort(self) -> None:
        """Give it up without a word."""
        self._is_closing = True
        if self._transport is not None:
            self._transport.abort()


class Tab:
    """A tab, and what it saw."""

    def __init__(
        self, number: int, *, url: str, town: Town, page: Page, stores: BrowserStores, history: History, seed: int
    ) -> None:
        self.number = number
        self.channel = town.secret if number == 0 else town.general
        self.regressions: list[str] = []
        self.came_up = asyncio.Event()  # set anew by each socket that comes up
        self.connects = 0
        self._came_again = asyncio.Event()
        self._url = url
        self._town = town
        self._page = page
        self._stores = stores
        self._history = history
        self._chance = random.Random(f"tab {seed} {number}")
        self.store = stores.open()
        self.store.watch()
        self._token = str(uuid4())
        self._socket: Socket | None = None
        self._is_up = False
        self._asking: dict[str, asyncio.TimerHandle] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._changes = 0
        self._changed = asyncio.Event()
        self.notes: list[str] = []

    # ---------------------------------------------------------------- coming and going

    def open(self) -> None:
        """Come, and stay: connect again whenever the socket breaks."""
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._stay()), loop.create_task(self._keep_reading())]

    async def close(self) -> None:
        """Go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for timer in self._asking.values():
            timer.cancel()
        self._give_up()

    async def next_socket(self) -> None:
        """Wait until another socket than this one is up."""
        await self._came_again.wait()

    def reload(self) -> None:
        """The page is loaded anew: nothing of the store is left."""
        self.keep_regressions()
        self._token = str(uuid4())
        self.store = self._stores.open()
        self.store.watch()
        self._give_up()

    def keep_regressions(self) -> None:
        """What the store has shown to go backwards."""
        self.regressions += self.store.regressions()

    # ---------------------------------------------------------------- what the person does

    def look_at(self, channel: str) -> None:
        """Change to a channel."""
        self.channel = channel
        self.store.look(channel)
        self._open()

    def read_older(self) -> None:
        """Scroll up."""
        feed = self.store.feed(self.channel)
        if feed["isOpen"] and feed["older"] and not feed["loadingOlder"]:
            self.store.begin_older(self.channel)
            self._send(names.LOAD_OLDER, {"channel_id": self.channel, "before_seq": feed["floor"]})

    def mark_unread(self) -> None:
        """Mark the newest messages unread."""
        rows = self.store.feed(self.channel)["list"]
        if rows:
            self._send(MARK_UNREAD, {"channel_id": self.channel, "seq": rows[-min(3, len(rows))]["seq"]})

    async def change_people(self, event: str, payload: dict[str, Any], within: float) -> bool:
        """Take somebody out of the channel, or in; whether the page was told that it is done."""
        self._changed.clear()
        if not self._send(event, payload):
            return False
        try:
            async with asyncio.timeout(within):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True

    # ---------------------------------------------------------------- what the page does by itself

    async def _stay(self) -> None:
        wait = RETRY_MIN_SECONDS
        while True:
            lost = asyncio.get_running_loop().create_future()
            self.came_up.clear()
            await self._connect(lost)
            began = time.monotonic()
            while not lost.done():
                await asyncio.wait([lost], timeout=0.25)
                now, socket = time.monotonic(), self._socket
                if socket is None:
                    break
                if now - socket.heard_at > SILENCE_SECONDS or (not self._is_up and now - began > CONNECT_SECONDS):
                    break
            wait = RETRY_MIN_SECONDS if self._is_up else min(wait * 2, RETRY_MAX_SECONDS)
            self._give_up()
            await asyncio.sleep(wait * (0.5 + self._chance.random()))

    async def _connect(self, lost: "asyncio.Future[str]") -> None:
        def tell(reason: str) -> None:
            if not lost.done():
                lost.set_result(reason)

        made = Socket(
            url=self._url,
            token=self._token,
            subprotocol=names.SUBPROTOCOL,
            cookie=f"{COOKIE_NAME}={self._town.people[self.number].token}",
            handlers=Handlers(lambda message, _: self._take(made, message), tell, self._page.boot(self._place())),
        )
        try:
            port = int(self._url.rpartition(":")[2])
            await asyncio.get_running_loop().create_connection(lambda: made, "127.0.0.1", port)
        except OSError as error:
            tell(repr(error))
        self._socket = made
        self._changes = 0

    def _give_up(self) -> None:
        socket, self._socket, self._is_up = self._socket, None, False
        if socket is not None:
            socket.abort()

    def _take(self, socket: Socket, message: list[Any]) -> None:
        if socket is not self._socket or message[0] != "event":
            return
        told = message[1]
        for event in told.get("events") or ():
            if "toast" in str(event):
                self.notes.append(f"event {str(event)[:300]}")
        delta = told.get("delta", {})
        op = delta.get(names.LIVE_STATE, {}).get(names.OP)
        if op is not None:
            self._fold(op)
        changes = delta.get(PEOPLE_STATE, {}).get(CHANGES)
        if changes is not None:
            if self._is_up and changes > self._changes:
                self._changed.set()
            self._changes = changes
        if not self._is_up:
            # The first word of the server names the session: only now the page knows that it is up.
            self._is_up = True
            self.connects += 1
            self._enter()
            self._open()
            self.came_up.set()
            self._came_again.set()
            self._came_again = asyncio.Event()

    def _fold(self, op: Op) -> None:
        if op["k"] in OF_CHANNELS:
            revs = [row["rev"] for row in op["ms"]] if "ms" in op else [op["rev"]]
            self._history.heard.append(Heard(self.number, time.monotonic(), op["k"], op["ch"], revs))
        elif op["k"] in ("refusal", "signed_out", "absent", "gone"):
            self._history.note(f"tab {self.number} is told {op}")
        self._ask(self.store.apply([op]))

    def _ask(self, missed: Missed) -> None:
        for channel in missed.channels:
            self._soon(f"channel {channel}", partial(self._catch_up, channel))
        for workspace in missed.workspaces:
            self._soon(f"workspace {workspace}", self._enter)

    def hear_answer(self, row: dict[str, Any]) -> None:
        """The outbox folds what the server answered."""
        self.store.apply([{"k": "new", "ch": row["ch"], "rev": row["rev"], "m": row}])

    def _soon(self, name: str, ask: Callable[[], None]) -> None:
        if name in self._asking:
            return

        def due() -> None:
            del self._asking[name]
            ask()

        wait = CATCH_UP_SPREAD_SECONDS / 2 + self._chance.random() * CATCH_UP_SPREAD_SECONDS
        self._asking[name] = asyncio.get_running_loop().call_later(wait, due)

    def _enter(self) -> None:
        workspace = str(self._town.workspace)
        self._send(names.ENTER, {"workspace_id": workspace, "since_rev": self.store.come(workspace)})

    def _catch_up(self, channel: str) -> None:
        if channel == self.channel:
            self._open()

    def _open(self) -> None:
        feed = self.store.feed(self.channel)
        to = {"seq": feed["floor"]} if feed["newer"] else {}
        since = feed["rev"] if feed["isOpen"] else 0
        asked = {**to, "ask": self.store.ask(self.channel)}
        self._send(names.OPEN, {"channel_id": self.channel, "since_rev": since, "to": asked})

    async def _keep_reading(self) -> None:
        while True:
            await asyncio.sleep(READ_EVERY_SECONDS * (0.5 + self._chance.random()))
            self._ask(self.store.apply([]))  # what a timer of the store says
            if self._is_up and (moved := self.store.read_to(self.channel)):
                cursor = {"channel_id": self.channel, "seq": moved["seq"], "read_rev": moved["rr"]}
                self._send(names.READ_TO, cursor)

    def _send(self, event: str, payload: dict[str, Any]) -> bool:
        if self._socket is None or not self._is_up:
            return False
        self._socket.send_event(event, payload, self._place())
        return True

    def _place(self) -> dict[str, Any]:
        path = f"/w/{self._town.workspace}/c/{self.channel}"
        query = {"workspace_id": str(self._town.workspace), "channel_id": self.channel}
        return {"pathname": path, "asPath": path, "query": query}
