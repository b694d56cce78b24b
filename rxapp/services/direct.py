"""Direct conversations: one for each set of people, oneself alone included."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, ChannelMember, Member, new_id
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode, not_found
from rxapp.live.allowances import DIRECT, MANAGE
from rxapp.services.backend import Backend
from rxapp.services.channel_access import access_joined_channel
from rxapp.services.channel_people import refuse_full, seat
from rxapp.services.cursors import read_op
from rxapp.services.ids import object_id
from rxapp.services.views import View, channel_view
from rxapp.services.workspaces import access_workspace, bump_member

CONVERSATION_MAX_PEOPLE = 9


async def open_direct(backend: Backend, *, actor: Actor, workspace_id: object, user_ids: object) -> View:
    """The conversation between the actor and these people, made if there is none; the actor's sidebar shows it.

    Nobody else is the actor's notes to oneself. The others see it in their sidebars with its first message. Raises
    TOO_MANY_PEOPLE, TOO_MANY_CHANNELS, INVALID_REQUEST, and NOT_FOUND unless all are members of the workspace.
    """
    await backend.limits.take(DIRECT, actor.user_id)
    people = _people(actor, user_ids)
    async with backend.database.transaction() as session:
        access = await access_workspace(session, actor=actor, workspace_id=workspace_id)
        await _require_members(session, access.workspace.id, people)
        channel = await _find_or_make(session, actor, access.workspace.id, people)
    await seat(backend, user_id=actor.user_id, channel_id=channel.id)
    for user_id in sorted(people - {actor.user_id}):
        await seat(backend, user_id=user_id, channel_id=channel.id, is_shown=False)
    return channel_view(channel)


async def close_direct(backend: Backend, *, actor: Actor, channel_id: object) -> View:
    """Take a direct conversation out of one's sidebar until something new is said in it; so far it is read.

    INVALID_REQUEST for a channel.
    """
    await backend.limits.take(MANAGE, actor.user_id)
    key = object_id(channel_id)
    async with backend.hub.ordered(actor.user_id):
        async with backend.database.transaction() as session:
            channel = (await access_joined_channel(session, actor=actor, channel_id=key)).channel
            if channel.kind != "direct":
                raise ConfabError(ErrorCode.INVALID_REQUEST, field="channel")
            rev = await bump_member(session, channel.workspace_id, actor.user_id)
            closed = await session.execute(
                update(ChannelMember)
                .where(ChannelMember.channel_id == channel.id, ChannelMember.user_id == actor.user_id)
                .values(closed_seq=channel.last_seq, read_seq=channel.last_seq)
                .returning(ChannelMember.closed_seq, ChannelMember.read_rev)
            )
            found = closed.one_or_none()
            if found is None:
                raise ConfabError(ErrorCode.NOT_JOINED)  # they left meanwhile
            seq, read_rev = found
        view = channel_view(channel)
        await backend.hub.to_user(
            actor.user_id, {"k": "closed", "ws": view["ws"], "rev": rev, "ch": view["id"], "closed": seq}
        )
        cursor = read_op(channel.workspace_id, channel.id, seq=seq, read_rev=read_rev)
        await backend.hub.to_user(actor.user_id, cursor)
    return view


def _people(actor: Actor, user_ids: object) -> set[UUID]:
    if not isinstance(user_ids, list | tuple):
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="user_ids")
    if len(user_ids) > CONVERSATION_MAX_PEOPLE:
        raise ConfabError(ErrorCode.TOO_MANY_PEOPLE, limit=CONVERSATION_MAX_PEOPLE)
    people = {actor.user_id, *(object_id(user_id) for user_id in user_ids)}
    if len(people) > CONVERSATION_MAX_PEOPLE:
        raise ConfabError(ErrorCode.TOO_MANY_PEOPLE, limit=CONVERSATION_MAX_PEOPLE)
    return people


async def _require_members(session: AsyncSession, workspace_id: UUID, people: Collection[UUID]) -> None:
    found = await session.scalars(
        select(Member.user_id).where(Member.workspace_id == workspace_id, Member.user_id.in_(people))
    )
    if set(found) != people:
        raise not_found()


async def _find_or_make(session: AsyncSession, actor: Actor, workspace_id: UUID, people: Collection[UUID]) -> Channel:
    """Two who open it at once get the same one: the second insert waits for the first, and changes nothing."""
    key = ",".join(sorted(str(user_id) for user_id in people))
    made = await session.scalar(
        insert(Channel)
        .values(id=new_id(), workspace_id=workspace_id, kind="direct", direct_key=key, created_by=actor.user_id)
        .on_conflict_do_nothing()
        .returning(Channel.id)
    )
    if made is not None:
        await refuse_full(session, workspace_id, people)
    return (
        await session.scalars(select(Channel).where(Channel.workspace_id == workspace_id, Channel.direct_key == key))
    ).one()
