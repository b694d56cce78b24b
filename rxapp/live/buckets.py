"""Token buckets in memory: as many as there are keys that asked lately, and never more than a fixed number.

A bucket is one number, the moment at which it is full again. A full bucket is none, so nothing has to be kept of who
has been quiet for a while; and no flood of new keys makes the memory grow.
"""

import time
from collections.abc import Callable
from heapq import nlargest

# Some 20 MB. Beyond it the buckets that are nearest to full are forgotten: they lose the least by it.
BUCKETS_MAX = 100_000
# A wait so short is no wait: sums of fractions miss a little.
_TOLERANCE_SECONDS = 1e-6

Clock = Callable[[], float]


class Buckets:
    """Buckets by key. Each call says how large the key's bucket is and how fast it fills."""

    def __init__(self, *, clock: Clock = time.monotonic, most: int = BUCKETS_MAX) -> None:
        self._clock = clock
        self._most = most
        self._full_at: dict[object, float] = {}

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: object, *, burst: float, per_second: float) -> float:
        """Take one token: 0 when there was one, otherwise the seconds until there is."""
        now = self._clock()
        full_at = max(self._full_at.get(key, now), now) + 1 / per_second
        wait = full_at - burst / per_second - now
        if wait > _TOLERANCE_SECONDS:
            return wait
        self._keep(key, full_at)
        return 0.0

    def hold(self, key: object, seconds: float, *, burst: float = 1, per_second: float = 1) -> None:
        """Make sure that there is no token for so long."""
        until = self._clock() + seconds + (burst - 1) / per_second
        self._keep(key, max(self._full_at.get(key, until), until))

    def held(self, key: object) -> float:
        """For how many seconds there is nothing yet, of a bucket for one token that is only ever held."""
        return max(self._full_at.get(key, 0.0) - self._clock(), 0.0)

    def _keep(self, key: object, full_at: float) -> None:
        self._full_at[key] = full_at
        if len(self._full_at) > self._most:
            now = self._clock()
            living = [(at, key) for key, at in self._full_at.items() if at > now]
            # Half, so that it is not done again at once.
            kept = nlargest(self._most // 2, living, key=lambda one: one[0])
            self._full_at = {key: at for at, key in kept}
