"""What is done again and again while the app serves."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from rxapp.observability.metrics import a_round

log = logging.getLogger(__name__)


async def keep_doing(work: Callable[[], Awaitable[object]], *, what: str, every_seconds: float) -> None:
    """Until cancelled, the first time at once. A round that fails, as without a database, costs a round."""
    while True:
        try:
            with a_round(what):
                await work()
        except Exception:
            log.exception("%s failed; trying again in %.0f s", what, every_seconds)
        await asyncio.sleep(every_seconds)
