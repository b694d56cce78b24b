"""Which rooms people have a right to be in: what `open_channel` and `enter_workspace` ask for one, for many at once."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import FromClause, and_, cast, column, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from db.models import Channel, ChannelMember, Member, Workspace
from rxapp.live.ops import channel_room, workspace_room
from rxapp.services.backend import Backend

Pair = tuple[UUID, UUID]


async def lost_rooms(backend: Backend, held: Mapping[UUID, Collection[str]]) -> dict[UUID, list[str]]:
    """Of the rooms that people are in, those of channels and workspaces that they may not see: two queries for all."""
    channels, workspaces = _pairs(held, "ch:"), _pairs(held, "ws:")
    is_member = and_(Member.workspace_id == Workspace.id, Workspace.deleted_at.is_(None))
    async with backend.database.session() as session:
        seen = _table(channels)
        readable = (
            select(seen.c.user_id, seen.c.object_id)
            .join(Channel, Channel.id == seen.c.object_id)
            .join(Workspace, Workspace.id == Channel.workspace_id)
            .join(Member, and_(is_member, Member.user_id == seen.c.user_id))
            .outerjoin(
                ChannelMember,
                and_(ChannelMember.channel_id == Channel.id, ChannelMember.user_id == seen.c.user_id),
            )
            .where(or_(Channel.kind == "public", ChannelMember.user_id.is_not(None)))
        )
        rightful_channels = {(row[0], row[1]) for row in await session.execute(readable)}
        entered = _table(workspaces)
        belongs = (
            select(entered.c.user_id, entered.c.object_id)
            .join(Workspace, Workspace.id == entered.c.object_id)
            .join(Member, and_(is_member, Member.user_id == entered.c.user_id))
        )
        rightful_workspaces = {(row[0], row[1]) for row in await session.execute(belongs)}
    lost: dict[UUID, list[str]] = {}
    for user_id, channel_id in set(channels) - rightful_channels:
        lost.setdefault(user_id, []).append(channel_room(channel_id))
    for user_id, workspace_id in set(workspaces) - rightful_workspaces:
        lost.setdefault(user_id, []).append(workspace_room(workspace_id))
    return lost


def _pairs(held: Mapping[UUID, Collection[str]], prefix: str) -> list[Pair]:
    return [
        (user_id, UUID(room.removeprefix(prefix)))
        for user_id, rooms in held.items()
        for room in rooms
        if room.startswith(prefix)
    ]


def _table(pairs: Sequence[Pair]) -> FromClause:
    """The pairs as rows: two arrays, however many there are."""
    ids = ARRAY(PG_UUID(as_uuid=True))
    users = cast([user_id for user_id, _ in pairs], ids)
    objects = cast([object_id for _, object_id in pairs], ids)
    return func.unnest(users, objects).table_valued(column("user_id"), column("object_id")).render_derived()
