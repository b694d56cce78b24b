"""How long a step takes, over and over: wall time and the processor time of this process."""

import sys
import time
from collections.abc import Awaitable, Callable
from statistics import quantiles

WARM_UP = 10
HEADINGS = f"{'step':<44}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}"


def say(line: str) -> None:
    """A line of the report, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def measure(name: str, step: Callable[[], Awaitable[object]], *, times: int = 200) -> str:
    """Do a step some times, and say how long it took as a line of a table; the first times do not count."""
    for _ in range(WARM_UP):
        await step()
    took = list[float]()
    cpu = time.process_time()
    for _ in range(times):
        began = time.perf_counter()
        await step()
        took.append((time.perf_counter() - began) * 1000)
    used = (time.process_time() - cpu) / times * 1000
    cuts = quantiles(took, n=20)
    return f"{name:<44}{cuts[9]:>9.2f}{cuts[18]:>9.2f}{used:>9.2f}"
