"""Reading fast: a statement that is made once, run by the driver itself, its rows handed over as they come.

SQLAlchemy's own way to a row (building and hashing the statement, a greenlet, a result, a mapped object) costs ten to
twenty times what the driver needs. That is right where little is read or something is changed, and too much for what
each tab asks when it comes.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from psycopg import AsyncConnection
from sqlalchemy import ColumnElement, Select, Text, TextClause, Uuid, cast
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlalchemy.sql.compiler import SQLCompiler

R = TypeVar("R")
AnySelect = Select[*tuple[Any, ...]]
Noted = Callable[[str, Mapping[str, Any], float], None]
"""Hears of each statement: its text, what it was asked with, and how many seconds it took."""

_DIALECT = dialect()  # type: ignore[no-untyped-call]


def columns_of(model: type[Any], row: Any) -> list[ColumnElement[Any]]:
    """The columns of a model that a `NamedTuple` is made of, in its order; ids as text, as browsers are told them.

    An id that is text from the start costs a tenth of one that is made an object and then text again.
    """
    return [id_text(getattr(model, name)) for name in row._fields]


def id_text(column: Any) -> ColumnElement[Any]:
    """A column as it is, an id as text."""
    found: ColumnElement[Any] = cast(column, Text) if isinstance(column.type, Uuid) else column
    return found


class Query(Generic[R]):
    """A statement with `bindparam`s for what is asked, and what becomes of each of its rows."""

    def __init__(self, statement: AnySelect | TextClause, row: Callable[[Any], R]) -> None:
        self.statement = statement
        self.row = row

    @cached_property
    def _compiled(self) -> SQLCompiler:
        compiled = self.statement.compile(dialect=_DIALECT)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError(f"expected a statement, and got {compiled}")
        return compiled

    @cached_property
    def sql(self) -> str:
        """What is sent."""
        return str(self._compiled)

    @cached_property
    def _constants(self) -> dict[str, Any]:
        return dict(self._compiled.params)

    def asked_with(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """All that the statement needs. What it does not know is a mistake of ours."""
        unknown = values.keys() - self._constants.keys()
        if unknown:
            raise TypeError(f"expected {sorted(self._constants)}, and got {sorted(unknown)}")
        return {**self._constants, **values}


class Reader:
    """One connection, out of any transaction: each statement sees what is committed when it begins."""

    def __init__(self, connection: AsyncConnection[Any], noted: Sequence[Noted]) -> None:
        self._connection = connection
        self._noted = noted

    async def all(self, query: Query[R], **values: Any) -> list[R]:
        """All rows."""
        asked = query.asked_with(values)
        began = time.perf_counter()
        cursor = await self._connection.execute(query.sql, asked)
        found = await cursor.fetchall()
        for note in self._noted:
            note(query.sql, asked, time.perf_counter() - began)
        return list(map(query.row, found))

    async def first(self, query: Query[R], **values: Any) -> R | None:
        """The first row, where there is one."""
        found = await self.all(query, **values)
        return found[0] if found else None
