"""From the Markdown of a message to what is stored and shown."""

from rxapp.markup.highlighting import COLOURING, Colouring
from rxapp.markup.parser import build_parser
from rxapp.markup.plain_text import plain_text_of
from rxapp.markup.rendered import (
    LONE_SURROGATE,
    MESSAGE_LIMIT_CHARACTERS,
    Rendered,
    render_as_typed,
)
from rxapp.markup.sanitizer import sanitize

_parser = build_parser()


def render(source: str, *, colouring_seconds: float | None = None) -> Rendered:
    """Render `source` (Markdown) as safe HTML and as plain text. Never raises.

    A text longer than `MESSAGE_LIMIT_CHARACTERS` is shown as typed. This blocks for as long as it
    takes: on the event loop use `render_off_loop`. `colouring_seconds` of processor time limit what
    the colours of code take, 0 is without any; another limit than that needs the main thread.
    """
    if len(source) > MESSAGE_LIMIT_CHARACTERS:
        return render_as_typed(source)
    tokens = _parser.parse(LONE_SURROGATE.sub("\ufffd", source))
    html = _parser.renderer.render(tokens, _parser.options, {COLOURING: Colouring(seconds=colouring_seconds)})
    mentions = (child.content for token in tokens for child in token.children or () if child.type == "mention")
    return Rendered(html=sanitize(html), plain_text=plain_text_of(tokens), mentions=tuple(mentions))


# The names of emoji are read when first needed: now, and not on the event loop while somebody waits for a message.
render(":tada:")
