"""The edge check for every text that a person enters."""

import enum
import unicodedata

from rxapp.markup.characters import (
    has_visible_character,
    remove_excess_marks,
    remove_invisible,
    remove_name_spoofing,
)
from rxapp.markup.rendered import LONE_SURROGATE, MESSAGE_LIMIT_CHARACTERS

NAME_LIMIT_CHARACTERS = 80

# Composing (NFC) shortens a text at most fourfold: a longer one is refused before any work on it.
_LONGEST_COMPOSITION_CHARACTERS = 4


class TextRefusal(enum.Enum):
    """Why a text was refused."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NUL = "nul"
    LONE_SURROGATE = "lone_surrogate"


class TextRefused(Exception):
    """A text that cannot be taken. Lengths are in Unicode code points, after cleaning."""

    def __init__(self, code: TextRefusal, *, field: str, limit_characters: int, actual_characters: int) -> None:
        super().__init__(
            f"{field} refused ({code.value}): expected 1 to {limit_characters} characters of text, "
            f"got {actual_characters}"
        )
        self.code = code
        self.field = field
        self.limit_characters = limit_characters
        self.actual_characters = actual_characters


def clean_name(value: str, *, field: str = "name", limit_characters: int = NAME_LIMIT_CHARACTERS) -> str:
    """Clean a text of one line: a name, a topic, a status. Raises `TextRefused`."""
    return clean_text(value, limit_characters=limit_characters, field=field)


def clean_message(value: str, *, field: str = "message", limit_characters: int = MESSAGE_LIMIT_CHARACTERS) -> str:
    """Clean a text of many lines. Raises `TextRefused`.

    Indentation and blank lines inside are kept; only blank lines around it and space after it go.
    """
    return clean_text(value, limit_characters=limit_characters, field=field, multi_line=True)


def clean_text(value: str, *, limit_characters: int, field: str, multi_line: bool = False) -> str:
    """Return `value` in NFC, without control characters and invisible leftovers, trimmed.

    One line (the default): every run of white space becomes one space, and characters that change
    the direction of text or hide inside a name are removed. Many lines: line ends become `\\n`,
    tabs and direction changes stay. Emoji sequences survive both. Cleaning twice changes nothing
    more.

    Raises `TextRefused` for a text that is empty (or shows nothing), is longer than
    `limit_characters` code points, or holds a NUL or a lone surrogate.
    """

    def refused(code: TextRefusal, actual: str) -> TextRefused:
        return TextRefused(
            code,
            field=field,
            limit_characters=limit_characters,
            actual_characters=len(actual),
        )

    if len(value) > limit_characters * _LONGEST_COMPOSITION_CHARACTERS:
        raise refused(TextRefusal.TOO_LONG, value)
    if "\0" in value:
        raise refused(TextRefusal.NUL, value)
    if LONE_SURROGATE.search(value):
        raise refused(TextRefusal.LONE_SURROGATE, value)
    text = remove_invisible(value)
    if not multi_line:
        text = remove_name_spoofing(text)
    text = unicodedata.normalize("NFC", remove_excess_marks(text))
    text = _trim_lines(text) if multi_line else " ".join(text.split())
    if not has_visible_character(text):
        raise refused(TextRefusal.EMPTY, text)
    if len(text) > limit_characters:
        raise refused(TextRefusal.TOO_LONG, text)
    return text


def _trim_lines(text: str) -> str:
    lines = text.rstrip().split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    return "\n".join(lines)
