"""What a person's own pages look like, on all their devices."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Preferences
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import MANAGE
from rxapp.services.backend import Backend
from rxapp.services.views import View, milliseconds

# A `rev` is the time of the choice in these.
ONE_REV = timedelta(milliseconds=1)
CHOICES = {
    "theme": ("system", "light", "dark"),
    "accent": ("teal", "blue", "violet", "rose", "amber", "graphite"),
    "density": ("comfortable", "compact"),
    "clock": ("auto", "12", "24"),
}
"""What can be chosen, by name; the first is what holds until something is."""


async def choose(backend: Backend, *, actor: Actor, name: object, value: object) -> View:
    """Choose one thing for oneself, on all devices. INVALID_REQUEST for what is no choice."""
    await backend.limits.take(MANAGE, actor.user_id)
    if not isinstance(name, str) or value not in CHOICES.get(name, ()):
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="preference")
    async with backend.hub.ordered(actor.user_id):
        async with backend.database.transaction() as session:
            chosen: dict[str, Any] = {name: value}
            written = insert(Preferences).values(
                user_id=actor.user_id, chosen=chosen, updated_at=func.clock_timestamp()
            )
            await session.execute(
                written.on_conflict_do_update(
                    index_elements=[Preferences.user_id],
                    set_={
                        "chosen": Preferences.chosen.concat(written.excluded.chosen),
                        # Of two choices at once the second waited: it is the later one, whenever it was begun.
                        "updated_at": func.greatest(written.excluded.updated_at, Preferences.updated_at + ONE_REV),
                    },
                )
            )
            view = await preferences_of(session, actor)
        await backend.hub.to_user(actor.user_id, {"k": "preferences", "p": view})
    return view


async def preferences_of(session: AsyncSession, actor: Actor) -> View:
    """What the actor chose, and else what holds; `rev` tells which of two is the later."""
    row = (await session.scalars(select(Preferences).where(Preferences.user_id == actor.user_id))).one_or_none()
    return preferences_view(row.chosen if row else None, row.updated_at if row else None)


def preferences_view(chosen: dict[str, Any] | None, chosen_at: datetime | None) -> View:
    """The same of what is stored; None where nothing was chosen yet."""
    kept = chosen or {}
    held = {name: kept[name] if kept.get(name) in values else values[0] for name, values in CHOICES.items()}
    return {**held, "rev": milliseconds(chosen_at) if chosen_at else 0}
