"""Ids as clients send them."""

from functools import lru_cache
from uuid import UUID

from rxapp.errors import ConfabError, ErrorCode, not_found

# Some 5 MB.
SHARED_IDS = 20_000


def object_id(value: object) -> UUID:
    """The id of something to access; what is no id is as absent as what is not there."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError as error:
        raise not_found() from error


@lru_cache(maxsize=SHARED_IDS)
def shared_id(text: str) -> UUID:
    """An id that the database gave, one object for all who are in the same channel: each tab remembers its own."""
    return UUID(text)


def client_key(value: object) -> UUID:
    """The key that makes a send idempotent. Raises INVALID_REQUEST."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError as error:
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="client_key") from error


def number(value: object, *, field: str) -> int:
    """A whole number that fits the database. Raises INVALID_REQUEST."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise ConfabError(ErrorCode.INVALID_REQUEST, field=field)
    return value
