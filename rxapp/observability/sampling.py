"""Figures that are looked at now and then instead of being counted: each is right again after whatever went wrong."""

import asyncio
import logging
from collections.abc import Callable

from rxapp.observability.metrics import LOOP_LAG

SAMPLE_SECONDS = 5.0

log = logging.getLogger(__name__)

_samplers: list[Callable[[], None]] = []


def sampled(sampler: Callable[[], None]) -> None:
    """Call it whenever the metrics are asked for, and every few seconds for those that another worker is asked for."""
    _samplers.append(sampler)


def sample() -> None:
    """Look at everything now. On the event loop."""
    for sampler in _samplers:
        sampler()


def forget_samplers() -> None:
    """What they look at is going away."""
    _samplers.clear()


async def keep_sampling() -> None:
    """Until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + SAMPLE_SECONDS
        await asyncio.sleep(SAMPLE_SECONDS)
        LOOP_LAG.set(max(0.0, loop.time() - due))
        try:
            sample()
        except Exception:
            log.exception("The figures could not be looked at; trying again in %.0f s", SAMPLE_SECONDS)
