"""The names of people and channels, for who may know them. Text holds their ids."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from db.models import Channel, ChannelMember, Member, Message, User
from db.reading import Query, columns_of
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import READ
from rxapp.markup import Kind, Mention, stored_mention
from rxapp.services.backend import Backend
from rxapp.services.rows import PersonRow
from rxapp.services.views import View, channel_view, user_view
from rxapp.services.workspaces import access_workspace

NAMES_LIMIT = 200
"""People and channels of one request, each."""


MEMBERS = Query(
    select(*columns_of(User, PersonRow))
    .join(Member, Member.user_id == User.id)
    .where(Member.workspace_id == bindparam("workspace_id"), User.id == any_(bindparam("ids", type_=ARRAY(Uuid)))),
    PersonRow._make,
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and in which workspace; the caller has authorised both."""

    actor: Actor
    workspace_id: UUID


async def read_names(
    backend: Backend, *, actor: Actor, workspace_id: object, users: Sequence[object], channels: Sequence[object]
) -> View:
    """`us`, the people, and `cs`, the channels, of the given ids: those that the actor may see, and no others.

    Raises NOT_FOUND for who is no member, and INVALID_REQUEST for more than 200 ids of a kind.
    """
    await backend.limits.take(READ, actor.user_id)
    for field, ids in (("users", users), ("channels", channels)):
        if len(ids) > NAMES_LIMIT:
            raise ConfabError(ErrorCode.INVALID_REQUEST, field=field)
    async with backend.database.session() as session:
        access = await access_workspace(session, actor=actor, workspace_id=workspace_id)
        reader = Reader(actor, access.workspace.id)
        people = await visible_people(session, reader, _ids(users))
        places = await visible_channels(session, reader, _ids(channels))
    return {"us": [user_view(user) for user in people], "cs": [channel_view(channel) for channel in places]}


async def names_of(session: AsyncSession, reader: Reader, mentions: Iterable[Mention]) -> Mapping[Mention, str]:
    """Handles and channel names as they are typed, of what the reader may see."""
    wanted = set(mentions)
    people = await visible_people(session, reader, {found.id for found in wanted if found.kind is Kind.PERSON})
    places = await visible_channels(session, reader, {found.id for found in wanted if found.kind is Kind.CHANNEL})
    names = {Mention(Kind.PERSON, user.id): user.handle for user in people}
    return names | {Mention(Kind.CHANNEL, channel.id): channel.name or "" for channel in places}


async def mentioned_people(session: AsyncSession, workspace_id: UUID, mentions: Iterable[str]) -> list[View]:
    """The members among a rendered text's mentions, told along with it: every reader's tab would ask for them at once.

    Members alone, since they may be seen by everybody who may read the text.
    """
    ids = people_among(mentions)
    if not ids:
        return []
    found = await session.execute(MEMBERS.statement, {"workspace_id": workspace_id, "ids": list(ids)})
    return [user_view(user) for user in map(MEMBERS.row, found)]


def people_among(mentions: Iterable[str]) -> set[UUID]:
    """The people in a rendered text's mentions, members or not."""
    return {one.id for one in map(stored_mention, mentions) if one.kind is Kind.PERSON}


async def visible_people(session: AsyncSession, reader: Reader, ids: set[UUID]) -> Sequence[User]:
    """Members of the workspace, and who left it but wrote something that the reader may read."""
    if not ids:
        return []
    is_member = exists().where(Member.workspace_id == reader.workspace_id, Member.user_id == User.id)
    wrote = exists(
        select(Message.id)
        .join(Channel, Channel.id == Message.channel_id)
        .where(Message.author_id == User.id, Message.deleted_at.is_(None), may_read_channel(reader))
    )
    return (await session.scalars(select(User).where(User.id.in_(ids), or_(is_member, wrote)))).all()


async def visible_channels(session: AsyncSession, reader: Reader, ids: set[UUID]) -> Sequence[Channel]:
    """Channels with a name that the reader may read."""
    if not ids:
        return []
    query = select(Channel).where(Channel.id.in_(ids), Channel.name.is_not(None), may_read_channel(reader))
    return (await session.scalars(query)).all()


def may_read_channel(reader: Reader) -> ColumnElement[bool]:
    """Whether a channel of the workspace is public, or the reader is in it."""
    is_in = exists().where(ChannelMember.channel_id == Channel.id, ChannelMember.user_id == reader.actor.user_id)
    return and_(Channel.workspace_id == reader.workspace_id, or_(Channel.kind == "public", is_in))


def _ids(values: Sequence[object]) -> set[UUID]:
    """What is no id is the id of nothing."""
    found = set()
    for value in values:
        try:
            found.add(UUID(str(value)))
        except ValueError:
            continue
    return found
