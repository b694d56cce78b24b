"""Plain IRC logs, as `[hh:mm] <nick> text`, one file a day."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from uuid import UUID, uuid5

from rxapp.importers.irc_forms import (
    NICK_LIMIT_CHARACTERS,
    LineForm,
    nick_in_status,
    old_action,
    take_apart,
)
from rxapp.importers.log_bytes import RawLine, read_lines
from rxapp.importers.log_clock import LogClock, date_in_name
from rxapp.importers.log_line import BreakReason, BrokenLine, LineKind, LogLine
from rxapp.markup.text import TextRefusal, TextRefused, clean_message, clean_name

EXCERPT_LIMIT_CHARACTERS = 80

# mIRC colours are a control character and digits; the digits alone would be left in the text.
_COLOURS = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6})?")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")


def read_log(path: Path, first_day: date | None = None) -> Iterator[LogLine | BrokenLine]:
    """Read the log at `path`, each line that is not blank once, in the order of the file.

    `first_day` is the day of the first line; without it the file's name must hold it. A time that
    goes back by more than `MIDNIGHT_JUMP_HOURS` begins the next day. What comes for the lines of a
    file does not depend on what follows them: a longer version of a log begins with the same lines.

    Raises `LogRefused` (at once where the date is missing) and, while reading, `OSError`.
    """
    clock = LogClock(first_day or date_in_name(path.name))
    return _read(path, clock)


def import_key(channel_id: UUID, line: LogLine) -> UUID:
    """Return the key of `line` in a channel: the same for the same line, in a longer log too."""
    parts = [line.date.isoformat(), line.time.isoformat(), line.nick, line.text, line.ordinal]
    return uuid5(channel_id, json.dumps(parts))


def _read(path: Path, clock: LogClock) -> Iterator[LogLine | BrokenLine]:
    alike: Counter[tuple[date, time, str, str]] = Counter()
    known_nicks: set[str] = set()
    with path.open("rb") as file:
        for raw in read_lines(file):
            text = _UNPRINTABLE.sub("", _COLOURS.sub("", raw.text)).rstrip()
            if not text and not raw.is_cut:
                continue
            line = _read_line(raw, text, clock, known_nicks)
            if isinstance(line, LogLine):
                same = (line.date, line.time, line.nick, line.text)
                line = replace(line, ordinal=alike[same])
                alike[same] += 1
            yield line


def _read_line(raw: RawLine, text: str, clock: LogClock, known_nicks: set[str]) -> LogLine | BrokenLine:
    def broken(reason: BreakReason) -> BrokenLine:
        return BrokenLine(raw.number, reason, text[:EXCERPT_LIMIT_CHARACTERS], raw.recoded)

    form = take_apart(text)
    # A bare CR inside is the line end of another system: the rest is somebody else's line.
    if "\r" in raw.text:
        return broken(BreakReason.UNKNOWN_FORM)
    if not raw.is_whole and not raw.is_cut:
        return broken(BreakReason.NO_END)
    if form is None:
        return broken(BreakReason.UNKNOWN_FORM)
    try:
        now = None if form.clock is None else time(*form.clock)
    except ValueError:
        return broken(BreakReason.BAD_TIME)
    if raw.is_cut:
        return broken(BreakReason.TOO_LONG)
    form = _with_speaker(form, known_nicks)
    nick = ""
    if form.kind is not LineKind.STATUS:
        try:
            nick = clean_name(form.nick, field="nick", limit_characters=NICK_LIMIT_CHARACTERS)
        except TextRefused:
            return broken(BreakReason.BAD_NICK)
        known_nicks.add(form.nick)
    try:
        said = clean_message(form.text)
    except TextRefused as refused:
        too_long = refused.code is TextRefusal.TOO_LONG
        return broken(BreakReason.TOO_LONG if too_long else BreakReason.EMPTY_TEXT)
    order = clock.tick(now)
    return LogLine(
        number=raw.number,
        kind=form.kind,
        date=clock.day,
        time=clock.now,
        nick=nick,
        text=said,
        order=order,
        ordinal=0,
        recoded=raw.recoded,
    )


def _with_speaker(form: LineForm, known_nicks: set[str]) -> LineForm:
    """Find old-fashioned actions among status lines, but only of people met before in the log.

    Otherwise a line such as `=== Topic for #x is …` would make a person called Topic.
    """
    if form.kind is not LineKind.STATUS:
        return form
    if nick := nick_in_status(form.text):
        known_nicks.add(nick)
        known_nicks.add(form.text.rpartition(" is now known as ")[2])
        return form
    nick, text = old_action(form.text)
    if nick not in known_nicks:
        return form
    return replace(form, kind=LineKind.ACTION, nick=nick, text=text)
