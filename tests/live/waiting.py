"""Waiting for what other tasks do."""

import asyncio
import time
from collections.abc import Callable

from tests.foundation.processes import GIVE_UP_SECONDS, POLL_SECONDS


async def until(condition: Callable[[], bool], what: str) -> None:
    """Let the others run until the condition is true."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {GIVE_UP_SECONDS:.0f} s in vain until {what}")
        await asyncio.sleep(POLL_SECONDS)
