"""What changed between two texts, word by word."""

import re
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

# difflib takes up to the cube of what differs. What is the same at both ends does not count; beyond this the middle
# is one change.
COMPARED_WORDS_MAX = 300

_WORD = re.compile(r"\w+|\s+|[^\w\s]")


class Change(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    GONE = "gone"
    ADDED = "added"


class Piece(NamedTuple):
    """Some text, and what happened to it."""

    change: Change
    text: str


def word_difference(before: str, after: str) -> list[Piece]:
    """The pieces that lead from one text to the other, in reading order."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    old_end, new_end = len(old) - end, len(new) - end
    found = [
        (Change.SAME, old[:start]),
        *_compared(old[start:old_end], new[start:new_end]),
        (Change.SAME, old[old_end:]),
    ]
    return [Piece(change, "".join(words)) for change, words in found if words]


def _common(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return index
    return min(len(one), len(other))


def _compared(old: list[str], new: list[str]) -> list[tuple[Change, list[str]]]:
    if max(len(old), len(new)) > COMPARED_WORDS_MAX:
        return [(Change.GONE, old), (Change.ADDED, new)]
    pieces = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(a=old, b=new).get_opcodes():
        if kind == "equal":
            pieces.append((Change.SAME, old[old_from:old_to]))
        else:
            pieces += [(Change.GONE, old[old_from:old_to]), (Change.ADDED, new[new_from:new_to])]
    return pieces
