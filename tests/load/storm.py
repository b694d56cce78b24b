"""All tabs come at once: in the morning, and again when every connection broke at the same moment."""

import asyncio
import time
from collections import Counter
from typing import Any

from tests.load.crowd import SETTLE_SECONDS
from tests.load.fanout import LISTED_ERRORS, POLL_SECONDS, Report, post_request, say
from tests.load.figures import Figures
from tests.load.galleries import Galleries
from tests.load.installation import Installation
from tests.load.marks import Volley, new_base
from tests.load.page import read_page
from tests.load.plan import Plan
from tests.load.posts import Posts
from tests.load.tab import Scene
from tests.load.town import Town, found_town, head_revs

MILLISECONDS = 1000
# Said while nobody is connected, so that those who come back have missed something.
MISSED_MESSAGES = 20
MISSED_PER_SECOND = 1000.0


async def storm(plan: Plan, installation: Installation, galleries: Galleries, *, again: bool) -> Report:
    """Let all people come, so many at a time; then cut all their sockets, and let them come back as the page does."""
    town = await asyncio.to_thread(found_town, installation.database_url, plan)
    scene = Scene(installation.url, town, await read_page(installation.url, town), plan, Figures())
    before_mib = installation.memory_mib()
    cpu, began = installation.read_cpu(), time.perf_counter()
    with installation.profiled():
        figures = await galleries.come(scene)
    wall, used = time.perf_counter() - began, installation.read_cpu().since(cpu)
    report: Report = {
        "members": plan.tabs,
        "at_once": plan.at_once,
        "channels": plan.channels,
        "history": plan.history,
        **_described(figures, "arrive", wall, used, plan.tabs),
    }
    report["memory_kb_per_tab"] = round((installation.memory_mib() - before_mib) * 1024 / plan.tabs, 1)
    say(f"all were there after {report['total_s']} s")
    if again:
        await asyncio.sleep(SETTLE_SECONDS)
        returned = await _come_again(plan, installation, galleries, town)
        report |= {"again": returned, "lost": returned.pop("lost"), "errors": report["errors"] + returned["errors"]}
        say(f"all were back after {returned['total_s']} s")
    return report


async def _come_again(plan: Plan, installation: Installation, galleries: Galleries, town: Town) -> Report:
    errors = Counter[str]()
    posts = Posts(installation.address, lambda _: None, errors)
    cpu, began = installation.read_cpu(), time.perf_counter()
    await galleries.all("cut")
    volley = Volley(new_base(), MISSED_MESSAGES, began, MISSED_PER_SECOND)
    for number in range(volley.count):
        posts.post(post_request(installation.url, town, volley, number), volley.due(number))
    whole = Figures()
    with installation.profiled():
        for figures in await galleries.all("come_back", began):
            whole.add(figures)
    wall = time.perf_counter() - began
    used = installation.read_cpu().since(cpu)
    await posts.settled()
    posts.close()
    whole.errors += errors
    revs = await asyncio.to_thread(head_revs, installation.database_url, town)
    return {
        **_described(whole, "return", wall, used, plan.tabs),
        "tries": whole.counts["tries"],
        "in_vain": {name: number for name, number in whole.counts.items() if name.startswith("in vain")},
        "missed": MISSED_MESSAGES,
        "lost": await _lacking(galleries, revs, plan.patience_seconds),
    }


async def _lacking(galleries: Galleries, revs: dict[str, int], patience: float) -> int:
    """How many changes never came to a tab, after some patience."""
    ends = time.perf_counter() + patience
    while True:
        lacking: int = sum(await galleries.all("lacks", revs))
        if not lacking or time.perf_counter() > ends:
            return lacking
        await asyncio.sleep(POLL_SECONDS)


def _described(figures: Figures, what: str, wall: float, used: dict[str, float], tabs: int) -> dict[str, Any]:
    """How long it took all, and each; processor time by part, for each tab."""
    each = {f"{part}_ms": round(seconds * MILLISECONDS / tabs, 2) for part, seconds in used.items()}
    return {
        "total_s": round(wall, 2),
        **figures.summary(what),
        **{part: figures.summary(part) for part in ("enter", "open", "reopen") if figures.times[part]},
        "cpu_per_tab": each,
        "other_cores": round(used["others"] / wall, 3),
        "generator_bound": used["generator"] / wall > 1,
        "errors": sum(figures.errors.values()),
        "error_kinds": dict(figures.errors.most_common(LISTED_ERRORS)),
    }
