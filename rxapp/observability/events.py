"""One event of a tab, on its way through its handler."""

import logging
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from rxapp.observability.circumstances import Circumstances, new_request_id, note_places, under
from rxapp.observability.metrics import EVENT_SECONDS, failed
from rxapp.settings import get_settings

SAID = "confab_said"

log = logging.getLogger(__name__)


def say_failure(error: Exception) -> None:
    """Log and count that a handler failed: once, by whoever is nearest to it and so knows most about it."""
    if not vars(error).get(SAID):
        vars(error)[SAID] = True
        failed("handler")
        log.error("An event handler failed", exc_info=error)


@contextmanager
def handling(handler: str, arguments: Mapping[str, Any]) -> Generator[None]:
    """Name it, time it, and say so when it was slow. `handler` is a name of the code."""
    started = time.perf_counter()
    with under(Circumstances(new_request_id(), where=handler)):
        note_places(workspace_id=arguments.get("workspace_id"), channel_id=arguments.get("channel_id"))
        try:
            yield
        except Exception as error:
            say_failure(error)
            raise
        finally:
            seconds = time.perf_counter() - started
            EVENT_SECONDS.labels(handler=handler).observe(seconds)
            if seconds * 1000 > get_settings().slow_request_ms > 0:
                more = {"duration_ms": round(seconds * 1000, 1)}
                log.warning("An event was slow: %s in %.0f ms", handler, seconds * 1000, extra=more)
