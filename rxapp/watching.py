"""Wiring: what operators see of a worker is told by its parts."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from db.engine import Database
from db.ledger import answers, is_current, known_versions
from rxapp.background import said_when_one_ends
from rxapp.live.backlog import read_backlog
from rxapp.live.bus import Bus
from rxapp.live.namespace import Namespace
from rxapp.markup.off_loop import tell_of_rendering
from rxapp.observability.health import Health
from rxapp.observability.metrics import BACKLOG_BYTES, QUEUED_PACKETS, TABS, rendered
from rxapp.observability.queries import watch_queries
from rxapp.observability.sampling import forget_samplers, keep_sampling, sample, sampled
from rxapp.services.backend import Backend
from rxapp.settings import Settings


def watch_worker(made: Backend, namespace: Namespace, settings: Settings) -> None:
    """Count from now on what this worker does."""
    made.database.noted.append(watch_queries(made.database.engine, slow_ms=settings.slow_query_ms))
    tell_of_rendering(rendered)

    def look() -> None:
        TABS.labels(person="signed_in").set(made.hub.tab_count)
        TABS.labels(person="anonymous").set(namespace.anonymous_count)
        size, packets = read_backlog(namespace.server)
        BACKLOG_BYTES.set(size)
        QUEUED_PACKETS.set(packets)

    sampled(look)
    sample()


@asynccontextmanager
async def telling_health(
    health: Health, url: str, bus: Bus | None, tasks: Sequence[asyncio.Task[None]]
) -> AsyncGenerator[None]:
    """Ready while the block runs, as far as the parts are; `tasks` is what runs in the background."""
    # A connection of its own: that all others are busy is no reason to send nobody here.
    asked = Database.at(url, pool_size=1)
    known = known_versions()

    async def all_run() -> bool:
        return not any(task.done() for task in (*tasks, *(bus.tasks if bus else ())))

    health.add("database", lambda: answers(asked))
    health.add("migrations", lambda: is_current(asked, known))
    health.add("jobs", all_run)
    if bus is not None:
        others = bus

        async def redis_is_there() -> bool:
            return others.is_whole

        # Without it each worker goes on by itself, and the rounds tell what was not heard.
        health.add("redis", redis_is_there, is_needed=False)
    health.is_stopping = False
    sampling = asyncio.create_task(keep_sampling())
    try:
        with said_when_one_ends(bus.tasks if bus else ()):
            yield
    finally:
        health.close()
        sampling.cancel()
        forget_samplers()
        await asyncio.gather(sampling, return_exceptions=True)
        await asked.close()
