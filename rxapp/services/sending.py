"""Storing new messages: all that wait for a channel in one transaction. Then each is said, in their order."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import ARRAY, Uuid, any_, bindparam, select, text

from db.models import Message, new_id
from db.reading import Query, columns_of
from db.writing import Writer
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import WORKSPACE_SEND
from rxapp.live.limits import Limits
from rxapp.live.ops import Op
from rxapp.markup import RENDER_VERSION
from rxapp.observability.metrics import committed
from rxapp.services.backend import Backend
from rxapp.services.badges import Badge, ask_badge, badge_of
from rxapp.services.channel_access import Sight, access_for_writers
from rxapp.services.cursors import read_op
from rxapp.services.mentions import Written
from rxapp.services.message_ops import message_op, with_badge
from rxapp.services.names import MEMBERS, people_among
from rxapp.services.rows import ChannelRow, MessageRow, PersonRow
from rxapp.services.views import PEOPLE, View, message_view, user_view

# Who writes has read what stands above, also what they marked unread. Their seats are held already.
_MOVE_AUTHORS = Query(
    text("""
        update public.channel_members as seat set read_seq = moved.seq
        from unnest(cast(:author_ids as uuid[]), cast(:seqs as bigint[])) as moved (user_id, seq)
        where seat.user_id = moved.user_id and seat.channel_id = :channel_id
    """),
    tuple,
)
# One after the other, as their numbers are: so are their times.
_INSERT = Query(
    text("""
        insert into public.chat (id, channel_id, author_id, seq, rev, client_key, source, html, render_version)
        select id, :channel_id, author_id, seq, rev, client_key, source, html, :render_version
        from unnest(
            cast(:ids as uuid[]), cast(:author_ids as uuid[]), cast(:seqs as bigint[]), cast(:revs as bigint[]),
            cast(:client_keys as uuid[]), cast(:sources as text[]), cast(:htmls as text[])
        ) as one (id, author_id, seq, rev, client_key, source, html)
        order by seq
        returning seq, created_at
    """),
    tuple,
)
_ADVANCE = Query(
    text("""
        update public.channels set last_seq = :seq, last_post_seq = :seq, rev = :rev where id = :channel_id
    """),
    tuple,
)
_SENT_BEFORE = Query(
    select(*columns_of(Message, MessageRow)).where(
        Message.author_id == any_(bindparam("author_ids", type_=ARRAY(Uuid))),
        Message.client_key == any_(bindparam("client_keys", type_=ARRAY(Uuid))),
    ),
    MessageRow._make,
)

_Key = tuple[UUID, UUID]
"""Who sends, and the key that makes a send happen once."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way: checked and rendered."""

    actor: Actor
    client_key: UUID
    written: Written


@dataclass(frozen=True, slots=True)
class Numbered:
    """A message with its place in the channel."""

    item: Outgoing
    id: UUID
    seq: int
    rev: int

    @property
    def author_id(self) -> UUID:
        """Who sends it."""
        return self.item.actor.user_id

    def stored(self, channel: ChannelRow, at: datetime) -> MessageRow:
        """Its row, as it is written."""
        return MessageRow(
            id=str(self.id),
            channel_id=channel.id,
            seq=self.seq,
            rev=self.rev,
            author_id=str(self.author_id),
            client_key=str(self.item.client_key),
            html=self.item.written.rendered.html,
            created_at=at,
            edited_at=None,
            deleted_at=None,
        )


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
        async with self._backend.database.writer() as writer:
            outcomes = await _store(writer, key, items, self._backend.limits)
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
    writer: Writer, channel_id: UUID, items: Sequence[Outgoing], limits: Limits
) -> list[Sent | ConfabError]:
    people = {item.actor.user_id for item in items}
    keys = {"author_ids": list(people), "client_keys": [item.client_key for item in items]}
    asked = (PEOPLE, {"ids": list(people)}), (_SENT_BEFORE, keys)
    accesses, (found, sent) = await access_for_writers(writer, people, channel_id, *asked)
    before = _by_key(sent)
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
        authors = {UUID(author.id): author for author in found}
        cursors = {user_id: sight.read_rev for user_id, sight in accesses.items() if isinstance(sight, Sight)}
        outcomes.update(await _store_new(writer, channel, new, authors, cursors))
    # Of one key that came twice, the first is news.
    said: set[_Key] = set()
    return [_once(outcomes[_key(item)], _key(item), said) for item in items]


