"""Who may see a channel: the only way to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, ChannelMember, Member, Workspace
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode, not_found
from rxapp.services.ids import object_id
from rxapp.services.workspaces import Role


@dataclass(frozen=True, slots=True)
class ChannelAccess:
    """A channel that the actor may read."""

    channel: Channel
    role: Role
    joined: bool
    read_seq: int
    read_rev: int
    member_rev: int


async def access_channel(
    session: AsyncSession, *, actor: Actor, channel_id: object, lock: bool = False
) -> ChannelAccess:
    """The channel, for those who may read it; `lock` holds its row, as every writer does.

    A public channel may be read by the members of its workspace, any other by its people who are still members there.
    NOT_FOUND for everybody else.
    """
    key = object_id(channel_id)
    if lock:
        # First, by itself: what one query reads is as of before it waited, and who left meanwhile would be in it.
        member = and_(Member.workspace_id == Channel.workspace_id, Member.user_id == actor.user_id)
        held = select(Channel.id).join(Member, member).where(Channel.id == key)
        await session.execute(held.with_for_update(of=Channel))
    query = (
        select(Channel, Member.role, Member.rev, ChannelMember.read_seq, ChannelMember.read_rev)
        .join(Workspace, and_(Workspace.id == Channel.workspace_id, Workspace.deleted_at.is_(None)))
        .join(Member, and_(Member.workspace_id == Channel.workspace_id, Member.user_id == actor.user_id))
        .outerjoin(
            ChannelMember,
            and_(ChannelMember.channel_id == Channel.id, ChannelMember.user_id == actor.user_id),
        )
        .where(Channel.id == key)
    )
    found = (await session.execute(query.with_for_update(of=Channel) if lock else query)).one_or_none()
    if found is None:
        raise not_found()
    channel, role, member_rev, read_seq, read_rev = found
    if channel.kind != "public" and read_seq is None:
        raise not_found()
    return ChannelAccess(
        channel,
        Role(role),
        joined=read_seq is not None,
        read_seq=read_seq or 0,
        read_rev=read_rev or 0,
        member_rev=member_rev,
    )


async def access_joined_channel(
    session: AsyncSession, *, actor: Actor, channel_id: object, lock: bool = False, also_archived: bool = False
) -> ChannelAccess:
    """The channel, for those who are in it: every write to it passes here.

    NOT_JOINED for those who may only read it; CHANNEL_ARCHIVED unless that is no matter.
    """
    access = await access_channel(session, actor=actor, channel_id=channel_id, lock=lock)
    if not access.joined:
        raise ConfabError(ErrorCode.NOT_JOINED)
    if not also_archived:
        refuse_archived(access.channel)
    return access


def refuse_unless_manager(access: ChannelAccess, actor: Actor) -> None:
    """NOT_ALLOWED unless the actor made the channel or administers its workspace."""
    if not access.role.administers and access.channel.created_by != actor.user_id:
        raise ConfabError(ErrorCode.NOT_ALLOWED)


def refuse_archived(channel: Channel) -> None:
    """CHANNEL_ARCHIVED for one that is closed: it is read, and nothing is written there."""
    if channel.archived_at is not None:
        raise ConfabError(ErrorCode.CHANNEL_ARCHIVED)


def refuse_direct(channel: Channel) -> None:
    """DIRECT_FIXED for a direct conversation: nobody joins or leaves it, and it has no name to change."""
    if channel.kind == "direct":
        raise ConfabError(ErrorCode.DIRECT_FIXED)


async def people_of(session: AsyncSession, channel_id: UUID) -> Sequence[UUID]:
    """Who is in a channel."""
    return (await session.scalars(select(ChannelMember.user_id).where(ChannelMember.channel_id == channel_id))).all()


async def lock_seats(session: AsyncSession, user_id: UUID) -> None:
    """Hold all seats of a person, in the order in which everybody holds several: two of these wait for no circle."""
    seats = select(ChannelMember.channel_id).where(ChannelMember.user_id == user_id)
    await session.execute(seats.order_by(ChannelMember.channel_id).with_for_update())
