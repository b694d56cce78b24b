"""What ends a process unwinds its stack, so that everything it started is stopped, and what it made is removed."""

import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def unwound_by_signals(code: int | None = None) -> Generator[None]:
    """While the block runs SIGINT, SIGTERM and SIGHUP raise SystemExit, with `code` or else what a shell would say.

    A SIGHUP that is ignored, as under nohup, stays so; any other is handled as a SIGTERM, by whoever handles that.
    """
    before = {number: signal.getsignal(number) for number in ENDING}

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        # Stopping is under way: another Ctrl-C must not interrupt the last writes.
        for ending in ENDING:
            signal.signal(ending, signal.SIG_IGN)
        raise SystemExit(128 + number if code is None else code)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if before[signal.SIGHUP] is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _as_sigterm)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _as_sigterm(number: int, frame: FrameType | None) -> None:
    del number, frame
    os.kill(os.getpid(), signal.SIGTERM)
