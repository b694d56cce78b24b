"""What ends a process unwinds its stack, so that everything it started is stopped, and what it made is removed."""

import os
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Another Ctrl-C must not interrupt the last writes; one that comes later is from somebody who has waited.
PATIENCE_SECONDS = 10.0


class _Undisturbed:
    """Whether something is at work that must not be half done, and which signal waits for its end."""

    depth = 0
    waiting: int | None = None


@contextmanager
def unwound_by_signals(code: int | None = None) -> Generator[None]:
    """While the block runs SIGINT, SIGTERM and SIGHUP raise SystemExit, with `code` or else what a shell would say.

    One that is ignored, as SIGHUP is under nohup, stays so. SIGHUP is otherwise handled as a SIGTERM, by whoever
    handles that.
    """
    stopping_since: float | None = None

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping_since
        del frame
        if _Undisturbed.depth:
            _Undisturbed.waiting = number
            return
        now = time.monotonic()
        if stopping_since is None or now - stopping_since > PATIENCE_SECONDS:
            stopping_since = now
            raise SystemExit(128 + number if code is None else code)

    handlers = dict.fromkeys(ENDING, stop) | {signal.SIGHUP: _as_sigterm}
    before = {number: signal.getsignal(number) for number in ENDING}
    handled = [number for number in ENDING if before[number] is not signal.SIG_IGN]
    for number in handled:
        signal.signal(number, handlers[number])
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, before[number])


@contextmanager
def undisturbed() -> Generator[None]:
    """What unwinds the stack waits until the block is done. For what is quick, and must not be half done."""
    _Undisturbed.depth += 1
    try:
        yield
    finally:
        _Undisturbed.depth -= 1
        if not _Undisturbed.depth and (number := _Undisturbed.waiting) is not None:
            _Undisturbed.waiting = None
            os.kill(os.getpid(), number)


def _as_sigterm(number: int, frame: FrameType | None) -> None:
    del number, frame
    os.kill(os.getpid(), signal.SIGTERM)
