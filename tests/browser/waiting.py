"""Waiting for what Playwright's own `expect` cannot see."""

import asyncio
import time
from collections.abc import Awaitable, Callable

# A bound for a condition that never comes true, not for how fast it should.
GIVE_UP_SECONDS = 60.0
POLL_SECONDS = 0.02


async def until(
    condition: Callable[[], Awaitable[bool]], what: Callable[[], str] | str, *, within: float = GIVE_UP_SECONDS
) -> None:
    """Wait until the condition is true; `what` says what was waited for."""
    deadline = time.monotonic() + within
    while not await condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within:.0f} s in vain until {what if isinstance(what, str) else what()}")
        await asyncio.sleep(POLL_SECONDS)
