"""The forms of line that IRC clients and loggers write."""

import re
from dataclasses import dataclass

from rxapp.importers.log_line import LineKind

NICK_LIMIT_CHARACTERS = 80

_TIME = r"\[(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\]\s*"
_TIMED = re.compile(_TIME)
# A client may write a rank before the nick: `<@oper>`, `<+voiced>`, `< plain>`.
_MESSAGE = re.compile(r"<(?P<nick>[^<>]+)>(?: (?P<text>.*))?\Z")
_ACTION = re.compile(r"\*\s+(?P<nick>\S+)(?:\s+(?P<text>.*))?\Z")
_STATUS = re.compile(r"(?:===|\*\*\*|-!-|-->|<--)\s*(?P<text>.*)\Z")
_STATUS_OF_NICK = re.compile(
    r"(?P<nick>\S+)\s+(?:\[|\(|is now known as |has (?:joined|left|quit)\b|was kicked\b|sets mode)"
)
_OLD_ACTION = re.compile(r"(?P<nick>\S+)\s+(?P<text>\S.*)\Z")
_RANKS = "@+%&~ "


@dataclass(frozen=True, slots=True)
class LineForm:
    """A line taken apart; `clock` is (hour, minute, second), None where none is written."""

    kind: LineKind
    clock: tuple[int, int, int] | None
    nick: str
    text: str


def take_apart(line: str) -> LineForm | None:
    """Return the parts of `line`, None when it is of no known form."""
    clock = None
    body = line
    if timed := _TIMED.match(line):
        clock = (int(timed["hour"]), int(timed["minute"]), int(timed["second"] or 0))
        body = line[timed.end() :]
        if message := _MESSAGE.match(body):
            return _form(LineKind.MESSAGE, clock, message["nick"].strip(_RANKS), message["text"])
        if action := _ACTION.match(body):
            return _form(LineKind.ACTION, clock, action["nick"], action["text"])
    if status := _STATUS.match(body):
        return _form(LineKind.STATUS, clock, "", status["text"])
    return None


def nick_in_status(text: str) -> str:
    """Return whom a status line is about (`nick has joined …`), "" when it is not of that form."""
    found = _STATUS_OF_NICK.match(text)
    return found["nick"] if found else ""


def old_action(text: str) -> tuple[str, str]:
    """Read a status text as `nick does something`; ("", "") when it cannot be.

    Loggers before about 2006 wrote an action with the mark of a status line: `=== nick waves`.
    """
    found = _OLD_ACTION.match(text)
    return (found["nick"], found["text"]) if found and not nick_in_status(text) else ("", "")


def _form(kind: LineKind, clock: tuple[int, int, int] | None, nick: str, text: str | None) -> LineForm:
    return LineForm(kind, clock, nick, text or "")
