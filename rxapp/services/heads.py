"""How far each room should be."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, ChannelMember, Member, Workspace
from rxapp.live.ops import Op, channel_room, user_room, workspace_room
from rxapp.services.backend import Backend


async def read_heads(backend: Backend, rooms: Sequence[str]) -> dict[str, list[Op]]:
    """The heads of all rooms somebody is in: one query a kind of room, however many there are."""
    channels, workspaces, users = (_ids(rooms, prefix) for prefix in ("ch:", "ws:", "user:"))
    heads: dict[str, list[Op]] = {}
    async with backend.database.session() as session:
        for channel_id, rev in await session.execute(select(Channel.id, Channel.rev).where(Channel.id.in_(channels))):
            heads[channel_room(channel_id)] = [{"k": "head", "ch": str(channel_id), "rev": rev}]
        for workspace_id, rev in await session.execute(
            select(Workspace.id, Workspace.rev).where(Workspace.id.in_(workspaces))
        ):
            heads[workspace_room(workspace_id)] = [{"k": "ws_head", "ws": str(workspace_id), "rev": rev}]
        sums = await _sums(session, users)
        listed: dict[UUID, list[str]] = {user_id: [] for user_id in users}
        for user_id, workspace_id, rev in await session.execute(
            select(Member.user_id, Member.workspace_id, Member.rev)
            .join(Workspace, Workspace.id == Member.workspace_id)
            .where(Member.user_id.in_(users), Workspace.deleted_at.is_(None))
            .order_by(Member.user_id, Member.workspace_id)
        ):
            head: Op = {"k": "me_head", "ws": str(workspace_id), "rev": rev}
            head["read"], head["last"] = sums.get((user_id, workspace_id), (0, 0))
            heads.setdefault(user_room(user_id), []).append(head)
            listed[user_id].append(str(workspace_id))
        for user_id, ids in listed.items():
            heads.setdefault(user_room(user_id), []).append({"k": "workspaces", "ids": ids})
    return heads


async def _sums(session: AsyncSession, user_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], tuple[int, int]]:
    """All cursors and all newest messages of a sidebar added up: a tab with other sums has missed one."""
    rows = await session.execute(
        select(
            ChannelMember.user_id,
            Channel.workspace_id,
            func.sum(ChannelMember.read_seq),
            func.sum(Channel.last_post_seq),
        )
        .join(Channel, Channel.id == ChannelMember.channel_id)
        .where(ChannelMember.user_id.in_(user_ids))
        .group_by(ChannelMember.user_id, Channel.workspace_id)
    )
    return {(user_id, workspace_id): (int(read), int(last)) for user_id, workspace_id, read, last in rows}


def _ids(rooms: Sequence[str], prefix: str) -> list[UUID]:
    return [UUID(room.removeprefix(prefix)) for room in rooms if room.startswith(prefix)]
