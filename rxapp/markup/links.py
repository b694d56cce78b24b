"""Which addresses a message may link to, and where a bare one ends."""

import re
from dataclasses import dataclass

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

ADDRESS_LIMIT_CHARACTERS = 2_048
"""Longer addresses stay text: browsers cut them."""

AUTHORITY_LIMIT_CHARACTERS = 320
"""Of user, host and port: a host name has at most 253 characters, and punycode is quadratic."""

LINK_SCHEMES = frozenset({"http", "https", "mailto"})

_LONG_AUTHORITY = re.compile(rf"(?://|@)[^/?#]{{{AUTHORITY_LIMIT_CHARACTERS}}}")
_BARE_SCHEMES = ("https", "http")
_ALLOWED_START = re.compile(r"(?:https?://[^/?#]|mailto:.)", re.IGNORECASE)
# Not part of a bare address: spaces, quotes, angle brackets, invisible and direction-changing
# characters, and the punctuation of languages that put no space after an address.
_ADDRESS_RUN = re.compile(
    r"[^\s<>\"`\\\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\u3001\u3002\u300c-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]+"
)
_CLOSERS = {")": "(", "]": "["}
_TRAILING = ".,;:!?'*_~"


def normalize_address(address: str) -> str:
    """Return `address` percent-encoded with an ASCII host name, or "" when it is too long."""
    if len(address) > ADDRESS_LIMIT_CHARACTERS or _LONG_AUTHORITY.search(address):
        return ""
    return normalizeLink(address)


def is_allowed_address(address: str) -> bool:
    """Tell whether `address` is a full http, https or mailto address; relative ones are refused."""
    return len(address) <= 3 * ADDRESS_LIMIT_CHARACTERS and bool(_ALLOWED_START.match(address))


def bare_address_end(run: str) -> int:
    """Return how many characters of `run`, which begins with an address, belong to the address.

    A closing bracket that was not opened inside the address ends it, as does sentence punctuation.
    """
    end = 0
    opened = {"(": 0, "[": 0}
    for character in run:
        if character in opened:
            opened[character] += 1
        elif opener := _CLOSERS.get(character):
            if not opened[opener]:
                break
            opened[opener] -= 1
        end += 1
    return len(run[:end].rstrip(_TRAILING))


@dataclass(frozen=True, slots=True)
class BareAddress:
    """`http://…` standing free in a text: where it begins, its colon, where its link ends, and all of its run.

    `href` is empty for an address that may not be linked to.
    """

    start: int
    colon: int
    shown_end: int
    run_end: int
    href: str


def bare_address_at(text: str, colon: int, end: int) -> BareAddress | None:
    """Return the bare address whose `://` is at `colon`, looking no further than `end`; None when there is none."""
    scheme = _scheme_before(text, colon)
    start = colon - len(scheme)
    if not scheme or not _ALLOWED_START.match(text, start, end):
        return None
    found = _ADDRESS_RUN.match(text, start, min(end, start + ADDRESS_LIMIT_CHARACTERS + 1))
    run = found.group() if found else ""
    shown = run[: bare_address_end(run)]
    href = normalize_address(shown)
    return BareAddress(start, colon, start + len(shown), start + len(run), href if is_allowed_address(href) else "")


def bare_address(state: StateInline, silent: bool) -> bool:
    """Inline rule: turn `http://…` and `https://…`, standing free in a text, into a link.

    It fires at the colon, because the text rule has already taken the letters before it.
    """
    position = state.pos
    if state.linkLevel > 0 or not state.src.startswith("://", position):
        return False
    found = bare_address_at(state.src, position, state.posMax)
    if found is None or not (silent or state.pending.endswith(state.src[found.start : position])):
        return False
    if not found.href:
        # The whole run stays text, so that no part of it is looked at again: of thousands of
        # beginnings in one run each would be read to its end.
        if not silent:
            state.append_pending(state.src[position : found.run_end])
        state.pos = found.run_end
        return True
    if not silent:
        state.pending = state.pending[: found.start - position]
        state.push("link_open", "a", 1).attrs = {"href": found.href}
        state.push("text", "", 0).content = state.src[found.start : found.shown_end]
        state.push("link_close", "a", -1)
    state.pos = found.shown_end
    return True


def _scheme_before(text: str, colon: int) -> str:
    for scheme in _BARE_SCHEMES:
        start = colon - len(scheme)
        if start >= 0 and text[start:colon].lower() == scheme:
            before = text[start - 1] if start else " "
            return "" if before.isalnum() and before.isascii() else scheme
    return ""


def show_empty_links(state: StateCore) -> None:
    """Core rule: show a link that leads nowhere, `[text]()`, as it was typed."""
    for block in state.tokens:
        within_empty = False
        for token in block.children or ():
            if token.type == "link_open" and not token.attrs.get("href"):
                within_empty = True
                token.type, token.tag, token.nesting, token.content = "text", "", 0, "["
            elif token.type == "link_close" and within_empty:
                within_empty = False
                token.type, token.tag, token.nesting, token.content = "text", "", 0, "]()"
