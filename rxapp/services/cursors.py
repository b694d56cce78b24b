"""Read cursors: how far each person has read each channel."""

from sqlalchemy import update

from db.models import ChannelMember
from rxapp.actor import Actor
from rxapp.services.backend import Backend
from rxapp.services.channel_access import access_channel
from rxapp.services.ids import number


async def move_cursor(backend: Backend, *, actor: Actor, channel_id: object, seq: object) -> None:
    """Say that everything up to a message number was read; a cursor never goes back, nor beyond what was said.

    Who only looks at a public channel has no cursor: nothing happens.
    """
    wanted = number(seq, field="seq")
    async with backend.database.transaction() as session:
        channel = (await access_channel(session, actor=actor, channel_id=channel_id)).channel
        moved = await session.scalar(
            update(ChannelMember)
            .where(
                ChannelMember.channel_id == channel.id,
                ChannelMember.user_id == actor.user_id,
                ChannelMember.read_seq < min(wanted, channel.last_seq),
            )
            .values(read_seq=min(wanted, channel.last_seq))
            .returning(ChannelMember.read_seq)
        )
    if moved is not None:
        await backend.hub.to_user(
            actor.user_id, {"k": "read", "ws": str(channel.workspace_id), "ch": str(channel.id), "seq": moved}
        )
