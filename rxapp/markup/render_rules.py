"""How what CommonMark has not, or has otherwise, is written as HTML."""

from collections.abc import Callable
from html import escape

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from rxapp.markup.highlighting import render_fence
from rxapp.markup.mentions import Kind, stored_mention
from rxapp.markup.tasks import render_checkbox

_ATTRIBUTES = {Kind.PERSON: "data-user", Kind.CHANNEL: "data-channel"}


def show_list_paragraphs(state: StateCore) -> None:
    """Core rule: the text of every list item is a paragraph, where the page keeps spaces as they were typed."""
    for token in state.tokens:
        token.hidden = False


def render_line_break(*_: object) -> str:
    """No line end after it: a paragraph shows its white space, and would show that one too."""
    return "<br>"


def render_emoji(_: object, tokens: list[Token], index: int, *__: object) -> str:
    """The character that a name stands for."""
    return escape(tokens[index].content)


def render_mention(_: object, tokens: list[Token], index: int, *__: object) -> str:
    """Who or what is mentioned, without a name: that is each reader's browser's."""
    found = stored_mention(tokens[index].content)
    return f'<span class="mention" {_ATTRIBUTES[found.kind]}="{found.id}"></span>'


RENDER_RULES: dict[str, Callable[..., str]] = {
    "checkbox": render_checkbox,
    "emoji": render_emoji,
    "fence": render_fence,
    "hardbreak": render_line_break,
    "mention": render_mention,
    "softbreak": render_line_break,
}
