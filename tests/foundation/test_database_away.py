"""What those who use a database are told while it is away."""

from collections.abc import Awaitable, Callable
from operator import itemgetter
from pathlib import Path

import pytest
from sqlalchemy import literal, select, text

from db.engine import Database
from db.reading import Query
from rxapp.cli.on_backend import on_backend
from rxapp.errors import ErrorCode
from rxapp.operator_error import OperatorError
from rxapp.services.backend import Backend
from rxapp.settings import Settings
from tests.refusals import refused

ONE = Query(select(literal(1)), itemgetter(0))
END_EVERYBODY = text("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()")


async def read(database: Database) -> None:
    async with database.session() as session:
        await session.execute(text("select 1"))


async def read_fast(database: Database) -> None:
    async with database.reader() as reader:
        assert await reader.all(ONE) == [1]


async def write(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text("select 1"))


async def write_fast(database: Database) -> None:
    async with database.writer() as writer:
        assert await writer.together((ONE, {}), commit=True) == [[1]]


USES = pytest.mark.parametrize("use", [read, read_fast, write, write_fast])


@USES
async def test_nobody_answers(tmp_path: Path, use: Callable[[Database], Awaitable[None]]) -> None:
    database = Database.at(f"postgresql://confab@/confab?host={tmp_path}")
    with refused(ErrorCode.UNAVAILABLE):
        await use(database)
    await database.close()


@USES
async def test_a_connection_that_ends_in_the_middle_is_said_and_the_next_one_works(
    database: Database, use: Callable[[Database], Awaitable[None]]
) -> None:
    with refused(ErrorCode.UNAVAILABLE):
        async with database.transaction() as session:
            await session.execute(END_EVERYBODY)
    await use(database)
    with refused(ErrorCode.UNAVAILABLE):
        async with database.writer() as writer:
            await writer.together((ONE, {}), (Query(END_EVERYBODY, tuple), {}))
    await use(database)


def test_a_command_that_loses_its_database_says_what_stays(database_url: str, reachable_dir: Path) -> None:
    settings = Settings(DATABASE_URL=database_url, CONFAB_DATA=reachable_dir / "command")

    async def lose(backend: Backend) -> None:
        async with backend.database.transaction() as session:
            await session.execute(END_EVERYBODY)

    with pytest.raises(OperatorError, match=r"The database was lost on the way: .*What was committed stays"):
        on_backend(settings, lose)
