"""Who may see a message: the only way to one."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Message
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode, not_found
from rxapp.services.backend import Backend
from rxapp.services.channel_access import ChannelAccess, access_channel, refuse_archived
from rxapp.services.ids import object_id


async def access_message(
    session: AsyncSession,
    *,
    actor: Actor,
    message_id: object,
    lock: bool = False,
    also_deleted: bool = False,
    also_archived: bool = False,
) -> tuple[Message, ChannelAccess]:
    """A message of a channel that the actor may read; `lock` holds the channel's row, as every writer does.

    NOT_FOUND otherwise, DELETED for one that is gone, unless its place is what is wanted. CHANNEL_ARCHIVED for a
    writer, unless that is no matter.
    """
    message = await session.get(Message, object_id(message_id))
    if message is None:
        raise not_found()
    access = await access_channel(session, actor=actor, channel_id=message.channel_id, lock=lock)
    if lock and not also_archived:
        refuse_archived(access.channel)
    if lock:
        await session.refresh(message)  # whoever held the channel may have changed it
    if message.deleted_at is not None and not also_deleted:
        raise ConfabError(ErrorCode.DELETED)
    return message, access


async def place_of(
    backend: Backend, *, actor: Actor, message_id: object, also_deleted: bool = False
) -> tuple[UUID, str]:
    """The channel of a message that the actor may read, whose turn to take before changing it, and its source now."""
    async with backend.database.session() as session:
        message, _ = await access_message(session, actor=actor, message_id=message_id, also_deleted=also_deleted)
    return message.channel_id, message.source
