"""Hiding: a public channel becomes a private one, for good."""

from rxapp.actor import Actor
from rxapp.live.allowances import MANAGE
from rxapp.services.backend import Backend
from rxapp.services.channel_changes import change_channel, refuse_first


async def hide_channel(backend: Backend, *, actor: Actor, channel_id: object) -> None:
    """Make a public channel private; again changes nothing. Who is in it stays; all others are put out at once.

    There is no way back: what was said for a few is not shown to everybody later. Raises what `change_channel` does,
    and FIRST_CHANNEL for the one in which everybody begins.
    """
    await backend.limits.take(MANAGE, actor.user_id)
    async with change_channel(backend, actor=actor, channel_id=channel_id) as (session, access):
        await refuse_first(session, access.channel)
        access.channel.kind = "private"
