"""Every statement is counted; a slow one is logged, with its text and without its parameters."""

import logging
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from rxapp.observability.metrics import POOL, QUERY_SECONDS, SLOW_QUERIES
from rxapp.observability.sampling import sampled

STATEMENT_MAX_CHARACTERS = 2000
STARTED = "confab.started"

log = logging.getLogger(__name__)


Took = Callable[[str, object, float], None]
"""To be told of a statement, of what it was asked with, and of how many seconds it took."""


def watch_queries(engine: AsyncEngine, *, slow_ms: float) -> Took:
    """Count what runs on this engine from now on, and say what takes longer than `slow_ms`; 0 says nothing.

    What is run past the engine's own statements, as by a reader, is to be told to what this gives back.
    """
    sync = engine.sync_engine

    def began(connection: Any, *_: Any) -> None:
        connection.info[STARTED] = time.perf_counter()

    def ended(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        started = connection.info.pop(STARTED, None)
        if started is None:
            return
        took(statement, None, time.perf_counter() - started)

    def took(statement: str, _asked: object, seconds: float) -> None:
        QUERY_SECONDS.observe(seconds)
        if slow_ms and seconds * 1000 > slow_ms:
            SLOW_QUERIES.inc()
            _say(statement, seconds)

    event.listen(sync, "before_cursor_execute", began)
    event.listen(sync, "after_cursor_execute", ended)
    sampled(lambda: _look_at_pool(sync))
    return took


def _say(statement: str, seconds: float) -> None:
    text = " ".join(statement.split())
    log.warning(
        "A statement took %.0f ms: %s",
        seconds * 1000,
        text[:STATEMENT_MAX_CHARACTERS],
        extra={"duration_ms": round(seconds * 1000, 1), "statement": text[:STATEMENT_MAX_CHARACTERS]},
    )


def _look_at_pool(engine: Engine) -> None:
    pool = engine.pool
    if isinstance(pool, QueuePool):
        POOL.labels(state="in_use").set(pool.checkedout())
        POOL.labels(state="idle").set(pool.checkedin())
