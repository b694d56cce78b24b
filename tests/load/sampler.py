"""Serve while looking, a thousand times a second of processor time, where the server is.

    python -m tests.load.sampler FILE

SIGUSR2 begins a window, and a second one ends it: then FILE.1, and FILE.2 for the second window, list for the functions
that took the most the share of the samples in the function itself and in it with all that it called. The collections of
garbage are timed besides: they stop the server.
"""

import gc
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType

from rxapp.cli.main import main

INTERVAL_SECONDS = 0.001
PROJECT = Path(__file__).resolve().parents[2]
LISTED = 60
LONGEST = 10
_MARK = "site-packages/"


class Sampler:
    """What the server's main thread did in a window."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._windows = 0
        self._is_on = False
        self._collecting_since = 0.0
        self._begin()

    def _begin(self) -> None:
        self._inside: Counter[str] = Counter()
        self._within: Counter[str] = Counter()
        self._packages: Counter[str] = Counter()
        self._samples = 0
        self._collections: list[tuple[float, int]] = []

    def toggle(self, number: int, frame: FrameType | None) -> None:
        """Begin, or end and write."""
        del number, frame
        self._is_on = not self._is_on
        signal.setitimer(signal.ITIMER_PROF, *([INTERVAL_SECONDS] * 2 if self._is_on else [0.0]))
        if not self._is_on:
            self._windows += 1
            self._file.with_name(f"{self._file.name}.{self._windows}").write_text(self._report())
            self._begin()

    def look(self, number: int, frame: FrameType | None) -> None:
        """Note where it is."""
        del number
        self._samples += 1
        if frame is not None:
            self._packages[_package(frame)] += 1
        places = []
        while frame is not None:
            places.append(f"{frame.f_code.co_qualname} {frame.f_code.co_filename.rpartition(_MARK)[2]}")
            frame = frame.f_back
        self._inside[places[0]] += 1
        self._within.update(set(places))

    def collect(self, phase: str, info: dict[str, int]) -> None:
        """Time a collection of garbage."""
        if phase == "start":
            self._collecting_since = time.perf_counter()
        elif self._is_on:
            self._collections.append((time.perf_counter() - self._collecting_since, info["generation"]))

    def _report(self) -> str:
        total = sum(seconds for seconds, _ in self._collections)
        longest = sorted(self._collections, reverse=True)[:LONGEST]
        lines = [
            f"{self._samples} samples",
            f"{len(self._collections)} collections of garbage, {total:.3f} s in all; the longest: "
            + ", ".join(f"{seconds * 1000:.0f} ms (generation {generation})" for seconds, generation in longest),
        ]
        headings = {
            "in the package itself": self._packages,
            "in the function itself": self._inside,
            "with all it called (what runs for SQLAlchemy in a greenlet hides its callers)": self._within,
        }
        for heading, counted in headings.items():
            lines += ["", heading]
            lines += [f"{100 * n / self._samples:5.1f} %  {place}" for place, n in counted.most_common(LISTED)]
        return "\n".join([*lines, ""])


def _package(frame: FrameType) -> str:
    """The library that a place belongs to; what it does in C counts as its own."""
    _, mark, inside = frame.f_code.co_filename.rpartition(_MARK)
    if mark:
        return inside.partition("/")[0]
    return "confab" if str(PROJECT) in inside else "python"


if __name__ == "__main__":
    sampler = Sampler(Path(sys.argv.pop()))
    gc.callbacks.append(sampler.collect)
    signal.signal(signal.SIGPROF, sampler.look)
    signal.signal(signal.SIGUSR2, sampler.toggle)
    sys.exit(main([]))
