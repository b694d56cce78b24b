"""Members who come, sit and only read: a share of them in one process."""

import asyncio
import gc
import time
from collections import Counter
from dataclasses import replace

from tests.load.figures import Figures
from tests.load.marks import Tally, Volley
from tests.load.outcome import Outcome, StrainGauge
from tests.load.reader import ReadingRoom
from tests.load.tab import Scene, Tab


class Gallery:
    """Each method is a command of the parent process (galleries.py)."""

    def __init__(self) -> None:
        self._scene: Scene | None = None
        self._tabs: list[Tab] = []
        self._room: ReadingRoom | None = None
        self._tally: Tally | None = None
        self._gauge: StrainGauge | None = None
        self._errors: Counter[str] = Counter()

    async def come(self, scene: Scene, numbers: range) -> Figures:
        """Open a tab for each of some people, a few at a time; gives how long each took."""
        self._scene = scene = replace(scene, figures=Figures())
        self._tabs = [Tab(scene, scene.town.people[number], number) for number in numbers]
        places = asyncio.Semaphore(scene.plan.at_once)

        async def come(tab: Tab) -> None:
            async with places:
                await tab.arrive(time.perf_counter())

        await asyncio.gather(*map(come, self._tabs))
        return scene.figures.take()

    async def cut(self) -> None:
        """Break all connections at once, as a network does."""
        for tab in self._tabs:
            tab.cut()

    async def come_back(self, due: float) -> Figures:
        """Connect all tabs again, all at once; gives how long it took each from when it was due."""
        if self._scene is None:
            raise RuntimeError("expected people who came before")
        await asyncio.gather(*(tab.come_back(due) for tab in self._tabs))
        return self._scene.figures.take()

    async def lacks(self, revs: dict[str, int]) -> int:
        """How many changes of the channels that tabs look at have not come yet."""
        return sum(tab.feed.lacks(revs[tab.channel]) for tab in self._tabs)

    async def sit(self) -> None:
        """From now on only read, in the raw bytes."""
        self._room = ReadingRoom(self._lose)
        for number, tab in enumerate(self._tabs):
            self._room.add(tab.hand_over(), number)
        gc.collect()
        gc.freeze()

    async def aim(self, volley: Volley) -> None:
        """Count what comes of a volley from now on."""
        if self._room is None:
            raise RuntimeError("expected members who sit")
        self._tally, self._gauge = Tally(volley, len(self._tabs)), StrainGauge()
        self._room.count_in(self._tally)

    async def got(self) -> int:
        """How many deliveries there were so far."""
        return len(self._tally.late) if self._tally is not None else 0

    async def count(self) -> Outcome:
        """What became of the volley."""
        tally, gauge = self._tally, self._gauge
        if tally is None or gauge is None:
            raise RuntimeError("expected a volley to count")
        errors, self._errors = self._errors, Counter()
        return Outcome(tally.late, tally.lost, tally.duplicated, tally.last_at, errors, [gauge.stop()])

    async def leave(self) -> None:
        """Close all tabs."""
        if self._room is not None:
            self._room.close()
        for tab in self._tabs:
            tab.leave()

    def _lose(self, reason: str) -> None:
        self._errors[reason] += 1
