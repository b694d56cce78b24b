"""What a sidebar shows beside a channel: its newest message, and for a direct conversation how much is unread."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, Message
from rxapp.services.views import milliseconds

# A badge counts to 99 and then says 99+: it needs one more to know.
COUNTED_MESSAGES = 100

Badge = dict[str, Any]


async def read_badge(session: AsyncSession, channel: Channel) -> Badge:
    """What the badge of a direct conversation needs besides its newest message; nothing for any other channel."""
    return (await read_badges(session, [channel]))[channel.id]


async def read_badges(session: AsyncSession, channels: Collection[Channel]) -> dict[UUID, Badge]:
    """By channel. A direct conversation has `seqs`, its newest 100 messages that are not deleted, the newest first,
    and `at`, when it was last written to, in milliseconds.

    Each reader counts those beyond the own cursor: the op is the same for everybody.
    """
    badges: dict[UUID, Badge] = {channel.id: {} for channel in channels}
    directs = {channel.id: channel for channel in channels if channel.kind == "direct"}
    if not directs:
        return badges
    newest = (
        select(Message.seq, Message.created_at)
        .where(Message.channel_id == Channel.id, Message.root_id.is_(None), Message.deleted_at.is_(None))
        .order_by(Message.seq.desc())
        .limit(COUNTED_MESSAGES)
        .lateral()
    )
    numbers = func.array_agg(aggregate_order_by(newest.c.seq, newest.c.seq.desc()))
    rows = await session.execute(
        select(Channel.id, numbers, func.max(newest.c.created_at))
        .join(newest, true())
        .where(Channel.id.in_(directs))
        .group_by(Channel.id)
    )
    for channel_id, channel in directs.items():
        badges[channel_id] = {"seqs": [], "at": milliseconds(channel.created_at)}
    for channel_id, seqs, at in rows:
        badges[channel_id] = {"seqs": seqs, "at": milliseconds(at)}
    return badges
