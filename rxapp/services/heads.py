"""How far each room should be."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from db.models import Channel, Member, Workspace
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
        for user_id, workspace_id, rev in await session.execute(
            select(Member.user_id, Member.workspace_id, Member.rev).where(Member.user_id.in_(users))
        ):
            heads.setdefault(user_room(user_id), []).append({"k": "me_head", "ws": str(workspace_id), "rev": rev})
    return heads


def _ids(rooms: Sequence[str], prefix: str) -> list[UUID]:
    return [UUID(room.removeprefix(prefix)) for room in rooms if room.startswith(prefix)]
