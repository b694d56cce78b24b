"""Names of emoji in a message, and messages that are nothing else."""

import re

from emoji import emoji_count, purely_emoji
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from rxapp.markup.emoji_names import EMOJI_NAME_LIMIT_CHARACTERS, emoji_by_name

JUMBO_LIMIT_EMOJI = 20
"""Up to so many emoji alone are shown larger."""

JUMBO_CLASS = "jumbo"

_NAME = re.compile(rf":([A-Za-z0-9_+-]{{1,{EMOJI_NAME_LIMIT_CHARACTERS}}}):(?![A-Za-z0-9])")
_LONGEST_EMOJI_CHARACTERS = 16


def named_emoji(text: str, colon: int) -> tuple[str, int] | None:
    """The emoji whose name begins with the colon at a place of a text, and where it ends."""
    found = _NAME.match(text, colon)
    character = emoji_by_name().get(found[1].lower()) if found else None
    return (character, found.end()) if found and character else None


def may_follow(before: str) -> bool:
    """Tell whether an emoji's name may begin after a character: `10:100:00` has none."""
    return not (before == ":" or (before.isascii() and before.isalnum()))


def emoji_name(state: StateInline, silent: bool) -> bool:
    """Inline rule: `:tada:`. One follows another directly, but nothing else that ends with a colon or a letter."""
    position = state.pos
    if state.src[position] != ":":
        return False
    follows_emoji = not state.pending and bool(state.tokens) and state.tokens[-1].type == "emoji"
    is_free = not position or follows_emoji or may_follow(state.src[position - 1])
    found = named_emoji(state.src, position) if is_free else None
    if found is None:
        return False
    if not silent:
        state.push("emoji", "", 0).content = found[0]
    state.pos = found[1]
    return True


def enlarge_emoji(state: StateCore) -> None:
    """Core rule: a message of a few emoji and nothing else is shown larger."""
    tokens = state.tokens
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return
    children = tokens[1].children or []
    if all(child.type in ("text", "emoji", "softbreak") for child in children) and _is_few_emoji(children):
        tokens[0].attrs = {"class": JUMBO_CLASS}


def _is_few_emoji(children: list[Token]) -> bool:
    parts = [part for child in children for part in child.content.split()]
    text = "".join(parts)
    if not text or len(text) > JUMBO_LIMIT_EMOJI * _LONGEST_EMOJI_CHARACTERS or not purely_emoji(text):
        return False
    return emoji_count(text) <= JUMBO_LIMIT_EMOJI
