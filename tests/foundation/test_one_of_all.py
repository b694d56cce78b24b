"""Work in the background is done by one process of all, and taken over when that one ends."""

import asyncio

import pytest
from sqlalchemy import text

from db import one_of_all
from db.engine import Database
from db.one_of_all import by_one_of_all
from tests.live.waiting import until

LOCK = 77


class Work:
    """Says who does it."""

    def __init__(self) -> None:
        self.doing: list[str] = []

    async def by(self, name: str) -> None:
        self.doing.append(name)
        try:
            await asyncio.Event().wait()
        finally:
            self.doing.remove(name)


async def test_one_does_it_and_another_takes_over(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_of_all, "TURN_SECONDS", 0.05)
    other, work = Database.at(database_url, pool_size=2), Work()
    first = asyncio.create_task(by_one_of_all(database.engine, lambda: work.by("first"), lock=LOCK))
    await until(lambda: work.doing == ["first"], "the first begins")
    tries = asyncio.Event()

    async def second() -> None:
        tries.set()
        await work.by("second")

    waiting = asyncio.create_task(by_one_of_all(other.engine, second, lock=LOCK))
    async with other.session() as session:
        await session.execute(text("select pg_sleep(0.3)"))  # some turns pass, as many as the database needs
    assert not tries.is_set()
    assert work.doing == ["first"]
    first.cancel()
    await until(lambda: work.doing == ["second"], "the second takes over")
    waiting.cancel()
    await asyncio.gather(first, waiting, return_exceptions=True)
    await other.close()


async def test_who_loses_its_connection_stops_and_tries_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(one_of_all, "TURN_SECONDS", 0.05)
    began: list[int] = []

    async def work() -> None:
        began.append(len(began))
        await asyncio.Event().wait()

    task = asyncio.create_task(by_one_of_all(database.engine, work, lock=LOCK))
    await until(lambda: began == [0], "it begins")
    async with database.session() as session:
        holder = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = :lock"
        await session.execute(text(holder), {"lock": LOCK})
    await until(lambda: began == [0, 1], "it begins again")
    assert "The work in the background stopped" in caplog.text
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
