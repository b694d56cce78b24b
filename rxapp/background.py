"""Wiring: what runs in the background while a worker serves."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from rxapp.services.backend import Backend
from rxapp.services.deleted_contents import keep_purging
from rxapp.services.rerendering import keep_rerendering
from rxapp.services.workspace_removal import keep_removing

log = logging.getLogger(__name__)


async def clean_up(made: Backend) -> None:
    """What nobody waits for, and one worker does for all."""
    async with asyncio.TaskGroup() as together:  # when one fails none goes on without the lock
        for work in (keep_rerendering(made), keep_purging(made), keep_removing(made)):
            together.create_task(work)


@asynccontextmanager
async def running(*works: Coroutine[Any, Any, None]) -> AsyncGenerator[Sequence[asyncio.Task[None]]]:
    """All of it goes on while the block runs. What ends by itself is said, and is for health to see."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        with said_when_one_ends(tasks):
            yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def said_when_one_ends(tasks: Sequence[asyncio.Task[None]]) -> Generator[None]:
    """Say it when one ends while the block runs, in whatever way: none of them should."""
    for task in tasks:
        task.add_done_callback(_say_end)
    try:
        yield
    finally:
        for task in tasks:
            task.remove_done_callback(_say_end)


def _say_end(task: asyncio.Task[None]) -> None:
    failure = None if task.cancelled() else task.exception()
    log.error("Work in the background ended for good; restart this process", exc_info=failure)
