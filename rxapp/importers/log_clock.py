"""The date of each line of a log that writes only times of day."""

import re
from datetime import date, time, timedelta

from rxapp.importers.log_refused import LogRefusal, LogRefused

MIDNIGHT_JUMP_HOURS = 12
"""A clock that goes back further than this has passed midnight; less is a clock put right."""

FIRST_YEAR = 1970
LAST_YEAR = 2999

_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")


def date_in_name(name: str) -> date:
    """Return the first `YYYY-MM-DD` in a file's `name`. Raises `LogRefused`."""
    for found in _DATE.finditer(name):
        try:
            return date.fromisoformat(found.group())
        except ValueError:
            continue
    raise LogRefused(
        LogRefusal.DATE_UNKNOWN,
        f"No date in the file name {name!r}: expected YYYY-MM-DD in it, or a date beside the file.",
    )


class LogClock:
    """Follows the times of a log, beginning at midnight of `first_day`. Raises `LogRefused`."""

    def __init__(self, first_day: date) -> None:
        self.day = _in_range(first_day)
        self.now = time()
        self._order = -1

    def tick(self, now: time | None) -> int:
        """Move on to `now` (None: no time was written) and return the line's order in that time.

        Raises `LogRefused` when midnights lead out of the years that a log can be of.
        """
        if now is None or now == self.now:
            self._order += 1
            return self._order
        back_seconds = _seconds(self.now) - _seconds(now)
        if back_seconds > MIDNIGHT_JUMP_HOURS * 3600:
            self.day = _in_range(self.day + timedelta(days=1))
        self.now = now
        self._order = 0
        return self._order


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise LogRefused(
            LogRefusal.DATE_OUT_OF_RANGE,
            f"The log reaches {day}: expected a year from {FIRST_YEAR} to {LAST_YEAR}.",
        )
    return day


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
