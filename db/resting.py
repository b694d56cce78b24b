"""Connections that rested in the pool: whether they still lead to a database, without asking it each time.

Asking costs a round trip before every use. A server that ended, restarted or threw us out has said so on the socket,
where it can be seen without one; only who vanished without a word, as with a broken network, is found by asking, and
that is done after a long rest.
"""

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.pool.base import PoolProxiedConnection

# Longer than a busy server lets a connection rest, and shorter than networks forget one.
ASKED_AFTER_SECONDS = 30.0
_RESTS_SINCE = "confab_rests_since"


def ask_the_rested(engine: Engine) -> None:
    """Never hand out a connection that the server has ended; who asked gets a new one instead."""

    def came_back(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[_RESTS_SINCE] = time.monotonic()

    def goes_out(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        since = entry.info.get(_RESTS_SINCE)
        if since is None:
            return  # it was just made
        if (time.monotonic() - since > ASKED_AFTER_SECONDS or _was_told(connection)) and not _answers(
            engine, connection
        ):
            # The others are of the same server: none of them is tried.
            raise InvalidatePoolError

    event.listen(engine, "checkin", came_back)
    event.listen(engine, "checkout", goes_out)


def _was_told(connection: DBAPIConnection) -> bool:
    """Whether something came while it rested: an end, most of all; then it is asked."""
    driver: Any = connection.driver_connection
    if driver is None or driver.closed:
        return True
    poll = select.poll()
    poll.register(driver.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _answers(engine: Engine, connection: DBAPIConnection) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except DBAPIError:
        return False
    except engine.dialect.loaded_dbapi.Error:
        return False
