"""Every few seconds each room is told how far it should be, so that a lost last op is noticed too."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from rxapp.live.hub import Hub
from rxapp.live.ops import Op

HEADS_SECONDS = 10.0

ReadHeads = Callable[[Sequence[str]], Awaitable[dict[str, list[Op]]]]
"""From the rooms somebody is in to the ops that say how far each is."""

log = logging.getLogger(__name__)


async def say_heads(hub: Hub, read_heads: ReadHeads) -> None:
    """Until cancelled. A database that is away costs a round, not the task."""
    while True:
        await asyncio.sleep(HEADS_SECONDS)
        try:
            heads = await read_heads(hub.looked_at())
        except Exception:
            log.exception("Could not read the heads; trying again in %.0f s", HEADS_SECONDS)
            continue
        for room, ops in heads.items():
            for op in ops:
                await hub.publish(room, op)
