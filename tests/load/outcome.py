"""What became of a volley, in one process or in all together, and what a process added to it by being slow itself."""

import asyncio
import time
from array import array
from collections import Counter
from dataclasses import dataclass, field

from tests.load.figures import percentile

LAG_EVERY_SECONDS = 0.02
# Beyond either, a process is a part of what it measures.
BUSY_CORES = 0.85
LATE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Strain:
    """How late a process's loop was, in seconds for 99 of 100 looks, its processor seconds, and its share of a core."""

    lag: float
    cpu: float
    cores: float

    @property
    def is_bound(self) -> bool:
        """Whether the process could not keep up."""
        return self.cores > BUSY_CORES or self.lag > LATE_SECONDS


class StrainGauge:
    """Watches the process that it is in, from when it is made."""

    def __init__(self) -> None:
        self._late = array("d")
        self._began, self._cpu = time.perf_counter(), time.process_time()
        self._task = asyncio.create_task(self._watch())

    def stop(self) -> Strain:
        """What it saw."""
        self._task.cancel()
        cpu, wall = time.process_time() - self._cpu, time.perf_counter() - self._began
        return Strain(percentile(sorted(self._late), 99) or 0.0, cpu, cpu / wall)

    async def _watch(self) -> None:
        while True:
            due = time.perf_counter() + LAG_EVERY_SECONDS
            await asyncio.sleep(LAG_EVERY_SECONDS)
            self._late.append(time.perf_counter() - due)


@dataclass(slots=True)
class Outcome:
    """The deliveries of a volley: how late each was, what never came, what came twice, and when the last one came."""

    late: "array[float]" = field(default_factory=lambda: array("f"))
    lost: int = 0
    duplicated: int = 0
    last_at: float = 0.0
    errors: Counter[str] = field(default_factory=Counter)
    strains: list[Strain] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Take in what another process saw."""
        self.late.extend(other.late)
        self.lost += other.lost
        self.duplicated += other.duplicated
        self.last_at = max(self.last_at, other.last_at)
        self.errors += other.errors
        self.strains += other.strains
