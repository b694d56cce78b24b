"""Badges of channels that nobody looks at: one small op a second and channel, however much is said there."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from rxapp.live.ops import Op

TICK_SECONDS = 1.0

TellFollowers = Callable[[UUID, Collection[UUID], Op], None]
"""Of a channel, to people who have it in their sidebars."""


class Due(NamedTuple):
    """A channel's newest message as of its `rev`, and what else its badge shows."""

    last_post_seq: int
    rev: int
    more: Op


class Ticks:
    """Which connected people have which channels in their sidebars."""

    def __init__(self, tell_followers: TellFollowers) -> None:
        self._tell_followers = tell_followers
        self._followers: dict[UUID, set[UUID]] = {}
        self._followed: dict[UUID, dict[UUID, int]] = {}
        self._due: dict[UUID, Due] = {}
        self._tasks: dict[UUID, asyncio.Task[None]] = {}

    def follow(self, user_id: UUID, channel_ids: Iterable[UUID], rev: int) -> None:
        """Begin to tell a person about channels, as of a `rev` of their sidebar."""
        for channel_id in self._news(user_id, channel_ids, rev):
            self._followers.setdefault(channel_id, set()).add(user_id)

    def unfollow(self, user_id: UUID, channel_ids: Iterable[UUID], rev: int) -> None:
        """Stop telling a person about channels."""
        for channel_id in self._news(user_id, channel_ids, rev):
            self._stop(user_id, channel_id)

    def forget(self, user_id: UUID) -> None:
        """The person's last tab is gone."""
        for channel_id in self._followed.pop(user_id, {}):
            self._stop(user_id, channel_id)

    def _news(self, user_id: UUID, channel_ids: Iterable[UUID], rev: int) -> list[UUID]:
        """Those of the channels of which nothing later is known: what several workers say may come in any order."""
        known = self._followed.setdefault(user_id, {})
        news = [channel_id for channel_id in channel_ids if known.get(channel_id, 0) <= rev]
        known.update(dict.fromkeys(news, rev))
        return news

    def _stop(self, user_id: UUID, channel_id: UUID) -> None:
        followers = self._followers.get(channel_id, set())
        followers.discard(user_id)
        if not followers:
            self._followers.pop(channel_id, None)

    def tick(self, channel_id: UUID, last_post_seq: int, rev: int, more: Op) -> None:
        """Tell the followers now, or together with what comes within the second."""
        if channel_id not in self._followers:
            return
        due = self._due.get(channel_id)
        if due is None or due.rev <= rev:  # what several workers say may come in any order
            self._due[channel_id] = Due(last_post_seq, rev, more)
        if channel_id not in self._tasks:
            self._tasks[channel_id] = asyncio.create_task(self._tell(channel_id))

    async def _tell(self, channel_id: UUID) -> None:
        try:
            while channel_id in self._due:
                due = self._due.pop(channel_id)
                op = {"k": "tick", "ch": str(channel_id), "last": due.last_post_seq, "last_rev": due.rev, **due.more}
                self._tell_followers(channel_id, self._followers.get(channel_id, ()), op)
                await asyncio.sleep(TICK_SECONDS)
        finally:
            self._tasks.pop(channel_id, None)

    async def close(self) -> None:
        """Stop telling."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()  # one that never began has no end either
        self._due.clear()
