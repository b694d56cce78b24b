"""Who is connected, who may hear what, and in which order it is said."""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from rxapp.actor import Actor
from rxapp.live.bus import ROUND
from rxapp.live.in_order import InOrder
from rxapp.live.ops import Op, ask_again, channel_room, user_room, workspace_room
from rxapp.live.others import NoOthers, Others
from rxapp.live.ticks import Ticks
from rxapp.live.wire import Wire

LostRooms = Callable[[Mapping[UUID, Collection[str]]], Awaitable[dict[UUID, list[str]]]]
"""From the rooms that people are in to those that they have no right to."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tab:
    """One connected browser tab."""

    socket_id: str
    actor: Actor
    rooms: set[str] = field(default_factory=set)


# A tab that comes back lands on another worker, and must not take its first op for the last one of the one before.
FIRST_NUMBER_BITS = 50
# Of channels and workspaces: rights to them come and go.
ROOMS_OF_PLACES = ("ch:", "ws:")


class Hub:
    """The tabs of this worker. Everything that is said to browsers goes through here, also to those of the others.

    What concerns a person or a room is done here at once, and said to the other workers, who hear it with `hear`.
    """

    def __init__(self, wire: Wire, others: Others | None = None) -> None:
        self._wire = wire
        self._others = others or NoOthers()
        self._in_order = None if others is None else InOrder(wire.deliver)
        self._numbers = count(secrets.randbits(FIRST_NUMBER_BITS))
        self._tabs: dict[str, Tab] = {}
        self._tabs_of: dict[UUID, set[str]] = {}
        self._in_room: Counter[str] = Counter()
        self._evictions: Counter[UUID] = Counter()
        self._order: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._ticks = Ticks(self._tell_followers)
        self.round_is_due = asyncio.Event()
        """Something may have been missed: what is done in rounds should be done now."""
        self.lost_rooms: LostRooms | None = None

    # ---------------------------------------------------------------- tabs

    def connect(self, socket_id: str, actor: Actor) -> None:
        """A signed-in tab came."""
        self._tabs[socket_id] = Tab(socket_id, actor)
        self._tabs_of.setdefault(actor.user_id, set()).add(socket_id)

    def disconnect(self, socket_id: str) -> None:
        """A tab is gone, and its places in rooms."""
        self._wire.forget(socket_id)
        tab = self._tabs.pop(socket_id, None)
        if tab is None:
            return
        for room in tab.rooms:
            self._out_of(room)
        others = self._tabs_of[tab.actor.user_id]
        others.discard(socket_id)
        if not others:
            del self._tabs_of[tab.actor.user_id]
            self._evictions.pop(tab.actor.user_id, None)  # `enter` asks for a tab first: no old admission counts
            self._ticks.forget(tab.actor.user_id)

    async def here(self, user_ids: Iterable[UUID]) -> set[UUID]:
        """Those of these people who have a tab open, on any worker that can be asked."""
        asked = list(user_ids)
        found = set(self._here(asked))
        for answer in await self._others.ask("here", asked):
            found.update(UUID(user_id) for user_id in answer)
        return found

    def _here(self, user_ids: Iterable[UUID]) -> list[UUID]:
        return [user_id for user_id in user_ids if user_id in self._tabs_of]

    @property
    def tab_count(self) -> int:
        """How many tabs of signed-in people this worker has."""
        return len(self._tabs)

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
        self._wire.enter(socket_id, room)
        if room not in tab.rooms:
            tab.rooms.add(room)
            self._in_room[room] += 1
        return True

    async def look_away(self, socket_id: str, prefix: str, *, but: str = "") -> None:
        """Take a tab out of its rooms of one kind: it looks at one channel at a time."""
        tab = self._tabs.get(socket_id)
        for room in [room for room in tab.rooms if room.startswith(prefix) and room != but] if tab else []:
            await self._leave(socket_id, room)

    async def evict(self, user_ids: UUID | Collection[UUID], rooms: Iterable[str]) -> None:
        """Take all tabs of people out of rooms, on all workers, before anything else is said there."""
        people, places = [user_ids] if isinstance(user_ids, UUID) else list(user_ids), list(rooms)
        await self.evict_here(people, places)
        await self._others.ask("evict", people, places)

    async def evict_here(self, user_ids: Iterable[UUID], rooms: Collection[str]) -> list[tuple[str, str]]:
        """The same on this worker; gives the tabs that went and the rooms they were in."""
        gone = []
        for user_id in self._here(user_ids):
            self._evictions[user_id] += 1
            for socket_id in list(self._tabs_of[user_id]):
                for room in self._tabs[socket_id].rooms.intersection(rooms):
                    await self._leave(socket_id, room)
                    gone.append((socket_id, room))
        return gone

    async def evict_late(self, user_ids: Iterable[UUID], rooms: Collection[str]) -> None:
        """Take people out who lost a right some time ago. Who has it again meanwhile comes in when they ask again."""
        for socket_id, room in await self.evict_here(user_ids, rooms):
            await self.push(socket_id, ask_again(room))

    async def evict_others(self, room: str, *, but: Collection[UUID]) -> None:
        """Take everybody out of a room but these people, and out of coming in: who is about to authorises again."""
        await self.evict_here(self._people_but(but), [room])
        await self._others.ask("evict_others", room, list(but))

    def _people_but(self, but: Collection[UUID]) -> list[UUID]:
        return [user_id for user_id in self._tabs_of if user_id not in but]

    def rooms_of_people(self) -> dict[UUID, set[str]]:
        """Which rooms of this worker each person is in."""
        return {
            user_id: set().union(*(self._tabs[socket_id].rooms for socket_id in socket_ids))
            for user_id, socket_ids in self._tabs_of.items()
        }

    def sessions(self) -> set[UUID]:
        """The sessions that have tabs here."""
        return {tab.actor.session_id for tab in self._tabs.values() if tab.actor.session_id is not None}

    async def close_session(self, session_id: UUID) -> None:
        """Tell the tabs of one session that it ended, and close them, on all workers."""
        await self.close_session_here(session_id)
        await self._others.ask("close_session", session_id)

    async def close_session_here(self, session_id: UUID) -> None:
        """The same on this worker."""
        await self._close([tab for tab in self._tabs.values() if tab.actor.session_id == session_id])

    async def close_user(self, user_id: UUID) -> None:
        """Tell all tabs of a person that they are signed out, and close them, on all workers."""
        await self._close_user_here(user_id)
        await self._others.ask("close_user", user_id)

    async def _close_user_here(self, user_id: UUID) -> None:
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
            self._out_of(room)
            self._wire.leave(socket_id, room)

    def _out_of(self, room: str) -> None:
        self._in_room[room] -= 1
        if not self._in_room[room]:
            del self._in_room[room]
            if self._in_order is not None:
                self._in_order.forget(room)

    # ---------------------------------------------------------------- what is said

    @asynccontextmanager
    async def ordered(self, key: UUID) -> AsyncGenerator[None]:
        """Hold while committing and publishing a change: what is committed first is then said first, by this worker.

        Between workers the rows that a change locks decide who is first, and the `rev` tells in which order to say it.
        """
        lock = self._order.setdefault(key, asyncio.Lock())
        async with lock:
            yield

    async def publish(self, room: str, op: Op) -> None:
        """Say an op to a room, on all workers."""
        self._others.say("op", room, op)
        await self.say_here(room, op)

    async def say_here(self, room: str, op: Op) -> None:
        """Say an op to a room's tabs on this worker: every worker finds out by itself what it says."""
        if self._in_order is None:
            self._wire.deliver(room, self._numbered(op))
        elif room in self._in_room and await self._may_be_said(room):
            await self._in_order.take(room, self._numbered(op))

    async def _may_be_said(self, room: str) -> bool:
        """Put out who lost a right: while evictions of other workers are not heard, that is asked before each op."""
        if self._others.is_whole or self.lost_rooms is None or not room.startswith(ROOMS_OF_PLACES):
            return True
        held = {tab.actor.user_id: [room] for tab in self._tabs.values() if room in tab.rooms}
        try:
            lost = await self.lost_rooms(held)
        except Exception:
            log.exception("Who may hear an op could not be found out, so nobody does; a head will tell of it")
            return False
        for user_id, rooms in lost.items():
            await self.evict_late([user_id], rooms)
        return True

    def _numbered(self, op: Op) -> Op:
        return {**op, "s": next(self._numbers)}

    async def push(self, socket_id: str, op: Op) -> None:
        """Say an op to one tab."""
        self._wire.deliver(socket_id, self._numbered(op))

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

    def follow(self, user_id: UUID, channel_ids: Iterable[UUID], rev: int = 0) -> None:
        """Remember whose sidebar shows channels, as of the `rev` of that person's sidebar."""
        channels = list(channel_ids)
        self.follow_here(user_id, channels, rev)
        self._others.say("follow", user_id, channels, rev)

    def follow_here(self, user_id: UUID, channel_ids: Iterable[UUID], rev: int) -> None:
        """The same on this worker: one of the person's tabs came."""
        if user_id in self._tabs_of:
            self._ticks.follow(user_id, channel_ids, rev)

    def unfollow(self, user_id: UUID, channel_ids: Iterable[UUID], rev: int = 0) -> None:
        """Channels left the person's sidebar at its `rev`."""
        channels = list(channel_ids)
        self._unfollow_here(user_id, channels, rev)
        self._others.say("unfollow", user_id, channels, rev)

    def _unfollow_here(self, user_id: UUID, channel_ids: Iterable[UUID], rev: int) -> None:
        if user_id in self._tabs_of:
            self._ticks.unfollow(user_id, channel_ids, rev)

    def tick(self, channel_id: UUID, last_post_seq: int, *, rev: int, **more: Any) -> None:
        """Tell sidebars which message of a channel is the newest at its `rev`, at most once a second.

        `more` is what the badge of a direct conversation has besides: see `rxapp/services/badges.py`.
        """
        self._ticks.tick(channel_id, last_post_seq, rev, more)
        self._others.say("tick", channel_id, last_post_seq, rev, more)

    def _tell_followers(self, channel_id: UUID, user_ids: Iterable[UUID], op: Op) -> None:
        """A tick, for all tabs but those that look at the channel: what is said there tells them the same."""
        room = channel_room(channel_id)
        tabs = (self._tabs[socket_id] for user_id in user_ids for socket_id in self._tabs_of.get(user_id, ()))
        away = [tab.socket_id for tab in tabs if user_room(tab.actor.user_id) in tab.rooms and room not in tab.rooms]
        if away:
            self._wire.deliver_to(away, self._numbered(op))

    def looked_at(self) -> list[str]:
        """Every room somebody is in, for the heads."""
        return self._wire.rooms()

    # ---------------------------------------------------------------- the other workers

    @property
    def is_whole(self) -> bool:
        """Whether all workers hear one another."""
        return self._others.is_whole

    async def hear(self, kind: str, words: Sequence[Any]) -> Any:
        """Do what another worker said; the answer to who asked."""
        match kind, words:
            case "op", [room, op]:
                await self.say_here(room, op)
            case "tick", [channel_id, last_post_seq, rev, more]:
                self._ticks.tick(UUID(channel_id), last_post_seq, rev, more)
            case "follow", [user_id, channel_ids, rev]:
                self.follow_here(UUID(user_id), _ids(channel_ids), rev)
            case "unfollow", [user_id, channel_ids, rev]:
                self._unfollow_here(UUID(user_id), _ids(channel_ids), rev)
            case "evict", [user_ids, rooms]:
                await self.evict_late(_ids(user_ids), rooms)
            case "evict_others", [room, but]:
                await self.evict_late(self._people_but(set(_ids(but))), [room])
            case "close_session", [session_id]:
                await self.close_session_here(UUID(session_id))
            case "close_user", [user_id]:
                await self._close_user_here(UUID(user_id))
            case "here", [user_ids]:
                return self._here(_ids(user_ids))
            case _ if kind == ROUND:
                self.round_is_due.set()
            case _:
                raise ValueError(f"expected what workers say to one another, and heard {kind!r}")
        return None

    async def others_changed(self, is_whole: bool) -> None:
        """The workers lost one another, or hear one another again: everybody is told, and a round is due."""
        if self._in_order is not None:
            await self._in_order.let_go()
        await self.say_link()
        self.round_is_due.set()

    async def say_link(self) -> None:
        """Tell each tab whether what happens on other workers comes at once."""
        for socket_id in list(self._tabs):
            await self.push(socket_id, {"k": "link", "whole": self.is_whole})

    async def close(self) -> None:
        """Stop what runs in the background."""
        await self._ticks.close()
        if self._in_order is not None:
            await self._in_order.close()


def _ids(values: Iterable[str]) -> list[UUID]:
    return [UUID(value) for value in values]
