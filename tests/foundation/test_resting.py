"""Connections that rested in the pool while their server went away: nobody is handed one that leads nowhere."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Awaitable, Callable, Generator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, text

from db import resting
from db.embedded import ensure_running
from db.engine import Database
from tests.foundation.processes import GIVE_UP_SECONDS, POLL_SECONDS, until
from tests.foundation.test_database_away import read, read_fast, write
from tests.round_trips import counted_round_trips

POOL = 4
Use = Callable[[Database], Awaitable[None]]


@pytest.fixture
def data_dir(reachable_dir: Path) -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(dir=reachable_dir))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


async def use_all(database: Database, use: Use) -> None:
    """Take every connection of the pool at the same time."""
    async with asyncio.timeout(60):
        await asyncio.gather(*(use(database) for _ in range(POOL)))


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres/data/postmaster.pid").read_text().splitlines()[0])


def answers(url: str, before: int, data_dir: Path) -> bool:
    try:
        psycopg.connect(url).close()
        return postmaster(data_dir) != before
    except (OSError, ValueError, IndexError, psycopg.Error):
        return False


@pytest.mark.parametrize("use", [read, read_fast, write])
async def test_after_a_restart_of_the_database_nobody_meets_a_broken_connection(data_dir: Path, use: Use) -> None:
    with ensure_running(data_dir) as embedded:
        database = Database.at(embedded.url, pool_size=POOL)
        await use_all(database, use)
        before = postmaster(data_dir)
        os.kill(before, signal.SIGKILL)  # its watchdog starts another one
        await asyncio.to_thread(until, lambda: answers(embedded.url, before, data_dir), "the database is back")
        await use_all(database, use)
        await database.close()


@pytest.mark.parametrize("use", [read, read_fast])
async def test_a_connection_that_rested_shortly_is_not_asked_and_one_that_rested_long_is(
    database: Database, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    with counted_round_trips(database) as trips:
        await use(database)
        trips.taken()
        await use(database)
        assert len(trips.taken()) == 1
        monkeypatch.setattr(resting, "ASKED_AFTER_SECONDS", -1)
        await use(database)
        assert len(trips.taken()) == 2


async def sleepers(database: Database) -> int:
    """How many sessions of this database sleep."""
    query = "select count(*) from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%'"
    async with database.session() as session:
        return int(await session.scalar(text(query)) or 0)


async def test_a_reader_that_is_left_in_the_middle_takes_its_connection_along(database: Database) -> None:
    async def wait_for_long() -> None:
        async with database.reader() as reader:
            await reader._connection.execute("select pg_sleep(60)")

    task = asyncio.create_task(wait_for_long())
    async with asyncio.timeout(GIVE_UP_SECONDS):
        for _ in count():
            if await sleepers(database):
                break
            await asyncio.sleep(POLL_SECONDS)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await use_all(database, read_fast)
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as session:
            await session.execute(text("create table public.unwritten (n int)"))
            raise ZeroDivisionError
    async with database.session() as session:
        assert await session.scalar(text("select to_regclass('public.unwritten')")) is None


@pytest.mark.parametrize("use", [read, read_fast, write])
async def test_what_comes_while_all_connections_are_in_use_waits_and_opens_none(database_url: str, use: Use) -> None:
    database, opened = Database.at(database_url, pool_size=POOL), count()
    event.listen(database.engine.sync_engine, "connect", lambda *_: next(opened))
    async with asyncio.timeout(60):
        await asyncio.gather(*(use(database) for _ in range(5 * POOL)))
    await database.close()
    assert next(opened) == POOL
