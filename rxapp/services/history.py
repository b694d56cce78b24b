"""Reading a channel: its newest page, older pages, and what a tab has missed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Message
from rxapp.actor import Actor
from rxapp.errors import not_found
from rxapp.live.ops import Op, channel_room
from rxapp.services.backend import Backend
from rxapp.services.channel_access import ChannelAccess, access_channel
from rxapp.services.ids import number, object_id
from rxapp.services.views import authors_of, channel_view, message_view

PAGE_MESSAGES = 50
# More than that is not worth catching up with: the tab starts from the newest page again.
CATCH_UP_MESSAGES = 500
ENTER_TRIES = 3


async def open_channel(
    backend: Backend, *, actor: Actor, socket_id: str, channel_id: object, since_rev: object = 0
) -> None:
    """Let a tab look at a channel, and at no other: authorise, enter the room, then read and push.

    With `since_rev` 0 the newest page is pushed, otherwise what changed after that `rev`, or the newest page when that
    is too much. NOT_FOUND for who may not read it.
    """
    key, since = object_id(channel_id), number(since_rev, field="rev")
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
        op = op or await _newest(session, access)
    await backend.hub.push(socket_id, op)


async def read_older(backend: Backend, *, actor: Actor, channel_id: object, before_seq: object) -> Op:
    """The page before a message number, newest 50 of it, as an op for one tab."""
    before = number(before_seq, field="before")
    async with backend.database.session() as session:
        access = await access_channel(session, actor=actor, channel_id=channel_id)
        messages, has_older = await _page(session, access, before=before)
        return await _page_op(session, "older", access, messages, before=before, older=has_older)


async def _newest(session: AsyncSession, access: ChannelAccess) -> Op:
    messages, has_older = await _page(session, access, before=access.channel.last_seq + 1)
    return await _page_op(
        session,
        "page",
        access,
        messages,
        older=has_older,
        **_own_place(access),
    )


async def _changes(session: AsyncSession, access: ChannelAccess, since: int) -> Op | None:
    """What changed after `since`, tombstones included; None when it is too much."""
    query = (
        select(Message)
        .where(Message.channel_id == access.channel.id, Message.rev > since)
        .order_by(Message.rev)
        .limit(CATCH_UP_MESSAGES + 1)
    )
    messages = (await session.scalars(query)).all()
    if since > access.channel.rev or len(messages) > CATCH_UP_MESSAGES:
        return None
    return await _page_op(
        session,
        "changes",
        access,
        messages,
        **_own_place(access),
    )


def _own_place(access: ChannelAccess) -> dict[str, Any]:
    """Where the reader stands in the channel. `me_rev` says whether the tab's sidebar knows better."""
    return {
        "joined": access.joined,
        "read": access.read_seq,
        "rr": access.read_rev,
        "last": access.channel.last_post_seq,
        "me_rev": access.member_rev,
    }


async def _page(session: AsyncSession, access: ChannelAccess, *, before: int) -> tuple[Sequence[Message], bool]:
    query = (
        select(Message)
        .where(
            Message.channel_id == access.channel.id,
            Message.seq < before,
            Message.root_id.is_(None),
            Message.deleted_at.is_(None),
        )
        .order_by(Message.seq.desc())
        .limit(PAGE_MESSAGES + 1)
    )
    found = (await session.scalars(query)).all()
    return found[:PAGE_MESSAGES][::-1], len(found) > PAGE_MESSAGES


async def _page_op(
    session: AsyncSession, kind: str, access: ChannelAccess, messages: Sequence[Message], **more: Any
) -> Op:
    return {
        "k": kind,
        "ch": str(access.channel.id),
        "rev": access.channel.rev,
        "c": channel_view(access.channel),
        "ms": [message_view(message) for message in messages],
        "us": await authors_of(session, messages),
        **more,
    }
