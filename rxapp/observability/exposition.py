"""The metrics as text, of one worker or of all together."""

import os
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that makes the library count in files, one set for each process."""


def exposition() -> bytes:
    """All metrics in the text format of Prometheus. Reads files with several workers: not for the event loop."""
    if SHARED_FOLDER not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the library has no types here
    return generate_latest(registry)


def share_metrics(folder: Path) -> None:
    """Before workers start: let them count together, from zero on."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink()
    os.environ[SHARED_FOLDER] = str(folder)


def forget_worker(pid: int) -> None:
    """A worker ended: what it counted stays, what it had open does not."""
    if SHARED_FOLDER in os.environ:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]
