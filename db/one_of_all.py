"""Work that one process of all on a database does: who holds an advisory lock. When it ends another one takes over."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

# "confab" and the work in letters: the lock that migrations take is another.
BACKGROUND_LOCK = 0x636F6E66_776F726B
# How long nobody does the work after its worker was killed, at most.
TURN_SECONDS = 5.0

log = logging.getLogger(__name__)


async def by_one_of_all(engine: AsyncEngine, work: Callable[[], Awaitable[object]], *, lock: int) -> None:
    """Until cancelled: do the work while no other process does. Work that ends is not begun again."""
    while True:
        try:
            # Out of a transaction: one that stays open would keep dead rows from being cleaned up.
            async with engine.connect() as opened:
                connection = await opened.execution_options(isolation_level="AUTOCOMMIT")
                try:
                    if await connection.scalar(select(func.pg_try_advisory_lock(lock))):
                        await _do_while_connected(connection, work)
                finally:
                    await connection.invalidate()  # the lock ends with it, whatever happened
        except Exception:
            log.exception("The work in the background stopped; trying again in %.0f s", TURN_SECONDS)
        await asyncio.sleep(TURN_SECONDS)


async def _do_while_connected(connection: AsyncConnection, work: Callable[[], Awaitable[object]]) -> None:
    task = asyncio.ensure_future(work())
    try:
        while True:
            await asyncio.sleep(TURN_SECONDS)
            await connection.execute(text("select 1"))
            if task.done():
                task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
