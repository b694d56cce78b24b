"""Reading a channel: its newest page, one in the middle, those next to it, and what a tab has missed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Message
from rxapp.actor import Actor
from rxapp.errors import not_found
from rxapp.live.allowances import OPEN
from rxapp.live.ops import Op, channel_room
from rxapp.services.backend import Backend
from rxapp.services.badges import read_badge
from rxapp.services.channel_access import ChannelAccess, access_channel
from rxapp.services.ids import number, object_id
from rxapp.services.spots import Spot, find_spot, read_spot, shown_in
from rxapp.services.views import authors_of, channel_view, message_view, milliseconds

PAGE_MESSAGES = 50
# Of their HTML. The longest messages would make a page of megabytes, and who leaves so much unread is cut off.
PAGE_CHARACTERS = 150_000
# More than that is not worth catching up with: the tab starts from the newest page again.
CATCH_UP_MESSAGES = 500
# Nobody reads more than that one by one; counting goes no further.
UNREAD_MESSAGES = 999
ENTER_TRIES = 3


async def open_channel(
    backend: Backend, *, actor: Actor, socket_id: str, channel_id: object, since_rev: object = 0, to: object = None
) -> None:
    """Let a tab look at a channel, and at no other: authorise, enter the room, then read and push.

    With `since_rev` 0 a page is pushed: the one around the spot `to` (see `read_spot`), or the newest one. Otherwise
    what changed after that `rev`, or the page when that is too much. NOT_FOUND for who may not read it.
    """
    await backend.limits.take(OPEN, actor.user_id)
    key, since, spot = object_id(channel_id), number(since_rev, field="rev"), read_spot(to)
    room = channel_room(key)
    for _ in range(ENTER_TRIES):
        admission = backend.hub.admission(actor.user_id)
        async with backend.database.session() as session:
            await access_channel(session, actor=actor, channel_id=key)
        if await backend.hub.enter(socket_id, room, admission=admission):
            break
    else:
        raise not_found()
    await backend.hub.look_away(socket_id, "ch:", but=room)
    async with backend.database.session() as session:
        access = await access_channel(session, actor=actor, channel_id=key)
        op = await _changes(session, access, since) if since else None
        op = op or await _around(session, access, spot, actor)
    await backend.hub.push(socket_id, op if spot.ask is None else {**op, "ask": spot.ask})


async def read_around(backend: Backend, *, actor: Actor, channel_id: object, to: object) -> Op:
    """The page around a spot (see `read_spot`), as an op for one tab; the newest page where nothing is."""
    spot = read_spot(to)
    async with backend.database.session() as session:
        access = await access_channel(session, actor=actor, channel_id=channel_id)
        op = await _around(session, access, spot, actor)
    return op if spot.ask is None else {**op, "ask": spot.ask}


async def read_older(backend: Backend, *, actor: Actor, channel_id: object, before_seq: object) -> Op:
    """The page before a message number, newest 50 of it, fewer long ones, as an op for one tab."""
    await backend.limits.take(OPEN, actor.user_id)
    before = number(before_seq, field="before")
    async with backend.database.session() as session:
        access = await access_channel(session, actor=actor, channel_id=channel_id)
        messages, has_older = await _page(session, access, before=before)
        return await _page_op(session, "older", access, messages, before=before, older=has_older)


async def read_newer(backend: Backend, *, actor: Actor, channel_id: object, after_seq: object) -> Op:
    """The page after a message number, oldest 50 of it, fewer long ones, as an op for one tab."""
    await backend.limits.take(OPEN, actor.user_id)
    after = number(after_seq, field="after")
    async with backend.database.session() as session:
        access = await access_channel(session, actor=actor, channel_id=channel_id)
        messages, has_newer = await _page_after(session, access, after)
        return await _page_op(session, "newer", access, messages, after=after, newer=has_newer)


async def _around(session: AsyncSession, access: ChannelAccess, spot: Spot, actor: Actor) -> Op:
    """The page around a spot; the newest page where nothing is, and `lost` when one message was meant."""
    found = None if spot.is_newest else await find_spot(session, access, spot)
    if found is None:
        op = await _newest(session, access, actor)
        return op if spot.message_id is None else {**op, "lost": True}
    half = PAGE_MESSAGES // 2
    before, has_older = await _page(session, access, before=found.seq, limit=half)
    after, has_newer = await _page_after(session, access, found.seq - 1, limit=half + 1)
    return await _page_op(
        session,
        "around",
        access,
        [*before, *after],
        older=has_older,
        newer=has_newer,
        target=str(found.id),
        **await _own_place(session, access),
    )


async def _newest(session: AsyncSession, access: ChannelAccess, actor: Actor) -> Op:
    messages, has_older = await _page(session, access, before=access.channel.last_seq + 1)
    is_cut = access.joined and has_older and access.read_seq < messages[0].seq
    return await _page_op(
        session,
        "page",
        access,
        messages,
        older=has_older,
        unread=await _unread(session, access, actor) if is_cut else None,
        **await _own_place(session, access),
    )


async def _unread(session: AsyncSession, access: ChannelAccess, actor: Actor) -> dict[str, Any] | None:
    """What others said after the reader's cursor, when it begins above the page: how much (`n`), and where."""
    said = shown_in(access).where(Message.seq > access.read_seq, Message.author_id != actor.user_id)
    first = (await session.scalars(said.order_by(Message.seq).limit(1))).one_or_none()
    if first is None:
        return None
    some = said.with_only_columns(Message.id).order_by(Message.seq).limit(UNREAD_MESSAGES + 1).subquery()
    count = await session.scalar(select(func.count()).select_from(some))
    return {"n": count, "seq": first.seq, "at": milliseconds(first.created_at)}


