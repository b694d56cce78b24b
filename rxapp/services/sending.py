"""Storing new messages: all that wait for a channel in one transaction. Then each is said, in their order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from db.models import Message, new_id
from db.reading import Query, columns_of
from db.writing import Writer
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import WORKSPACE_SEND
from rxapp.live.limits import Limits
from rxapp.live.ops import Op
from rxapp.observability.metrics import committed
from rxapp.services.backend import Backend
from rxapp.services.badges import Badge
from rxapp.services.channel_access import Place, access_for_writers
from rxapp.services.cursors import read_op
from rxapp.services.message_ops import message_op, with_badge
from rxapp.services.names import people_among
from rxapp.services.new_messages import Numbered, Outgoing, write_messages
from rxapp.services.rows import ChannelRow, MessageRow
from rxapp.services.views import View, message_view, user_view

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
    accesses, (sent,) = await access_for_writers(writer, people, channel_id, (_SENT_BEFORE, keys))
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
        authors = {user_id: place for user_id, place in accesses.items() if isinstance(place, Place)}
        outcomes.update(await _store_new(writer, channel, new, authors))
    # Of one key that came twice, the first is news.
    said: set[_Key] = set()
    return [_once(outcomes[_key(item)], _key(item), said) for item in items]


async def _store_new(
    writer: Writer,
    channel: ChannelRow,
    new: dict[_Key, Outgoing],
    authors: dict[UUID, Place],
) -> dict[_Key, Sent | ConfabError]:
    numbered = [_numbered(channel, item, place) for place, item in enumerate(new.values(), start=1)]
    mentioned = [people_among(item.written.rendered.mentions) for item in new.values()]
    channel, messages, badge, members = await write_messages(writer, channel, numbered, set().union(*mentioned))
    sent: dict[_Key, Sent | ConfabError] = {}
    for key, message, ids in zip(new, messages, mentioned, strict=True):
        author, view = authors[key[0]], message_view(message)
        people = [user_view(members[one]) for one in ids if one in members]
        op = message_op("new", view, user_view(author.person), people)
        if message is messages[-1]:
            op = with_badge(op, channel.last_post_seq, badge)
        cursor = read_op(channel.workspace_id, channel.id, seq=message.seq, read_rev=author.read_rev)
        sent[key] = Sent(view, News(op, key[0], cursor, channel.last_post_seq, channel.rev, badge))
    return sent


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
