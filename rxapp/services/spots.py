"""Where in a channel a tab wants to look: at a message, at a number, at a moment. Nowhere is the newest page."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from db.models import Message
from db.reading import AnySelect, Query, Reader, id_text
from rxapp.errors import ConfabError, ErrorCode
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


class Found(NamedTuple):
    """A message at a spot."""

    id: str
    seq: int


def shown(*columns: Any) -> AnySelect:
    """What the list of a channel, `channel_id`, shows: no deleted messages, and no replies in threads."""
    return select(*columns).where(
        Message.channel_id == bindparam("channel_id"), Message.root_id.is_(None), Message.deleted_at.is_(None)
    )


_FOUND = (id_text(Message.id), Message.seq)
# By time and not by number: what was imported later has higher numbers than what was said before it.
_MOMENT = (
    shown(Message.created_at)
    .where(Message.created_at >= bindparam("moment"))
    .order_by(Message.created_at)
    .limit(1)
    .scalar_subquery()
)
_REPLY = aliased(Message)
_ROOT = (
    select(_REPLY.root_id).where(_REPLY.id == bindparam("message_id"), _REPLY.deleted_at.is_(None)).scalar_subquery()
)
FROM_NUMBER = Query(shown(*_FOUND).where(Message.seq >= bindparam("seq")).order_by(Message.seq).limit(1), Found._make)
FROM_MOMENT = Query(shown(*_FOUND).where(Message.created_at == _MOMENT).order_by(Message.seq).limit(1), Found._make)
BY_ID = Query(shown(*_FOUND).where(Message.id == bindparam("message_id")), Found._make)
BY_REPLY = Query(shown(*_FOUND).where(Message.id == _ROOT), Found._make)


async def find_spot(reader: Reader, channel_id: str, spot: Spot) -> Found | None:
    """The message at a spot: the one meant, or the first one from there on. None where there is none."""
    if spot.message_id is not None:
        return await _find_message(reader, channel_id, spot.message_id)
    if spot.seq is not None:
        return await reader.first(FROM_NUMBER, channel_id=channel_id, seq=spot.seq)
    moment = datetime.fromtimestamp(min(spot.at or 0, LATEST_MS) / 1000, UTC)
    return await reader.first(FROM_MOMENT, channel_id=channel_id, moment=moment)


async def _find_message(reader: Reader, channel_id: str, message_id: object) -> Found | None:
    """The message in this channel; a reply is found at the message that it answers."""
    try:
        key = object_id(message_id)
    except ConfabError:
        return None
    for query in (BY_ID, BY_REPLY):
        found = await reader.first(query, channel_id=channel_id, message_id=key)
        if found is not None:
            return found
    return None
