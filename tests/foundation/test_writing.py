"""Writing in few round trips: all of a transaction, or nothing of it."""

import asyncio

import pytest
import pytest_asyncio
from psycopg.errors import DivisionByZero, NotNullViolation
from sqlalchemy import text

from db.engine import Database
from db.reading import Query
from tests.round_trips import counted_round_trips

ADD = Query(text("insert into notes (word) values (:word) returning word"), lambda row: row[0])
ALL = Query(text("select word from notes order by word"), lambda row: row[0])
FAIL = Query(text("select 1 / 0"), tuple)
FORGET = Query(text("delete from notes"), tuple)
WAIT = Query(text("select pg_sleep(60)"), tuple)


@pytest_asyncio.fixture(autouse=True)
async def notes(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text("create table notes (word text not null)"))


async def kept(database: Database) -> list[str]:
    async with database.reader() as reader:
        return await reader.all(ALL)


async def test_a_transaction_is_as_many_round_trips_as_it_asks_for(database: Database) -> None:
    with counted_round_trips(database) as trips:
        await database.engine.dispose()  # its next connection is counted
        await kept(database)
        trips.taken()
        async with database.writer() as writer:
            assert await writer.together((ADD, {"word": "one"}), (ALL, {}), (FORGET, {})) == [["one"], ["one"], []]
            assert await writer.together((ADD, {"word": "two"}), (ALL, {}), commit=True) == [["two"], ["two"]]
        assert len(trips.taken()) == 2
    assert await kept(database) == ["two"]


async def test_what_is_not_committed_is_taken_back(database: Database) -> None:
    async with database.writer() as writer:
        assert await writer.first(ADD, word="one") == "one"
        assert await writer.all(ALL) == ["one"]
    assert await kept(database) == []


async def test_when_one_fails_nothing_stays_of_any(database: Database) -> None:
    with pytest.raises(DivisionByZero):
        async with database.writer() as writer:
            await writer.together((ADD, {"word": "one"}), (FAIL, {}), (ADD, {"word": "two"}), commit=True)
    with pytest.raises(NotNullViolation):
        async with database.writer() as writer:
            await writer.together((ADD, {"word": "one"}))
            await writer.together((ADD, {"word": None}), commit=True)
    with pytest.raises(RuntimeError):
        async with database.writer() as writer:
            await writer.together((ADD, {"word": "one"}))
            raise RuntimeError
    assert await kept(database) == []


async def test_who_stops_waiting_leaves_nothing_and_no_connection(database: Database) -> None:
    async def write() -> None:
        async with database.writer() as writer:
            await writer.together((ADD, {"word": "one"}))
            written.set()
            await writer.together((WAIT, {}), commit=True)

    written = asyncio.Event()
    task = asyncio.create_task(write())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert database.engine.sync_engine.pool.checkedout() == 0  # type: ignore[attr-defined] # of a queue
    assert await kept(database) == []


async def test_after_a_commit_another_transaction_may_follow(database: Database) -> None:
    async with database.writer() as writer:
        await writer.together((ADD, {"word": "one"}), commit=True)
        await writer.together((ADD, {"word": "two"}))
    assert await kept(database) == ["one"]
