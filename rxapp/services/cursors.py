"""Read cursors: how far each person has read each channel.

A cursor is a message number, `read_seq`, and a `read_rev` that says which of two counts: the higher `read_rev`,
whatever its number, and of two with the same the one that is further. Reading moves the number on. Marking unread sets
it back and raises the `read_rev`, so that nothing that was read before, in another tab or on its way, undoes the mark.
A `read_rev` is the `rev` that the person's sidebar had at the mark, or when they came into the channel: it grows over
all their comings and goings, and a tab that missed a mark notices it as anything else that its sidebar misses.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, update

from db.models import Channel, ChannelMember
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import CURSOR
from rxapp.live.ops import Op
from rxapp.services.backend import Backend
from rxapp.services.channel_access import access_channel, access_joined_channel, lock_seats
from rxapp.services.ids import number, object_id
from rxapp.services.workspaces import access_workspace, bump_member, hold_member

# More than that are not told one by one: the tabs read the whole sidebar again.
READ_ALL_CURSORS = 500


async def move_cursor(
    backend: Backend, *, actor: Actor, channel_id: object, seq: object, read_rev: object = None
) -> None:
    """Say that everything up to a message number was read; a cursor goes on, and not beyond what was said.

    Nothing happens to who only looks at a public channel and has no cursor, nor where the cursor was set back since the
    reader knew it: then its `read_rev` is another. None is who has seen none.
    """
    await backend.limits.take(CURSOR, actor.user_id)
    wanted = number(seq, field="seq")
    known = None if read_rev is None else number(read_rev, field="read_rev")
    async with backend.database.transaction() as session:
        channel = (await access_channel(session, actor=actor, channel_id=channel_id)).channel
        moved = await session.execute(
            update(ChannelMember)
            .where(
                *_own(actor, channel.id),
                ChannelMember.read_rev == (ChannelMember.read_rev if known is None else known),
                ChannelMember.read_seq < min(wanted, channel.last_seq),
            )
            .values(read_seq=min(wanted, channel.last_seq))
            .returning(ChannelMember.read_seq, ChannelMember.read_rev)
        )
        cursor = moved.one_or_none()
    if cursor is not None:
        op = read_op(channel.workspace_id, channel.id, seq=cursor.read_seq, read_rev=cursor.read_rev)
        await backend.hub.to_user(actor.user_id, op)


async def mark_unread(backend: Backend, *, actor: Actor, channel_id: object, seq: object) -> None:
    """Say that a message and all after it are not read, in all one's tabs.

    Raises NOT_FOUND, NOT_JOINED, and INVALID_REQUEST for a number that no message of the channel has.
    """
    await backend.limits.take(CURSOR, actor.user_id)
    wanted, key = number(seq, field="seq"), object_id(channel_id)
    async with backend.hub.ordered(actor.user_id):
        async with backend.database.transaction() as session:
            channel = (await access_joined_channel(session, actor=actor, channel_id=key, also_archived=True)).channel
            if not 1 <= wanted <= channel.last_seq:
                raise ConfabError(ErrorCode.INVALID_REQUEST, field="seq")
            rev = await bump_member(session, channel.workspace_id, actor.user_id)
            marked = await session.execute(
                update(ChannelMember)
                .where(*_own(actor, channel.id))
                .values(read_seq=wanted - 1, read_rev=rev)
                .returning(ChannelMember.read_rev)
            )
            if marked.one_or_none() is None:
                raise ConfabError(ErrorCode.NOT_JOINED)  # they left meanwhile
        op = read_op(channel.workspace_id, channel.id, seq=wanted - 1, read_rev=rev)
        await backend.hub.to_user(actor.user_id, {**op, "rev": rev})


async def mark_all_read(backend: Backend, *, actor: Actor, workspace_id: object) -> None:
    """Say that everything in all one's channels of a workspace was read. NOT_FOUND for who is no member."""
    await backend.limits.take(CURSOR, actor.user_id)
    key = object_id(workspace_id)
    async with backend.hub.ordered(actor.user_id):
        async with backend.database.transaction() as session:
            await access_workspace(session, actor=actor, workspace_id=key)
            await hold_member(session, key, actor.user_id)
            await lock_seats(session, actor.user_id)
            moved = await session.execute(
                update(ChannelMember)
                .where(
                    ChannelMember.user_id == actor.user_id,
                    ChannelMember.channel_id == Channel.id,
                    Channel.workspace_id == key,
                    ChannelMember.read_seq < Channel.last_post_seq,
                )
                .values(read_seq=Channel.last_seq)
                .returning(ChannelMember.channel_id, ChannelMember.read_seq, ChannelMember.read_rev)
            )
            cursors = {str(channel_id): [read_seq, read_rev] for channel_id, read_seq, read_rev in moved}
            if not cursors:
                return
            rev = await bump_member(session, key, actor.user_id)
        op: Op = {"k": "read_all", "ws": str(key), "rev": rev, "cursors": cursors}
        if len(cursors) > READ_ALL_CURSORS:
            op = {"k": "me_head", "ws": str(key), "rev": rev}
        await backend.hub.to_user(actor.user_id, op)


def read_op(workspace_id: UUID | str, channel_id: UUID | str, *, seq: int, read_rev: int) -> Op:
    """The op that tells a person's tabs where a cursor is."""
    return {"k": "read", "ws": str(workspace_id), "ch": str(channel_id), "seq": seq, "rr": read_rev}


def _own(actor: Actor, channel_id: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ChannelMember.channel_id == channel_id, ChannelMember.user_id == actor.user_id
