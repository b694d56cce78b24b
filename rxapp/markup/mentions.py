"""Mentions: typed as `@handle` and `#channel`, stored as `<@id>` and `<#id>`, because names change."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from markdown_it.rules_inline import StateInline

HANDLE_LIMIT_CHARACTERS = 32
CHANNEL_NAME_LIMIT_CHARACTERS = 80

_TRAILING_LIMIT_CHARACTERS = 8
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_STORED = re.compile(f"<([@#])({_UUID})>")
# An address, a path or a word goes on: no mention begins there.
_NOT_AFTER = r"(?<![\w@#/&\\.+=<-])(?<!-[0-9a-f]{12}>)"  # nor where an id has just ended
_NO_CHANNEL_NAME = r"\s<>@#()\[\]{}|*`~'’\"\\,;:!?"
_TYPED = re.compile(
    rf"{_NOT_AFTER}(?:@(?P<person>[A-Za-z0-9][A-Za-z0-9._-]{{0,{HANDLE_LIMIT_CHARACTERS - 1}}}+)(?!\w)"
    rf"|#(?P<channel>[^{_NO_CHANNEL_NAME}]{{1,{CHANNEL_NAME_LIMIT_CHARACTERS}}}+)(?![^{_NO_CHANNEL_NAME}]))"
)
# A channel's mark that is none in a word, an entity or behind a backslash; and what makes a name a longer one.
_ALONE = re.compile(r"(?<![^\W_]|[&\\])#")
_GOES_ON = re.compile(r"_*-?[^\W_]|\.\w")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*")
_RUN = re.compile(r"\S+")


class Kind(StrEnum):
    """What a mention is of, by its mark."""

    PERSON = "@"
    CHANNEL = "#"


@dataclass(frozen=True, slots=True)
class Mention:
    """A person or a channel."""

    kind: Kind
    id: UUID

    def __str__(self) -> str:
        """As it is stored in a source."""
        return f"<{self.kind.value}{self.id}>"


@dataclass(frozen=True, slots=True)
class TypedMention:
    """Where somebody may have been mentioned by name, and the names it may be, as typed, the longest first."""

    kind: Kind
    start: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredMention:
    """Where an id stands in a source."""

    mention: Mention
    start: int

    @property
    def end(self) -> int:
        """Where the text goes on."""
        return self.start + len(str(self.mention))


def mention(state: StateInline, silent: bool) -> bool:
    """Inline rule: `<@id>` and `<#id>`, outside of links."""
    if state.linkLevel > 0 or not (found := _STORED.match(state.src, state.pos, state.posMax)):
        return False
    if not silent:
        token = state.push("mention", "span", 0)
        token.content = found.group()
    state.pos = found.end()
    return True


def stored_mention(text: str) -> Mention:
    """The mention that `<@id>` is. Raises `ValueError` for anything else."""
    found = _STORED.fullmatch(text)
    if found is None:
        raise ValueError("expected <@id> or <#id>")
    return Mention(Kind(found[1]), UUID(found[2]))


def find_stored(source: str) -> list[StoredMention]:
    """Every `<@id>` of a source, also where it is none, as in code."""
    return [StoredMention(Mention(Kind(found[1]), UUID(found[2])), found.start()) for found in _STORED.finditer(source)]


def find_typed(source: str) -> Iterator[TypedMention]:
    """Every place where a name may be meant, also where it cannot be, as in code; none in an address."""
    addresses = _addresses(source)
    at = 0
    for found in _TYPED.finditer(source):
        while at < len(addresses) and addresses[at][1] <= found.start():
            at += 1
        if at < len(addresses) and addresses[at][0] <= found.start():
            continue
        kind = Kind.PERSON if found["person"] else Kind.CHANNEL
        yield TypedMention(kind, found.start(), _names(found["person"] or found["channel"]))


def small(text: str) -> str:
    """`text` in small letters, letter by letter, so that it is as long; and there is one small sigma."""
    return "".join(one if len(one.lower()) > 1 else one.lower() for one in text).replace("ς", "σ")


def find_names(source: str, names: Collection[str]) -> Iterator[tuple[int, str]]:
    """Every place where one of the names, which are `small`, stands as `#name`: the longest of them, not in an address.

    More than `find_typed` finds: also between marks, as in `#plans—and`, and whatever marks the name has itself.
    """
    letters = small(source)
    lengths = sorted({len(name) for name in names}, reverse=True)
    addresses = [found.span() for found in _ADDRESS.finditer(source)]
    at = last_end = 0
    for found in re.finditer("#", source):
        start = found.start()
        while at < len(addresses) and addresses[at][1] <= start:
            at += 1
        if at < len(addresses) and addresses[at][0] <= start:
            continue
        if start != last_end and not _ALONE.match(source, start):
            continue
        for length in lengths:
            end = start + 1 + length
            if (name := letters[start + 1 : end]) in names and not _GOES_ON.match(source, end):
                yield start, name
                last_end = end
                break


def reads_back(source: str, start: int, name: str) -> bool:
    """Tell whether `@name` at a place of a source is found there again, whole."""
    found = _TYPED.match(source, start)
    if found is None or name not in map(str.lower, _names(found["person"] or found["channel"])):
        return False
    return not any(begin <= start < end for begin, end in _addresses(source))


def replaced(source: str, spans: Sequence[tuple[int, int, str]]) -> str:
    """`source` with other text in the given places, which are in their order."""
    parts: list[str] = []
    end = 0
    for start, stop, text in spans:
        parts += source[end:start], text
        end = stop
    return "".join([*parts, source[end:]])


def _addresses(source: str) -> list[tuple[int, int]]:
    """Where an address may stand, with all that is written together with it."""
    if "://" not in source:
        return []
    return [found.span() for found in _RUN.finditer(source) if "://" in found.group()]


def _names(typed: str) -> tuple[str, ...]:
    """What was typed, and without the marks after it, which may be the sentence's."""
    names = [typed]
    while len(names) <= _TRAILING_LIMIT_CHARACTERS and len(names[-1]) > 1 and not names[-1][-1].isalnum():
        names.append(names[-1][:-1])
    return tuple(names)
