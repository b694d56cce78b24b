"""The person on whose behalf something is done."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person and the session that vouches for them."""

    user_id: UUID
    session_id: UUID | None = None
