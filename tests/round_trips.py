"""How often a database is asked: every message that waits for an answer, as the driver itself writes them down.

Whatever asks is counted: statements of sessions and of readers, BEGIN, COMMIT and ROLLBACK, and pings of the pool.
"""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from psycopg.pq import Trace
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from db.engine import Database

# One of them ends everything that is sent in one go.
_ENDS = ("Sync", "Query")


class RoundTrips:
    """A database whose every question is counted."""

    def __init__(self, database: Database, notes: IO[bytes]) -> None:
        self._notes = notes
        self._read_to = 0
        event.listen(database.engine.sync_engine, "connect", self._listen)

    def _listen(self, connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        driver: Any = connection.driver_connection
        driver.pgconn.trace(self._notes.fileno())
        driver.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)

    def taken(self) -> list[str]:
        """What was asked since one last looked, one entry a round trip."""
        os.fsync(self._notes.fileno())
        with Path(self._notes.name).open(errors="replace") as notes:
            notes.seek(self._read_to)
            lines = notes.read().splitlines()
            self._read_to = notes.tell()
        trips, said = list[str](), list[str]()
        for line in lines:
            side, _, message = line.partition("\t")
            if side != "F":
                continue
            said.append(message)
            if message.split("\t")[1] in _ENDS:
                trips.append(" ".join(said))
                said.clear()
        return trips


@contextmanager
def counted_round_trips(database: Database) -> Generator[RoundTrips]:
    """Count what a database is asked from its next connection on."""
    with tempfile.NamedTemporaryFile() as notes:
        yield RoundTrips(database, notes)
