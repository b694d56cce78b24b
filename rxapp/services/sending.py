"""Storing new messages: all that wait for a channel in one transaction. Then each is said, in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, Message, User, new_id
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import WORKSPACE_SEND
from rxapp.live.limits import Limits
from rxapp.live.ops import Op
from rxapp.markup import RENDER_VERSION
from rxapp.observability.metrics import committed
from rxapp.services.backend import Backend
from rxapp.services.badges import Badge, read_badge
from rxapp.services.channel_access import access_for_writers
from rxapp.services.cursors import read_op
from rxapp.services.mentions import Written
from rxapp.services.message_ops import message_op, with_badge
from rxapp.services.names import mentioned_people
from rxapp.services.views import View, message_view, user_view

STORED = ("id", "channel_id", "author_id", "seq", "rev", "client_key", "source", "html", "render_version")

# Who writes has read what stands above, also what they marked unread. The seats are locked in the order in which
# everybody locks several.
MOVE_AUTHORS = text("""
    with moved as (
        select * from unnest(cast(:user_ids as uuid[]), cast(:seqs as bigint[])) as one (user_id, seq)
    ), locked as materialized (
        select held.user_id from public.channel_members as held join moved using (user_id)
        where held.channel_id = :channel_id order by held.user_id for update of held
    )
    update public.channel_members as seat set read_seq = moved.seq
    from locked join moved using (user_id)
    where seat.user_id = locked.user_id and seat.channel_id = :channel_id
    returning seat.user_id, seat.read_rev
""")


_Key = tuple[UUID, UUID]
"""Who sends, and the key that makes a send happen once."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way: checked and rendered."""

    actor: Actor
    client_key: UUID
    written: Written


@dataclass(frozen=True, slots=True)
class News:
    """What a new message means to everybody but its sender, who is answered."""

    op: Op
    author_id: UUID
    cursor: Op
    last_post_seq: int
    rev: int
    badge: Badge


@dataclass(frozen=True, slots=True)
class Sent:
    """A stored message. Without news it was stored before, by the same key."""

    view: View
    news: News | None = None


class Sending:
    """How a batch of messages of one channel is stored and said: see `GroupCommit`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def write(self, key: UUID, items: Sequence[Outgoing]) -> Sequence[Sent | ConfabError]:
        """Store them, each with the channel's next number. NOT_FOUND, NOT_JOINED, CHANNEL_ARCHIVED, INVALID_REQUEST."""
        async with self._backend.database.transaction() as session:
            outcomes = await _store(session, key, items, self._backend.limits)
        if new := sum(isinstance(one, Sent) and one.news is not None for one in outcomes):
            committed(new)
        return outcomes

    async def say(self, key: UUID, results: Sequence[Sent]) -> None:
        """To who looks at the channel, to the sender's other tabs, and to the sidebars of everybody else."""
        hub = self._backend.hub
        told = [sent.news for sent in results if sent.news is not None]
        for news in told:
            await hub.to_channel(key, news.op)
            await hub.to_user(news.author_id, news.cursor)
        if told:
            hub.tick(key, told[-1].last_post_seq, rev=told[-1].rev, **told[-1].badge)


async def _store(
    session: AsyncSession, channel_id: UUID, items: Sequence[Outgoing], limits: Limits
) -> list[Sent | ConfabError]:
    accesses = await access_for_writers(session, {item.actor.user_id for item in items}, channel_id)
    authors, before = await _authors_and_sent(session, items)
    outcomes: dict[_Key, Sent | ConfabError] = {}
    new: dict[_Key, Outgoing] = {}
    for item in items:
        access = accesses[item.actor.user_id]
        if isinstance(access, ConfabError):
            outcomes[_key(item)] = access
        elif _key(item) in before:
            outcomes[_key(item)] = _sent_before(before[_key(item)], channel_id)
        elif (refusal := _too_many(limits, access.channel)) is not None:
            outcomes[_key(item)] = refusal
        else:
            channel = access.channel
            new.setdefault(_key(item), item)
    if new:
        outcomes.update(await _store_new(session, channel, new, authors))
    # Of one key that came twice, the first is news.
    said: set[_Key] = set()
    return [_once(outcomes[_key(item)], _key(item), said) for item in items]


