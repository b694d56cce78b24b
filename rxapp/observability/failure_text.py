"""Exceptions as text for the log, without what people wrote: databases and validators like to quote it."""

import traceback
from asyncio import CancelledError
from collections.abc import Iterator
from types import TracebackType

from psycopg import Error as PostgresError
from sqlalchemy.exc import DBAPIError

from rxapp.errors import ConfabError
from rxapp.operator_error import OperatorError

MESSAGE_MAX_CHARACTERS = 300
CHAIN_MAX = 5
LEFT_OUT = "(what it says is left out: it may quote somebody)"
# Their sentences name types, files and addresses. A ValueError or a KeyError names the value.
SAYS_NO_VALUES = (
    OSError, RuntimeError, TypeError, AttributeError, NameError, ImportError, MemoryError, OperatorError,
    StopAsyncIteration, CancelledError,
)  # fmt: skip
# Data exceptions, constraints, and what our own triggers say.
CLASSES_THAT_QUOTE = frozenset({"22", "23", "P0"})

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def one_line(text: str) -> str:
    """The text on one line: what could begin another one, or steer a terminal, is written out."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def safe_message(error: BaseException) -> str:
    """What an exception says where it is known not to quote anybody; otherwise nothing."""
    if isinstance(error, ConfabError):
        return error.code.value
    if isinstance(error, PostgresError):
        return one_line(_of_postgres(error))
    if isinstance(error, DBAPIError) and error.orig is not None:
        return f"({type(error.orig).__name__}) {safe_message(error.orig)}"
    if isinstance(error, SAYS_NO_VALUES) or type(error).__module__ == "redis.exceptions":
        text = one_line(str(error))
        return text if len(text) <= MESSAGE_MAX_CHARACTERS else f"{text[:MESSAGE_MAX_CHARACTERS]}…"
    return LEFT_OUT


def _of_postgres(error: PostgresError) -> str:
    # Its detail and context have values ("Key (email)=(…) already exists."), and so has the sentence of some classes.
    if error.sqlstate is None:
        return str(error)
    if error.sqlstate[:2] in CLASSES_THAT_QUOTE:
        return f"{error.sqlstate} {error.diag.constraint_name or ''}".rstrip()
    return f"{error.sqlstate} {error.diag.message_primary or ''}".rstrip()


def failure_text(error: BaseException) -> str:
    """The traceback, with what led to it first."""
    return "".join(_parts(error))


def _parts(error: BaseException) -> Iterator[str]:
    chain = [error]
    while (before := chain[0].__cause__ or _context_of(chain[0])) is not None and len(chain) < CHAIN_MAX:
        chain.insert(0, before)
    for number, one in enumerate(chain):
        if number:
            yield "\nThat led to:\n\n"
        yield "Traceback (most recent call last):\n"
        yield from traceback.StackSummary.extract(traceback.walk_tb(one.__traceback__)).format()
        yield f"{type(one).__module__}.{type(one).__qualname__}: {safe_message(one)}\n"
        if isinstance(one, BaseExceptionGroup):
            for inner in one.exceptions[:CHAIN_MAX]:
                yield "  | " + failure_text(inner).replace("\n", "\n  | ").rstrip(" |") + "\n"


def _context_of(error: BaseException) -> BaseException | None:
    return None if error.__suppress_context__ else error.__context__
