"""Finding where to go: channels and people whose names are like what was typed, errors in it included."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Float, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import SQLColumnExpression

from db.models import Channel, ChannelMember, Member, User
from rxapp.actor import Actor
from rxapp.live.allowances import READ
from rxapp.services.backend import Backend
from rxapp.services.text import check_search
from rxapp.services.views import View, channel_view, user_view
from rxapp.services.workspaces import WorkspaceAccess, access_workspace

PLACES_LIMIT = 12
"""Of each kind."""

LIKENESS_MIN = 0.35
"""Of trigrams, 0 to 1: `markting` is 0.58 like `marketing`, and `sales` not at all."""


async def find_places(
    backend: Backend, *, actor: Actor, workspace_id: object, search: object
) -> dict[str, Sequence[View]]:
    """The `channels` and `people` of a workspace that are most like the text, at most 12 of each, the best first.

    Nothing is like an empty text. NOT_FOUND for who is no member; TOO_LONG, INVALID_TEXT for the text.
    """
    await backend.limits.take(READ, actor.user_id)
    wanted = check_search(search).lstrip("#@").strip().lower()
    async with backend.database.session() as session:
        access = await access_workspace(session, actor=actor, workspace_id=workspace_id)
        if not wanted:
            return {"channels": [], "people": []}
        return {
            "channels": await _channels(session, actor, access, wanted),
            "people": await _people(session, access, wanted),
        }


async def _channels(session: AsyncSession, actor: Actor, access: WorkspaceAccess, wanted: str) -> list[View]:
    likeness = _likeness(wanted, func.lower(Channel.name))
    query = (
        select(Channel, ChannelMember.user_id.is_not(None))
        .outerjoin(ChannelMember, and_(ChannelMember.channel_id == Channel.id, ChannelMember.user_id == actor.user_id))
        .where(
            Channel.workspace_id == access.workspace.id,
            Channel.kind != "direct",
            Channel.archived_at.is_(None),
            or_(Channel.kind == "public", ChannelMember.user_id.is_not(None)),
            likeness >= LIKENESS_MIN,
        )
        .order_by(likeness.desc(), func.lower(Channel.name))
        .limit(PLACES_LIMIT)
    )
    found = (await session.execute(query)).all()
    return [{**channel_view(channel), "joined": joined} for channel, joined in found]


async def _people(session: AsyncSession, access: WorkspaceAccess, wanted: str) -> list[View]:
    likeness = func.greatest(_likeness(wanted, func.lower(User.display_name)), _likeness(wanted, User.handle))
    query = (
        select(User)
        .join(Member, Member.user_id == User.id)
        .where(Member.workspace_id == access.workspace.id, likeness >= LIKENESS_MIN)
        .order_by(likeness.desc(), func.lower(User.display_name), User.id)
        .limit(PLACES_LIMIT)
    )
    return [user_view(user) for user in await session.scalars(query)]


def _likeness(wanted: str, name: SQLColumnExpression[str]) -> ColumnElement[float]:
    """How much a name is like the text: 3 when it begins so, 2 when a word or a part does, below 1 by trigrams."""
    trigrams = func.private.likeness(literal(wanted), name, type_=Float)
    return case(
        (name.startswith(wanted, autoescape=True), 3.0), (name.contains(wanted, autoescape=True), 2.0), else_=trigrams
    )
