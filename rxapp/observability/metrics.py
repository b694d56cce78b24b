"""What is counted, for Prometheus: `docs/operating.md` has the table. Labels are names of code, never ids or texts.

With several workers each counts in files of its own that are added up when somebody asks (`exposition.py`). The library
decides so when it is first imported, by PROMETHEUS_MULTIPROC_DIR: set that before.
"""

from collections.abc import Generator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

from rxapp import __version__

disable_created_metrics()  # type: ignore[no-untyped-call] # the library has no types here

QUICK_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds: from a query of the index to a request that somebody gives up on."""
BATCH_BUCKETS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 100)

TABS = Gauge("confab_tabs", "Connected browser tabs.", ["person"], multiprocess_mode="livesum")
BACKLOG_BYTES = Gauge(
    "confab_socket_backlog_bytes", "Bytes that were written to tabs and not taken yet.", multiprocess_mode="livesum"
)
QUEUED_PACKETS = Gauge(
    "confab_socket_queued_packets", "Packets that wait in front of tabs' sockets.", multiprocess_mode="livesum"
)
POOL = Gauge(
    "confab_database_connections", "Connections of the pools to the database.", ["state"], multiprocess_mode="livesum"
)
LOOP_LAG = Gauge(
    "confab_event_loop_lag_seconds",
    "By how much a timer of the slowest worker was late, the last time it was looked at.",
    multiprocess_mode="livemax",
)
BUILD = Gauge("confab_build_info", "Which Confab this is.", ["version"], multiprocess_mode="livemax")
BUILD.labels(version=__version__).set(1)

OPS = Counter("confab_ops_total", "Ops that were said to a room or a tab.")
_DELIVERIES = Counter("confab_deliveries_total", "Ops handed to tabs, and tabs that were cut off instead.", ["way"])
_WRITTEN, _QUEUED, _DROPPED = (_DELIVERIES.labels(way=way) for way in ("written", "queued", "cut_off"))
COMMIT_BATCH = Histogram("confab_commit_batch_messages", "Messages stored by one commit.", buckets=BATCH_BUCKETS)

REQUESTS = Counter("confab_http_requests_total", "HTTP requests that were answered.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "confab_http_request_duration_seconds", "Until the answer was sent.", ["method", "route"], buckets=QUICK_BUCKETS
)
EVENT_SECONDS = Histogram(
    "confab_socket_event_duration_seconds", "Handling one event of a tab.", ["handler"], buckets=QUICK_BUCKETS
)
QUERY_SECONDS = Histogram("confab_database_query_duration_seconds", "One statement.", buckets=QUICK_BUCKETS)
SLOW_QUERIES = Counter("confab_database_slow_queries_total", "Statements that took longer than SLOW_QUERY_MS.")
RENDER_SECONDS = Histogram(
    "confab_render_duration_seconds",
    "Rendering one message, in the server itself or in a renderer process, with the wait for one.",
    ["place"],
    buckets=QUICK_BUCKETS,
)

ERRORS = Counter("confab_errors_total", "What nobody expected to fail and failed.", ["kind"])
REFUSALS = Counter("confab_refusals_total", "What people were refused, by the code of the refusal.", ["code"])
RATE_LIMITED = Counter("confab_rate_limit_refusals_total", "What was refused for being too much.", ["limit"])
LOG_LINES = Counter("confab_log_lines_total", "Warnings and errors in the log.", ["level"])

ROUND_END = Gauge(
    "confab_background_round_last_success_timestamp_seconds",
    "When a round of the background work last came to its end.",
    ["round"],
    multiprocess_mode="max",
)
ROUND_SECONDS = Histogram(
    "confab_background_round_duration_seconds", "One round of the background work.", ["round"], buckets=QUICK_BUCKETS
)
ROUND_FAILURES = Counter("confab_background_round_failures_total", "Rounds that failed.", ["round"])


def delivered(*, written: int = 0, queued: int = 0, dropped: int = 0) -> None:
    """Count one fan-out, with how many tabs it was written to, was queued for, and were cut off instead."""
    OPS.inc()
    if written:
        _WRITTEN.inc(written)
    if queued:
        _QUEUED.inc(queued)
    if dropped:
        _DROPPED.inc(dropped)


@contextmanager
def a_round(name: str) -> Generator[None]:
    """Time a round of background work; one that raises has failed. `name` is a phrase of the code."""
    with ROUND_SECONDS.labels(round=name).time():
        try:
            yield
        except Exception:
            ROUND_FAILURES.labels(round=name).inc()
            raise
    ROUND_END.labels(round=name).set_to_current_time()


def rendered(is_here: bool, seconds: float) -> None:
    """Count a message that was rendered, in this process or in another."""
    RENDER_SECONDS.labels(place="server" if is_here else "process").observe(seconds)


def committed(messages: int) -> None:
    """Count one commit that stored so many messages."""
    COMMIT_BATCH.observe(messages)


def rate_limited(limit: str) -> None:
    """Count a refusal of one limit; `limit` is its name in the code."""
    RATE_LIMITED.labels(limit=limit).inc()


def refused(code: str) -> None:
    """Count what a person was refused."""
    REFUSALS.labels(code=code).inc()


def failed(kind: str) -> None:
    """Count what nobody expected to fail; `kind` is a word of the code."""
    ERRORS.labels(kind=kind).inc()
