"""What a new person gets: a handle nobody has, and a colour."""

import re
import secrets
import unicodedata
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import User

HANDLE_MAX_CHARACTERS = 32
_TRIES = 20


async def free_handle(session: AsyncSession, name: str) -> str:
    """A handle made of the name that is free now: `ada`, then `ada2`, `ada3`, then a random end."""
    stem = _stem(name)
    wanted = [stem, *(f"{stem}{number}" for number in range(2, _TRIES))]
    taken = set(await session.scalars(select(User.handle).where(User.handle.in_(wanted))))
    for handle in wanted:
        if handle not in taken:
            return handle
    return f"{stem}-{secrets.token_hex(5)}"


def hue_of(user_id: UUID) -> int:
    """A hue in degrees, spread over the circle."""
    return user_id.int % 360


def _stem(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", ".", plain).strip(".")
    # room for the random end
    return words[: HANDLE_MAX_CHARACTERS - 12].strip(".") or "person"
