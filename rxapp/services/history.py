"""Reading a channel: its newest page, one in the middle, those next to it, and what a tab has missed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from db.models import Message
from db.reading import Query, Reader, columns_of
from rxapp.actor import Actor
from rxapp.errors import not_found
from rxapp.live.allowances import OPEN
from rxapp.live.ops import Op, channel_room
from rxapp.services.backend import Backend
from rxapp.services.badges import read_badges
from rxapp.services.channel_access import Sight, access_channel_to_read
from rxapp.services.ids import number, object_id
from rxapp.services.rows import MessageRow
from rxapp.services.spots import Spot, find_spot, read_spot, shown
from rxapp.services.views import channel_view, message_view, milliseconds, people_between, read_people

PAGE_MESSAGES = 50
# Of their HTML. The longest messages would make a page of megabytes, and who leaves so much unread is cut off.
PAGE_CHARACTERS = 150_000
# More than that is not worth catching up with: the tab starts from the newest page again.
CATCH_UP_MESSAGES = 500
# Nobody reads more than that one by one; counting goes no further.
UNREAD_MESSAGES = 999
ENTER_TRIES = 3


class _Unread(NamedTuple):
    seq: int
    created_at: datetime
    number: int


_MESSAGE = columns_of(Message, MessageRow)
OLDER = Query(
    shown(*_MESSAGE).where(Message.seq < bindparam("before")).order_by(Message.seq.desc()).limit(bindparam("limit")),
    MessageRow._make,
)
NEWER = Query(
    shown(*_MESSAGE).where(Message.seq > bindparam("after")).order_by(Message.seq).limit(bindparam("limit")),
    MessageRow._make,
)
# Replies in threads are left out, as the list leaves them out: the op's `rev` says that they are accounted for.
CHANGED = Query(
    select(*_MESSAGE)
    .where(Message.channel_id == bindparam("channel_id"), Message.rev > bindparam("since"), Message.root_id.is_(None))
    .order_by(Message.rev)
    .limit(bindparam("limit")),
    MessageRow._make,
)
_SAID = (
    shown(Message.seq, Message.created_at)
    .where(Message.seq > bindparam("read"), Message.author_id != bindparam("user_id"))
    .order_by(Message.seq)
    .limit(UNREAD_MESSAGES + 1)
    .subquery()
)
UNREAD = Query(
    select(_SAID.c.seq, _SAID.c.created_at, func.count().over()).order_by(_SAID.c.seq).limit(1), _Unread._make
)


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
    async with backend.database.reader() as reader:
        for _ in range(ENTER_TRIES):
            admission = backend.hub.admission(actor.user_id)
            await access_channel_to_read(reader, actor=actor, channel_id=key)
            if await backend.hub.enter(socket_id, room, admission=admission):
                break
        else:
            raise not_found()
        await backend.hub.look_away(socket_id, "ch:", but=room)
        access = await access_channel_to_read(reader, actor=actor, channel_id=key)
        op = await _changes(reader, access, since) if since else None
        op = op or await _around(reader, access, spot, actor)
    await backend.hub.push(socket_id, op if spot.ask is None else {**op, "ask": spot.ask})


async def read_around(backend: Backend, *, actor: Actor, channel_id: object, to: object) -> Op:
    """The page around a spot (see `read_spot`), as an op for one tab; the newest page where nothing is."""
    spot = read_spot(to)
    async with backend.database.reader() as reader:
        access = await access_channel_to_read(reader, actor=actor, channel_id=channel_id)
        op = await _around(reader, access, spot, actor)
    return op if spot.ask is None else {**op, "ask": spot.ask}


async def read_older(backend: Backend, *, actor: Actor, channel_id: object, before_seq: object) -> Op:
    """The page before a message number, newest 50 of it, fewer long ones, as an op for one tab."""
    await backend.limits.take(OPEN, actor.user_id)
    before = number(before_seq, field="before")
    async with backend.database.reader() as reader:
        access = await access_channel_to_read(reader, actor=actor, channel_id=channel_id)
        messages, has_older = await _page(reader, access, before=before)
        return await _page_op(reader, "older", access, messages, before=before, older=has_older)


async def read_newer(backend: Backend, *, actor: Actor, channel_id: object, after_seq: object) -> Op:
    """The page after a message number, oldest 50 of it, fewer long ones, as an op for one tab."""
    await backend.limits.take(OPEN, actor.user_id)
    after = number(after_seq, field="after")
    async with backend.database.reader() as reader:
        access = await access_channel_to_read(reader, actor=actor, channel_id=channel_id)
        messages, has_newer = await _page_after(reader, access, after)
        return await _page_op(reader, "newer", access, messages, after=after, newer=has_newer)


async def _around(reader: Reader, access: Sight, spot: Spot, actor: Actor) -> Op:
    """The page around a spot; the newest page where nothing is, and `lost` when one message was meant."""
    found = None if spot.is_newest else await find_spot(reader, access.channel.id, spot)
    if found is None:
        op = await _newest(reader, access, actor)
        return op if spot.message_id is None else {**op, "lost": True}
    half = PAGE_MESSAGES // 2
    before, has_older = await _page(reader, access, before=found.seq, limit=half)
    after, has_newer = await _page_after(reader, access, found.seq - 1, limit=half + 1)
    return await _page_op(
        reader,
        "around",
        access,
        [*before, *after],
        older=has_older,
        newer=has_newer,
        target=found.id,
        **await _own_place(reader, access),
    )


async def _newest(reader: Reader, access: Sight, actor: Actor) -> Op:
    messages, has_older = await _page(reader, access, before=access.channel.last_seq + 1)
    is_cut = access.joined and has_older and access.read_seq < messages[0].seq
    return await _page_op(
        reader,
        "page",
        access,
        messages,
        older=has_older,
        unread=await _unread(reader, access, actor) if is_cut else None,
        **await _own_place(reader, access),
    )


async def _unread(reader: Reader, access: Sight, actor: Actor) -> dict[str, Any] | None:
    """What others said after the reader's cursor, when it begins above the page: how much (`n`), and where."""
    found = await reader.first(UNREAD, channel_id=access.channel.id, read=access.read_seq, user_id=actor.user_id)
    return {"n": found.number, "seq": found.seq, "at": milliseconds(found.created_at)} if found else None


