"""All the tabs: they come, do what the plan says, and are waited for."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from tests.load.outbox import Outbox
from tests.load.tab import BUSY, Scene, Tab

SETTLE_SECONDS = 2.0
LAG_EVERY_SECONDS = 0.05


async def gather_crowd(scene: Scene) -> tuple[list[Tab], float]:
    """Open every tab, some at a time; gives the tabs and how many seconds it took until the last one was there."""
    tabs = [Tab(scene, person, number) for number, person in enumerate(scene.town.people)]
    places = asyncio.Semaphore(scene.plan.at_once)

    async def come(tab: Tab) -> None:
        async with places:
            await tab.arrive(time.perf_counter())

    began = time.perf_counter()
    await asyncio.gather(*map(come, tabs))
    return tabs, time.perf_counter() - began


async def live(scene: Scene, tabs: list[Tab]) -> None:
    """What people do, for as long as the plan says; comes back when all that was sent is answered."""
    began = time.perf_counter()
    ends = began + scene.plan.seconds
    async with Outbox(scene.url, scene.figures) as outbox, asyncio.TaskGroup() as group:
        group.create_task(_talk(scene, tabs, outbox, began, ends))
        group.create_task(_watch_lag(scene, ends))
        for tab in tabs:
            for every, act in _habits(scene, tab, ends):
                if every > 0:
                    group.create_task(_repeat(act, began + tab.chance.random() * every, every, ends))


async def settle(scene: Scene, tabs: list[Tab], heads: Callable[[], Awaitable[dict[str, int]]]) -> int:
    """Wait until every tab knows all of the channel that it looks at; gives how many messages never came to a tab."""
    for tab in tabs:
        if tab.looks_at != BUSY:
            tab.look_at(BUSY, None)
    revs = await heads()
    lacking, since = -1, time.perf_counter()
    while time.perf_counter() - since < scene.plan.patience_seconds:
        now = sum(tab.feed.lacks(revs[tab.channel]) for tab in tabs)
        if now == 0:
            return 0
        if now != lacking:
            lacking, since = now, time.perf_counter()
        await asyncio.sleep(LAG_EVERY_SECONDS)
    return lacking


def _habits(scene: Scene, tab: Tab, ends: float) -> list[tuple[float, Callable[[float], Awaitable[None]]]]:
    plan = scene.plan

    async def visit(due: float) -> None:
        tab.look_at(tab.chance.randrange(1, plan.channels), due)
        back = due + plan.away_seconds
        await _until(min(back, ends))
        if back <= ends:
            tab.look_at(BUSY, back)

    async def scroll(due: float) -> None:
        tab.read_older(due)

    # There and back again are two changes.
    return [
        (2 * plan.switch_every if plan.wanders else 0, visit),
        (plan.older_every, scroll),
        (plan.reload_every, tab.arrive),
    ]


async def _repeat(act: Callable[[float], Awaitable[None]], due: float, every: float, ends: float) -> None:
    while due < ends:
        await _until(due)
        await act(due)
        due += every


async def _talk(scene: Scene, tabs: list[Tab], outbox: Outbox, began: float, ends: float) -> None:
    """Speak at an even pace, each time somebody else, however long the server takes."""
    count = int(scene.plan.rate * scene.plan.seconds)
    for number in range(count):
        due = began + number / scene.plan.rate
        await _until(due)
        outbox.post(tabs[number * 7919 % len(tabs)], due)
    await _until(ends)
    await outbox.settled()


async def _watch_lag(scene: Scene, ends: float) -> None:
    """How late this process is itself: what it adds to what it measures."""
    while (due := time.perf_counter() + LAG_EVERY_SECONDS) < ends:
        await _until(due)
        scene.figures.took("lag", time.perf_counter() - due)


async def _until(moment: float) -> None:
    await asyncio.sleep(max(moment - time.perf_counter(), 0))
