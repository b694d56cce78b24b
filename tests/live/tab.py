"""A browser tab as assets/live/link.js runs one: the real store, on a recorded socket."""

import asyncio
import time
from itertools import count
from typing import Any
from uuid import UUID

from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.ops import Op
from rxapp.services.history import open_channel, read_newer, read_older
from rxapp.services.sidebar import enter_workspace, tell_gone
from tests.foundation.processes import GIVE_UP_SECONDS, POLL_SECONDS
from tests.live.browser_store import BrowserStores, Missed
from tests.live.world import World

Seen = dict[str, Any]
_numbers = count(1)
# A tab that asks without end has a bug.
ROUNDS_LIMIT = 20


class Tab:
    """Somebody's tab that looks at a channel."""

    def __init__(self, world: World, stores: BrowserStores, actor: Actor, channel: UUID) -> None:
        self.world = world
        self.actor = actor
        self.channel = channel
        self.store = stores.open()
        self.socket_id = ""

    async def connect(self) -> None:
        """Come, or come back after the socket broke: enter, and ask for what was missed."""
        hub = self.world.backend.hub
        if self.socket_id:
            hub.disconnect(self.socket_id)
            self.world.wire.take(self.socket_id)
        self.socket_id = f"socket {next(_numbers)}"
        hub.connect(self.socket_id, self.actor)
        await self.enter()
        await self.look()

    async def enter(self, workspace: str | UUID | None = None) -> None:
        """As `WorkspaceState.enter`, and for another workspace than the one shown as `enter_other`."""
        key = UUID(str(workspace or self.world.workspace))
        try:
            await enter_workspace(
                self.world.backend,
                actor=self.actor,
                socket_id=self.socket_id,
                workspace_id=key,
                since_rev=self.store.sidebar(key)["rev"],
            )
        except ConfabError as refused:
            if refused.code is not ErrorCode.NOT_FOUND:
                raise
            await tell_gone(self.world.backend, socket_id=self.socket_id, workspace_id=key)

    async def look(self) -> None:
        """Ask for what was missed; a window in the middle comes again should that be too much."""
        feed = self.store.feed(self.channel)
        middle = {"seq": feed["list"][len(feed["list"]) // 2]["seq"]} if feed["newer"] and feed["list"] else {}
        await self.open(feed["rev"] if feed["isOpen"] else 0, middle)

    async def open(self, since_rev: int = 0, to: dict[str, Any] | None = None) -> None:
        """As `ChannelState.open`."""
        try:
            await open_channel(
                self.world.backend,
                actor=self.actor,
                socket_id=self.socket_id,
                channel_id=self.channel,
                since_rev=since_rev,
                to={**(to or {}), "ask": self.store.ask(self.channel)},
            )
        except ConfabError as refused:
            if refused.code is not ErrorCode.NOT_FOUND:
                raise
            await self.world.backend.hub.push(self.socket_id, {"k": "absent", "ch": str(self.channel)})

    async def older(self) -> Op:
        """The page above what is loaded, read now."""
        return await read_older(
            self.world.backend,
            actor=self.actor,
            channel_id=self.channel,
            before_seq=self.store.feed(self.channel)["floor"],
        )

    async def newer(self) -> Op:
        """The page below what is loaded, read now."""
        return await read_newer(
            self.world.backend,
            actor=self.actor,
            channel_id=self.channel,
            after_seq=self.store.feed(self.channel)["ceiling"],
        )

    def take(self) -> list[Op]:
        """What came through the socket and was not folded yet."""
        return self.world.wire.take(self.socket_id)

    async def ask(self, missed: Missed) -> None:
        """Ask for what is missed where one is."""
        if str(self.channel) in missed.channels:
            await self.look()
        for workspace in missed.workspaces:
            await self.enter(workspace)

    async def settle(self) -> None:
        """Fold what came, ask for what it shows to be missing, until nothing is."""
        for _ in range(ROUNDS_LIMIT):
            ops = self.take()
            if not ops:
                return
            await self.ask(self.store.apply(ops))
        raise AssertionError(f"still asking after {ROUNDS_LIMIT} rounds")

    def seen(self) -> Seen:
        """What its person sees."""
        feed, sidebar = self.store.feed(self.channel), self.store.sidebar(self.world.workspace)
        if not feed["joined"]:
            feed["read"] = feed["rr"] = None  # who only looks has no cursor
        for entry in sidebar["channels"].values():
            del entry["lastRev"]  # an edit raises it without being told to sidebars: the badge stays the same
        if sidebar["isGone"]:
            sidebar["meRev"] = None  # the moment at which it was said
        return {
            "feed": {name: feed[name] for name in FEED_SEEN},
            "sidebar": sidebar,
            "workspaces": self.store.workspaces(),
        }


FEED_SEEN = ("about", "rev", "list", "authors", "older", "joined", "read", "rr", "isOpen", "isAbsent")


async def opened_tab(world: World, stores: BrowserStores, actor: Actor, channel: UUID) -> Tab:
    """A tab that has come and seen."""
    tab = Tab(world, stores, actor, channel)
    await tab.connect()
    await tab.settle()
    return tab


async def fresh_tab(tab: Tab, stores: BrowserStores) -> Tab:
    """Another tab of the same person, opened now, with as much loaded as the given one."""
    fresh = await opened_tab(tab.world, stores, tab.actor, tab.channel)
    while fresh.store.feed(fresh.channel)["floor"] > tab.store.feed(tab.channel)["floor"]:
        fresh.store.apply([await fresh.older()])
    return fresh


def within(seen: Seen, floor: int, ceiling: int | None) -> Seen:
    """The same without what lies outside of a window."""
    rows = [row for row in seen["feed"]["list"] if floor <= row["seq"] <= (row["seq"] if ceiling is None else ceiling)]
    authors = {row["author"]: seen["feed"]["authors"][row["author"]] for row in rows}
    feed = {**seen["feed"], "list": rows, "authors": authors, "older": None}
    return {**seen, "feed": feed}


async def until_badges(tab: Tab, badges: dict[str, int]) -> list[Op]:
    """Fold what comes until the sidebar's badges are these: they come in their own time. Gives the ops."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    folded: list[Op] = []
    while (now := _badges(tab)) != badges:
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {GIVE_UP_SECONDS:.0f} s in vain for badges {badges}: they are {now}")
        ops = tab.take()
        await tab.ask(tab.store.apply(ops))
        folded += ops
        await asyncio.sleep(POLL_SECONDS)
    return folded


def _badges(tab: Tab) -> dict[str, int]:
    return {id_: entry["last"] for id_, entry in tab.seen()["sidebar"]["channels"].items()}


async def assert_equals_fresh(tab: Tab, stores: BrowserStores) -> None:
    """What the tab shows is what a new one shows."""
    fresh = await fresh_tab(tab, stores)
    if _badges(tab).keys() == _badges(fresh).keys():
        await until_badges(tab, _badges(fresh))
    feed = tab.store.feed(tab.channel)
    floor, ceiling = feed["floor"], feed["ceiling"]
    assert within(tab.seen(), floor, ceiling) == within(fresh.seen(), floor, ceiling)
    if fresh.store.feed(tab.channel)["floor"] == floor:
        assert tab.seen()["feed"]["older"] == fresh.seen()["feed"]["older"]
