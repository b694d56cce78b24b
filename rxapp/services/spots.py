"""Where in a channel a tab wants to look: at a message, at a number, at a moment. Nowhere is the newest page."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models import Message
from rxapp.errors import ConfabError, ErrorCode
from rxapp.services.channel_access import ChannelAccess
from rxapp.services.ids import number, object_id

# The end of the year 9999, as far as Postgres and Python agree about time.
LATEST_MS = 253_402_300_799_000


@dataclass(frozen=True, slots=True)
class Spot:
    """One of: a message's id, a message's number, a moment in milliseconds since 1970. `ask` numbers a tab's questions.

    The answer carries `ask` back: a tab drops what answers a question that it does not have any more.
    """

    message_id: object = None
    seq: int | None = None
    at: int | None = None
    ask: int | None = None

    @property
    def is_newest(self) -> bool:
        """Whether it is no spot in the middle."""
        return self.message_id is None and self.seq is None and self.at is None


def read_spot(to: object) -> Spot:
    """A spot as tabs send it: `{"m": id}`, `{"seq": number}`, `{"at": milliseconds}` or `{}`. INVALID_REQUEST."""
    if to is None:
        return Spot()
    if not isinstance(to, dict) or not to.keys() <= {"m", "seq", "at", "ask"} or len(to.keys() - {"ask"}) > 1:
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="to")
    numbers = {name: number(to[name], field=name) for name in ("seq", "at", "ask") if name in to}
    return Spot(message_id=to.get("m"), **numbers)


def shown_in(access: ChannelAccess) -> Select[Message]:
    """What a channel's list shows: no deleted messages, and no replies in threads."""
    return select(Message).where(
        Message.channel_id == access.channel.id, Message.root_id.is_(None), Message.deleted_at.is_(None)
    )


async def find_spot(session: AsyncSession, access: ChannelAccess, spot: Spot) -> Message | None:
    """The message at a spot: the one meant, or the first one from there on. None where there is none."""
    if spot.message_id is not None:
        return await _find_message(session, access, spot.message_id)
    if spot.seq is not None:
        query = shown_in(access).where(Message.seq >= spot.seq).order_by(Message.seq)
    else:
        # By time and not by number: what was imported later has higher numbers than what was said before it.
        moment = datetime.fromtimestamp(min(spot.at or 0, LATEST_MS) / 1000, UTC)
        later = shown_in(access).where(Message.created_at >= moment).with_only_columns(Message.created_at)
        first = later.order_by(Message.created_at).limit(1).scalar_subquery()
        query = shown_in(access).where(Message.created_at == first).order_by(Message.seq)
    return (await session.scalars(query.limit(1))).one_or_none()


async def _find_message(session: AsyncSession, access: ChannelAccess, message_id: object) -> Message | None:
    """The message in this channel; a reply is found at the message that it answers."""
    try:
        key = object_id(message_id)
    except ConfabError:
        return None
    found = (await session.scalars(shown_in(access).where(Message.id == key))).one_or_none()
    if found is not None:
        return found
    reply = aliased(Message)
    root = select(reply.root_id).where(reply.id == key, reply.deleted_at.is_(None)).scalar_subquery()
    return (await session.scalars(shown_in(access).where(Message.id == root))).one_or_none()
