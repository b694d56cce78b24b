"""The connection pool and the four ways to use it: read and write fast, read in a session, write in a transaction."""

import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.errors import DeadlockDetected
from psycopg.pq import TransactionStatus
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

from db.reading import Noted, Reader
from db.resting import ask_the_rested
from db.url import sqlalchemy_url
from db.writing import Writer
from rxapp.errors import ConfabError, ErrorCode

CONNECT_TIMEOUT_SECONDS = 10
POOL_TIMEOUT_SECONDS = 30
# A host that vanished says nothing. Without these the system would wait for it for up to two hours.
_NOTICE_A_HOST_THAT_IS_GONE = {
    "keepalives_idle": 10,  # seconds
    "keepalives_interval": 5,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,  # milliseconds
}
AWAY = (InterfaceError, OperationalError, TimeoutError, psycopg.InterfaceError, psycopg.OperationalError)

log = logging.getLogger(__name__)


def create_engine(url: str, *, pool_size: int = 10, application_name: str = "confab") -> AsyncEngine:
    """An engine on psycopg whose every connection is in UTC.

    `url` is any form that `db.url` reads. Opens no connection yet. Raises OperatorError on a malformed address.
    """
    engine = create_async_engine(
        sqlalchemy_url(url),
        pool_size=pool_size,
        # Beyond the pool connections would be opened for one use each. To open one takes the database longer than to
        # answer: when 500 tabs come at once, waiting a moment for one that is there is a fifth faster.
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        # The one used last again: its statements are prepared, and what its process looked at is in memory.
        pool_use_lifo=True,
        # What people write must not get into the log with an exception.
        hide_parameters=True,
        connect_args={
            "application_name": application_name,
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            **_NOTICE_A_HOST_THAT_IS_GONE,
        },
    )
    event.listen(engine.sync_engine, "connect", _use_utc)
    # After the database restarted, the first user of each connection must not meet the broken one.
    ask_the_rested(engine.sync_engine)
    return engine


def _use_utc(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Set the zone outside a transaction: a rollback would take it back. (Poolers refuse it as a start-up option.)"""
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("set time zone 'UTC'")
    cursor.close()
    connection.autocommit = False


@contextmanager
def _said_when_away() -> Generator[None]:
    """Say UNAVAILABLE in place of what the driver says of a database that cannot be reached or is too busy."""
    try:
        yield
    except AWAY as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, DeadlockDetected):
            # Ours to mend: who waited for whom, and for which table's row. Values are in neither.
            log.error("Transactions waited for each other: %s; %s", cause.diag.message_detail, cause.diag.context)
        else:
            log.warning("The database did not answer: %s", str(error).partition("\n")[0])
        raise ConfabError(ErrorCode.UNAVAILABLE) from error


class Database:
    """One database as the services see it. Whoever uses it gets UNAVAILABLE while it is away."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.noted: list[Noted] = []
        """Who hears of each statement of a `Reader`; those of sessions are events of the engine."""
        self._by_itself = engine.execution_options(isolation_level="AUTOCOMMIT")

    @classmethod
    def at(cls, url: str, *, pool_size: int = 10) -> "Database":
        """The database at an address, with a pool of its own."""
        return cls(create_engine(url, pool_size=pool_size))

    @asynccontextmanager
    async def reader(self) -> AsyncGenerator[Reader]:
        """Read what is asked often: see `Reader`."""
        with _said_when_away():
            held = await greenlet_spawn(self.engine.sync_engine.raw_connection)
            driver: AsyncConnection[Any] = held.driver_connection  # type: ignore[assignment] # psycopg's own
            try:
                await driver.set_autocommit(True)
                yield Reader(driver, self.noted)
            finally:
                await _give_back(held, driver)

    @asynccontextmanager
    async def writer(self) -> AsyncGenerator[Writer]:
        """Write what is written often: see `Writer`. What the block did not commit itself is taken back at its end."""
        with _said_when_away():
            held = await greenlet_spawn(self.engine.sync_engine.raw_connection)
            driver: AsyncConnection[Any] = held.driver_connection  # type: ignore[assignment] # psycopg's own
            try:
                await driver.set_autocommit(True)
                yield Writer(driver, self.noted)
                await driver.rollback()
            except Exception:
                if not driver.closed:
                    await driver.rollback()
                raise
            finally:
                await _give_back(held, driver)

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[AsyncSession]:
        """Read, each statement by itself: it sees what is committed when it begins. Nothing is written here."""
        with _said_when_away():
            async with AsyncSession(self._by_itself, expire_on_commit=False) as session:
                yield session

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        """Write: commits at the end, rolls back when an exception leaves the block."""
        with _said_when_away():
            async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
                yield session

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def _give_back(held: PoolProxiedConnection, driver: AsyncConnection[Any]) -> None:
    """Into the pool as it came from there; a connection that broke, or was left in the middle, is thrown away."""
    if driver.closed or driver.info.transaction_status is not TransactionStatus.IDLE:
        await greenlet_spawn(held.invalidate)
    else:
        await driver.set_autocommit(False)
    await greenlet_spawn(held.close)
