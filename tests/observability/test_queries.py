"""Statements are counted, and a slow one is logged: what it was, how long, and for whom, but not with which values."""

import logging

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Text, bindparam, cast, func, select, text

from db.engine import Database
from db.reading import Query
from rxapp.observability.circumstances import Circumstances, under
from rxapp.observability.logs import Objects
from rxapp.observability.queries import watch_queries
from rxapp.observability.sampling import forget_samplers, sample

SECRET = "tell nobody"
SLOW = text("select pg_sleep(0.05),\n    cast(:words as text)")


def count(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_a_slow_statement_is_said_without_its_values(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    watch_queries(database.engine, slow_ms=40)
    before = count("confab_database_query_duration_seconds_count"), count("confab_database_slow_queries_total")
    with under(Circumstances("request-1", where="ChannelState.open")):
        async with database.session() as session:
            await session.execute(text("select 1"))
            await session.execute(SLOW, {"words": SECRET})
        found = [record for record in caplog.records if record.name == "rxapp.observability.queries"]
        written = Objects(7).format(found[-1])
    assert count("confab_database_query_duration_seconds_count") >= before[0] + 2
    assert count("confab_database_slow_queries_total") >= before[1] + 1
    assert found[-1].levelno == logging.WARNING
    assert "select pg_sleep(0.05), cast(" in written
    assert '"where": "ChannelState.open"' in written
    assert SECRET not in written


async def test_what_a_reader_asks_is_counted_and_said_too(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    database.noted.append(watch_queries(database.engine, slow_ms=40))
    slow = Query(select(func.pg_sleep(0.05), cast(bindparam("words"), Text)), tuple)
    before = count("confab_database_query_duration_seconds_count")
    async with database.reader() as reader:
        await reader.all(slow, words=SECRET)
    said = [record.getMessage() for record in caplog.records if record.name == "rxapp.observability.queries"]
    assert count("confab_database_query_duration_seconds_count") == before + 1
    assert "pg_sleep" in said[-1]
    assert SECRET not in said[-1]


async def test_none_is_slow_when_no_limit_is_set(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    watch_queries(database.engine, slow_ms=0)
    async with database.session() as session:
        await session.execute(SLOW, {"words": SECRET})
    assert caplog.records == []


async def test_what_the_pool_lends_is_counted(database: Database) -> None:
    watch_queries(database.engine, slow_ms=0)
    try:
        async with database.session() as session:
            await session.execute(text("select 1"))
            sample()
            assert count("confab_database_connections", state="in_use") == 1
        sample()
        assert count("confab_database_connections", state="in_use") == 0
        assert count("confab_database_connections", state="idle") == 1
    finally:
        forget_samplers()
