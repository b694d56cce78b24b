"""What browsers are told of people, places and messages: the same for every reader."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, ChannelMember, Message, User, Workspace
from db.reading import Query, Reader, columns_of
from rxapp.services.rows import ChannelRow, MessageRow, PersonRow, SeatRow, WorkspaceRow

View = dict[str, Any]

PEOPLE = Query(
    select(*columns_of(User, PersonRow)).where(User.id == any_(bindparam("ids", type_=ARRAY(Uuid)))), PersonRow._make
)


def milliseconds(moment: datetime) -> int:
    """A time as browsers take it: milliseconds since 1970, UTC."""
    return int(moment.timestamp() * 1000)


def user_view(user: User | PersonRow) -> View:
    """A person; of `kind` 'person', or 'imported' for who stands for an author of another system."""
    return {
        "id": str(user.id),
        "rev": user.rev,
        "name": user.display_name,
        "handle": user.handle,
        "hue": user.hue,
        "kind": user.kind,
    }


def workspace_view(workspace: Workspace | WorkspaceRow) -> View:
    """A workspace. Its `icon` is one emoji or nothing, its `hue` degrees on the colour circle."""
    return {
        "id": str(workspace.id),
        "rev": workspace.rev,
        "name": workspace.name,
        "icon": workspace.icon,
        "hue": workspace.hue,
    }


def channel_view(channel: Channel | ChannelRow) -> View:
    """A channel as its people see it. `rev` is that of its name and topic, which messages do not change.

    `by` is the id of who made it, empty when that is not known, and `made` when that was.

    A direct conversation has no name but `people`: the ids of all that it is between, also of those who left.
    """
    view = {
        "id": str(channel.id),
        "ws": str(channel.workspace_id),
        "kind": channel.kind,
        "name": channel.name or "",
        "topic": channel.topic,
        "purpose": channel.purpose,
        "archived": channel.archived_at is not None,
        "by": str(channel.created_by) if channel.created_by else "",
        "made": milliseconds(channel.created_at),
        "rev": channel.meta_rev,
    }
    return view if channel.direct_key is None else {**view, "people": channel.direct_key.split(",")}


def sidebar_entry(channel: Channel | ChannelRow, seat: ChannelMember | SeatRow, badge: View) -> View:
    """A channel as it stands in one person's sidebar. A closed one is shown when there is a message beyond `closed`."""
    return {
        "c": channel_view(channel),
        "read": seat.read_seq,
        "rr": seat.read_rev,
        "closed": seat.closed_seq,
        "last": channel.last_post_seq,
        "last_rev": channel.rev,
        **badge,
    }


def draft_view(workspace_id: UUID | str, channel_id: UUID | str, source: str, rev: int) -> View:
    """What its author, who alone is told, has written in a channel and not sent."""
    return {"ws": str(workspace_id), "ch": str(channel_id), "source": source, "rev": rev}


def message_view(message: Message | MessageRow) -> View:
    """A message; a deleted one is its place and nothing else."""
    view: View = {
        "id": str(message.id),
        "ch": str(message.channel_id),
        "seq": message.seq,
        "rev": message.rev,
        "author": str(message.author_id),
        "at": milliseconds(message.created_at),
    }
    if message.deleted_at is not None:
        view["deleted"] = True
    else:
        view["key"] = str(message.client_key)
        view["html"] = message.html
        view["edited"] = milliseconds(message.edited_at) if message.edited_at else None
    return view


def people_between(channels: Iterable[Channel | ChannelRow]) -> set[str]:
    """The ids of the people that direct conversations are between: who is shown one needs their names."""
    return {user_id for channel in channels if channel.direct_key for user_id in channel.direct_key.split(",")}


async def people_of_directs(session: AsyncSession, channels: Iterable[Channel]) -> list[View]:
    """Those people."""
    ids = [UUID(user_id) for user_id in people_between(channels)]
    if not ids:
        return []
    return [user_view(user) for user in await session.scalars(select(User).where(User.id.in_(ids)))]


async def read_people(reader: Reader, ids: Collection[str]) -> list[View]:
    """People by their ids."""
    return [user_view(user) for user in await reader.all(PEOPLE, ids=list(ids))] if ids else []
