"""What rendering one message gives back."""

import re
from dataclasses import dataclass
from html import escape

RENDER_VERSION = 2
"""Raised with every change of what `render` gives, so that stored rows are rendered again."""

FALLBACK_VERSION = 0
"""Older than all: what had to be shown as typed is rendered again when there is time. A vain try makes it one less."""

MESSAGE_LIMIT_CHARACTERS = 16_383
"""The longest message, in Unicode code points."""

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character: neither UTF-8 nor JSON for the browser can carry it."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message, ready to store.

    `html` is safe to put on a page as it is. `plain_text` is what a reader sees, without markup:
    for notifications, previews and screen readers; a mention is `<@id>` in it as in the source.
    `mentions` are those, in their order. `fallback` says that the markup was left unread because
    reading it was refused or took too long; html and text then hold the source as typed.
    """

    html: str
    plain_text: str
    mentions: tuple[str, ...] = ()
    fallback: bool = False

    @property
    def version(self) -> int:
        """What is stored beside it, to know what has to be rendered again."""
        return FALLBACK_VERSION if self.fallback else RENDER_VERSION


def render_as_typed(source: str) -> Rendered:
    """Escape `source` without reading any markup, in time linear in its length."""
    text = LONE_SURROGATE.sub("\ufffd", source)
    lines = "<br>".join(escape(line) for line in text.split("\n"))
    return Rendered(html=f"<p>{lines}</p>\n", plain_text=text, fallback=True)
