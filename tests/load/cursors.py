"""Readers of a busy channel who move their cursors after every message: what that costs, and whom."""

from dataclasses import replace
from typing import Any

from tests.load.fanout import say
from tests.load.installation import Installation
from tests.load.plan import Plan
from tests.load.run import Report, run

TAKEN = ("send", "delivery", "cpu_s", "cores", "cpu_s_per_1000", "other_cores", "generator_bound")


async def cursors(plan: Plan, installation: Installation) -> Report:
    """The same messages twice: to tabs in the background, which move nothing, and to people who look."""
    say("without cursors")
    without = await run(replace(plan, looks=False), installation)
    say("with cursors")
    with_them = await run(plan, installation)
    moves = with_them["cursor"]["count"]
    added = {part: seconds - without["cpu_s"][part] for part, seconds in with_them["cpu_s"].items()}
    return {
        "members": plan.tabs,
        "rate": plan.rate,
        "seconds": plan.seconds,
        "moves": moves,
        "moves_per_s": round(moves / with_them["seconds"], 1),
        **{f"{share}_ms": with_them["cursor"][f"{share}_ms"] for share in ("p50", "p95", "p99")},
        "send_p95_ms": with_them["send"]["p95_ms"],
        "send_p95_ms_without": without["send"]["p95_ms"],
        "cpu_ms_per_move": {part: _per_move(added[part], moves) for part in ("server", "database", "redis")},
        **{name: _sum(with_them, without, name) for name in ("delivered", "lost", "duplicated", "errors")},
        "generator_bound": with_them["generator_bound"] or without["generator_bound"],
        "other_cores": max(with_them["other_cores"], without["other_cores"]),
        "with": {name: with_them[name] for name in TAKEN},
        "without": {name: without[name] for name in TAKEN},
    }


def _sum(one: Report, other: Report, name: str) -> Any:
    return one[name] + other[name]


def _per_move(seconds: float, moves: int) -> float | None:
    return round(seconds * 1000 / moves, 3) if moves else None
