"""The engine: what commits, what rolls back, and in which time zone."""

import pytest
from sqlalchemy import text

from db.engine import Database


async def test_a_transaction_commits_at_its_end(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text("create table public.kept (n int)"))
        await session.execute(text("insert into public.kept values (1)"))
    async with database.session() as session:
        assert await session.scalar(text("select count(*) from public.kept")) == 1


async def test_an_exception_rolls_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as session:
            await session.execute(text("create table public.gone (n int)"))
            raise ZeroDivisionError
    async with database.session() as session:
        assert await session.scalar(text("select to_regclass('public.gone')")) is None


async def test_connections_are_in_utc_after_a_rollback_too(database: Database) -> None:
    for _ in range(2):
        async with database.session() as session:
            assert await session.scalar(text("show time zone")) == "UTC"


async def test_each_test_has_a_migrated_database_of_its_own(database: Database) -> None:
    async with database.session() as session:
        assert await session.scalar(text("select count(*) from private.installation")) == 1
        assert await session.scalar(text("select to_regclass('public.kept')")) is None
