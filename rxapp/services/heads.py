"""How far each room should be."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, BigInteger, Uuid, any_, bindparam, cast, func, select

from db.models import Channel, ChannelMember, Member, Workspace
from db.reading import Query, id_text
from rxapp.live.ops import Op, channel_room, user_room, workspace_room
from rxapp.services.backend import Backend

# An array, however many are asked for: a statement with a parameter for each is slow to make, and has an end.
_ASKED = any_(bindparam("ids", type_=ARRAY(Uuid)))
CHANNELS = Query(select(id_text(Channel.id), Channel.rev).where(Channel.id == _ASKED), tuple[str, int])
WORKSPACES = Query(select(id_text(Workspace.id), Workspace.rev).where(Workspace.id == _ASKED), tuple[str, int])
MEMBERSHIPS = Query(
    select(id_text(Member.user_id), id_text(Member.workspace_id), Member.rev)
    .join(Workspace, Workspace.id == Member.workspace_id)
    .where(Member.user_id == _ASKED, Workspace.deleted_at.is_(None))
    .order_by(Member.user_id, Member.workspace_id),
    tuple[str, str, int],
)
# All cursors and all newest messages of a sidebar added up: a tab with other sums has missed one.
SUMS = Query(
    select(
        id_text(ChannelMember.user_id),
        id_text(Channel.workspace_id),
        cast(func.sum(ChannelMember.read_seq), BigInteger),
        cast(func.sum(Channel.last_post_seq), BigInteger),
    )
    .join(Channel, Channel.id == ChannelMember.channel_id)
    .where(ChannelMember.user_id == _ASKED)
    .group_by(ChannelMember.user_id, Channel.workspace_id),
    tuple[str, str, int, int],
)


async def read_heads(backend: Backend, rooms: Sequence[str]) -> dict[str, list[Op]]:
    """The heads of all rooms somebody is in: one query a kind of room, however many there are."""
    channels, workspaces, users = (_ids(rooms, prefix) for prefix in ("ch:", "ws:", "user:"))
    heads: dict[str, list[Op]] = {}
    async with backend.database.reader() as reader:
        for channel_id, rev in await reader.all(CHANNELS, ids=channels):
            heads[channel_room(channel_id)] = [{"k": "head", "ch": channel_id, "rev": rev}]
        for workspace_id, rev in await reader.all(WORKSPACES, ids=workspaces):
            heads[workspace_room(workspace_id)] = [{"k": "ws_head", "ws": workspace_id, "rev": rev}]
        sums = {
            (user_id, workspace_id): (read, last)
            for user_id, workspace_id, read, last in await reader.all(SUMS, ids=users)
        }
        listed: dict[str, list[str]] = {user_id: [] for user_id in users}
        for user_id, workspace_id, rev in await reader.all(MEMBERSHIPS, ids=users):
            head: Op = {"k": "me_head", "ws": workspace_id, "rev": rev}
            head["read"], head["last"] = sums.get((user_id, workspace_id), (0, 0))
            heads.setdefault(user_room(user_id), []).append(head)
            listed[user_id].append(workspace_id)
        for user_id, ids in listed.items():
            heads.setdefault(user_room(user_id), []).append({"k": "workspaces", "ids": ids})
    return heads


def _ids(rooms: Sequence[str], prefix: str) -> list[str]:
    return [room.removeprefix(prefix) for room in rooms if room.startswith(prefix)]
