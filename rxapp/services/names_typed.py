"""Whom and what the names in a text mean: handles of members, and channels that their writer may read."""

from collections.abc import Iterable, Mapping

from sqlalchemy import ARRAY, ColumnElement, Text, any_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, Member, User
from rxapp.markup import Kind, Mention, TypedMention, small
from rxapp.services.names import Reader, may_read_channel

Name = tuple[Kind, str]
"""A name in small letters."""


async def known_by_name(session: AsyncSession, reader: Reader, typed: Iterable[TypedMention]) -> dict[Name, Mention]:
    """People and public channels by their names: one query each."""
    wanted = _wanted(typed)
    found: dict[Name, Mention] = {}
    if handles := wanted[Kind.PERSON]:
        people = (
            select(User.handle, User.id)
            .join(Member, Member.user_id == User.id)
            .where(Member.workspace_id == reader.workspace_id, User.handle.in_(handles))
        )
        for handle, id_ in await session.execute(people):
            found[Kind.PERSON, handle] = Mention(Kind.PERSON, id_)
    if names := wanted[Kind.CHANNEL]:
        is_named = func.lower(Channel.name) == any_(bindparam("names", list(names), type_=ARRAY(Text)))
        found |= await _channels(session, reader, Channel.kind == "public", Channel.archived_at.is_(None), is_named)
    return found


async def private_channels(session: AsyncSession, reader: Reader, text: str) -> dict[str, Mention]:
    """The reader's channels that are not public, archived ones too, by their `small` names; none if no `#` is there."""
    if Kind.CHANNEL.value not in text:
        return {}
    found = await _channels(session, reader, Channel.kind != "public")
    return {small(name): mention for (_, name), mention in found.items()}


async def _channels(session: AsyncSession, reader: Reader, *which: ColumnElement[bool]) -> dict[Name, Mention]:
    name = func.lower(Channel.name)
    query = select(name, Channel.id).where(Channel.name.is_not(None), may_read_channel(reader), *which)
    return {(Kind.CHANNEL, name): Mention(Kind.CHANNEL, id_) for name, id_ in await session.execute(query)}


def _wanted(typed: Iterable[TypedMention]) -> Mapping[Kind, set[str]]:
    wanted: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for one in typed:
        wanted[one.kind].update(name.lower() for name in one.names)
    return wanted
