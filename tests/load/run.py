"""One run, from an installation to a report."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

from tests.load.acceptance import judge
from tests.load.crowd import SETTLE_SECONDS, gather_crowd, live, settle
from tests.load.figures import Figures, in_ms, percentile
from tests.load.installation import Installation
from tests.load.machine import per_thousand
from tests.load.outcome import Strain
from tests.load.page import read_page
from tests.load.plan import Plan
from tests.load.tab import Scene
from tests.load.town import found_town, head_revs

KIB = 1024
COMPLAINTS = 5

Report = dict[str, Any]


async def run(plan: Plan, installation: Installation) -> Report:
    """Write a town, let its people come and live, and say what that took."""
    town = await asyncio.to_thread(found_town, installation.database_url, plan)
    page = await read_page(installation.url, town)
    scene = Scene(installation.url, town, page, plan, Figures())
    empty_mib = installation.memory_mib()
    with installation.profiled():
        cpu = installation.read_cpu()
        tabs, came_in = await gather_crowd(scene)
        arrival = scene.figures.take()
        arrival_cpu = installation.read_cpu().since(cpu)
    full_mib = installation.memory_mib()
    await asyncio.sleep(SETTLE_SECONDS)
    scene.figures.take()
    with installation.profiled():
        cpu, began = installation.read_cpu(), time.perf_counter()
        await live(scene, tabs)
        used, wall = installation.read_cpu().since(cpu), time.perf_counter() - began
    end_mib = installation.memory_mib()
    lost = await settle(scene, tabs, lambda: asyncio.to_thread(head_revs, installation.database_url, town))
    figures = scene.figures.take()
    for tab in tabs:
        tab.leave()
    errors = arrival.errors + figures.errors
    lag = percentile(sorted(figures.times["lag"]), 99) or 0.0
    strain = Strain(lag, used["generator"], used["generator"] / wall)
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "tabs": plan.tabs,
        "seconds": round(wall, 2),
        "rate": plan.rate,
        "lost": lost,
        "duplicated": figures.counts["doubled"],
        "delivered": len(figures.times["delivery"]),
        "deliveries_per_s": round(len(figures.times["delivery"]) / wall, 1),
        "acceptance": judge(figures, sum(errors.values())),
        **{name: figures.summary(name) for name in MEASURED},
        "arrive_all_s": round(came_in, 2),
        "arrival": {name: arrival.summary(name) for name in ("arrive", "enter", "open")},
        "arrival_cpu_s": arrival_cpu,
        "cpu_s": used,
        "cores": {name: round(value / wall, 3) for name, value in used.items()},
        "generator_cpu": round(used["generator"] / wall, 3),
        "other_cores": round(used["others"] / wall, 3),
        "generator_lag_p99_ms": in_ms(strain.lag),
        "generator_bound": strain.is_bound,
        "cpu_s_per_1000": per_thousand(used, len(figures.times["delivery"])),
        "memory_mib": {"empty": empty_mib, "full": full_mib, "end": end_mib},
        "memory_kb_per_tab": round((full_mib - empty_mib) * KIB / plan.tabs, 1),
        "counts": dict(sorted(figures.counts.items())),
        "errors": sum(errors.values()),
        "error_kinds": dict(errors.most_common(COMPLAINTS)),
        "server_complaints": len(installation.complaints()),
        "first_complaints": installation.complaints()[:COMPLAINTS],
    }


MEASURED = ("send", "edit", "delivery", "open", "reopen", "older", "arrive", "enter", "cursor")