async def _changes(reader: Reader, access: Sight, since: int) -> Op | None:
    """What changed after `since`, tombstones included; None when it is too much."""
    if since > access.channel.rev:
        return None
    messages: Sequence[MessageRow] = []
    if since < access.channel.rev:
        messages = await reader.all(CHANGED, channel_id=access.channel.id, since=since, limit=CATCH_UP_MESSAGES + 1)
    if len(messages) > CATCH_UP_MESSAGES or len(_fitting(messages)) < len(messages):
        return None
    return await _page_op(reader, "changes", access, messages, **await _own_place(reader, access))


async def _own_place(reader: Reader, access: Sight) -> dict[str, Any]:
    """Where the reader stands in the channel. `me_rev` says whether the tab's sidebar knows better."""
    return {
        "joined": access.joined,
        "read": access.read_seq,
        "rr": access.read_rev,
        "last": access.channel.last_post_seq,
        "me_rev": access.member_rev,
        **(await read_badges(reader, [access.channel])).get(access.channel.id, {}),
    }


async def _page(
    reader: Reader, access: Sight, *, before: int, limit: int | None = None
) -> tuple[Sequence[MessageRow], bool]:
    """The newest messages before a number, and whether there are more."""
    size = PAGE_MESSAGES if limit is None else limit
    found = await reader.all(OLDER, channel_id=access.channel.id, before=before, limit=size + 1)
    page = _fitting(found[:size])
    return page[::-1], len(found) > len(page)


async def _page_after(
    reader: Reader, access: Sight, after: int, *, limit: int | None = None
) -> tuple[Sequence[MessageRow], bool]:
    """The oldest messages after a number, and whether there are more."""
    size = PAGE_MESSAGES if limit is None else limit
    found = await reader.all(NEWER, channel_id=access.channel.id, after=after, limit=size + 1)
    page = _fitting(found[:size])
    return page, len(found) > len(page)


def _fitting(messages: Sequence[MessageRow]) -> Sequence[MessageRow]:
    """As many of them, the first at least, as are not too much at once."""
    total = 0
    for count, message in enumerate(messages):
        total += len(message.html)
        if count and total > PAGE_CHARACTERS:
            return messages[:count]
    return messages


async def _page_op(reader: Reader, kind: str, access: Sight, messages: Sequence[MessageRow], **more: Any) -> Op:
    people = {message.author_id for message in messages} | people_between([access.channel])
    return {
        "k": kind,
        "ch": access.channel.id,
        "rev": access.channel.rev,
        "c": channel_view(access.channel),
        "ms": [message_view(message) for message in messages],
        "us": await read_people(reader, people),
        **more,
    }
