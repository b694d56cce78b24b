"""Archiving: a channel that is over is read on, and nothing is written there any more."""

from sqlalchemy import func

from rxapp.actor import Actor
from rxapp.live.allowances import MANAGE
from rxapp.services.backend import Backend
from rxapp.services.channel_changes import change_channel, refuse_first


async def archive_channel(backend: Backend, *, actor: Actor, channel_id: object) -> None:
    """Close a channel for all writing; again changes nothing. Its people stay in it, and it leaves their sidebars.

    Raises NOT_FOUND, NOT_ALLOWED (see `change_channel`), and FIRST_CHANNEL for the one in which everybody begins.
    """
    await backend.limits.take(MANAGE, actor.user_id)
    async with change_channel(
        backend, actor=actor, channel_id=channel_id, also_archived=True, also_from_outside=True
    ) as (session, access):
        await refuse_first(session, access.channel)
        if access.channel.archived_at is None:
            access.channel.archived_at = await session.scalar(func.clock_timestamp())


async def unarchive_channel(backend: Backend, *, actor: Actor, channel_id: object) -> None:
    """Open an archived channel again; again changes nothing. Raises NOT_FOUND, NOT_ALLOWED."""
    await backend.limits.take(MANAGE, actor.user_id)
    async with change_channel(
        backend, actor=actor, channel_id=channel_id, also_archived=True, also_from_outside=True
    ) as (_, access):
        access.channel.archived_at = None
