"""Code in its language's colours: class names only, what they look like is the page's."""

from functools import cache
from html import escape

from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import STANDARD_TYPES

HIGHLIGHT_LIMIT_CHARACTERS = 8_000
"""Of one message. Beyond that code is shown plain: reading it costs, and so do its many elements."""

HIGHLIGHT_GROWTH_LIMIT = 12
"""Characters of HTML for one of code; beyond that it is shown plain."""

HIGHLIGHT_CLASSES = frozenset(name for name in STANDARD_TYPES.values() if name)

HIGHLIGHTED = "highlighted_characters"
"""Where a message's count of them is kept while it is rendered."""

_formatter = HtmlFormatter(nowrap=True)


def highlighted(code: str, language: str) -> str | None:
    """`code` as HTML with a class for each kind of word. None for a language that is not known, or not worth it."""
    if language.lower() not in _languages():
        return None
    lexer = get_lexer_by_name(language.lower(), stripnl=False, ensurenl=False)
    html: str = highlight(code, lexer, _formatter)
    return html if len(html) <= HIGHLIGHT_GROWTH_LIMIT * len(code) + 100 else None


def render_fence(_: object, tokens: list[Token], index: int, __: object, env: dict[str, int]) -> str:
    """Render rule of a block of code. A language is never guessed."""
    token = tokens[index]
    code, language = token.content, token.info
    html = None
    count = env.get(HIGHLIGHTED, 0) + len(code)
    if language and count <= HIGHLIGHT_LIMIT_CHARACTERS:
        env[HIGHLIGHTED] = count
        html = highlighted(code, language)
    named = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{named}>{escape(code, quote=False) if html is None else html}</code></pre>\n"


@cache
def _languages() -> frozenset[str]:
    """The names that Pygments itself knows: asking it for another one would search all installed packages."""
    return frozenset(alias.lower() for _, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases)
