"""Looking into channels with a long past: the newest page, and pages in the middle.

*Cold* is the first look at a place after the database was started anew: its own memory is empty, the system's is not.
*Warm* is each further look at the same places.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psycopg

from rxapp.auth.sessions import COOKIE_NAME
from tests.load import page as names
from tests.load.bulk import fill
from tests.load.fanout import Report, say
from tests.load.feed import Op
from tests.load.figures import Figures, summary_of
from tests.load.installation import Installation, serve_from
from tests.load.page import place_of, read_page
from tests.load.plan import Plan
from tests.load.tab import BUSY, Scene, Tab
from tests.load.town import Town

MIB = 1024 * 1024
ANSWER_SECONDS = 60.0
# How often each place is looked at again.
WARM_ROUNDS = 5


async def history(folder: Path, *, messages: int, looks: int) -> Report:
    """Fill the database of a folder, serve it, and look at so many places."""
    say(f"filling a database with {messages} messages")
    town, fill_seconds = await asyncio.to_thread(fill, folder, messages)
    say(f"filled in {fill_seconds} s")
    async with serve_from(folder) as installation:
        scene = Scene(installation.url, town, await read_page(installation.url, town), Plan(looks=False), Figures())
        reader = Reader(scene, town)
        await reader.arrive(time.perf_counter())
        chance = random.Random(messages + looks)
        end = await asyncio.to_thread(_length, installation.database_url, town)
        # Other places for the two: a place that was seen is not cold any more.
        middle = [chance.randrange(max(end // 4, 1), max(end * 3 // 4, 2)) for _ in range(2 * looks)]
        async with reader.client:
            report: Report = {
                "messages": messages,
                "of_the_channel": end,
                "fill_s": fill_seconds,
                "database_mib": await asyncio.to_thread(_size_mib, installation.database_url),
                # The first channel was looked at in coming.
                "open": await _looked(installation, [partial(reader.open, n) for n in range(1, len(town.channels))]),
                "around": await _looked(installation, [partial(reader.look_around, seq) for seq in middle[:looks]]),
                "older": await _looked(installation, [partial(reader.read_before, seq) for seq in middle[looks:]]),
            }
        reader.leave()
        report |= {f"{share}_ms": report["open"]["warm"][f"{share}_ms"] for share in ("p50", "p95", "p99")}
        return report | {"errors": sum(scene.figures.errors.values()), "error_kinds": dict(scene.figures.errors)}


class Reader(Tab):
    """A tab that looks where it is told, one place after another."""

    def __init__(self, scene: Scene, town: Town) -> None:
        super().__init__(scene, town.people[0], 0)
        self.client = httpx.AsyncClient(
            base_url=scene.url, cookies={COOKIE_NAME: town.people[0].token}, timeout=ANSWER_SECONDS, trust_env=False
        )
        self._answer: asyncio.Future[float] | None = None
        self._awaits = ""

    async def open(self, channel: int) -> float:
        """Go to the end of a channel; gives the seconds until its newest page was there."""
        self.looks_at = channel
        return await self._look("page", {"channel_id": self.channel, "since_rev": 0})

    async def look_around(self, seq: int) -> float:
        """Go to a message of the busy channel; gives the seconds until the page around it was there."""
        self.looks_at = BUSY
        return await self._look("around", {"channel_id": self.channel, "since_rev": 0, "to": {"seq": seq}})

    async def read_before(self, seq: int) -> float:
        """Ask the route for the page before a message; gives the seconds until it was there."""
        self.looks_at, began = BUSY, time.perf_counter()
        answer = await self.client.get(f"/api/channels/{self.channel}/messages", params={"before": seq})
        answer.raise_for_status()
        return time.perf_counter() - began

    async def _look(self, kind: str, payload: dict[str, Any]) -> float:
        if self._socket is None:
            raise ConnectionError(f"expected a tab that is there: {dict(self.scene.figures.errors)}")
        self._awaits, self._answer = kind, asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self._socket.send_event(names.OPEN, payload, place_of(self.scene.town, self.looks_at))
        async with asyncio.timeout(ANSWER_SECONDS):
            return await self._answer - began

    def _lost(self, reason: str) -> None:
        super()._lost(reason)
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError(f"expected an answer, got none: {reason}"))

    def _fold(self, op: Op, now: float) -> None:
        super()._fold(op, now)
        if self._answer is not None and op["k"] == self._awaits and not self._answer.done():
            self._answer.set_result(now)


async def _looked(installation: Installation, looks: list[Callable[[], Awaitable[float]]]) -> dict[str, Any]:
    cold = [await look() for look in looks]
    cpu, began = installation.read_cpu(), time.perf_counter()
    warm = [await look() for _ in range(WARM_ROUNDS) for look in looks]
    used, wall = installation.read_cpu().since(cpu), time.perf_counter() - began
    each = {f"{part}_ms": round(used[part] * 1000 / len(warm), 2) for part in ("server", "database")}
    return {
        "cold": summary_of(cold),
        "warm": summary_of(warm),
        "cpu_per_look": each,
        "other_cores": round(used["others"] / wall, 3),
    }


def _length(url: str, town: Town) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("select last_seq from public.channels where id = %s", [town.channels[BUSY]]).fetchone()
        return int(row[0]) if row else 0


def _size_mib(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("select pg_database_size(current_database())").fetchone()
        return int(row[0]) // MIB if row else 0
