"""The people of a workspace: who they are, what they may do, and how they go."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, ChannelMember, Invitation, Member, User
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode, not_found
from rxapp.live.allowances import MANAGE, READ
from rxapp.live.ops import channel_room, workspace_room
from rxapp.services.backend import Backend
from rxapp.services.channel_access import access_channel, lock_seats
from rxapp.services.channel_people import seat
from rxapp.services.directory import matching
from rxapp.services.ids import object_id
from rxapp.services.profiles import show_again
from rxapp.services.text import check_search
from rxapp.services.views import View, user_view
from rxapp.services.workspaces import (
    Role,
    access_administration,
    access_workspace,
    bump_member,
    count_owners,
    first_channel_id,
    hold_member,
    new_member_rev,
    refuse_more_workspaces,
    role_of,
    tell_member,
)

MEMBERS_PAGE = 50


async def list_members(
    backend: Backend, *, actor: Actor, workspace_id: object, search: object = "", but_channel: object = None
) -> Sequence[View]:
    """The first 50 members by name whose name, handle or title holds the text; each view has `role` besides.

    `but_channel` leaves out who is in that channel already: the people who can be added to it. NOT_FOUND for a channel
    that the actor may not read. INVALID_TEXT for a search that is no text.
    """
    await backend.limits.take(READ, actor.user_id)
    async with backend.database.session() as session:
        access = await access_workspace(session, actor=actor, workspace_id=workspace_id)
        query = (
            select(User, Member.role)
            .join(Member, Member.user_id == User.id)
            .where(Member.workspace_id == access.workspace.id, *matching(check_search(search)))
            .order_by(func.lower(User.display_name), User.id)
            .limit(MEMBERS_PAGE)
        )
        if but_channel is not None:
            # Who is left out is told by the rest: only who may read the channel may know.
            channel = (await access_channel(session, actor=actor, channel_id=but_channel)).channel
            seated = select(ChannelMember.user_id).where(ChannelMember.channel_id == channel.id)
            query = query.where(User.id.not_in(seated))
        found = (await session.execute(query)).all()
    return [{**user_view(user), "role": role} for user, role in found]


async def add_member(backend: Backend, *, user_id: UUID, workspace_id: UUID, role: Role) -> bool:
    """Make somebody a member, in the first channel; the caller has authorised it. Their tabs come in at once.

    False for a member, who stays what they are. TOO_MANY_WORKSPACES for who is in 100 others.
    """
    async with backend.database.transaction() as session:
        member = select(Member.user_id).where(Member.workspace_id == workspace_id, Member.user_id == user_id)
        if await session.scalar(member) is None:
            await refuse_more_workspaces(session, user_id)
        added = await session.scalar(
            insert(Member)
            .values(workspace_id=workspace_id, user_id=user_id, role=role, rev=new_member_rev())
            .on_conflict_do_nothing()
            .returning(Member.user_id)
        )
        channel_id = await first_channel_id(session, workspace_id)
        await _seat_in_directs(session, workspace_id, user_id)
    if added is None:
        return False
    await show_again(backend, user_id=user_id, workspace_id=workspace_id)
    if channel_id is not None:
        await seat(backend, user_id=user_id, channel_id=channel_id)
    await tell_member(backend, user_id=user_id, workspace_id=workspace_id)
    return True


async def change_role(backend: Backend, *, actor: Actor, workspace_id: object, user_id: object, role: object) -> None:
    """Give a member another role. Only owners make or unmake owners; the last owner stays one.

    Raises NOT_ALLOWED, LAST_OWNER, INVALID_REQUEST, NOT_FOUND.
    """
    await backend.limits.take(MANAGE, actor.user_id)
    wanted, target, key = role_of(role), object_id(user_id), object_id(workspace_id)
    async with backend.hub.ordered(target):
        async with backend.database.transaction() as session:
            access = await access_administration(session, actor=actor, workspace_id=key, lock=True)
            held = await _role_of(session, key, target)
            if Role.OWNER in (wanted, held) and access.role is not Role.OWNER:
                raise ConfabError(ErrorCode.NOT_ALLOWED)
            if held is Role.OWNER and wanted is not Role.OWNER:
                await _refuse_last_owner(session, key)
            await session.execute(
                update(Member).where(Member.workspace_id == key, Member.user_id == target).values(role=wanted)
            )
            if not wanted.administers:
                await _end_admin_links(session, key, target)
            rev = await bump_member(session, key, target)
        await backend.hub.to_user(target, {"k": "role", "ws": str(key), "rev": rev, "role": wanted.value})


async def remove_member(backend: Backend, *, actor: Actor, workspace_id: object, user_id: object) -> None:
    """Take somebody out of the workspace and all its channels; oneself too, which is leaving.

    What they wrote stays. Raises NOT_ALLOWED, LAST_OWNER, NOT_FOUND.
    """
    await backend.limits.take(MANAGE, actor.user_id)
    target, key = object_id(user_id), object_id(workspace_id)
    async with backend.hub.ordered(target):
        async with backend.database.transaction() as session:
            access = await access_workspace(session, actor=actor, workspace_id=key, lock=True)
            held = await _role_of(session, key, target)
            may = access.role is Role.OWNER or (access.role.administers and held is not Role.OWNER)
            if target != actor.user_id and not may:
                raise ConfabError(ErrorCode.NOT_ALLOWED)
            if held is Role.OWNER:
                await _refuse_last_owner(session, key)
            channels = (await session.scalars(select(Channel.id).where(Channel.workspace_id == key))).all()
            await hold_member(session, key, target, to_remove=True)
            await lock_seats(session, target)
            await session.execute(
                delete(ChannelMember).where(
                    and_(ChannelMember.user_id == target, ChannelMember.channel_id.in_(channels))
                )
            )
            await _end_admin_links(session, key, target)
            rev = await session.scalar(
                delete(Member)
                .where(and_(Member.workspace_id == key, Member.user_id == target))
                .returning(Member.rev + 1)
            )
        rooms = [workspace_room(key), *(channel_room(channel_id) for channel_id in channels)]
        await backend.hub.evict(target, rooms)
        backend.hub.unfollow(target, channels, rev or 0)
        await backend.hub.to_user(target, {"k": "gone", "ws": str(key), "rev": rev})


async def _seat_in_directs(session: AsyncSession, workspace_id: UUID, user_id: UUID) -> None:
    """Who comes back is in their conversations again, or would not hear what is said to them there from now on.

    As with any seat, what was said before is read; each is shown with its next message.
    """
    theirs = (
        select(Channel.id, Member.user_id, Channel.last_seq, Channel.last_seq, Member.rev)
        .join(Member, and_(Member.workspace_id == Channel.workspace_id, Member.user_id == user_id))
        .where(
            Channel.workspace_id == workspace_id,
            Channel.kind == "direct",
            func.string_to_array(Channel.direct_key, ",").any_() == str(user_id),
        )
    )
    columns = ["channel_id", "user_id", "read_seq", "closed_seq", "read_rev"]
    await session.execute(insert(ChannelMember).from_select(columns, theirs).on_conflict_do_nothing())


async def _role_of(session: AsyncSession, workspace_id: UUID, user_id: UUID) -> Role:
    held = await session.scalar(
        select(Member.role).where(Member.workspace_id == workspace_id, Member.user_id == user_id)
    )
    if held is None:
        raise not_found()
    return Role(held)


async def _end_admin_links(session: AsyncSession, workspace_id: UUID, user_id: UUID) -> None:
    """Who administers no longer must not come back as an admin by a link of their own."""
    await session.execute(
        update(Invitation)
        .where(
            Invitation.workspace_id == workspace_id,
            Invitation.created_by == user_id,
            Invitation.role == Role.ADMIN,
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=func.now())
    )


async def _refuse_last_owner(session: AsyncSession, workspace_id: UUID) -> None:
    if await count_owners(session, workspace_id) <= 1:
        raise ConfabError(ErrorCode.LAST_OWNER)
