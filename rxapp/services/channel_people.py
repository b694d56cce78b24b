"""Who is in a channel: coming, going, being added and being taken out."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, ChannelMember, Member, User
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode, not_found
from rxapp.live.allowances import MANAGE, READ
from rxapp.live.ops import channel_room
from rxapp.services.backend import Backend
from rxapp.services.badges import read_badge
from rxapp.services.channel_access import (
    access_channel,
    access_joined_channel,
    refuse_archived,
    refuse_direct,
    refuse_unless_manager,
)
from rxapp.services.directory import PEOPLE_ORDER, behind, matching, place_of_person
from rxapp.services.ids import object_id
from rxapp.services.text import check_search
from rxapp.services.views import View, channel_view, people_of_directs, sidebar_entry, user_view
from rxapp.services.workspaces import bump_member, hold_member

ADDED_AT_ONCE_PEOPLE = 50
PEOPLE_PAGE = 100
# Channels and conversations of one person in a workspace: all of them are in the sidebar, and in its one answer.
SEATS_MAX = 2000
# The `closed_seq` of what its person wants to see, also while it is empty.
SHOWN_AT_ONCE = -1


async def join_channel(backend: Backend, *, actor: Actor, channel_id: object) -> None:
    """Come into a public channel; again changes nothing. NOT_FOUND for a private one, CHANNEL_ARCHIVED."""
    await backend.limits.take(MANAGE, actor.user_id)
    async with backend.database.session() as session:
        access = await access_channel(session, actor=actor, channel_id=channel_id)
        refuse_direct(access.channel)
    await seat(backend, user_id=actor.user_id, channel_id=access.channel.id, is_invited=access.joined)


async def leave_channel(backend: Backend, *, actor: Actor, channel_id: object) -> View:
    """Go out of a channel, an archived one too; again changes nothing. Gives the channel."""
    await backend.limits.take(MANAGE, actor.user_id)
    async with backend.database.session() as session:
        access = await access_channel(session, actor=actor, channel_id=channel_id)
        refuse_direct(access.channel)
    if access.joined:
        await _unseat(backend, user_id=actor.user_id, channel=access.channel)
    return channel_view(access.channel)


async def add_people(backend: Backend, *, actor: Actor, channel_id: object, user_ids: object) -> None:
    """Bring members of the workspace into a channel that the actor is in, all or none of them.

    NOT_FOUND for anybody else's id; INVALID_REQUEST for nobody, or for more than 50.
    """
    await backend.limits.take(MANAGE, actor.user_id)
    if not isinstance(user_ids, list | tuple) or not 1 <= len(user_ids) <= ADDED_AT_ONCE_PEOPLE:
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="people")
    wanted = {object_id(user_id) for user_id in user_ids}
    async with backend.database.session() as session:
        access = await access_joined_channel(session, actor=actor, channel_id=channel_id)
        refuse_direct(access.channel)
        members = await session.scalars(
            select(Member.user_id).where(Member.workspace_id == access.channel.workspace_id, Member.user_id.in_(wanted))
        )
        if set(members) != wanted:
            raise not_found()
        here = select(ChannelMember.user_id).where(
            ChannelMember.channel_id == access.channel.id, ChannelMember.user_id.in_(wanted)
        )
        new = wanted - set(await session.scalars(here))
        await refuse_full(session, access.channel.workspace_id, new)
    for user_id in wanted:
        await seat(backend, user_id=user_id, channel_id=access.channel.id)


async def remove_person(backend: Backend, *, actor: Actor, channel_id: object, user_id: object) -> None:
    """Take somebody out. NOT_ALLOWED unless the actor made the channel or administers the workspace."""
    await backend.limits.take(MANAGE, actor.user_id)
    async with backend.database.session() as session:
        access = await access_joined_channel(session, actor=actor, channel_id=channel_id, also_archived=True)
        refuse_direct(access.channel)
        refuse_unless_manager(access, actor)
    await _unseat(backend, user_id=object_id(user_id), channel=access.channel)


async def list_people(
    backend: Backend, *, actor: Actor, channel_id: object, search: object = "", after: object = ""
) -> View:
    """100 `people` of a channel by name whose name, handle or title holds the text, for whoever may read it.

    Each has a `title` besides; `after` is the cursor of the next page, empty behind the last. Raises NOT_FOUND,
    TOO_LONG, INVALID_TEXT, INVALID_REQUEST.
    """
    await backend.limits.take(READ, actor.user_id)
    wanted = matching(check_search(search))
    async with backend.database.session() as session:
        access = await access_channel(session, actor=actor, channel_id=channel_id)
        query = (
            select(User)
            .join(ChannelMember, ChannelMember.user_id == User.id)
            .where(ChannelMember.channel_id == access.channel.id, *wanted, *behind(after))
            .order_by(*PEOPLE_ORDER)
            .limit(PEOPLE_PAGE + 1)
        )
        found = (await session.scalars(query)).all()
    page = found[:PEOPLE_PAGE]
    return {
        "people": [{**user_view(user), "title": user.title} for user in page],
        "after": place_of_person(page[-1]) if len(found) > len(page) else "",
    }


async def seat(
    backend: Backend, *, user_id: UUID, channel_id: UUID, is_shown: bool = True, is_invited: bool = True
) -> None:
    """Put a member of the workspace into a channel; the caller has authorised it. What was said before is read.

    Nobody comes into an archived channel, and who is not invited only into a public one, as it is in this moment:
    CHANNEL_ARCHIVED, NOT_FOUND. TOO_MANY_CHANNELS for who is in 2,000.

    That is `last_seq`, the newest message whether deleted or not: a cursor does not go back by leaving. Its `read_rev`
    is the `rev` of this coming: a tab that knows the cursor of an earlier seat believes this one.

    Who is in a conversation already, and had closed it, is shown it again; without `is_shown` the next message does so.
    """
    async with backend.hub.ordered(user_id):
        async with backend.database.transaction() as session:
            # Held as it is: nobody archives or hides it before this seat is taken.
            held = select(Channel).where(Channel.id == channel_id).with_for_update(read=True)
            channel = (await session.scalars(held)).one()
            refuse_archived(channel)
            if not is_invited and channel.kind != "public":
                raise not_found()
            await hold_member(session, channel.workspace_id, user_id)
            try:
                seated = await _put(session, channel, user_id, is_shown)
            except IntegrityError as error:
                raise not_found() from error  # who left the workspace meanwhile has no place in it
            is_new = seated is not None
            if is_new:
                await refuse_full(session, channel.workspace_id, [user_id], most=SEATS_MAX)
            if seated is None and is_shown:
                seated = await _show(session, channel, user_id)
            if seated is None:
                return
            rev = await bump_member(session, channel.workspace_id, user_id)
            if is_new:
                seated.read_rev = rev
            entry = sidebar_entry(channel, seated, await read_badge(session, channel))
            people = await people_of_directs(session, [channel])
        backend.hub.follow(user_id, [channel_id], rev)
        await backend.hub.to_user(
            user_id, {"k": "joined", "ws": str(channel.workspace_id), "rev": rev, "us": people, **entry}
        )


async def refuse_full(
    session: AsyncSession, workspace_id: UUID, user_ids: Collection[UUID], *, most: int = SEATS_MAX - 1
) -> None:
    """TOO_MANY_CHANNELS when one of the people has more seats than that: there is no room for one more."""
    full = (
        select(ChannelMember.user_id)
        .join(Channel, Channel.id == ChannelMember.channel_id)
        .where(Channel.workspace_id == workspace_id, ChannelMember.user_id.in_(user_ids))
        .group_by(ChannelMember.user_id)
        .having(func.count() > most)
        .limit(1)
    )
    if await session.scalar(full) is not None:
        raise ConfabError(ErrorCode.TOO_MANY_CHANNELS, limit=SEATS_MAX)


async def _put(session: AsyncSession, channel: Channel, user_id: UUID, is_shown: bool) -> ChannelMember | None:
    """The seat that was taken; None for who has one."""
    closed_seq = SHOWN_AT_ONCE if is_shown else channel.last_seq
    return await session.scalar(
        insert(ChannelMember)
        .values(channel_id=channel.id, user_id=user_id, read_seq=channel.last_seq, closed_seq=closed_seq)
        .on_conflict_do_nothing()
        .returning(ChannelMember)
    )


async def _show(session: AsyncSession, channel: Channel, user_id: UUID) -> ChannelMember | None:
    """The seat of who had closed the conversation; None where that changes nothing."""
    return await session.scalar(
        update(ChannelMember)
        .where(
            ChannelMember.channel_id == channel.id,
            ChannelMember.user_id == user_id,
            ChannelMember.closed_seq != SHOWN_AT_ONCE,
        )
        .values(closed_seq=SHOWN_AT_ONCE)
        .returning(ChannelMember)
    )


async def _unseat(backend: Backend, *, user_id: UUID, channel: Channel) -> None:
    async with backend.hub.ordered(user_id):
        async with backend.database.transaction() as session:
            # As it is now: the channel may have been made private since the caller read it.
            kind = await session.scalar(select(Channel.kind).where(Channel.id == channel.id).with_for_update(read=True))
            await hold_member(session, channel.workspace_id, user_id)
            if not await _delete_seat(session, user_id, channel.id):
                return
            rev = await bump_member(session, channel.workspace_id, user_id)
        backend.hub.unfollow(user_id, [channel.id], rev)
        if kind != "public":
            await backend.hub.evict(user_id, [channel_room(channel.id)])
        await backend.hub.to_user(
            user_id, {"k": "left", "ws": str(channel.workspace_id), "rev": rev, "ch": str(channel.id)}
        )


async def _delete_seat(session: AsyncSession, user_id: UUID, channel_id: UUID) -> bool:
    gone = await session.scalar(
        delete(ChannelMember)
        .where(ChannelMember.channel_id == channel_id, ChannelMember.user_id == user_id)
        .returning(ChannelMember.user_id)
    )
    return gone is not None
