"""What browsers are told of people, places and messages: the same for every reader."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, Message, User, Workspace

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
    """A channel as its people see it. `rev` is that of its name and topic, which messages do not change."""
    return {
        "id": str(channel.id),
        "ws": str(channel.workspace_id),
        "kind": channel.kind,
        "name": channel.name or "",
        "topic": channel.topic,
        "rev": channel.meta_rev,
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


async def authors_of(session: AsyncSession, messages: Iterable[Message]) -> list[View]:
    """The people who wrote the messages."""
    ids = {message.author_id for message in messages}
    if not ids:
        return []
    return [user_view(user) for user in await session.scalars(select(User).where(User.id.in_(ids)))]
