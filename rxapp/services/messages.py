"""Messages: sending, changing, deleting. Each change takes the channel's next `rev` and is said in that order."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, ChannelMember, Message, User, new_id
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import CHANGE, SEND, WORKSPACE_SEND
from rxapp.live.ops import Op
from rxapp.markup import RENDER_VERSION
from rxapp.services.backend import Backend
from rxapp.services.badges import read_badge
from rxapp.services.channel_access import access_joined_channel
from rxapp.services.cursors import read_op
from rxapp.services.deleted_contents import bring_back_content, put_away_content
from rxapp.services.ids import client_key as check_client_key
from rxapp.services.ids import object_id
from rxapp.services.mentions import readable_source, write_text
from rxapp.services.message_access import access_message, place_of
from rxapp.services.message_versions import keep_version
from rxapp.services.names import Reader, mentioned_people
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
    async with backend.hub.ordered(channel_key):
        async with backend.database.transaction() as session:
            channel = (await access_joined_channel(session, actor=actor, channel_id=channel_key, lock=True)).channel
            backend.limits.take_here(WORKSPACE_SEND, channel.workspace_id)
            first = await session.scalar(
                select(Message).where(Message.author_id == actor.user_id, Message.client_key == key)
            )
            if first is not None:
                return _sent_before(first, channel)
            channel.last_seq += 1
            channel.rev += 1
            channel.last_post_seq = channel.last_seq
            message = Message(
                id=new_id(),
                channel_id=channel.id,
                author_id=actor.user_id,
                seq=channel.last_seq,
                rev=channel.rev,
                client_key=key,
                source=written.source,
                html=written.rendered.html,
                render_version=RENDER_VERSION,
            )
            session.add(message)
            try:
                await session.flush()
            except IntegrityError as error:
                # the same key at the same moment in another channel
                raise ConfabError(ErrorCode.INVALID_REQUEST, field="client_key") from error
            await session.refresh(message, ["created_at"])
            read_rev = await _read_own(session, actor, channel)
            author = (await session.scalars(select(User).where(User.id == actor.user_id))).one()
            view, badge = message_view(message), await read_badge(session, channel)
            people = await mentioned_people(session, channel.workspace_id, written.rendered.mentions)
        await backend.hub.to_channel(channel.id, message_op("new", view, user_view(author), people))
        cursor = read_op(channel.workspace_id, channel.id, seq=message.seq, read_rev=read_rev)
        await backend.hub.to_user(actor.user_id, cursor)
        backend.hub.tick(channel.id, channel.last_post_seq, rev=channel.rev, **badge)
    return view


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
            message.render_version = RENDER_VERSION
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
        await backend.hub.to_channel(channel_id, message_op("delete", view))
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
        await backend.hub.to_channel(channel_id, message_op("edit", view, user_view(author)))
        backend.hub.tick(channel_id, channel.last_post_seq, rev=channel.rev, **badge)
    return view


async def read_source(backend: Backend, *, actor: Actor, message_id: object) -> str:
    """A message's Markdown, for everybody who may read it, with the names that this reader may know."""
    async with backend.database.session() as session:
        message, access = await access_message(session, actor=actor, message_id=message_id)
    return await readable_source(backend, Reader(actor, access.channel.workspace_id), message.source)


def message_op(kind: str, view: View, author: View | None = None, mentioned: Sequence[View] = ()) -> Op:
    """The op of a change to one message. It brings along who may be new to its reader: author and people mentioned."""
    op: Op = {"k": kind, "ch": view["ch"], "rev": view["rev"], "m": view}
    if author is not None:
        op["u"] = author
    if mentioned:
        op["us"] = list(mentioned)
    return op


async def newest_post_seq(session: AsyncSession, channel_id: UUID) -> int:
    """The newest top-level message that is not deleted; 0 when there is none."""
    newest = await session.scalar(
        select(Message.seq)
        .where(Message.channel_id == channel_id, Message.root_id.is_(None), Message.deleted_at.is_(None))
        .order_by(Message.seq.desc())
        .limit(1)
    )
    return newest or 0


def _sent_before(first: Message, channel: Channel) -> View:
    if first.channel_id != channel.id:
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="client_key")
    return message_view(first)


async def _read_own(session: AsyncSession, actor: Actor, channel: Channel) -> int:
    """Who writes has read what stands above, also what they marked unread. Gives the cursor's `read_rev`.

    NOT_JOINED for who was taken out in this moment: the workspace is left without the channel's turn.
    """
    moved = await session.scalars(
        update(ChannelMember)
        .where(ChannelMember.channel_id == channel.id, ChannelMember.user_id == actor.user_id)
        .values(read_seq=channel.last_seq)
        .returning(ChannelMember.read_rev)
    )
    read_rev = moved.one_or_none()
    if read_rev is None:
        raise ConfabError(ErrorCode.NOT_JOINED)
    return read_rev
