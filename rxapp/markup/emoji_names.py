"""The names of emoji, `:tada:`: English ones and the short ones of other chats."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from emoji import EMOJI_DATA, STATUS

EMOJI_NAME_LIMIT_CHARACTERS = 100

_SKIN_TONES = ("🏻", "🏼", "🏽", "🏾", "🏿")
_FIRST_SKIN_TONE = 2  # as Fitzpatrick counts; 1 and 2 look the same
_FIRST_LETTER_OF_FLAGS = 0x1F1E6
_LETTERS = 26
_LONGEST_JOIN = re.compile("_+")
_NOT_IN_NAMES = re.compile("[^a-z0-9_+-]+")


@cache
def list_emoji() -> Mapping[str, tuple[str, ...]]:
    """Every emoji with its names, the short ones first. Skin tones are emoji of their own: `:+1::skin-tone-3:`."""
    owners = _owners()
    names: dict[str, list[str]] = {}
    for name, character in owners.items():
        names.setdefault(character, []).append(name)
    return {
        character: tuple(sorted(names[character], key=lambda name: (len(name), name)))
        for character in EMOJI_DATA
        if character in names
    }


@cache
def emoji_by_name() -> Mapping[str, str]:
    """The emoji of each name, in small letters and without colons."""
    return _owners()


def _owners() -> dict[str, str]:
    """A short name goes before an English one that is the same: `:cat:` is a cat's face."""
    owners: dict[str, str] = {}
    for is_short in (True, False):
        for character, data in EMOJI_DATA.items():
            if data["status"] > STATUS["fully_qualified"] or _is_toned(character):
                continue
            short = [*data.get("alias", ()), *_names_of_other_chats(character)]
            for name in short if is_short else [data["en"]]:
                if typed := _as_typed(name):
                    owners.setdefault(typed, character)
    return owners


def _is_toned(character: str) -> bool:
    return len(character) > 1 and any(tone in character for tone in _SKIN_TONES)


def _names_of_other_chats(character: str) -> list[str]:
    if character in _SKIN_TONES:
        return [f"skin-tone-{_SKIN_TONES.index(character) + _FIRST_SKIN_TONE}"]
    letters = [ord(letter) - _FIRST_LETTER_OF_FLAGS for letter in character]
    if letters and all(0 <= letter < _LETTERS for letter in letters):
        return ["flag-" + "".join(chr(ord("a") + letter) for letter in letters)]
    return []


def _as_typed(name: str) -> str:
    """A name as it can be typed on any keyboard: small letters without accents, `côte_d’ivoire` without its marks."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _LONGEST_JOIN.sub("_", _NOT_IN_NAMES.sub("", bare)).strip("_")
