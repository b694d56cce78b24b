"""Who is connected, who may hear what, and in which order it is said."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from rxapp.actor import Actor
from rxapp.live.ops import Op, channel_room, user_room, workspace_room
from rxapp.live.ticks import Ticks
from rxapp.live.wire import Wire


@dataclass(slots=True)
class Tab:
    """One connected browser tab."""

    socket_id: str
    actor: Actor
    rooms: set[str] = field(default_factory=set)


class Hub:
    """The tabs of this worker. Everything that is said to browsers goes through here."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._numbers = count(1)
        self._tabs: dict[str, Tab] = {}
        self._tabs_of: dict[UUID, set[str]] = {}
        self._evictions: Counter[UUID] = Counter()
        self._order: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._ticks = Ticks(self.publish)

    # ---------------------------------------------------------------- tabs

    def connect(self, socket_id: str, actor: Actor) -> None:
        """A signed-in tab came."""
        self._tabs[socket_id] = Tab(socket_id, actor)
        self._tabs_of.setdefault(actor.user_id, set()).add(socket_id)

    def disconnect(self, socket_id: str) -> None:
        """A tab is gone; its rooms went with its socket."""
        tab = self._tabs.pop(socket_id, None)
        if tab is None:
            return
        others = self._tabs_of[tab.actor.user_id]
        others.discard(socket_id)
        if not others:
            del self._tabs_of[tab.actor.user_id]
            self._evictions.pop(tab.actor.user_id, None)  # `enter` asks for a tab first: no old admission counts
            self._ticks.forget(tab.actor.user_id)

    def here(self, user_ids: Iterable[UUID]) -> list[UUID]:
        """Those of these people who have a tab open."""
        return [user_id for user_id in user_ids if user_id in self._tabs_of]

    def actor_of(self, socket_id: str) -> Actor | None:
        """Who sits at a tab; None when it is gone, or its session ended."""
        tab = self._tabs.get(socket_id)
        return tab.actor if tab else None

    def admission(self, user_id: UUID) -> int:
        """What to read before authorising and to hand to `enter` after it."""
        return self._evictions[user_id]

    async def enter(self, socket_id: str, room: str, *, admission: int) -> bool:
        """Let an authorised tab into a room.

        False when the tab is gone, or its person lost any right since `admission`: then nothing was entered, and the
        caller has to authorise again.
        """
        tab = self._tabs.get(socket_id)
        if tab is None or self._evictions[tab.actor.user_id] != admission:
            return False
        await self._wire.enter(socket_id, room)
        tab.rooms.add(room)
        return True

    async def look_away(self, socket_id: str, prefix: str, *, but: str = "") -> None:
        """Take a tab out of its rooms of one kind: it looks at one channel at a time."""
        tab = self._tabs.get(socket_id)
        for room in [room for room in tab.rooms if room.startswith(prefix) and room != but] if tab else []:
            await self._leave(socket_id, room)

    async def evict(self, user_id: UUID, rooms: Iterable[str]) -> None:
        """Take all tabs of a person out of rooms, before anything else is said there."""
        if user_id not in self._tabs_of:
            return
        self._evictions[user_id] += 1
        for socket_id in list(self._tabs_of[user_id]):
            for room in rooms:
                await self._leave(socket_id, room)

    async def evict_others(self, room: str, *, but: Collection[UUID]) -> None:
        """Take everybody out of a room but these people, and out of coming in: who is about to authorises again."""
        for user_id in [user_id for user_id in self._tabs_of if user_id not in but]:
            await self.evict(user_id, [room])

    def sessions(self) -> set[UUID]:
        """The sessions that have tabs here."""
        return {tab.actor.session_id for tab in self._tabs.values() if tab.actor.session_id is not None}

    async def close_session(self, session_id: UUID) -> None:
        """Tell the tabs of one session that it ended, and close them."""
        await self._close([tab for tab in self._tabs.values() if tab.actor.session_id == session_id])

    async def close_user(self, user_id: UUID) -> None:
        """Tell all tabs of a person that they are signed out, and close them."""
        await self._close([self._tabs[socket_id] for socket_id in self._tabs_of.get(user_id, ())])

    async def _close(self, tabs: list[Tab]) -> None:
        for tab in tabs:
            self._evictions[tab.actor.user_id] += 1
            for room in list(tab.rooms):
                await self._leave(tab.socket_id, room)
            self.disconnect(tab.socket_id)  # at once: the socket takes a moment to close, and may enter nothing in it
            await self.push(tab.socket_id, {"k": "signed_out"})
            await self._wire.close(tab.socket_id)

    async def _leave(self, socket_id: str, room: str) -> None:
        tab = self._tabs.get(socket_id)
        if tab is not None and room in tab.rooms:
            tab.rooms.discard(room)
            await self._wire.leave(socket_id, room)

    # ---------------------------------------------------------------- what is said

    @asynccontextmanager
    async def ordered(self, key: UUID) -> AsyncGenerator[None]:
        """Hold while committing and publishing a change: what is committed first is then said first."""
        lock = self._order.setdefault(key, asyncio.Lock())
        async with lock:
            yield

    async def publish(self, room: str, op: Op) -> None:
        """Say an op to a room."""
        await self._wire.deliver(room, {**op, "s": next(self._numbers)})

    async def push(self, socket_id: str, op: Op) -> None:
        """Say an op to one tab."""
        await self._wire.deliver(socket_id, {**op, "s": next(self._numbers)})

    async def to_channel(self, channel_id: UUID, op: Op) -> None:
        """Say an op to everybody who looks at a channel."""
        await self.publish(channel_room(channel_id), op)

    async def to_user(self, user_id: UUID, op: Op) -> None:
        """Say an op to all tabs of a person."""
        await self.publish(user_room(user_id), op)

    async def to_workspace(self, workspace_id: UUID, op: Op) -> None:
        """Say an op to everybody in a workspace."""
        await self.publish(workspace_room(workspace_id), op)

    # ---------------------------------------------------------------- channels that are not looked at

    def follow(self, user_id: UUID, channel_ids: Iterable[UUID]) -> None:
        """Remember whose sidebar shows a channel."""
        if user_id in self._tabs_of:
            self._ticks.follow(user_id, channel_ids)

    def unfollow(self, user_id: UUID, channel_id: UUID) -> None:
        """The channel left the person's sidebar."""
        self._ticks.unfollow(user_id, channel_id)

    def tick(self, channel_id: UUID, last_post_seq: int, *, rev: int, **more: Any) -> None:
        """Tell sidebars which message of a channel is the newest at its `rev`, at most once a second.

        `more` is what the badge of a direct conversation has besides: see `rxapp/services/badges.py`.
        """
        self._ticks.tick(channel_id, last_post_seq, rev, more)

    def looked_at(self) -> list[str]:
        """Every room somebody is in, for the heads."""
        return self._wire.rooms()

    async def close(self) -> None:
        """Stop what runs in the background."""
        await self._ticks.close()
