"""Messages: sending, changing, deleting. Each change takes the channel's next `rev` and is said in that order."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Message, User
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import CHANGE, READ, SEND
from rxapp.services.backend import Backend
from rxapp.services.badges import read_badge
from rxapp.services.deleted_contents import bring_back_content, put_away_content
from rxapp.services.ids import client_key as check_client_key
from rxapp.services.ids import object_id
from rxapp.services.mentions import readable_source, write_text
from rxapp.services.message_access import access_message, place_of
from rxapp.services.message_ops import message_op, with_badge
from rxapp.services.message_versions import keep_version
from rxapp.services.names import Reader, mentioned_people
from rxapp.services.new_messages import Outgoing
from rxapp.services.sending import Sending
from rxapp.services.text import check_message
from rxapp.services.views import View, message_view, user_view


async def send_message(
    backend: Backend, *, actor: Actor, channel_id: object, client_key: object, source: object
) -> View:
    """Store a message and say it; the same key again returns the first one and says nothing.

    Raises NOT_FOUND, NOT_JOINED, CHANNEL_ARCHIVED, EMPTY, TOO_LONG, INVALID_TEXT, INVALID_REQUEST,
    TOO_MANY_REQUESTS.
    """
    await backend.limits.take(SEND, actor.user_id)
    key, text, channel_key = check_client_key(client_key), check_message(source), object_id(channel_id)
    written = await write_text(backend, actor=actor, channel_id=channel_key, text=text)
    sent = await backend.commits.do(channel_key, Outgoing(actor, key, written), Sending(backend))
    return sent.view


async def edit_message(backend: Backend, *, actor: Actor, message_id: object, source: object) -> View:
    """Give one's own message another text; what it said before is kept as a version.

    NOT_ALLOWED for somebody else's; the same text changes nothing.
    """
    await backend.limits.take(CHANGE, actor.user_id)
    text = check_message(source)
    channel_id, before = await place_of(backend, actor=actor, message_id=message_id)
    written = await write_text(backend, actor=actor, channel_id=channel_id, text=text, before=before)
    async with backend.hub.ordered(channel_id):
        async with backend.database.transaction() as session:
            message, access = await access_message(session, actor=actor, message_id=message_id, lock=True)
            if message.author_id != actor.user_id:
                raise ConfabError(ErrorCode.NOT_ALLOWED)
            if not access.joined:
                raise ConfabError(ErrorCode.NOT_JOINED)
            if message.source == written.source:
                return message_view(message)
            access.channel.rev += 1
            message.rev = access.channel.rev
            await keep_version(session, message)
            message.source, message.html = written.source, written.rendered.html
            message.render_version = written.rendered.version
            message.edited_at = await session.scalar(select(func.clock_timestamp()))
            await session.flush()
            view = message_view(message)
            people = await mentioned_people(session, access.channel.workspace_id, written.rendered.mentions)
        await backend.hub.to_channel(channel_id, message_op("edit", view, mentioned=people))
    return view


async def delete_message(backend: Backend, *, actor: Actor, message_id: object) -> View:
    """Take a message's content away: the author's own, or anybody's for who administers the workspace.

    In an archived channel too: what should not have been said need not stay.

    Nobody can read it from now on; for a few seconds who deleted it may bring it back. NOT_ALLOWED, NOT_FOUND, DELETED.
    """
    await backend.limits.take(CHANGE, actor.user_id)
    channel_id, _ = await place_of(backend, actor=actor, message_id=message_id)
    async with backend.hub.ordered(channel_id):
        async with backend.database.transaction() as session:
            message, access = await access_message(
                session, actor=actor, message_id=message_id, lock=True, also_archived=True
            )
            if message.author_id != actor.user_id and not access.role.administers:
                raise ConfabError(ErrorCode.NOT_ALLOWED)
            channel = access.channel
            channel.rev += 1
            message.rev = channel.rev
            message.deleted_at = await session.scalar(select(func.clock_timestamp()))
            message.deleted_by = actor.user_id
            await put_away_content(session, message)
            if message.seq == channel.last_post_seq:
                channel.last_post_seq = await newest_post_seq(session, channel.id)
            view, badge = message_view(message), await read_badge(session, channel)
        await backend.hub.to_channel(channel_id, with_badge(message_op("delete", view), channel.last_post_seq, badge))
        backend.hub.tick(channel_id, channel.last_post_seq, rev=channel.rev, **badge)
    return view


async def restore_message(backend: Backend, *, actor: Actor, message_id: object) -> View:
    """Bring back what one has just deleted, at its old place; one that is not deleted stays as it is.

    NOT_ALLOWED for what somebody else deleted, RESTORE_TOO_LATE after 10 seconds, NOT_FOUND.
    """
    await backend.limits.take(CHANGE, actor.user_id)
    channel_id, _ = await place_of(backend, actor=actor, message_id=message_id, also_deleted=True)
    async with backend.hub.ordered(channel_id):
        async with backend.database.transaction() as session:
            message, access = await access_message(
                session, actor=actor, message_id=message_id, lock=True, also_deleted=True, also_archived=True
            )
            if message.deleted_at is None:
                return message_view(message)
            if message.deleted_by != actor.user_id:
                raise ConfabError(ErrorCode.NOT_ALLOWED)
            await bring_back_content(session, message)
            channel = access.channel
            channel.rev += 1
            message.rev = channel.rev
            await session.flush()
            channel.last_post_seq = await newest_post_seq(session, channel.id)
            author = (await session.scalars(select(User).where(User.id == message.author_id))).one()
            view, badge = message_view(message), await read_badge(session, channel)
        # A tab that never had the message may not know who wrote it.
        op = with_badge(message_op("edit", view, user_view(author)), channel.last_post_seq, badge)
        await backend.hub.to_channel(channel_id, op)
        backend.hub.tick(channel_id, channel.last_post_seq, rev=channel.rev, **badge)
    return view


async def read_source(backend: Backend, *, actor: Actor, message_id: object) -> str:
    """A message's Markdown, for everybody who may read it, with the names that this reader may know."""
    await backend.limits.take(READ, actor.user_id)
    async with backend.database.session() as session:
        message, access = await access_message(session, actor=actor, message_id=message_id)
    return await readable_source(backend, Reader(actor, access.channel.workspace_id), message.source)


async def newest_post_seq(session: AsyncSession, channel_id: UUID) -> int:
    """The newest top-level message that is not deleted; 0 when there is none."""
    newest = await session.scalar(
        select(Message.seq)
        .where(Message.channel_id == channel_id, Message.root_id.is_(None), Message.deleted_at.is_(None))
        .order_by(Message.seq.desc())
        .limit(1)
    )
    return newest or 0
