"""Characters that are not what they seem: controls, invisible ones, turned text, piled marks."""

import re
import unicodedata

MARKS_LIMIT_CHARACTERS = 30
"""Combining marks on one letter, as in Unicode's Stream-Safe Text (UAX #15).

More of them only climb over the lines around, and normalising a long run of them takes time
quadratic in its length (a third of a second for 16,000 characters)."""

BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates: they can turn around the text that follows."""

_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")
# Tag characters spell the flags of regions, after a black flag; alone they are hidden writing.
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,16}\U000e007f)|[\U000e0000-\U000e007f]")
_ZERO_WIDTH = re.compile("[\u00ad\u200b\u2060-\u2064\u180e]")
# Joiners make emoji and shape some scripts; next to ASCII they only make two names look like one.
_IDLE_JOINERS = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f\u200c\u200d])")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
# Letters and marks by category, blank on the screen.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}


def remove_invisible(text: str) -> str:
    """Remove C0 and C1 controls, byte order marks and hidden tags; line ends become `\\n`."""
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    return text if text.isascii() else _TAGS.sub(r"\1", text)


def remove_name_spoofing(text: str) -> str:
    """Remove what makes two names look alike or turns the text around them."""
    if text.isascii():
        return text
    return _IDLE_JOINERS.sub("", _ZERO_WIDTH.sub("", BIDI_CONTROLS.sub("", text)))


def remove_excess_marks(text: str) -> str:
    """Keep at most `MARKS_LIMIT_CHARACTERS` combining marks in a row."""
    if text.isascii():
        return text
    kept: list[str] = []
    run = 0
    for character in text:
        # Some spacing marks (Mc) are sorted by normalising too: those with a combining class.
        is_mark = unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me")
        run = run + 1 if is_mark else 0
        if run <= MARKS_LIMIT_CHARACTERS:
            kept.append(character)
    return "".join(kept)


def has_visible_character(text: str) -> bool:
    """Tell whether `text` shows anything at all."""
    return any(
        character not in _BLANKS and unicodedata.category(character) not in _INVISIBLE_CATEGORIES for character in text
    )
