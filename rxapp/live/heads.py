"""Every few seconds each room is told how far it should be, so that a lost last op is noticed too.

In the same round the tabs of sessions that ended elsewhere are closed: revoked by another process, or expired.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from uuid import UUID

from rxapp.live.hub import Hub
from rxapp.live.ops import Op
from rxapp.live.rounds import keep_doing

HEADS_SECONDS = 10.0

ReadHeads = Callable[[Sequence[str]], Awaitable[dict[str, list[Op]]]]
"""From the rooms somebody is in to the ops that say how far each is."""

LivingSessions = Callable[[Collection[UUID]], Awaitable[set[UUID]]]
"""Which of these sessions still vouch for their people."""


async def keep_rounds(hub: Hub, read_heads: ReadHeads, living_sessions: LivingSessions) -> None:
    """Until cancelled."""

    async def tell() -> None:
        await close_ended_sessions(hub, living_sessions)
        await say_heads(hub, read_heads)

    await keep_doing(tell, what="A round of heads", every_seconds=HEADS_SECONDS)


async def close_ended_sessions(hub: Hub, living_sessions: LivingSessions) -> None:
    """Close the tabs whose session is no longer valid, whoever ended it."""
    open_sessions = hub.sessions()
    if not open_sessions:
        return
    for session_id in open_sessions - await living_sessions(open_sessions):
        await hub.close_session(session_id)


async def say_heads(hub: Hub, read_heads: ReadHeads) -> None:
    """Tell each room somebody is in how far it should be."""
    for room, ops in (await read_heads(hub.looked_at())).items():
        for op in ops:
            await hub.publish(room, op)
