"""Writing fast: the statements of a transaction go out together, as far as one does not depend on another's answer.

Through SQLAlchemy a short transaction takes a round trip for its beginning, one for each statement and one for its
end, and each costs several times what the driver needs for it. That is right where something is changed now and then,
and too much for a message.
"""

import time
from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection

from db.reading import Noted, Query, R, Reader

Question = tuple[Query[Any], dict[str, Any]]
"""A statement, and what it is asked with."""

_BEGIN, _COMMIT = "BEGIN", "COMMIT"


class Writer(Reader):
    """One connection in a transaction: it begins with the first statement, and is taken back unless it is committed."""

    def __init__(self, connection: AsyncConnection[Any], noted: Sequence[Noted]) -> None:
        super().__init__(connection, noted)
        self._has_begun = False

    async def all(self, query: Query[R], **values: Any) -> list[R]:
        """All rows."""
        return (await self.together((query, values)))[0]

    async def together(self, *questions: Question, commit: bool = False) -> list[list[Any]]:
        """The rows of each of several statements that are asked in one round trip, and run one after the other.

        Each sees what those before it changed, and what others had committed when it begins. `commit` ends the
        transaction in the same round trip. When one fails nothing stays of any.
        """
        asked = [(query, query.asked_with(values)) for query, values in questions]
        began = time.perf_counter()
        async with self._connection.pipeline():
            # By ourselves: the driver would wait for the answer.
            if not self._has_begun:
                await self._connection.execute(_BEGIN)
            cursors = [await self._connection.execute(query.sql, values) for query, values in asked]
            if commit:
                await self._connection.execute(_COMMIT)
        self._has_begun = not commit
        seconds = time.perf_counter() - began
        for query, values in asked:
            for note in self._noted:
                note(query.sql, values, seconds)
        found = [await cursor.fetchall() if cursor.description else [] for cursor in cursors]
        return [list(map(query.row, rows)) for (query, _), rows in zip(asked, found, strict=True)]
