"""Text of another system, where nothing is markup: written so that Markdown shows it as it was typed."""

import re

from rxapp.markup.emoji_rule import may_follow, named_emoji
from rxapp.markup.links import bare_address_at
from rxapp.markup.mentions import find_typed

# What may begin markup anywhere. An underscore between letters and a single tilde never do and stay as they are: names
# and paths are what people search for.
_MARKS = re.compile(r"[\\*`\[<]|~{2,}|(?<![^\W_])_+|_+(?![^\W_])")
# What begins a quote or an item of a list. (A fence is made of marks.)
_LINE_MARK = re.compile(r"^([^\S\n]*)(?:(\d+)(?=[.)](?:\s|$))|(?=>|[-+](?:\s|$)))", re.MULTILINE)

# What divides the head of a table from its rows; a line of dashes is one below a line with a `|`.
_TABLE_LINE = re.compile(r"^([^\S\n]*)(?=[-|:][-|:\s]*$)(?=[^\n]*-)", re.MULTILINE)


def literal(text: str) -> str:
    """Return the Markdown that shows `text` as typed; bare addresses still become links.

    Blank lines and indentation are Markdown's as ever: the ones part paragraphs, the other is not shown. The result
    may be longer than `MESSAGE_LIMIT_CHARACTERS`.
    """
    parts: list[str] = []
    end = 0
    colon = text.find("://")
    while colon >= 0:
        address = bare_address_at(text, colon, len(text))
        if address is not None and address.href:
            parts += _escaped(text[end : address.start]), text[address.start : address.shown_end]
            end = address.shown_end
        elif address is not None or colon + len("://") == len(text):
            # The parser takes the run of a refused address as it is and would show backslashes in it; what has no
            # more than a scheme becomes such a run when something follows.
            parts += _escaped(text[end:colon]), "\\"
            end = colon
        colon = text.find("://", max(colon + 1, end))
    parts.append(_escaped(text[end:]))
    written = "".join(parts)
    if "|" in text:
        written = _TABLE_LINE.sub(r"\1\\", written)
    return _LINE_MARK.sub(r"\1\2\\", written)


def literal_emphasis(text: str) -> str:
    """Return the Markdown that shows a text of one line as typed, in italics."""
    return f"*{literal(' '.join(text.split()))}*"


def _escaped(text: str) -> str:
    escaped = dict.fromkeys((found.start for found in find_typed(text)), "\\")
    colon = text.find(":")
    while colon >= 0:
        if named_emoji(text, colon) and (not colon or may_follow(text[colon - 1])):
            escaped[colon] = "\\"
        colon = text.find(":", colon + 1)
    for found in _MARKS.finditer(text):
        for at in range(*found.span()):
            escaped[at] = "\\"
    return "".join(escaped.get(at, "") + character for at, character in enumerate(text)) if escaped else text
