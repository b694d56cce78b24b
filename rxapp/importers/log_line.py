"""What a line of a chat log says, or why it could not be read."""

import enum
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


class LineKind(enum.Enum):
    """What a readable line is."""

    MESSAGE = "message"
    ACTION = "action"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One readable line.

    `number` counts from 1 in the file, `order` from 0 among the lines of one time of day, and
    `ordinal` from 0 among the lines of this file that are alike in date, time, nick and text.
    `nick` is empty for a status line. `recoded` says that the bytes were not UTF-8.
    """

    number: int
    kind: LineKind
    date: date
    time: time
    nick: str
    text: str
    order: int
    ordinal: int
    recoded: bool

    def sent_at(self, zone: tzinfo = UTC) -> datetime:
        """Return the time of sending in UTC, the log's clock being in `zone`.

        A log knows minutes; `order` is added as microseconds, so that lines stay in their order.
        """
        local = datetime.combine(self.date, self.time, zone)
        return local.astimezone(UTC) + timedelta(microseconds=self.order)


class BreakReason(enum.Enum):
    """Why a line could not be read."""

    UNKNOWN_FORM = "not of a known form"
    BAD_TIME = "no such time of day"
    BAD_NICK = "a nick that shows nothing or is too long"
    EMPTY_TEXT = "a message without text"
    TOO_LONG = "longer than a message may be"
    NO_END = "a last line without an end, which may be half of one: it comes once it has an end"


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line that was not read; `excerpt` is its beginning, cleaned."""

    number: int
    reason: BreakReason
    excerpt: str
    recoded: bool