async def _store_new(
    session: AsyncSession, channel: Channel, new: dict[_Key, Outgoing], authors: dict[UUID, User]
) -> dict[_Key, Sent | ConfabError]:
    messages = [_next_message(channel, item) for item in new.values()]
    cursors = await _move_authors(session, channel.id, messages)
    await _insert(session, messages)
    channel.last_post_seq = channel.last_seq
    badge = await read_badge(session, channel)
    sent: dict[_Key, Sent | ConfabError] = {}
    for message, (key, item) in zip(messages, new.items(), strict=True):
        author_id, view = message.author_id, message_view(message)
        people = await mentioned_people(session, channel.workspace_id, item.written.rendered.mentions)
        op = message_op("new", view, user_view(authors[author_id]), people)
        if message is messages[-1]:
            op = with_badge(op, channel.last_post_seq, badge)
        cursor = read_op(channel.workspace_id, channel.id, seq=message.seq, read_rev=cursors[author_id])
        sent[key] = Sent(view, News(op, author_id, cursor, channel.last_post_seq, channel.rev, badge))
    return sent


def _too_many(limits: Limits, channel: Channel) -> ConfabError | None:
    try:
        limits.take_here(WORKSPACE_SEND, channel.workspace_id)
    except ConfabError as refusal:
        return refusal
    return None


def _key(item: Outgoing) -> _Key:
    return item.actor.user_id, item.client_key


def _once(outcome: Sent | ConfabError, key: _Key, said: set[_Key]) -> Sent | ConfabError:
    if isinstance(outcome, ConfabError) or outcome.news is None:
        return outcome
    if key in said:
        return Sent(outcome.view)
    said.add(key)
    return outcome


def _next_message(channel: Channel, item: Outgoing) -> Message:
    channel.last_seq += 1
    channel.rev += 1
    return Message(
        id=new_id(),
        channel_id=channel.id,
        author_id=item.actor.user_id,
        seq=channel.last_seq,
        rev=channel.rev,
        client_key=item.client_key,
        source=item.written.source,
        html=item.written.rendered.html,
        render_version=RENDER_VERSION,
    )


async def _authors_and_sent(
    session: AsyncSession, items: Sequence[Outgoing]
) -> tuple[dict[UUID, User], dict[_Key, Message]]:
    """Who sends, and what was sent with one of the keys before."""
    by_key = and_(Message.author_id == User.id, Message.client_key.in_({item.client_key for item in items}))
    query = select(User, Message).outerjoin(Message, by_key)
    rows = await session.execute(query.where(User.id.in_({item.actor.user_id for item in items})))
    authors, sent = {}, {}
    for author, message in rows:
        authors[author.id] = author
        if message is not None:
            sent[author.id, message.client_key] = message
    return authors, sent


def _sent_before(first: Message, channel_id: UUID) -> Sent | ConfabError:
    if first.channel_id != channel_id:
        return ConfabError(ErrorCode.INVALID_REQUEST, field="client_key")
    return Sent(message_view(first))


async def _move_authors(session: AsyncSession, channel_id: UUID, messages: Sequence[Message]) -> dict[UUID, int]:
    """The `read_rev` of each author's cursor.

    NOT_JOINED when one was taken out in this moment: the workspace is left without the channel's turn.
    """
    newest = {message.author_id: message.seq for message in messages}
    moved = await session.execute(
        MOVE_AUTHORS, {"channel_id": channel_id, "user_ids": list(newest), "seqs": list(newest.values())}
    )
    cursors = {row.user_id: row.read_rev for row in moved}
    if len(cursors) < len(newest):
        raise ConfabError(ErrorCode.NOT_JOINED)
    return cursors


async def _insert(session: AsyncSession, messages: Sequence[Message]) -> None:
    """Store the rows, and give the messages the times they got. INVALID_REQUEST for a key just used elsewhere."""
    rows = [{name: getattr(message, name) for name in STORED} for message in messages]
    try:
        stored = await session.execute(insert(Message).returning(Message.id, Message.created_at), rows)
    except IntegrityError as error:
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="client_key") from error
    times = {row.id: row.created_at for row in stored}
    for message in messages:
        message.created_at = times[message.id]
