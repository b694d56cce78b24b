"""What a sidebar shows beside a channel: its newest message, and for a direct conversation how much is unread."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, Message
from db.reading import Query, Reader, id_text
from db.writing import Question
from rxapp.services.rows import ChannelRow
from rxapp.services.views import milliseconds

# A badge counts to 99 and then says 99+: it needs one more to know.
COUNTED_MESSAGES = 100

Badge = dict[str, Any]


class _Newest(NamedTuple):
    channel_id: str
    seqs: list[int]
    at: datetime


_MESSAGES = (
    select(Message.seq, Message.created_at)
    .where(Message.channel_id == Channel.id, Message.root_id.is_(None), Message.deleted_at.is_(None))
    .order_by(Message.seq.desc())
    .limit(COUNTED_MESSAGES)
    .lateral()
)
NEWEST = Query(
    select(
        id_text(Channel.id),
        func.array_agg(aggregate_order_by(_MESSAGES.c.seq, _MESSAGES.c.seq.desc())),
        func.max(_MESSAGES.c.created_at),
    )
    .join(_MESSAGES, true())
    .where(Channel.id == any_(bindparam("ids", type_=ARRAY(Uuid(as_uuid=False)))))
    .group_by(Channel.id),
    _Newest._make,
)


async def read_badge(session: AsyncSession, channel: Channel) -> Badge:
    """What the badge of a direct conversation needs besides its newest message; nothing for any other channel."""
    if channel.kind != "direct":
        return {}
    found = await session.execute(NEWEST.statement, {"ids": [str(channel.id)]})
    return _badges([channel], map(_Newest._make, found))[str(channel.id)]


def ask_badge(channel: ChannelRow) -> list[Question]:
    """What is to be asked for `badge_of`; nothing for most channels."""
    return [(NEWEST, {"ids": [channel.id]})] if channel.kind == "direct" else []


def badge_of(channel: ChannelRow, *answers: list[_Newest]) -> Badge:
    """The same as `read_badge`, from the answers to `ask_badge`."""
    return _badges([channel], answers[0])[channel.id] if answers else {}


async def read_badges(reader: Reader, channels: Collection[ChannelRow]) -> dict[str, Badge]:
    """By channel. A direct conversation has `seqs`, its newest 100 messages that are not deleted, the newest first,
    and `at`, when it was last written to, in milliseconds.

    Each reader counts those beyond the own cursor: the op is the same for everybody.
    """
    directs = [channel for channel in channels if channel.kind == "direct"]
    if not directs:
        return {}
    return _badges(directs, await reader.all(NEWEST, ids=[channel.id for channel in directs]))


def _badges(directs: Iterable[Channel | ChannelRow], found: Iterable[_Newest]) -> dict[str, Badge]:
    badges = {str(channel.id): {"seqs": [], "at": milliseconds(channel.created_at)} for channel in directs}
    for newest in found:
        badges[newest.channel_id] = {"seqs": newest.seqs, "at": milliseconds(newest.at)}
    return badges
