"""One run: a town, a site, people at work, faults, quiet, and the judgement."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from db.embedded import ensure_running
from db.migrate import migrate
from rxapp.build import ensure_built
from rxapp.data_folder import prepare_data_folder
from tests.faults.checker import Screen, check, check_badges, check_feed
from tests.faults.history import History, Outcome, What
from tests.faults.nemesis import Nemesis, Recovery
from tests.faults.outbox import Outbox
from tests.faults.plan import Fault, Plan, schedule
from tests.faults.proxy import Proxy, dial_tcp, dial_unix
from tests.faults.site import Site
from tests.faults.tab import ADD, TAKE_OUT, Tab
from tests.faults.town import Town, found_town
from tests.faults.truth import Truth, read_truth
from tests.live.browser_store import BrowserStores, browser_stores
from tests.load.page import read_page
from tests.redis_server import RedisServer

POLL_SECONDS = 0.25
# What the people do, and how often beside a message: see `_live`.
EDITS, DELETES, SWITCHES, OLDER, MARKS, RELOADS = 0.25, 0.05, 0.15, 0.1, 0.05, 0.02
OUT_EVERY_SECONDS = 2.0
# Mostly enough to be in.
LOOK_SECONDS = 0.5
TOLD_SECONDS = 5.0


@dataclass(slots=True)
class Result:
    """What came of a run."""

    plan: Plan
    faults: list[Fault]
    history: History
    folder: Path
    wrong: list[str] = field(default_factory=list)
    recoveries: list[Recovery] = field(default_factory=list)
    quiet_seconds: float = 0.0
    stored: int = 0
    connects: int = 0


async def run(plan: Plan, folder: Path, say: Callable[[str], None] | None = None) -> Result:
    """Do all of it in a folder, which keeps what is left for who looks for a reason; `say` is told what happens."""
    return await Run(plan, folder, say).run()


class Run:
    """What belongs to one run."""

    def __init__(self, plan: Plan, folder: Path, say: Callable[[str], None] | None) -> None:
        self.plan = plan
        self.folder = folder
        self.history = History(say=say)
        self.result = Result(plan, schedule(plan), self.history, folder)
        self._ids: dict[tuple[int, str], list[str]] = {}

    async def run(self) -> Result:
        """Set up, torment, wait for quiet, judge."""
        await asyncio.to_thread(ensure_built, lambda _: None)
        town, url = await asyncio.to_thread(_prepared, self.folder / "data", self.plan.people)
        self.town, self.database_url = town, url
        async with AsyncExitStack() as stack:
            await self._set_up(stack)
            try:
                await self._go_through()
            except* (AssertionError, TimeoutError) as never:
                # The history is worth more than the trace.
                self.result.wrong += [f"waited in vain: {error!r}" for error in never.exceptions]
        self.result.wrong += self.site.surprises
        if self.result.wrong:
            self.history.write(self.folder / "history.json")
        return self.result

    async def _set_up(self, stack: AsyncExitStack) -> None:
        plan = self.plan
        stores = stack.enter_context(browser_stores())
        redis = stack.enter_context(_redis(self.folder)) if plan.has_redis else None
        redis_wire = None
        if redis is not None:
            redis_wire = await stack.enter_async_context(Proxy(dial_unix(redis.url.removeprefix("unix://"))))
        redis_url = f"redis://127.0.0.1:{redis_wire.port}/0" if redis_wire else ""
        self.site = Site(self.folder, workers=plan.workers, redis=redis, redis_url=redis_url)
        wires = [await stack.enter_async_context(Proxy(dial_tcp(self.site.port))) for _ in range(plan.people)]
        self.nemesis = Nemesis(self.site, wires, redis_wire, self.history)
        self.site.serve()
        stack.push_async_callback(self.site.stop)
        await stack.enter_async_context(
            _running(self.nemesis.keep_probing(self.town.people[0].token, self.town.general))
        )
        await self.nemesis.until_there(plan.recover_deadline)
        self.tabs, self.outboxes = await self._people(stack, stores, wires)

    async def _people(
        self, stack: AsyncExitStack, stores: BrowserStores, wires: list[Proxy]
    ) -> tuple[list[Tab], list[Outbox]]:
        direct = f"http://127.0.0.1:{self.site.port}"
        page = await read_page(direct, self.town)  # type: ignore[arg-type]
        tabs, outboxes = [], []
        for number, wire in enumerate(wires):
            url = f"http://127.0.0.1:{wire.port}"
            tab = Tab(
                number, url=url, town=self.town, page=page, stores=stores, history=self.history, seed=self.plan.seed
            )
            outbox = Outbox(self.plan, self.town, tab, self.history, url)
            tab.open()
            stack.push_async_callback(tab.close)
            stack.push_async_callback(outbox.close)
            tabs.append(tab)
            outboxes.append(outbox)
        return tabs, outboxes

    async def _go_through(self) -> None:
        plan = self.plan
        async with asyncio.timeout(plan.recover_deadline):
            for tab in self.tabs:
                await tab.came_up.wait()
        ends = time.monotonic() + plan.seconds
        async with asyncio.TaskGroup() as group:
            for tab, outbox in zip(self.tabs, self.outboxes, strict=True):
                group.create_task(self._live(tab, outbox, ends))
            group.create_task(self._take_out_and_in(ends))
            group.create_task(self.nemesis.torment(self.result.faults, plan.recover_deadline))
        healed = time.monotonic()
        self.history.note("all is healed, and nobody writes any more")
        await self.nemesis.until_there(plan.recover_deadline)
        async with asyncio.timeout(plan.quiet_deadline):
            for outbox in self.outboxes:
                await outbox.settled()
        self.history.note("all that was sent is answered")
        screens, truth = await self._quiet()
        self.result.quiet_seconds = time.monotonic() - healed
        self.result.wrong += check(self.history, truth, screens, [str(person.id) for person in self.town.people])
        self.result.recoveries = self.nemesis.recoveries
        self.result.stored = len(truth.rows)
        self.result.connects = sum(tab.connects for tab in self.tabs)
        for tab in self.tabs:
            self.result.wrong += [f"tab {tab.number}: {note}" for note in tab.notes]

    # ---------------------------------------------------------------- people at work

    async def _live(self, tab: Tab, outbox: Outbox, ends: float) -> None:
        chance = random.Random(f"life {self.plan.seed} {tab.number}")
        number = 0
        while time.monotonic() < ends:
            await asyncio.sleep(chance.expovariate(self.plan.rate))
            places = self.town.places_of(tab.number)
            busy = chance.random() < 0.5
            number += 1
            outbox.post(self.town.general if busy else chance.choice(places), f"{tab.number} says {number}")
            mine = [act for act in self.history.acts if act.who == tab.number and act.message and act.what is What.SEND]
            if mine and chance.random() < EDITS:
                act = chance.choice(mine[-10:])
                outbox.edit(act.message, act.channel, f"{tab.number} edits {number}")
            if mine and chance.random() < DELETES:
                act = chance.choice(mine[-10:])
                outbox.delete(act.message, act.channel)
            # The first one stays where people are taken out.
            if tab.number and chance.random() < SWITCHES:
                tab.look_at(chance.choice(places))
            if chance.random() < OLDER:
                tab.read_older()
            if chance.random() < MARKS:
                tab.mark_unread()
            if chance.random() < RELOADS:
                tab.reload()

    async def _take_out_and_in(self, ends: float) -> None:
        """The first person takes others out of the private channel, and in again."""
        chance = random.Random(f"removals {self.plan.seed}")
        ada = self.tabs[0]
        while time.monotonic() < ends:
            await asyncio.sleep(OUT_EVERY_SECONDS * (0.5 + chance.random()))
            number = chance.randrange(1, len(self.town.people))
            person = str(self.town.people[number].id)
            # Who looks there, and something to hear once they are out: else nothing could go wrong.
            self.tabs[number].look_at(self.town.secret)
            await asyncio.sleep(LOOK_SECONDS * chance.random())
            for what, event, payload in (
                (What.TAKE_OUT, TAKE_OUT, {"user_id": person}),
                (What.ADD, ADD, {"user_ids": [person]}),
            ):
                while time.monotonic() < ends + self.plan.recover_deadline:
                    await ada.came_up.wait()
                    act = self.history.begin(what, 0, self.town.secret, person)
                    if await ada.change_people(event, payload, TOLD_SECONDS):
                        act.end(Outcome.OK)
                        self.outboxes[0].post(self.town.secret, f"{number}: {what}")
                        break
                    await asyncio.sleep(POLL_SECONDS)
                await asyncio.sleep(OUT_EVERY_SECONDS * chance.random())

    # ---------------------------------------------------------------- afterwards

    async def _quiet(self) -> tuple[list[Screen], Truth]:
        """Wait until each tab shows of each of its channels what is stored; what never comes stays wrong."""
        ends = time.monotonic() + self.plan.quiet_deadline
        screens = [Screen(tab.number, str(self.town.people[tab.number].id)) for tab in self.tabs]
        truth = await self._truth()
        await self._await_shown(screens, ends)  # what was looked at when the faults ended, with nobody's help
        for channel in self.town.channels:
            for tab in self.tabs:
                if channel != tab.channel and channel in truth.channels_of(str(self.town.people[tab.number].id)):
                    tab.look_at(channel)
            self.history.note(f"everybody looks at {channel}")
            await self._await_shown(screens, ends)
        self.history.note("all channels were shown")
        truth = await self._await_badges(screens, ends)
        for tab, screen in zip(self.tabs, screens, strict=True):
            tab.keep_regressions()
            screen.regressions = tab.regressions
        return screens, truth

    async def _await_shown(self, screens: list[Screen], ends: float) -> None:
        while True:
            truth = await self._truth()
            is_right = True
            for tab, screen in zip(self.tabs, screens, strict=True):
                if tab.channel not in truth.channels_of(screen.person):
                    continue
                feed = tab.store.feed(tab.channel)
                screen.feeds[tab.channel] = feed
                is_right = is_right and not list(check_feed(feed, truth, tab.channel))
            if is_right or time.monotonic() > ends:
                return
            await asyncio.sleep(POLL_SECONDS)

    async def _await_badges(self, screens: list[Screen], ends: float) -> Truth:
        while True:
            truth = await self._truth()
            for tab, screen in zip(self.tabs, screens, strict=True):
                screen.badges = tab.store.badges(self.town.workspace)
            is_right = not any(list(check_badges(screen, truth)) for screen in screens)
            if is_right or time.monotonic() > ends:
                return truth
            await asyncio.sleep(POLL_SECONDS)

    async def _truth(self) -> Truth:
        return await asyncio.to_thread(read_truth, self.database_url, self.town)


def _prepared(data: Path, people: int) -> tuple[Town, str]:
    """A town in a new database, which ends again: from now on it is the server's."""
    prepare_data_folder(data)
    with ensure_running(data) as database:
        migrate(database.url)
        return asyncio.run(found_town(database.url, people)), database.url


@contextmanager
def _redis(folder: Path) -> Generator[RedisServer]:
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.thaw()
        server.kill()


@asynccontextmanager
async def _running(work: Coroutine[object, object, None]) -> AsyncGenerator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
