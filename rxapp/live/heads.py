"""Every few seconds each room is told how far it should be, so that a lost last op is noticed too.

In the same round the tabs of sessions that ended elsewhere are closed, revoked by another process, or expired; and who
lost a right is taken out of the rooms that it opened, should this worker not have heard of it. While the workers do not
hear one another a round comes more often: then it is all that tells.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from uuid import UUID

from rxapp.live.hub import Hub, LostRooms
from rxapp.live.ops import Op
from rxapp.observability.metrics import a_round

HEADS_SECONDS = 10.0
ALONE_HEADS_SECONDS = 2.0

log = logging.getLogger(__name__)

ReadHeads = Callable[[Sequence[str]], Awaitable[dict[str, list[Op]]]]
"""From the rooms somebody is in to the ops that say how far each is."""

LivingSessions = Callable[[Collection[UUID]], Awaitable[set[UUID]]]
"""Which of these sessions still vouch for their people."""


async def keep_rounds(hub: Hub, read_heads: ReadHeads, living_sessions: LivingSessions, lost_rooms: LostRooms) -> None:
    """Until cancelled. A round that fails, as without a database, costs a round."""
    while True:
        hub.round_is_due.clear()
        try:
            with a_round("Heads"):
                await close_ended_sessions(hub, living_sessions)
                await evict_who_lost(hub, lost_rooms)
                if not hub.is_whole:
                    await hub.say_link()  # some came since then
                await say_heads(hub, read_heads)
        except Exception:
            log.exception("A round of heads failed; trying again in a few seconds")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEADS_SECONDS if hub.is_whole else ALONE_HEADS_SECONDS):
                await hub.round_is_due.wait()


async def close_ended_sessions(hub: Hub, living_sessions: LivingSessions) -> None:
    """Close the tabs whose session is no longer valid, whoever ended it."""
    open_sessions = hub.sessions()
    if not open_sessions:
        return
    for session_id in open_sessions - await living_sessions(open_sessions):
        await hub.close_session_here(session_id)


async def evict_who_lost(hub: Hub, lost_rooms: LostRooms) -> None:
    """Take people out of rooms that they have no right to, whoever took it away."""
    held = hub.rooms_of_people()
    if not held:
        return
    for user_id, rooms in (await lost_rooms(held)).items():
        await hub.evict_late([user_id], rooms)


async def say_heads(hub: Hub, read_heads: ReadHeads) -> None:
    """Tell each room somebody is in how far it should be."""
    for room, ops in (await read_heads(hub.looked_at())).items():
        for op in ops:
            await hub.say_here(room, op)
