"""Whether a run was good enough for people: the limits that Mattermost publishes for its load tests."""

from typing import Any

from tests.load.figures import Figures, in_ms, percentile

# What somebody waits for; cursors, which are written together on purpose, are no request.
REQUESTS = ("send", "edit", "open", "reopen", "older", "enter")
MEAN_MAX_MS = 100.0
P99_MAX_MS = 2000.0
ERRORS_MAX_PERCENT = 0.025


def judge(figures: Figures, errors: int) -> dict[str, Any]:
    """All requests of a run together, and whether they are within the limits."""
    times = sorted(seconds for name in REQUESTS for seconds in figures.times[name])
    mean = in_ms(sum(times) / len(times) if times else None)
    slowest = in_ms(percentile(times, 99))
    percent = round(100 * errors / (len(times) + errors), 4) if times or errors else 0.0
    return {
        "requests": len(times),
        "mean_ms": mean,
        "p99_ms": slowest,
        "errors_percent": percent,
        "accepted": bool(
            mean is not None
            and slowest is not None
            and mean <= MEAN_MAX_MS
            and slowest <= P99_MAX_MS
            and percent <= ERRORS_MAX_PERCENT
        ),
    }
