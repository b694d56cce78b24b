"""Who may see a channel: the only way to one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, ChannelMember, Member, User, Workspace
from db.reading import AnySelect, Query, Reader, columns_of
from db.writing import Question, Writer
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode, not_found
from rxapp.services.ids import object_id
from rxapp.services.rows import ChannelRow, PersonRow
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
    query = _of_members(
        select(Channel, Member.role, Member.rev, ChannelMember.read_seq, ChannelMember.read_rev),
        Member.user_id == actor.user_id,
    ).where(Channel.id == key)
    if lock:
        # First, by itself: what one query reads is as of before it waited, and who left meanwhile would be in it.
        is_known = exists().where(Member.workspace_id == Channel.workspace_id, Member.user_id == actor.user_id)
        held = select(Channel.id).where(Channel.id == key, is_known)
        await session.execute(held.with_for_update(of=Channel, key_share=True))
        query = query.execution_options(populate_existing=True)
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise not_found()
    channel, role, member_rev, read_seq, read_rev = found
    if not _may_read(channel, read_seq):
        raise not_found()
    return ChannelAccess(
        channel,
        Role(role),
        joined=read_seq is not None,
        read_seq=read_seq or 0,
        read_rev=read_rev or 0,
        member_rev=member_rev,
    )


def _of_members(query: AnySelect, asked: ColumnElement[bool]) -> AnySelect:
    """Channels, each with the members of its workspace that are asked for, and their seats where they have one."""
    return (
        query.join(Workspace, and_(Workspace.id == Channel.workspace_id, Workspace.deleted_at.is_(None)))
        .join(Member, and_(Member.workspace_id == Channel.workspace_id, asked))
        .outerjoin(
            ChannelMember,
            and_(ChannelMember.channel_id == Channel.id, ChannelMember.user_id == Member.user_id),
        )
    )


def _may_read(channel: Channel | ChannelRow, read_seq: int | None) -> bool:
    return channel.kind == "public" or read_seq is not None


class Sight(NamedTuple):
    """A channel that the actor may read, and where they stand in it, as `access_channel` has it, to read only."""

    channel: ChannelRow
    read_seq: int
    read_rev: int
    member_rev: int
    joined: bool


READABLE = Query(
    _of_members(
        select(*columns_of(Channel, ChannelRow), ChannelMember.read_seq, ChannelMember.read_rev, Member.rev),
        Member.user_id == bindparam("user_id"),
    ).where(Channel.id == bindparam("channel_id")),
    lambda found: (ChannelRow._make(found[:-3]), *found[-3:]),
)


async def access_channel_to_read(reader: Reader, *, actor: Actor, channel_id: object) -> Sight:
    """The same as `access_channel` for who reads and changes nothing. NOT_FOUND for who may not read it."""
    found = await reader.first(READABLE, user_id=actor.user_id, channel_id=object_id(channel_id))
    if found is None:
        raise not_found()
    channel, read_seq, read_rev, member_rev = found
    if not _may_read(channel, read_seq):
        raise not_found()
    return Sight(channel, read_seq or 0, read_rev or 0, member_rev, joined=read_seq is not None)


async def access_joined_channel(
    session: AsyncSession, *, actor: Actor, channel_id: object, lock: bool = False, also_archived: bool = False
) -> ChannelAccess:
    """The channel, for those who are in it: every write to it passes here.

    NOT_JOINED for those who may only read it; CHANNEL_ARCHIVED unless that is no matter.
    """
    access = await access_channel(session, actor=actor, channel_id=channel_id, lock=lock)
    refuse_unless_writer(access, also_archived=also_archived)
    return access


class Place(NamedTuple):
    """A channel that somebody writes to, who that is, and the `rev` of their cursor there."""

    channel: ChannelRow
    person: PersonRow
    read_rev: int
    joined: bool


_ASKED = any_(bindparam("user_ids", type_=ARRAY(Uuid)))
_HOLD_CHANNEL = Query(
    select(Channel.id)
    .where(
        Channel.id == bindparam("channel_id"),
        exists().where(Member.workspace_id == Channel.workspace_id, Member.user_id == _ASKED),
    )
    .with_for_update(of=Channel, key_share=True),
    tuple,
)
_HOLD_SEATS = Query(
    select(ChannelMember.user_id)
    .where(ChannelMember.channel_id == bindparam("channel_id"), ChannelMember.user_id == _ASKED)
    .order_by(ChannelMember.user_id)
    .with_for_update(key_share=True),
    tuple,
)
_PERSON = columns_of(User, PersonRow)
_WRITERS = Query(
    _of_members(
        select(*columns_of(Channel, ChannelRow), *_PERSON, ChannelMember.read_seq, ChannelMember.read_rev),
        Member.user_id == _ASKED,
    )
    .join(User, User.id == Member.user_id)
    .where(Channel.id == bindparam("channel_id")),
    lambda found: (
        ChannelRow._make(found[: -len(_PERSON) - 2]),
        PersonRow._make(found[-len(_PERSON) - 2 : -2]),
        *found[-2:],
    ),
)


async def access_for_writers(
    writer: Writer, user_ids: Collection[UUID], channel_id: UUID, *also: Question
) -> tuple[dict[UUID, Place | ConfabError], list[list[Any]]]:
    """The channel, for each of several people who write to it at once, or the refusal they get.

    Its row and theirs in it are held until the transaction ends: nobody leaves in between. And the rows of what is
    `also` asked, as of when they are held.
    """
    asked = {"user_ids": list(user_ids), "channel_id": channel_id}
    held = [
        (_HOLD_CHANNEL, asked),
        (_HOLD_SEATS, asked),
    ]  # by themselves: what one query reads is as of before it waited
    _, _, found, *rows = await writer.together(*held, (_WRITERS, asked), *also)
    outcomes: dict[UUID, Place | ConfabError] = {user_id: not_found() for user_id in user_ids}
    for channel, person, read_seq, read_rev in found:
        if _may_read(channel, read_seq):
            place = Place(channel, person, read_rev or 0, joined=read_seq is not None)
            outcomes[UUID(person.id)] = _refusal_of(place) or place
    return outcomes, rows


def _refusal_of(place: Place) -> ConfabError | None:
    try:
        refuse_unless_writer(place)
    except ConfabError as refusal:
        return refusal
    return None


def refuse_unless_writer(access: ChannelAccess | Place, *, also_archived: bool = False) -> None:
    """NOT_JOINED for who may only read; CHANNEL_ARCHIVED unless that is no matter."""
    if not access.joined:
        raise ConfabError(ErrorCode.NOT_JOINED)
    if not also_archived:
        refuse_archived(access.channel)


def refuse_unless_manager(access: ChannelAccess, actor: Actor) -> None:
    """NOT_ALLOWED unless the actor made the channel or administers its workspace."""
    if not access.role.administers and access.channel.created_by != actor.user_id:
        raise ConfabError(ErrorCode.NOT_ALLOWED)


def refuse_archived(channel: Channel | ChannelRow) -> None:
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
    await session.execute(seats.order_by(ChannelMember.channel_id).with_for_update(key_share=True))
