"""Fan-out at higher and higher rates, until the server does not keep up any more."""

import math

from tests.load.fanout import Audience, Report, fan_out, say

STEP = 1.35
TRIES = 2
SLOW_MS = 1000.0
# The offered rate counts as delivered down to this share of it.
KEPT_SHARE = 0.95
SHOWN = (
    "rate", "delivered", "lost", "duplicated", "p50_ms", "p95_ms", "p99_ms", "deliveries_per_s", "cpu_s_per_1000",
    "cores", "generator_bound", "generator_us_per_delivery", "other_cores", "errors",
)  # fmt: skip


async def ramp(audience: Audience, *, rate: float, seconds: float) -> Report:
    """Begin at a rate and raise it step by step; the last one is too much, twice.

    `deliveries_per_s` is the most of any step; processor time and latency are those of the last step that held.
    """
    steps: list[Report] = []
    failures = 0
    # A single stall, of the disk for example, must not end it. Who was lost does not come back.
    while failures < TRIES and not (steps and steps[-1]["lost"]):
        step = await fan_out(audience, rate=rate, seconds=seconds)
        steps.append(step)
        say(f"{rate:g} messages a second: {step['deliveries_per_s']:.0f} deliveries a second, p95 {step['p95_ms']} ms")
        if _held(step, audience.tabs):
            rate, failures = math.ceil(rate * STEP), 0
        else:
            failures += 1
    held = next((step for step in reversed(steps) if _held(step, audience.tabs)), None)
    return {
        "members": audience.tabs,
        "deliveries_per_s": max(step["deliveries_per_s"] for step in steps),
        "rate": held["rate"] if held else None,
        **{name: held[name] if held else None for name in ("p50_ms", "p95_ms", "p99_ms", "cpu_s_per_1000")},
        **{name: sum(step[name] for step in steps) for name in ("delivered", "lost", "duplicated", "errors")},
        "memory_kb_per_tab": audience.memory_kb_per_tab,
        "generator_bound": any(step["generator_bound"] for step in steps),
        "other_cores": max(step["other_cores"] for step in steps),
        "steps": [{name: step[name] for name in SHOWN} for step in steps],
    }


def _held(step: Report, members: int) -> bool:
    """Whether all came, in time, and as fast as it was sent."""
    return (
        not step["lost"]
        and not step["errors"]
        and step["p95_ms"] is not None
        and step["p95_ms"] <= SLOW_MS
        and step["deliveries_per_s"] >= KEPT_SHARE * step["rate"] * members
    )
