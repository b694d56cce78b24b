"""Text that people type: checked at the edge, and rendered from Markdown to safe HTML."""

from rxapp.markup.emoji_names import emoji_by_name, list_emoji
from rxapp.markup.literal import literal, literal_emphasis
from rxapp.markup.mentions import (
    Kind,
    Mention,
    TypedMention,
    find_names,
    find_stored,
    find_typed,
    reads_back,
    replaced,
    small,
    stored_mention,
)
from rxapp.markup.off_loop import close_renderers, render_all_off_loop, render_off_loop
from rxapp.markup.rendered import FALLBACK_VERSION, LONE_SURROGATE, MESSAGE_LIMIT_CHARACTERS, RENDER_VERSION, Rendered
from rxapp.markup.rendering import render
from rxapp.markup.text import (
    NAME_LIMIT_CHARACTERS,
    TextRefusal,
    TextRefused,
    clean_message,
    clean_name,
    clean_text,
)

__all__ = [
    "FALLBACK_VERSION",
    "LONE_SURROGATE",
    "MESSAGE_LIMIT_CHARACTERS",
    "NAME_LIMIT_CHARACTERS",
    "RENDER_VERSION",
    "Kind",
    "Mention",
    "Rendered",
    "TextRefusal",
    "TextRefused",
    "TypedMention",
    "clean_message",
    "clean_name",
    "clean_text",
    "close_renderers",
    "emoji_by_name",
    "find_names",
    "find_stored",
    "find_typed",
    "list_emoji",
    "literal",
    "literal_emphasis",
    "reads_back",
    "render",
    "render_all_off_loop",
    "render_off_loop",
    "replaced",
    "small",
    "stored_mention",
]
