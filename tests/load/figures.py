"""What a run measured."""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

SHARES = (50, 95, 99)


class Figures:
    """Times and counts of all tabs together. Times are in seconds, from when something was due."""

    def __init__(self) -> None:
        self.times: defaultdict[str, array[float]] = defaultdict(_no_times)
        self.counts: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()

    def took(self, what: str, seconds: float) -> None:
        """Note how long something took."""
        self.times[what].append(seconds)

    def add(self, other: "Figures") -> None:
        """Take in what another process noted."""
        for what, seconds in other.times.items():
            self.times[what].extend(seconds)
        self.counts += other.counts
        self.errors += other.errors

    def take(self) -> "Figures":
        """Hand over what was noted so far, and begin anew."""
        taken = Figures()
        taken.times, self.times = self.times, taken.times
        taken.counts, self.counts = self.counts, taken.counts
        taken.errors, self.errors = self.errors, taken.errors
        return taken

    def summary(self, what: str) -> dict[str, Any]:
        """How often, and in how many milliseconds at most for 50, 95 and 99 of 100."""
        return summary_of(self.times[what])


def summary_of(seconds: Iterable[float]) -> dict[str, Any]:
    """How many, and how many milliseconds at most for 50, 95 and 99 of 100."""
    ordered = sorted(seconds)
    shares = {f"p{share}_ms": in_ms(percentile(ordered, share)) for share in SHARES}
    return {"count": len(ordered), **shares, "max_ms": in_ms(ordered[-1] if ordered else None)}


def percentile(ordered: Sequence[float], share: int) -> float | None:
    """The nearest-rank percentile of sorted values; None when there are none."""
    return ordered[max(math.ceil(share * len(ordered) / 100) - 1, 0)] if ordered else None


def in_ms(seconds: float | None) -> float | None:
    """Milliseconds, rounded."""
    return None if seconds is None else round(seconds * 1000, 1)


def _no_times() -> "array[float]":
    return array("d")