async def _store_new(
    writer: Writer,
    channel: ChannelRow,
    new: dict[_Key, Outgoing],
    authors: dict[UUID, PersonRow],
    cursors: dict[UUID, int],
) -> dict[_Key, Sent | ConfabError]:
    numbered = [_numbered(channel, item, place) for place, item in enumerate(new.values(), start=1)]
    mentioned = [people_among(item.written.rendered.mentions) for item in new.values()]
    channel, messages, badge, members = await _written(writer, channel, numbered, set().union(*mentioned))
    sent: dict[_Key, Sent | ConfabError] = {}
    for key, message, ids in zip(new, messages, mentioned, strict=True):
        author_id, view = key[0], message_view(message)
        people = [user_view(members[one]) for one in ids if one in members]
        op = message_op("new", view, user_view(authors[author_id]), people)
        if message is messages[-1]:
            op = with_badge(op, channel.last_post_seq, badge)
        cursor = read_op(channel.workspace_id, channel.id, seq=message.seq, read_rev=cursors[author_id])
        sent[key] = Sent(view, News(op, author_id, cursor, channel.last_post_seq, channel.rev, badge))
    return sent


async def _written(
    writer: Writer, channel: ChannelRow, new: Sequence[Numbered], mentioned: Collection[UUID]
) -> tuple[ChannelRow, list[MessageRow], Badge, dict[UUID, PersonRow]]:
    """Store and commit. The channel as it is then, the messages, the badge, and the members among who is mentioned.

    INVALID_REQUEST for a key just used elsewhere.
    """
    last = new[-1]
    channel = channel._replace(last_seq=last.seq, last_post_seq=last.seq, rev=last.rev)
    newest_read = {one.author_id: one.seq for one in new}
    authors = {"author_ids": list(newest_read), "seqs": list(newest_read.values())}
    asks = [(MEMBERS, {"workspace_id": channel.workspace_id, "ids": list(mentioned)})] if mentioned else []
    try:
        times, _, _, *answers = await writer.together(
            (_INSERT, _columns(channel, new)),
            (_MOVE_AUTHORS, {"channel_id": channel.id, **authors}),
            (_ADVANCE, {"channel_id": channel.id, "seq": last.seq, "rev": last.rev}),
            *asks,
            *ask_badge(channel),
            commit=True,
        )
    except UniqueViolation as error:
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="client_key") from error
    at = dict(times)
    members = {UUID(person.id): person for person in answers[0]} if asks else {}
    return channel, [one.stored(channel, at[one.seq]) for one in new], badge_of(channel, *answers[len(asks) :]), members


def _columns(channel: ChannelRow, new: Sequence[Numbered]) -> dict[str, Any]:
    return {
        "channel_id": channel.id,
        "render_version": RENDER_VERSION,
        "ids": [one.id for one in new],
        "author_ids": [one.author_id for one in new],
        "seqs": [one.seq for one in new],
        "revs": [one.rev for one in new],
        "client_keys": [one.item.client_key for one in new],
        "sources": [one.item.written.source for one in new],
        "htmls": [one.item.written.rendered.html for one in new],
    }


def _too_many(limits: Limits, channel: ChannelRow) -> ConfabError | None:
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


def _numbered(channel: ChannelRow, item: Outgoing, place: int) -> Numbered:
    return Numbered(item, new_id(), channel.last_seq + place, channel.rev + place)


def _by_key(sent: Iterable[MessageRow]) -> dict[_Key, MessageRow]:
    """What was sent with one of the keys before."""
    return {(UUID(message.author_id), UUID(message.client_key)): message for message in sent}


def _sent_before(first: MessageRow, channel_id: UUID) -> Sent | ConfabError:
    if first.channel_id != str(channel_id):
        return ConfabError(ErrorCode.INVALID_REQUEST, field="client_key")
    return Sent(message_view(first))
