"""Watching other processes from a test."""

import os
import time
from collections.abc import Callable
from pathlib import Path

# A bound for a condition that never comes true, not for how fast it should.
GIVE_UP_SECONDS = 60.0
POLL_SECONDS = 0.02


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until the condition is true."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {GIVE_UP_SECONDS:.0f} s in vain until {what}")
        time.sleep(POLL_SECONDS)


def is_running(pid: int) -> bool:
    """Whether the process exists and is more than an entry that its parent has not read yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
