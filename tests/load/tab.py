"""One browser tab and the person at it."""

import asyncio
import json
import random
import socket
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from rxapp.auth.sessions import COOKIE_NAME
from tests.load import page as names
from tests.load.feed import Feed, Op
from tests.load.figures import Figures
from tests.load.page import Page, place_of
from tests.load.plan import Plan
from tests.load.sockets import BrowserSocket, Handlers
from tests.load.talk import due_of
from tests.load.town import Person, Town

# As in assets/live/list.js and link.js.
READ_AFTER_SECONDS = 0.4
READ_EVERY_SECONDS = 2.0
CATCH_UP_SPREAD_SECONDS = 0.4
# A bound for what never comes.
ARRIVE_SECONDS = 60.0
RETURN_TRIES = 10
# Longer each time, as Reflex's client waits.
RETRY_SECONDS = 0.2
BUSY = 0
# Of the last two numbers of an address, each.
ADDRESSES = 250


@dataclass(frozen=True, slots=True)
class Scene:
    """What all tabs of a run share."""

    url: str
    town: Town
    page: Page
    plan: Plan
    figures: Figures

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the server."""
        parts = urlsplit(self.url)
        if parts.hostname is None or parts.port is None:
            raise ValueError(f"expected an address with a host and a port, got {self.url}")
        return parts.hostname, parts.port


def source_address(host: str, number: int) -> tuple[str, int] | None:
    """An address of this machine for each person: a server sees as many as in life, and ports do not run out."""
    if not host.startswith("127."):
        return None
    return f"127.0.{1 + number // ADDRESSES % ADDRESSES}.{1 + number % ADDRESSES}", 0


class Tab:
    """Somebody's tab that looks at one channel at a time."""

    def __init__(self, scene: Scene, person: Person, number: int) -> None:
        self.scene = scene
        self.person = person
        self._number = number
        self.chance = random.Random(scene.plan.seed * 1_000_000 + number)
        self.looks_at = BUSY
        self.feeds: defaultdict[str, Feed] = defaultdict(Feed)
        self._token = str(uuid4())
        self._socket: BrowserSocket | None = None
        self._due: dict[str, float] = {}  # what was asked for, and when it was due
        self._came_back: set[str] = set()
        self._reading: asyncio.TimerHandle | None = None
        self._told_at = 0.0
        self._asking: set[str] = set()
        self._is_up = False
        self._workspace_rev = 0
        self._awaited: set[str] = set()
        self._arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def channel(self) -> str:
        """The channel it looks at."""
        return str(self.scene.town.channels[self.looks_at])

    @property
    def feed(self) -> Feed:
        """What it knows of that."""
        return self.feeds[self.channel]

    # ---------------------------------------------------------------- coming and going

    async def arrive(self, due: float) -> None:
        """Connect, and wait until sidebar and channel are there; what prevents it is counted as an error."""
        self.leave()
        self.feeds.clear()
        self._workspace_rev = 0
        try:
            await self._connect("arrive", due)
        except OSError as error:
            self.scene.figures.errors[f"arrival: {error!r}"] += 1

    def cut(self) -> None:
        """Lose the connection."""
        self._stop_reading()
        if self._socket is not None:
            self._socket.cut()
            self._socket = None
        self._is_up = False

    async def come_back(self, due: float) -> None:
        """Connect again as the page does: at once, and when that fails a little later; what it knew it still knows."""
        for tries in range(1, RETURN_TRIES + 1):
            self.scene.figures.counts["tries"] += 1
            try:
                await self._connect("return", due)
            except OSError as error:
                if tries == RETURN_TRIES:
                    self.scene.figures.errors[f"return: {error!r}"] += 1
                self.cut()
                await asyncio.sleep(RETRY_SECONDS * tries)
            else:
                return

    async def _connect(self, what: str, due: float) -> None:
        self._due, self._awaited = {what: due}, {"sidebar", "channel"}
        self._arrived = asyncio.get_running_loop().create_future()
        host, port = self.scene.address
        async with asyncio.timeout(ARRIVE_SECONDS):
            await asyncio.get_running_loop().create_connection(
                self._new_socket, host, port, local_addr=source_address(host, self._number)
            )
            await self._arrived

    def _has(self, part: str, now: float) -> None:
        """A part of what one waits for when one comes is there."""
        self._awaited.discard(part)
        if not self._awaited and not self._arrived.done():
            self._took("arrive", "arrive", now)
            self._took("return", "return", now)
            self._arrived.set_result(None)

    def leave(self) -> None:
        """Close the tab."""
        self._stop_reading()
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._is_up = False

    def hand_over(self) -> socket.socket:
        """Leave the connection to somebody who only reads; the tab does nothing more."""
        if self._socket is None:
            raise ConnectionError(f"expected the tab of person {self.person.id} to be there: it could not come")
        self._stop_reading()
        browser_socket, self._socket = self._socket, None
        return browser_socket.hand_over()

    def _new_socket(self) -> BrowserSocket:
        place = place_of(self.scene.town, self.looks_at)
        self._socket = BrowserSocket(
            url=self.scene.url,
            token=self._token,
            subprotocol=names.SUBPROTOCOL,
            cookie=f"{COOKIE_NAME}={self.person.token}",
            handlers=Handlers(self._take, self._lost, self.scene.page.boot(place)),
        )
        return self._socket

    def _lost(self, reason: str) -> None:
        if "return" in self._due and not self._arrived.done():
            self.scene.figures.counts[f"in vain: {reason}"] += 1  # the page tries again, and so does this
        else:
            self.scene.figures.errors[reason] += 1
        if not self._arrived.done():
            self._arrived.set_exception(ConnectionError(reason))

    # ---------------------------------------------------------------- what the person does

    def look_at(self, channel: int, due: float | None) -> None:
        """Change to a channel; without a moment when that was due, it is not measured."""
        self._stop_reading()
        self._told_at = 0.0
        self.looks_at = channel
        self._came_back.add(self.channel)
        self._open(due)

    def read_older(self, due: float) -> None:
        """Scroll up to where older messages have to be loaded."""
        feed = self.feed
        if not feed.is_open or not feed.has_older or feed.is_loading_older:
            return
        feed.is_loading_older = True
        self._ask("older", names.LOAD_OLDER, {"channel_id": self.channel, "before_seq": feed.floor}, due)

    # ---------------------------------------------------------------- what the page does by itself

    def _open(self, due: float | None) -> None:
        feed = self.feed
        feed.told = 0
        self._ask("open", names.OPEN, {"channel_id": self.channel, "since_rev": feed.rev if feed.is_open else 0}, due)

    def _enter(self, due: float) -> None:
        workspace = str(self.scene.town.workspace)
        self._ask("enter", names.ENTER, {"workspace_id": workspace, "since_rev": self._workspace_rev}, due)

    def _ask(self, what: str, event: str, payload: dict[str, Any], due: float | None) -> None:
        if self._socket is None or not self._is_up:
            return  # the page asks for everything when its socket comes up
        self.scene.figures.counts[f"asked {what}"] += 1
        if due is not None:
            self._due.setdefault(f"{what} {payload['channel_id']}" if "channel_id" in payload else what, due)
        self._socket.send_event(event, payload, place_of(self.scene.town, self.looks_at))

    def _missed(self, channel: str) -> None:
        """Ask for what was missed, a random moment later, so that not all tabs of a room ask at once."""
        if channel in self._asking:
            return
        self._asking.add(channel)
        self.scene.figures.counts["missed"] += 1
        wait = CATCH_UP_SPREAD_SECONDS / 2 + self.chance.random() * CATCH_UP_SPREAD_SECONDS

        def ask() -> None:
            self._asking.discard(channel)
            if channel == self.channel:
                self._open(time.perf_counter())

        asyncio.get_running_loop().call_later(wait, ask)

    def _plan_reading(self) -> None:
        if not self.scene.plan.looks or self._reading is not None or not self._has_news():
            return
        wait = max(READ_AFTER_SECONDS, self._told_at + READ_EVERY_SECONDS - time.perf_counter())
        self._reading = asyncio.get_running_loop().call_later(wait, self._tell_reading)

    def _tell_reading(self) -> None:
        self._reading = None
        if not self._has_news():
            return
        feed, now = self.feed, time.perf_counter()
        feed.told, self._told_at = feed.newest, now
        moved = {"channel_id": self.channel, "seq": feed.newest, "read_rev": feed.read_rev}
        self._ask("cursor", names.READ_TO, moved, now)

    def _has_news(self) -> bool:
        return self.feed.is_open and self.feed.newest > max(self.feed.read, self.feed.told)

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    # ---------------------------------------------------------------- what comes

    def _take(self, message: list[Any], now: float) -> None:
        if message[0] == "new_token":
            self._token = message[1]  # the server has not noticed yet that the connection before is gone
            return
        if message[0] != "event":
            self.scene.figures.errors[f"said {message[0]}"] += 1
            return
        told = message[1]
        for event in told.get("events") or ():
            self.scene.figures.errors[f"event {json.dumps(event)[:200]}"] += 1  # a toast: a handler has failed
        op = told.get("delta", {}).get(names.LIVE_STATE, {}).get(names.OP)
        if op is not None:
            self._fold(op, now)
        if not self._is_up:
            # The first word of the server names the session: only now the page knows that it is up.
            self._is_up = True
            self._enter(now)
            self._open(now)

    def _fold(self, op: Op, now: float) -> None:
        kind = op["k"]
        self.scene.figures.counts[f"heard {kind}"] += 1
        if kind == "new":
            self._hear(op, now)
        elif kind in ("edit", "delete"):
            self._hear_change(op)
        elif kind in ("page", "changes"):
            self._see(op, now)
        elif kind == "older":
            self.feeds[op["ch"]].grow_above(op)
            self._took("older", f"older {op['ch']}", now)
        elif kind == "head":
            feed = self.feeds[op["ch"]]
            if feed.is_open and op["rev"] > feed.rev:
                self.scene.figures.counts["behind a head"] += 1
                self._missed(op["ch"])
        elif kind == "read":
            self._read(op, now)
        elif kind == "sidebar":
            self._workspace_rev = op["rev"]
            self._took("enter", "enter", now)
            self._has("sidebar", now)
        elif kind in ("refusal", "absent", "gone", "signed_out"):
            self.scene.figures.errors[f"op {json.dumps(op)[:200]}"] += 1

    def _hear(self, op: Op, now: float) -> None:
        feed = self.feeds[op["ch"]]
        if op["rev"] in feed.said:
            self.scene.figures.counts["doubled"] += 1
        elif not feed.knows(op["rev"]):
            self._seen(op["m"], now)
        if feed.add(op):
            self._missed(op["ch"])
        if op["ch"] == self.channel:
            self._plan_reading()

    def _hear_change(self, op: Op) -> None:
        feed = self.feeds[op["ch"]]
        if op["rev"] in feed.said:
            self.scene.figures.counts["doubled"] += 1
        if feed.change(op):
            self._missed(op["ch"])

    def _see(self, op: Op, now: float) -> None:
        channel, feed = op["ch"], self.feeds[op["ch"]]
        # What came while one looked elsewhere has been late for nobody.
        if feed.is_open and channel not in self._came_back:
            for row in op["ms"]:
                if not feed.knows(row["rev"]) and not row.get("edited"):
                    self._seen(row, now)
        self._came_back.discard(channel)
        self._took("open" if op["k"] == "page" else "reopen", f"open {channel}", now)
        if feed.open_page(op) if op["k"] == "page" else feed.catch_up(op):
            self._missed(channel)
        if channel == self.channel:
            self._plan_reading()
        self._has("channel", now)

    def _read(self, op: Op, now: float) -> None:
        feed = self.feeds[op["ch"]]
        feed.move_cursor(op["seq"], op["rr"])
        if feed.told and op["seq"] >= feed.told:
            self._took("cursor", f"cursor {op['ch']}", now)

    def _seen(self, row: dict[str, Any], now: float) -> None:
        due = due_of(row["key"])
        if due is not None:
            self.scene.figures.took("delivery", now - due)

    def _took(self, what: str, asked: str, now: float) -> None:
        due = self._due.pop(asked, None)
        if due is not None:
            self.scene.figures.took(what, now - due)
