"""What browsers are told of people, places and messages: the same for every reader."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, ChannelMember, Message, User, Workspace

View = dict[str, Any]


def milliseconds(moment: datetime) -> int:
    """A time as browsers take it: milliseconds since 1970, UTC."""
    return int(moment.timestamp() * 1000)


def user_view(user: User) -> View:
    """A person; of `kind` 'person', or 'imported' for who stands for an author of another system."""
    return {
        "id": str(user.id),
        "rev": user.rev,
        "name": user.display_name,
        "handle": user.handle,
        "hue": user.hue,
        "kind": user.kind,
    }


def workspace_view(workspace: Workspace) -> View:
    """A workspace. Its `icon` is one emoji or nothing, its `hue` degrees on the colour circle."""
    return {
        "id": str(workspace.id),
        "rev": workspace.rev,
        "name": workspace.name,
        "icon": workspace.icon,
        "hue": workspace.hue,
    }


def channel_view(channel: Channel) -> View:
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


def sidebar_entry(channel: Channel, seat: ChannelMember, badge: View) -> View:
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


def draft_view(channel: Channel, source: str, rev: int) -> View:
    """What its author, who alone is told, has written in a channel and not sent."""
    return {"ws": str(channel.workspace_id), "ch": str(channel.id), "source": source, "rev": rev}


def message_view(message: Message) -> View:
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
        return {**view, "deleted": True}
    return {
        **view,
        "key": str(message.client_key),
        "html": message.html,
        "edited": milliseconds(message.edited_at) if message.edited_at else None,
    }


async def people_of_directs(session: AsyncSession, channels: Iterable[Channel]) -> list[View]:
    """The people that direct conversations are between: who is shown one needs their names."""
    keys = (channel.direct_key for channel in channels if channel.direct_key)
    return await _people(session, {UUID(user_id) for key in keys for user_id in key.split(",")})


async def authors_of(session: AsyncSession, messages: Iterable[Message], channel: Channel | None = None) -> list[View]:
    """The people who wrote the messages, and those that the channel is between when it is a direct one."""
    ids = {message.author_id for message in messages}
    if channel is not None and channel.direct_key:
        ids.update(UUID(user_id) for user_id in channel.direct_key.split(","))
    return await _people(session, ids)


async def _people(session: AsyncSession, ids: Collection[UUID]) -> list[View]:
    if not ids:
        return []
    return [user_view(user) for user in await session.scalars(select(User).where(User.id.in_(ids)))]