async def _changes(session: AsyncSession, access: ChannelAccess, since: int) -> Op | None:
    """What changed after `since`, tombstones included; None when it is too much.

    Replies in threads are left out, as the list leaves them out: the op's `rev` says that they are accounted for.
    """
    query = (
        select(Message)
        .where(Message.channel_id == access.channel.id, Message.rev > since, Message.root_id.is_(None))
        .order_by(Message.rev)
        .limit(CATCH_UP_MESSAGES + 1)
    )
    messages = (await session.scalars(query)).all()
    is_too_much = len(messages) > CATCH_UP_MESSAGES or len(_fitting(messages)) < len(messages)
    if since > access.channel.rev or is_too_much:
        return None
    return await _page_op(
        session,
        "changes",
        access,
        messages,
        **await _own_place(session, access),
    )


async def _own_place(session: AsyncSession, access: ChannelAccess) -> dict[str, Any]:
    """Where the reader stands in the channel. `me_rev` says whether the tab's sidebar knows better."""
    return {
        "joined": access.joined,
        "read": access.read_seq,
        "rr": access.read_rev,
        "last": access.channel.last_post_seq,
        "me_rev": access.member_rev,
        **await read_badge(session, access.channel),
    }


async def _page(
    session: AsyncSession, access: ChannelAccess, *, before: int, limit: int | None = None
) -> tuple[Sequence[Message], bool]:
    """The newest messages before a number, and whether there are more."""
    size = PAGE_MESSAGES if limit is None else limit
    query = shown_in(access).where(Message.seq < before).order_by(Message.seq.desc()).limit(size + 1)
    found = (await session.scalars(query)).all()
    page = _fitting(found[:size])
    return page[::-1], len(found) > len(page)


async def _page_after(
    session: AsyncSession, access: ChannelAccess, after: int, *, limit: int | None = None
) -> tuple[Sequence[Message], bool]:
    """The oldest messages after a number, and whether there are more."""
    size = PAGE_MESSAGES if limit is None else limit
    query = shown_in(access).where(Message.seq > after).order_by(Message.seq).limit(size + 1)
    found = (await session.scalars(query)).all()
    page = _fitting(found[:size])
    return page, len(found) > len(page)


def _fitting(messages: Sequence[Message]) -> Sequence[Message]:
    """As many of them, the first at least, as are not too much at once."""
    total = 0
    for count, message in enumerate(messages):
        total += len(message.html)
        if count and total > PAGE_CHARACTERS:
            return messages[:count]
    return messages


async def _page_op(
    session: AsyncSession, kind: str, access: ChannelAccess, messages: Sequence[Message], **more: Any
) -> Op:
    return {
        "k": kind,
        "ch": str(access.channel.id),
        "rev": access.channel.rev,
        "c": channel_view(access.channel),
        "ms": [message_view(message) for message in messages],
        "us": await authors_of(session, messages, access.channel),
        **more,
    }
