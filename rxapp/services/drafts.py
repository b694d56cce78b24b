"""Drafts: what somebody has written in a channel and not sent, the same on all their devices.

A draft that was sent or emptied stays as an empty one: its `rev` goes on, so that a late copy never brings it back.
"""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Draft
from rxapp.actor import Actor
from rxapp.live.allowances import DRAFT
from rxapp.services.backend import Backend
from rxapp.services.channel_access import access_joined_channel
from rxapp.services.ids import number
from rxapp.services.text import check_draft
from rxapp.services.views import View, draft_view


async def save_draft(backend: Backend, *, actor: Actor, channel_id: object, source: object, rev: object) -> View:
    """Keep what is written so far, when it was made from the draft of that `rev`; 0 is none.

    Gives the draft as it stands now: another one, with a higher `rev`, when this copy is late. Raises NOT_FOUND,
    NOT_JOINED, TOO_LONG, INVALID_TEXT, INVALID_REQUEST.
    """
    await backend.limits.take(DRAFT, actor.user_id)
    text, made_from = check_draft(source), number(rev, field="rev")
    async with backend.hub.ordered(actor.user_id):
        async with backend.database.transaction() as session:
            # Of an archived channel too: what was written there stays until it is opened again.
            access = await access_joined_channel(session, actor=actor, channel_id=channel_id, also_archived=True)
            channel = access.channel
            before = draft_view(channel.workspace_id, channel.id, *await _read(session, actor, channel.id))
            if before["source"] != text:
                await _write(session, actor, channel.id, text, made_from)
            view = draft_view(channel.workspace_id, channel.id, *await _read(session, actor, channel.id))
        if view["rev"] > before["rev"]:
            await backend.hub.to_user(actor.user_id, {"k": "draft", **view})
    return view


async def _read(session: AsyncSession, actor: Actor, channel_id: UUID) -> tuple[str, int]:
    """Text and `rev`; before the first draft the empty one of `rev` 0."""
    query = select(Draft.source, Draft.rev).where(Draft.user_id == actor.user_id, Draft.channel_id == channel_id)
    found = (await session.execute(query)).one_or_none()
    return (found.source, found.rev) if found else ("", 0)


async def _write(session: AsyncSession, actor: Actor, channel_id: UUID, text: str, made_from: int) -> None:
    """One statement: of two copies made from the same draft, the second finds another `rev` and changes nothing."""
    row = insert(Draft).values(user_id=actor.user_id, channel_id=channel_id, source=text)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[Draft.user_id, Draft.channel_id],
            set_={"source": text, "rev": Draft.rev + 1, "updated_at": func.clock_timestamp()},
            where=Draft.rev == made_from,
        )
    )
